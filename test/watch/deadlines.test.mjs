// What time does: warned, overdue, escalated, each once and without touching the dossier; lateness answered for, and
// the one way back from it.
import assert from 'node:assert';
import { test, before, after } from 'node:test';
import { daemon, sql, until } from './daemons.mjs';

let now, later, far; // today; in 40 days, all limits over
let day;             // of the later one

before(async () => {
  now = await import('../path/harness.mjs');
  far = await daemon('40d');
  await far.ready();
  later = await far.harness();
  day = new Date(Date.now() + 40 * 86400e3 + 7 * 3600e3).toISOString().slice(0, 10);
});
after(async () => { assert.strictEqual(await far.stop(), 0); });

async function notices_of(username, code) {
  const found = [];
  let next = null;

  do {
    const reply = await (await later.as(username)).get(`/api/v1/notices?limit=200${next ? `&cursor=${next}` : ''}`);
    assert.strictEqual(reply.status, 200, reply.text);
    found.push(...reply.body.items.filter((one) => one.code === code));
    next = reply.body.next;
  } while (next);
  return found;
}
const kinds_of = async (...args) => (await notices_of(...args)).map((one) => one.kind).sort();
const told = (code) => until(`${code} is told`, () => sql(`SELECT count(*) FROM motcua.timer t JOIN motcua.dossier d ON d.id = t.dossier WHERE d.code = '${code}'`) === '0');

test('who holds it is warned, then heads, leaders and monitors hear of it; nobody twice, and no version moves', async () => {
  const dossier = await now.intake();

  await told(dossier.code);
  assert.deepStrictEqual(await kinds_of('tiepnhan', dossier.code), ['OVERDUE', 'STEP_OVERDUE', 'WARN_1DAY', 'WARN_80']);
  assert.deepStrictEqual(await kinds_of('truongphong', dossier.code), ['OVERDUE', 'STEP_OVERDUE', 'WARN_1DAY']);
  assert.deepStrictEqual(await kinds_of('lanhdao', dossier.code), ['OVERDUE', 'WARN_1DAY']);
  assert.deepStrictEqual(await kinds_of('giamsat', dossier.code), ['OVERDUE']);
  assert.deepStrictEqual(await kinds_of('tiepnhan2', dossier.code), [], 'the desk of another commune hears nothing');
  assert.strictEqual((await (await later.as('tiepnhan')).get(`/api/v1/dossiers/${dossier.code}`)).body.version, 1);
  await later.walk(dossier, [['tiepnhan', 'transfer', {}, 'IN_TRANSFER']]);
});

test('a daemon whose clock is years ahead has somewhere to write what happens', async () => {
  const ahead = await daemon('2200d');
  await ahead.ready();
  const then = await ahead.harness(), month = new Date(Date.now() + 2200 * 86400e3).toISOString().slice(0, 7).replace('-', '_');

  await until('its month has a place', () => sql(`SELECT to_regclass('motcua.event_${month}') IS NOT NULL`) === 't');
  const made = await then.intake();
  assert.match(made.accepted_at, new RegExp(`^${month.replace('_', '-')}`));
  assert.strictEqual(await ahead.stop(), 0);
});

test('each notice says the minute it is about', async () => {
  const dossier = await now.intake(), at = {};

  await told(dossier.code);
  for (const one of await notices_of('tiepnhan', dossier.code))
    at[one.kind] = one.at;
  const legal = dossier.due_eod ?? (await (await now.as('tiepnhan')).get(`/api/v1/dossiers/${dossier.code}/clock`)).body.due_eod;
  const next_day = new Date(Date.parse(legal) + 7 * 3600e3 + 86400e3).toISOString().slice(0, 10);

  assert.strictEqual(at.OVERDUE, `${next_day}T00:00:00+07:00`);
  assert.ok(at.WARN_1DAY < dossier.due_at && at.WARN_80 < dossier.due_at && at.WARN_1DAY <= at.WARN_80, JSON.stringify(at));
});

