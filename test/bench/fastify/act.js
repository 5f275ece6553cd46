// POST /api/v1/dossiers/{code}/actions: load → decide → apply, for the one action of the bench.
'use strict';
const statements = require('./statements');
const words = require('./words');
const rules = require('./rules');
const { detail, quotas } = require('./detail');
const { format } = require('./worktime');
const { riskAt, timers } = require('./timers');
const { problem, sha256, signedIn } = require('./session');

const text = (maxLength) => ({ type: 'string', maxLength });
const body = {
  type: 'object', additionalProperties: false, required: ['action'],
  properties: { action: { enum: [...words.actions.keys()] }, handler: text(63), unit: text(32), reason: text(2000),
    ground: text(500), note: text(4000) },
};
const headers = { type: 'object', required: ['idempotency-key', 'if-match'],
  properties: { 'idempotency-key': { type: 'string', pattern: '^[\\x21-\\x7e]{1,255}$' },
    'if-match': { type: 'string', pattern: '^"[0-9]+"$' } } };


function view_of(catalogue, row) {
  return {
    ...row, version_of: catalogue.versions.get(row.procedure_version), owner: JSON.parse(row.owner),
    submitter: row.submitter && JSON.parse(row.submitter), components: JSON.parse(row.components),
    fees: JSON.parse(row.fees), lookup_secret: undefined,
    facts: JSON.parse(row.events),
  };
}

/* The dossier as it will be: transfer hands it to the department and leaves the clock alone. */
function transfer(catalogue, view, asker, ground) {
  const rule = rules.transfer, now = view.now, quota = quotas(view.version_of);
  const time = catalogue.workTime(view.competent_agency);
  const opens = rule.phase !== view.step_phase;
  Object.assign(view, {
    version: view.version + 1, state: rule.to, holder_unit: rule.holder(view), holder_role: rule.holder_role,
    step_phase: rule.phase, step_started: opens ? now : view.step_started,
    step_due: opens ? time.addMinutes(now, quota[rule.phase] ?? 0) : view.step_due, opens, actions: rules.after_transfer,
  });
  view.facts.push({ seq: view.version, at: now, action: 'transfer', actor: asker.name, unit: view.holder_unit,
    role: view.holder_role, ground, due: view.due_clock, eod: view.due_eod, phase: view.step_phase, starts: opens,
    step_due: view.step_due });
}

/* What dossier_apply is given. */
function parameters(catalogue, asker, key, body_hash, input, view) {
  const { action, ...given } = input, time = catalogue.workTime(view.competent_agency);
  return {
    session: asker.session, key, body_hash, epoch: catalogue.epoch, now: format(view.now), dossier: view.id,
    version: view.version - 1, action, state: view.state, is_closed: false, processing_unit: view.processing_unit,
    holder_unit: view.holder_unit, holder_role: view.holder_role, handler: view.handler,
    accepted_at: format(view.accepted_at), clock_start: format(view.clock_start), stops: '{}',
    due_clock: format(view.due_clock), due_eod: format(view.due_eod), supplements: view.supplements,
    is_refusal_drafted: view.is_refusal_drafted, fee_owed: view.fee_owed, step_phase: view.step_phase,
    is_step_start: view.opens, step_started: format(view.step_started), step_due: format(view.step_due),
    step_remaining_min: view.step_remaining_min, risk_at: format(riskAt(view, time)),
    actor_role: 'receiver', actor_unit: view.receiving_unit, ground: input.ground, input: JSON.stringify(given),
    answer: JSON.stringify(detail(catalogue, view)),
    ...timers(view, time, view.now),
  };
}

async function act(pool, catalogue, request, reply) {
  const key = request.headers['idempotency-key'], { asker } = request, rule = rules[request.body.action];
  const hash = sha256(`POST${request.url}\n${request.headers['if-match']}${JSON.stringify(request.body)}`);
  const [row] = await statements.load(pool, { session: asker.session, code: request.params.code, key });
  if (!row?.id || row.roles === 0)
    return problem(reply, 404, 'no-such-dossier', 'Không tìm thấy hồ sơ');
  if (row.first_hash !== null)
    return row.first_hash === hash.toString('hex')
      ? reply.code(row.first_status).type('application/json; charset=utf-8').send(row.first_answer)
      : problem(reply, 422, 'idempotency-key-reused', 'Khóa chống gửi lặp đã dùng cho một yêu cầu khác');
  if (`"${row.version}"` !== request.headers['if-match'])
    return problem(reply, 412, 'version-stale', 'Hồ sơ vừa thay đổi, hãy xem lại trước khi làm tiếp');
  if (!rule || (row.roles & words.roles.get(rule.role).mask) === 0)
    return problem(reply, 403, 'not-your-action', 'Thao tác này không thuộc quyền của bạn ở bước hiện tại');
  if (row.state !== rule.from)
    return problem(reply, 409, 'wrong-state', 'Hồ sơ không ở bước cho phép thao tác này');
  const view = view_of(catalogue, row);
  transfer(catalogue, view, asker, request.body.ground);
  const [done] = await statements.apply(pool, parameters(catalogue, asker, key, hash, request.body, view));
  if (done.outcome === 'stale-version')
    return problem(reply, 412, 'version-stale', 'Hồ sơ vừa thay đổi, hãy xem lại trước khi làm tiếp');
  if (done.outcome !== 'done' && done.outcome !== 'repeated')
    return problem(reply, 503, 'unavailable', done.outcome);
  return reply.code(200).header('ETag', `"${done.version}"`).type('application/json; charset=utf-8').send(done.answer);
}

function routes(app, { pool, catalogue }) {
  app.post('/api/v1/dossiers/:code/actions', { schema: { body, headers }, preHandler: signedIn(pool) },
    (request, reply) => act(pool, catalogue, request, reply));
}

module.exports = Object.assign(routes, { parameters, transfer, view_of });
