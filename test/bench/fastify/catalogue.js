// The catalogue in memory, as the snapshot statement gives it.
'use strict';
const { WorkTime } = require('./worktime');
const statements = require('./statements');

class Catalogue {
  constructor(epoch, body) {
    this.epoch = epoch;
    this.agencies = new Map(body.agencies.map((agency) => [agency.code, agency]));
    this.versions = new Map(body.procedures.map((version) => [version.id, version]));
    this.workTimes = new Map(body.calendars.map((calendar) => [calendar.code, new WorkTime(calendar)]));
    this.inForce = new Map();
    const today = new Date(Date.now() + 7 * 3600 * 1000).toISOString().slice(0, 10);
    for (const version of body.procedures)
      if (version.valid_from <= today && (version.valid_to === null || version.valid_to >= today))
        this.inForce.set(version.code, version);
    this.children = new Map();
    for (const agency of body.agencies)
      this.children.set(agency.parent, [...(this.children.get(agency.parent) ?? []), agency]);
  }

  static async load(pool) {
    const [row] = await statements.snapshot(pool, {});
    return new Catalogue(row.epoch, JSON.parse(row.body));
  }

  name(code) { return this.agencies.get(code)?.name ?? code; }

  named(code) { return code ? { code, name: this.name(code) } : null; }

  workTime(code) {
    for (let agency = this.agencies.get(code); agency; agency = this.agencies.get(agency.parent))
      if (agency.calendar)
        return this.workTimes.get(agency.calendar);
    return null;
  }

  /* The nearest agency upwards that the version says is competent. */
  competent(version, unit) {
    for (let agency = this.agencies.get(unit); agency; agency = this.agencies.get(agency.parent))
      if (version.competences.some((c) => c.level === agency.level && c.kind === agency.kind))
        return agency;
    return null;
  }

  department(competent, field) {
    return this.children.get(competent.code)?.find((unit) => unit.fields?.includes(field)) ?? competent;
  }
}

module.exports = { Catalogue };