test('whoever takes a notice takes it for his place; others cannot', async () => {
  const dossier = await now.intake();

  await told(dossier.code);
  const [notice] = await notices_of('giamsat', dossier.code);
  later.refused(await (await later.as('tiepnhan')).post(`/api/v1/notices/${notice.id}/read`), 404, 'not-found');
  for (let i = 0; i < 2; i++)
    assert.strictEqual((await (await later.as('giamsat')).post(`/api/v1/notices/${notice.id}/read`)).status, 204);
  assert.deepStrictEqual(await kinds_of('giamsat', dossier.code), []);
  later.refused(await (await later.as('giamsat')).post('/api/v1/notices/x/read'), 404, 'not-found');
});

test('an opinion that does not come is told to who is asked and to who asks, and the head goes on without it', async () => {
  const processing = await now.dossier_at('processing'), step = processing.steps.find(({ state }) => state === 'CURRENT');
  const asked = await now.walk(processing, [['chuyenvien', 'consult', { unit: 'H17.105.03', question: 'Có vướng gì không?', step_due: step.due_at }, 'CONSULTING']]);

  await told(asked.code);
  for (const who of ['congan', 'truongphong', 'chuyenvien'])
    assert.ok((await kinds_of(who, asked.code)).includes('CONSULTATION_OVERDUE'), who);
  for (const who of ['lanhdao', 'tiepnhan', 'giamsat'])
    assert.ok(!(await kinds_of(who, asked.code)).includes('CONSULTATION_OVERDUE'), who);
  await later.walk(asked, [['truongphong', 'end_consultation', { reason: 'Không trả lời', ground: 'NĐ 01/2021', cause: 'CONSULT_LATE' }, 'PROCESSING']]);
});

test('a hand-over that nobody takes alarms both sides; a result that nobody comes for is a reminder, twice', async () => {
  const sent = await now.walk(await now.intake(), [['tiepnhan', 'transfer', {}, 'IN_TRANSFER']]);
  const ready = await now.dossier_at('ready');

  await told(sent.code);
  assert.ok((await kinds_of('tiepnhan', sent.code)).includes('HANDOVER_OVERDUE'));
  assert.ok((await kinds_of('truongphong', sent.code)).includes('HANDOVER_OVERDUE'));
  await until('the first reminder', async () => (await kinds_of('tiepnhan', ready.code)).includes('UNCLAIMED'));
  assert.deepStrictEqual(await kinds_of('tiepnhan', ready.code), ['UNCLAIMED'], 'finished: nothing of its limits, and day 60 is to come');
});

test('a supplement that never comes is put before the leader, who confirms', async () => {
  const waiting = await now.walk(await now.dossier_at('processing'), [['chuyenvien', 'request_supplement',
    { items: [{ component: 'ID_PAPER', reason: 'Mờ' }], ground: 'NĐ 01/2021/NĐ-CP' }, 'SUPPLEMENT_WAIT']]);

  await told(waiting.code);
  assert.deepStrictEqual(await kinds_of('lanhdao', waiting.code), ['SUPPLEMENT_EXPIRED']);
  await later.walk(waiting, [['lanhdao', 'stop', { reason: 'Hết hạn bổ sung' }, 'STOPPED']]);
});

test('a submission that the desk leaves lying', async () => {
  const reply = await (await now.as('tiepnhan')).post('/api/v1/dossiers', now.household({ decision: 'SUBMIT' }));

  assert.strictEqual(reply.status, 201, reply.text);
  await told(reply.body.code);
  assert.deepStrictEqual(await kinds_of('tiepnhan', reply.body.code), ['ANSWER_OVERDUE']);
});

test('a change after the telling owes nothing again', async () => {
  const dossier = await now.intake();

  await told(dossier.code); // far has told; a change of today's clock finds nothing owed
  await later.walk(dossier, [['tiepnhan', 'transfer', {}, 'IN_TRANSFER'], ['truongphong', 'acknowledge', {}, 'ASSIGNING']]);
  assert.deepStrictEqual(await kinds_of('truongphong', dossier.code), ['OVERDUE', 'STEP_OVERDUE', 'WARN_1DAY']);
});

