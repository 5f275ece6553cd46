// POST /api/v1/dossiers: one dossier accepted at the desk. Decisions other than ACCEPT, cases and reductions are
// refused: the bench asks for none.
'use strict';
const crypto = require('node:crypto');
const statements = require('./statements');
const schema = require('./intake_schema');
const { detail, quotas } = require('./detail');
const { format } = require('./worktime');
const { riskAt, timers } = require('./timers');
const { problem, sha256, signedIn } = require('./session');

const ALPHABET = '23456789ABCDEFGHJKMNPQRSTVWXYZ';
const ACTIONS = require('./rules').after_accept;

const fold = (error) => ({ pointer: error.instancePath, code: error.keyword, detail: error.message });
const secret = () => Array.from({ length: 13 }, () => ALPHABET[crypto.randomInt(ALPHABET.length)]).join('');

/* What is wrong with the papers: unknown, twice, missing, too few. Better papers stand in for lesser ones. */
function gaps(version, given) {
  const wrong = [], byCode = new Map();
  given.forEach((one, i) => {
    if (byCode.has(one.code) || !version.components.some((c) => c.code === one.code))
      wrong.push({ pointer: `/components/${i}`, code: byCode.has(one.code) ? 'twice' : 'unknown' });
    byCode.set(one.code, one);
  });
  for (const component of version.components) {
    const one = byCode.get(component.code);
    if (one?.reused_from ? component.replaceable_by?.includes(one.reused_from) : !component.is_required)
      continue;
    let left = 0;
    for (const kind of ['originals', 'certified_copies', 'plain_copies']) {
      left += (one?.[kind] ?? 0) - (component[kind] ?? 0);
      if (left < 0) {
        wrong.push({ pointer: '/components', code: 'missing' });
        break;
      }
    }
  }
  return wrong;
}

function fees(version, body, now) {
  const paid = Boolean(body.payment_method);
  return (version.fees ?? []).map((fee) => {
    const quantity = fee.basis === 'DOSSIER' ? 1 : body.copies ?? 1, amount = fee.amount * quantity;
    return { code: fee.code, name: fee.name, kind: fee.kind, quantity, full: amount, reduced: 0, amount, due: fee.due,
      is_paid: paid || amount === 0, ...(paid && amount > 0 && { method: body.payment_method, paid_at: format(now) }) };
  });
}

function kept(person) {
  return Object.fromEntries(Object.entries(person).filter(([, value]) => value !== ''));
}

/* Everything an accepted dossier is at its beginning; null and the refusal sent, where it cannot be. */
function plan(catalogue, request, reply) {
  const body = request.body, now = Math.floor(Date.now() / 1000);
  const unit = request.asker.grants.find((grant) => grant.role === 'receiver' &&
    (!body.receiving_unit || grant.agency === body.receiving_unit))?.agency;
  const version = catalogue.inForce.get(body.procedure);
  const refuse = (...problemOf) => { problem(reply, ...problemOf); return null; };
  if (!unit)
    return refuse(403, 'not-allowed', 'Bạn không tiếp nhận ở đơn vị này');
  if (!version || version.legs?.length || body.case || (body.decision && body.decision !== 'ACCEPT'))
    return refuse(422, 'invalid', 'Dữ liệu chưa đúng', { errors: [{ pointer: '/procedure', code: 'unknown' }] });
  if (!version.channels.includes(body.channel) || !version.return_channels.includes(body.return_channel))
    return refuse(422, 'invalid', 'Dữ liệu chưa đúng', { errors: [{ pointer: '/channel', code: 'not-a-choice' }] });
  const competent = catalogue.competent(version, unit);
  if (!competent)
    return refuse(409, 'no-competent-agency', 'Không có cơ quan có thẩm quyền');
  const wrong = gaps(version, body.components);
  if (wrong.length > 0)
    return refuse(422, 'incomplete-components', 'Thành phần hồ sơ chưa đủ', { errors: wrong });
  const time = catalogue.workTime(competent.code), lines = fees(version, body, now);
  const owed = lines.reduce((sum, line) => sum + (line.is_paid ? 0 : line.amount), 0);
  const due = time.addDays(now, version.time_limit.quantity), step_due = time.addMinutes(now, quotas(version).DESK ?? 0);
  const view = {
    version_of: version, version: 1, state: 'ACCEPTED', channel: body.channel, return_channel: body.return_channel,
    assist_unit: body.assist_unit, receiving_unit: unit, competent_agency: competent.code,
    processing_unit: catalogue.department(competent, version.field).code, holder_unit: unit, holder_role: 'receiver',
    submitted_at: now, accepted_at: now, clock_start: now, due_clock: due, due_eod: time.closing(due), step_phase: 'DESK',
    step_due, owner: kept(body.owner), submitter: body.submitter ? kept(body.submitter) : null,
    components: body.components.map((one) => ({ code: one.code,
      name: version.components.find((c) => c.code === one.code).name, originals: one.originals ?? 0,
      certified_copies: one.certified_copies ?? 0, plain_copies: one.plain_copies ?? 0,
      ...(one.reused_from && { reused_from: one.reused_from }) })),
    fees: lines, fee_owed: owed, note: body.note ?? '', lookup_secret: secret(), actions: ACTIONS,
  };
  view.facts = [{ seq: 1, at: now, action: 'accept', actor: request.asker.name, unit, role: 'receiver', clock: 'START',
    ground: body.ground, due, eod: view.due_eod, phase: 'DESK', starts: true, step_due }];
  return view;
}

