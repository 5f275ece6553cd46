// The detail of a dossier, with the members and the order that the server gives them.
'use strict';
const words = require('./words');
const { format } = require('./worktime');

/* Worked minutes of each phase, as the version plans them. */
function quotas(version) {
  const minutes = {};
  for (const step of version.steps)
    minutes[step.phase] = (minutes[step.phase] ?? 0) + Math.round(step.hours * 60);
  return minutes;
}

function limit(version) {
  const { quantity, unit } = version.time_limit;
  return { quantity, unit, unit_label: words.units[unit] };
}

function steps(catalogue, view, time) {
  const quota = quotas(view.version_of);
  const named = (phase) => ({
    phase, name: view.version_of.steps.find((step) => step.phase === phase)?.name, quota_minutes: quota[phase] ?? 0,
  });
  const list = [];
  view.facts.forEach((fact, i) => {
    if (!fact.starts)
      return;
    const end = view.facts.slice(i + 1).find((later) => later.starts || !later.phase);
    list.push({
      ...named(fact.phase), state: end ? 'DONE' : 'CURRENT', unit: fact.unit, unit_name: catalogue.name(fact.unit),
      role: fact.role, handler: fact.handler ?? null, started_at: format(fact.at), due_at: format(fact.step_due),
      ended_at: format(end?.at),
    });
  });
  if (!view.step_phase || words.states.get(view.state).clock === 'ENDED')
    return list;
  let from = view.step_due;
  for (const phase of words.phases.slice(words.phases.indexOf(view.step_phase) + 1)) {
    if (quota[phase] === undefined)
      continue;
    const planned = { ...named(phase), state: 'PLANNED' };
    if (from && quota[phase] > 0) {
      from = time.addMinutes(from, quota[phase]);
      planned.planned_due_at = format(from);
    }
    list.push(planned);
  }
  return list;
}

function clock(view) {
  const names = { NONE: 'NONE', RUN: 'RUNNING', STOP: 'STOPPED', ENDED: 'ENDED' };
  return {
    state: names[words.states.get(view.state).clock], started_at: format(view.clock_start),
    due_at: format(view.due_clock), due_eod: format(view.due_eod), supplement_due_at: format(view.supplement_due),
    consultation_due_at: format(view.consult_due),
    entries: view.facts.filter((fact) => fact.clock).map((fact) => ({
      kind: fact.clock, at: format(fact.at), action: fact.action, actor: fact.actor, ground: fact.ground ?? null,
      document: fact.document ?? null, due_at: format(fact.due), due_eod: format(fact.eod),
    })),
  };
}

/* `view` has the columns of dossier_load, besides `version_of`, `facts` and `actions`. */
function detail(catalogue, view) {
  const version = view.version_of, time = catalogue.workTime(view.competent_agency);
  return {
    ...(view.code && { code: view.code }), ...(view.register_no && { register_no: view.register_no }),
    version: view.version, state: view.state, state_label: words.states.get(view.state).label,
    procedure: { code: version.code, version: version.version, name: version.name, field: version.field,
      time_limit: limit(version) },
    channel: view.channel, return_channel: view.return_channel, assist_unit: catalogue.named(view.assist_unit),
    receiving_unit: catalogue.named(view.receiving_unit), competent_agency: catalogue.named(view.competent_agency),
    processing_unit: catalogue.named(view.processing_unit),
    holder: { unit: view.holder_unit, unit_name: catalogue.name(view.holder_unit), role: view.holder_role,
      role_label: words.roles.get(view.holder_role).label },
    handler: view.handler ? { username: view.handler_username, name: view.handler_name } : null,
    submitted_at: format(view.submitted_at), accepted_at: format(view.accepted_at), due_at: format(view.due_clock),
    due_eod: format(view.due_eod), reappointed_due_at: format(view.reappointed),
    finished_at: format(view.finished_at), returned_at: format(view.returned_at), timeliness: view.timeliness ?? null,
    owner: view.owner, submitter: view.submitter ?? null, components: view.components, fees: view.fees,
    fee_owed: view.fee_owed, note: view.note,
    ...(view.version === 1 && { lookup_secret: view.lookup_secret }),
    steps: steps(catalogue, view, time), clock: clock(view),
    actions: view.actions.map(({ action, needs, takes }) => ({ action, label: words.actions.get(action), needs, takes })),
  };
}

module.exports = { detail, quotas };