test('late: the step whose deadline passed first answers, with minutes and cause', async () => {
  const dossier = await now.intake();
  const done = await later.walk(dossier, [['tiepnhan', 'transfer', {}, 'IN_TRANSFER'], ['truongphong', 'acknowledge', { cause: 'STAFF' }, 'ASSIGNING'],
    ...later.steps_to.processing, ...later.steps_to.signing, ['lanhdao', 'sign', {}, 'ISSUING'],
    ['vanthu', 'issue', { document_number: '12/GCN', document_date: day, cause: 'STAFF' }, 'RESULT_READY']]);

  assert.strictEqual(done.timeliness, 'OVERDUE');
  const list = await (await later.as('lanhdao')).get('/api/v1/lateness?agency=H17.105&limit=200');
  assert.strictEqual(list.status, 200, list.text);
  const rows = list.body.items.filter((one) => one.code === dossier.code);
  assert.deepStrictEqual(rows.map((one) => [one.scope, one.phase, one.unit, one.cause, one.correction]),
    [['DOSSIER', 'DESK', 'H17.105.01', 'STAFF', null], ['STEP', 'DESK', 'H17.105.01', 'STAFF', null]]);
  assert.ok(rows[1].minutes_over > rows[0].minutes_over && rows[0].minutes_over > 20 * 480 * 0.5, JSON.stringify(rows));
  later.refused(await (await later.as('tiepnhan')).get('/api/v1/lateness?agency=H17.105'), 403, 'not-allowed');

  // Nobody turns it back but by a correction that names ground and paper.
  const leader = await later.as('lanhdao');
  assert.throws(() => sql(`UPDATE motcua.dossier SET timeliness = 'ON_TIME', version = version + 1 WHERE code = '${dossier.code}'`), /correction alone/);
  assert.throws(() => sql(`UPDATE motcua.lateness SET minutes_over = 0`), /never changed/);
  assert.throws(() => sql(`DELETE FROM motcua.lateness`), /never changed/);
  assert.deepStrictEqual(later.pointers(await leader.act(done, 'correct_timeliness', { reason: 'Máy chủ dừng' })).sort(), ['/document_number', '/ground']);
  const given = { reason: 'Máy chủ ngừng hoạt động, đã có biên bản', ground: 'Quyết định của Chủ tịch', document_number: '77/QĐ-UBND', document_date: day };
  later.refused(await (await later.as('truongphong')).act(done, 'correct_timeliness', given), 403, 'not-your-action');
  const corrected = (await leader.act(done, 'correct_timeliness', given)).body;
  assert.deepStrictEqual([corrected.timeliness, corrected.clock.entries.at(-1).kind, corrected.finished_at], ['ON_TIME', 'CORRECT', done.finished_at]);
  later.refused(await leader.act(corrected, 'correct_timeliness', given), 409, 'wrong-state');
  const again = (await leader.get('/api/v1/lateness?agency=H17.105&limit=200')).body.items.filter((one) => one.code === dossier.code);
  assert.deepStrictEqual(again.map((one) => one.minutes_over), rows.map((one) => one.minutes_over), 'the old figures stay readable');
  assert.deepStrictEqual([again[0].correction.document, again[0].correction.ground], ['77/QĐ-UBND', 'Quyết định của Chủ tịch']);
});