/* What the intake statement is given. */
function parameters(catalogue, session, key, body_hash, body, view) {
  const number = body.owner.personal_id || body.owner.tax_code, { owner, submitter } = view;
  const time = catalogue.workTime(view.competent_agency);
  return {
    session, key, body_hash, epoch: catalogue.epoch, now: format(view.accepted_at), code_agency: view.competent_agency,
    state: view.state, is_closed: false, procedure_version: view.version_of.id, procedure_code: view.version_of.code,
    channel: view.channel, return_channel: view.return_channel, assist_unit: view.assist_unit,
    receiving_unit: view.receiving_unit, competent_agency: view.competent_agency, processing_unit: view.processing_unit,
    holder_unit: view.holder_unit, holder_role: view.holder_role, is_accepted: true, clock_start: format(view.clock_start),
    due_clock: format(view.due_clock), due_eod: format(view.due_eod), step_phase: view.step_phase,
    step_due: format(view.step_due), is_submitter_owner: !submitter, fee_owed: view.fee_owed,
    owner_key: number && sha256(number), lookup_secret: view.lookup_secret, owner: JSON.stringify(owner),
    submitter: submitter && JSON.stringify(submitter), components: JSON.stringify(view.components),
    fees: JSON.stringify(view.fees), note: view.note, action: 'accept', clock: 'START', ground: body.ground,
    search: [owner.name, submitter?.name, owner.phone].filter(Boolean).join(' '), input: JSON.stringify({ channel: body.channel, payment_method: body.payment_method }),
    status: 201, answer: JSON.stringify(detail(catalogue, view)).slice(1),
    risk_at: format(riskAt(view, time)), ...timers(view, time, view.accepted_at),
  };
}

function routes(app, { pool, catalogue }) {
  app.setErrorHandler((error, request, reply) => (error.validation
    ? problem(reply, 422, 'invalid', 'Dữ liệu chưa đúng', { errors: error.validation.map(fold) })
    : problem(reply, error.statusCode ?? 500, 'internal-error', error.message)));
  app.post('/api/v1/dossiers', { schema: { body: schema }, preHandler: signedIn(pool, 'receiver') },
    async (request, reply) => {
      const key = request.headers['idempotency-key'];
      if (!key || !/^[\x21-\x7e]{1,255}$/.test(key))
        return problem(reply, 400, 'idempotency-key-required', 'Thiếu khóa chống gửi lặp (Idempotency-Key)');
      const view = plan(catalogue, request, reply);
      if (!view)
        return reply;
      const hash = sha256(`POST${request.url}\n${JSON.stringify(request.body)}`);
      const [row] = await statements.intake(pool,
        parameters(catalogue, request.asker.session, key, hash, request.body, view));
      if (row.outcome === 'key-reused')
        return problem(reply, 422, 'idempotency-key-reused', 'Khóa chống gửi lặp đã dùng cho một yêu cầu khác');
      if (row.outcome !== 'done' && row.outcome !== 'repeated')
        return problem(reply, 503, 'unavailable', row.outcome);
      return reply.code(row.status).header('ETag', `"${row.version}"`).header('Location', `/api/v1/dossiers/${row.code}`)
        .type('application/json; charset=utf-8').send(row.answer);
    });
}

module.exports = Object.assign(routes, { plan, parameters });
