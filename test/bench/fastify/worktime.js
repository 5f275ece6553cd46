// Working time of one calendar, for limits in WORK_DAY and worked minutes: as much of server/calendar as the bench asks.
'use strict';

const ZONE_S = 7 * 3600, DAY_S = 86400;
const WEEKDAYS = ['THU', 'FRI', 'SAT', 'SUN', 'MON', 'TUE', 'WED']; // 1970-01-01 was a Thursday
const FIRST_DAY = 365 * 54, DAYS = 365 * 8;

const minutes = (clock) => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));
const dayOf = (date) => Date.parse(`${date}T00:00:00Z`) / 1000 / DAY_S;

class WorkTime {
  constructor(calendar) {
    const week = calendar.weeks[0].days[0];
    this.sessions = week.sessions.map(([opens, closes]) => [minutes(opens), minutes(closes)]);
    this.perDay = this.sessions.reduce((sum, [opens, closes]) => sum + closes - opens, 0);
    const special = new Map(calendar.days.map((day) => [dayOf(day.date), day.kind === 'MAKEUP_WORK']));
    this.worked = []; // the worked days, in order
    this.before = new Int32Array(DAYS + 1); // worked days before each day
    for (let i = 0; i < DAYS; i++) {
      const day = FIRST_DAY + i;
      this.before[i] = this.worked.length;
      if (special.get(day) ?? week.weekdays.includes(WEEKDAYS[day % 7]))
        this.worked.push(day);
    }
    this.opens = this.sessions[0][0];
    this.closes = this.sessions[this.sessions.length - 1][1];
  }

  isWorked(day) { return this.worked[this.before[day - FIRST_DAY]] === day; }

  /* Where a receipt counts from: [number of the worked day, minute of it]. */
  place(at) {
    const local = at + ZONE_S, day = Math.floor(local / DAY_S), minute = Math.floor(local % DAY_S / 60);
    const nth = this.before[day - FIRST_DAY];
    if (!this.isWorked(day))
      return [nth, this.opens];
    for (const [opens, closes] of this.sessions) {
      if (minute < opens)
        return [nth, opens];
      if (minute < closes || (closes === this.closes && minute === closes))
        return [nth, minute];
    }
    return [nth + 1, this.opens];
  }

  instant([nth, minute]) { return this.worked[nth] * DAY_S - ZONE_S + minute * 60; }

  minutesBefore(minute) {
    return this.sessions.reduce((sum, [opens, closes]) => sum + Math.max(0, Math.min(minute, closes) - opens), 0);
  }

  addDays(at, days) {
    const [nth, minute] = this.place(at);
    return this.instant([nth + days, minute]);
  }

  closing(at) {
    const day = Math.floor((at + ZONE_S) / DAY_S);
    return day * DAY_S - ZONE_S + this.closes * 60;
  }

  addMinutes(at, count) {
    const [nth, minute] = this.place(at);
    if (count === 0)
      return this.instant([nth, minute]);
    const target = nth * this.perDay + this.minutesBefore(minute) + count;
    const end = Math.ceil(target / this.perDay) - 1;
    let left = target - end * this.perDay;
    for (const [opens, closes] of this.sessions) {
      if (left <= closes - opens)
        return this.instant([end, opens + left]);
      left -= closes - opens;
    }
    throw new Error('more minutes than a day has');
  }

  sum(at) {
    const local = at + ZONE_S, day = Math.floor(local / DAY_S), minute = Math.floor(local % DAY_S / 60);
    return this.before[day - FIRST_DAY] * this.perDay + (this.isWorked(day) ? this.minutesBefore(minute) : 0);
  }

  workedMinutes(from, to) { return this.sum(to) - this.sum(from); }

  /* The latest minute with so many worked ones between it and `from`. */
  minutesAgo(from, count) {
    if (count <= 0)
      return from;
    const target = this.sum(from) - count, nth = Math.floor(target / this.perDay);
    let left = target - nth * this.perDay;
    for (const [opens, closes] of this.sessions) {
      if (left < closes - opens)
        return this.instant([nth, opens + left]);
      left -= closes - opens;
    }
    throw new Error('more minutes than a day has');
  }
}

/* RFC 3339 in +07:00; null where there is none. */
function format(at) {
  return at ? `${new Date((at + ZONE_S) * 1000).toISOString().slice(0, 19)}+07:00` : null;
}

module.exports = { WorkTime, format };