test('the clock adds up to the minute, by unit, step and holder', async () => {
  const dossier = await now.walk(await now.dossier_at('processing'), [['chuyenvien', 'request_supplement',
    { items: [{ component: 'ID_PAPER', reason: 'Mờ' }], ground: 'NĐ 01/2021/NĐ-CP' }, 'SUPPLEMENT_WAIT']]);
  const resumed = await later.walk(dossier, [['tiepnhan', 'receive_supplement', {}, 'PROCESSING']]);
  const clock = (await (await later.as('chuyenvien')).get(`/api/v1/dossiers/${resumed.code}/clock`)).body;
  const sum = (rows, key) => rows.reduce((all, one) => all + one[key], 0);

  assert.ok(clock.citizen_minutes > 20 * 480, JSON.stringify(clock));
  assert.strictEqual(clock.total_minutes, clock.agency_minutes + clock.citizen_minutes);
  for (const rows of [clock.by_unit, clock.by_step, clock.by_holder]) {
    assert.strictEqual(sum(rows, 'agency_minutes'), clock.agency_minutes);
    assert.strictEqual(sum(rows, 'citizen_minutes'), clock.citizen_minutes);
  }
  assert.deepStrictEqual(clock.entries.map((one) => one.kind), ['START', 'PAUSE', 'RESUME']);
});

test('the outlook: what will be late by then, first the first, for those who lead', async () => {
  const dossier = await now.intake();
  const until_then = encodeURIComponent(new Date(Date.now() + 30 * 86400e3).toISOString().slice(0, 19) + '+00:00');
  const reply = await (await now.as('lanhdao')).get(`/api/v1/outlook?agency=H17.105&until=${until_then}&limit=200`);

  assert.strictEqual(reply.status, 200, reply.text);
  const mine = reply.body.items.find((one) => one.code === dossier.code);
  assert.deepStrictEqual([mine.outlook, mine.holder_unit, mine.phase], ['DUE', 'H17.105.01', 'DESK']);
  const risks = reply.body.items.map((one) => one.risk_at);
  assert.deepStrictEqual(risks, [...risks].sort());
  const late = (await (await later.as('giamsat')).get('/api/v1/outlook?agency=H17.105&limit=200')).body.items;
  assert.strictEqual(late.find((one) => one.code === dossier.code).outlook, 'LATE');
  const first = (await (await later.as('giamsat')).get('/api/v1/outlook?agency=H17.105&limit=1')).body;
  const second = (await (await later.as('giamsat')).get(`/api/v1/outlook?agency=H17.105&limit=1&cursor=${first.next}`)).body;
  assert.deepStrictEqual([first.items[0].code, second.items[0].code], late.slice(0, 2).map((one) => one.code));
  now.refused(await (await now.as('lanhdao2')).get('/api/v1/outlook?agency=H17.105'), 403, 'not-allowed');
  now.refused(await (await now.as('tiepnhan')).get('/api/v1/outlook?agency=H17.105'), 403, 'not-allowed');
});

test('Mẫu 04: a draft for the leader before it is late, the signed words afterwards; one new appointment, never two', async () => {
  const dossier = await now.intake(), leader = await now.as('lanhdao');
  const page = async () => (await leader.get(`/api/v1/dossiers/${dossier.code}/forms/apology`, { headers: { accept: 'text/html' } })).text;
  const draft = await page();

  for (const words of ['VĂN BẢN XIN LỖI VÀ ĐỀ NGHỊ GIA HẠN', 'Kính gửi:', dossier.code, 'Lý do:', '……'])
    assert.ok(draft.includes(words), words);
  const promise = new Date(Date.now() + 20 * 86400e3 + 7 * 3600e3).toISOString().slice(0, 11) + '16:00:00+07:00';
  const given = { reason: 'Cơ quan phối hợp chưa trả lời', new_due_at: promise, cause: 'CONSULT_LATE' };
  const after_it = (await leader.act(dossier, 'apologise', given)).body;
  assert.deepStrictEqual([after_it.due_at, after_it.clock.entries.at(-1).kind], [dossier.due_at, 'REAPPOINT'], 'the first promise stays');
  const paper = await page();
  assert.ok(paper.includes('Cơ quan phối hợp chưa trả lời') && paper.includes('16 giờ 00 phút'), paper.slice(0, 3000));
  assert.strictEqual(await page(), paper, 'the same paper again');
  now.refused(await leader.act(after_it, 'apologise', given), 409, 'already-apologised');
  await told(dossier.code);
  assert.ok((await kinds_of('giamsat', dossier.code)).includes('REAPPOINTED_OVERDUE'), 'the second lateness goes to the monitor');
});
