// POST /api/v1/dossiers/{code}/actions: load → decide → apply, for the one action of the bench.
'use strict';
const statements = require('./statements');
const words = require('./words');
const rules = require('./rules');
const { detail, quotas } = require('./detail');
const { format } = require('./worktime');
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

const instant = (at) => (at ? format(at) : null);

function view_of(catalogue, row) {
  return {
    ...row, version_of: catalogue.versions.get(row.procedure_version), owner: JSON.parse(row.owner),
    submitter: row.submitter && JSON.parse(row.submitter), components: JSON.parse(row.components),
    fees: JSON.parse(row.fees), lookup_secret: undefined,
    facts: JSON.parse(row.events).map((event) => ({ ...event, starts: event.starts })),
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

/* The 43 parameters of dossier_apply. */
function parameters(catalogue, asker, key, hash, input, view) {
  const { action, ...given } = input;
  return [asker.session, key, hash, catalogue.epoch, instant(view.now), view.id, view.version - 1, action, view.state,
    null, false, view.processing_unit, view.holder_unit, view.holder_role, view.handler, instant(view.accepted_at),
    instant(view.clock_start), '{}', instant(view.due_clock), instant(view.due_eod), null, null, null, null,
    view.supplements, null, view.is_refusal_drafted, view.fee_owed, view.step_phase, view.opens,
    instant(view.step_started), instant(view.step_due), view.step_remaining_min,
    instant(Math.min(view.due_clock, view.step_due || Infinity)), 'receiver', view.receiving_unit, null,
    input.ground ?? null, null, JSON.stringify(given), null, null, JSON.stringify(detail(catalogue, view))];
}

async function act(pool, catalogue, request, reply) {
  const key = request.headers['idempotency-key'], { asker } = request, rule = rules[request.body.action];
  const hash = sha256(`POST${request.url}\n${request.headers['if-match']}${JSON.stringify(request.body)}`);
  const [row] = await statements.load(pool, [asker.session, request.params.code, key, null]);
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
