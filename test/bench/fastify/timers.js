// The instants a dossier waits for, as server/dossier/timers_rules.c has them, for the two states the bench walks through:
// the clock runs without a stop, limits are in worked days. Settings are the daemon's defaults.
'use strict';
const words = require('./words');
const { format } = require('./worktime');
const { quotas } = require('./detail');

const WARN_PERCENT = 80, WORK_DAY_MIN = 480, HANDOVER_MIN = 4 * 60, ZONE_S = 7 * 3600, DAY_S = 86400;
const KINDS = { WARN_80: 0, WARN_1DAY: 1, STEP_OVERDUE: 2, OVERDUE: 3, HANDOVER_OVERDUE: 7 };

/* Those still to come, the earliest first, as arrays of PostgreSQL. */
function timers(view, time, now) {
  const due = view.due_clock, limit = time.workedMinutes(view.clock_start, due), list = [];
  const watch = (kind, at) => list.push([KINDS[kind], at]);
  watch('WARN_80', time.minutesAgo(due, limit - Math.ceil(limit * WARN_PERCENT / 100)));
  if (limit > WORK_DAY_MIN)
    watch('WARN_1DAY', time.minutesAgo(due, WORK_DAY_MIN));
  watch('OVERDUE', (Math.floor((view.due_eod + ZONE_S) / DAY_S) + 1) * DAY_S - ZONE_S);
  if (view.step_due)
    watch('STEP_OVERDUE', time.addMinutes(view.step_due, 1));
  if (view.state === 'IN_TRANSFER')
    watch('HANDOVER_OVERDUE', time.addMinutes(now, HANDOVER_MIN + 1));
  const due_later = list.filter(([, at]) => at > now).sort((a, b) => a[1] - b[1]);
  return { timer_kinds: `{${due_later.map(([kind]) => kind).join(',')}}`,
    timer_ats: `{${due_later.map(([, at]) => `"${format(at)}"`).join(',')}}` };
}

/* The earliest instant that the holder can miss: his own step's, or the one that leaves the later steps their time. */
function riskAt(view, time) {
  const quota = quotas(view.version_of), phases = words.phases.slice(words.phases.indexOf(view.step_phase) + 1, -1);
  const later = phases.reduce((sum, phase) => sum + (quota[phase] ?? 0), 0);
  return Math.min(time.minutesAgo(view.due_clock, later), view.step_due || Infinity);
}

module.exports = { riskAt, timers };
