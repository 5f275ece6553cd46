// What happens beside the straight way: supplements, withdrawal, refusal at the desk, submissions, the one apology.
import assert from 'node:assert';
import { test } from 'node:test';
import { as, dossier_at, household, intake, pointers, refused, secret, today, walk } from './harness.mjs';

const dossiers = '/api/v1/dossiers';
const items = [{ component: 'ID_PAPER', reason: 'Bản sao mờ, không đọc được' }];
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

test('a supplement stops the clock, and the days it took are added to the due time', async () => {
  const processing = await dossier_at('processing');
  const waiting = (await (await as('chuyenvien')).act(processing, 'request_supplement', { items, ground: 'NĐ 01/2021/NĐ-CP' })).body;

  assert.deepStrictEqual([waiting.state, waiting.clock.state, waiting.holder.unit, waiting.holder.role],
    ['SUPPLEMENT_WAIT', 'STOPPED', 'H17.105.01', 'receiver']);
  assert.ok(Date.parse(waiting.clock.supplement_due_at) > Date.now());
  assert.strictEqual(waiting.clock.entries.at(-1).kind, 'PAUSE');
  await sleep(2100); // a stop that a clock of seconds sees
  const resumed = (await (await as('tiepnhan')).act(waiting, 'receive_supplement')).body;
  assert.deepStrictEqual([resumed.state, resumed.clock.state, resumed.clock.supplement_due_at], ['PROCESSING', 'RUNNING', null]);
  assert.strictEqual(resumed.clock.entries.at(-1).kind, 'RESUME');
  assert.ok(Date.parse(resumed.due_at) >= Date.parse(waiting.due_at));
  assert.strictEqual(resumed.accepted_at, processing.accepted_at);
});

test('a second supplement needs a reason of its own', async () => {
  const handler = await as('chuyenvien');
  const again = await walk(await dossier_at('processing'), [['chuyenvien', 'request_supplement', { items, ground: 'NĐ 01/2021' }, 'SUPPLEMENT_WAIT'],
    ['tiepnhan', 'receive_supplement', {}, 'PROCESSING']]);

  refused(await handler.act(again, 'request_supplement', { items, ground: 'NĐ 01/2021' }), 409, 'too-many-supplements');
  await walk(again, [['chuyenvien', 'request_supplement', { items, ground: 'NĐ 01/2021', reason: 'Giấy tờ nộp bổ sung đã hết hạn' }, 'SUPPLEMENT_WAIT']]);
});

test('a supplement request must say what and on which ground', async () => {
  const dossier = await dossier_at('processing'), handler = await as('chuyenvien');

  assert.deepStrictEqual(pointers(await handler.act(dossier, 'request_supplement')).sort(), ['/ground', '/items']);
  assert.deepStrictEqual(pointers(await handler.act(dossier, 'request_supplement', { items: [], ground: 'x' })), ['/items']);
  assert.deepStrictEqual(pointers(await handler.act(dossier, 'request_supplement', { items: [{ component: 'A' }], ground: 'x' })), ['/items/0/reason']);
});

test('a wait for payment stops the clock and proof starts it again', async () => {
  await walk(await dossier_at('processing'), [
    ['chuyenvien', 'request_payment', { amount: 250000, document_number: '5/TB', document_date: today() }, 'FINANCIAL_WAIT'],
    ['tiepnhan', 'confirm_payment', { proof: 'Biên lai 0001' }, 'PROCESSING']]);
});

test('a withdrawal is asked for, and granted or turned down', async () => {
  const processing = await dossier_at('processing');
  const asked = (await (await as('tiepnhan')).act(processing, 'request_withdrawal', { reason: 'Không còn nhu cầu' })).body;

  assert.deepStrictEqual([asked.state, asked.clock.state], ['WITHDRAW_REQUESTED', 'STOPPED']);
  const back = (await (await as('tiepnhan')).act(asked, 'turn_down_withdrawal', { reason: 'Đã có quyết định' })).body;
  assert.deepStrictEqual([back.state, back.clock.state, back.handler.username], ['PROCESSING', 'RUNNING', 'chuyenvien']);
  const gone = await walk(back, [['tiepnhan', 'request_withdrawal', { reason: 'Chuyển nơi ở' }, 'WITHDRAW_REQUESTED'],
    ['tiepnhan', 'confirm_withdrawal', {}, 'WITHDRAWN']]);
  assert.strictEqual(gone.clock.state, 'ENDED');
  refused(await (await as('tiepnhan')).act(gone, 'request_withdrawal', { reason: 'x' }), 409, 'wrong-state');
});

test('a refusal at the desk is a dossier with reason and ground, and ends there', async () => {
  const desk = await as('tiepnhan');

  assert.deepStrictEqual(pointers(await desk.post(dossiers, household({ decision: 'REFUSE' }))).sort(), ['/ground', '/reason']);
  const reply = await desk.post(dossiers, household({ decision: 'REFUSE', components: [], reason: 'Không thuộc thẩm quyền', ground: 'NĐ 118/2025/NĐ-CP' }));
  secret(reply.body.lookup_secret);
  assert.strictEqual(reply.status, 201, reply.text);
  assert.deepStrictEqual([reply.body.state, reply.body.accepted_at, reply.body.due_at, reply.body.clock.state], ['INTAKE_REFUSED', null, null, 'NONE']);
  assert.match(reply.body.code, /^H17\.105-\d{6}-S\d{4}$/);
  refused(await desk.act(reply.body, 'accept'), 409, 'wrong-state');
});

test('a submission waits without a clock, is accepted later, and then gets code, number and due time', async () => {
  const desk = await as('tiepnhan');
  const submitted = (await desk.post(dossiers, household({ decision: 'SUBMIT' }))).body;

  secret(submitted.lookup_secret);
  assert.deepStrictEqual([submitted.state, submitted.accepted_at, submitted.register_no, submitted.clock.state], ['SUBMITTED', null, undefined, 'NONE']);
  const accepted = (await desk.act(submitted, 'accept')).body;
  assert.strictEqual(accepted.state, 'ACCEPTED');
  assert.notStrictEqual(accepted.code, submitted.code);
  assert.strictEqual(accepted.submission_code, submitted.code);
  assert.ok(accepted.register_no > 0 && accepted.due_at);
  /* The old number still leads there. */
  const by_old = await desk.get(`${dossiers}/${submitted.code}`);
  assert.deepStrictEqual([by_old.body.code, by_old.body.version, by_old.body.register_no], [accepted.code, 2, accepted.register_no]);
  await walk(accepted, [['tiepnhan', 'transfer', {}, 'IN_TRANSFER']]);
});

test('the desk may ask for more before it accepts', async () => {
  const desk = await as('tiepnhan');

  assert.deepStrictEqual(pointers(await desk.post(dossiers, household({ decision: 'REQUEST_MORE', components: [] }))), ['/items']);
  const asked = (await desk.post(dossiers, household({ decision: 'REQUEST_MORE', components: [], items }))).body;
  secret(asked.lookup_secret);
  assert.strictEqual(asked.state, 'INTAKE_SUPPLEMENT');
  assert.ok(asked.clock.supplement_due_at);
  const again = await walk(asked, [['tiepnhan', 'receive_supplement', {}, 'SUBMITTED'], ['tiepnhan', 'request_supplement', { items }, 'INTAKE_SUPPLEMENT']]);
  refused(await desk.act(again, 'stop', { reason: 'Không bổ sung' }), 409, 'too-early');
});

test('an apology gives one new date, never a second, and leaves the due time it is judged by', async () => {
  const dossier = await dossier_at('processing'), leader = await as('lanhdao');
  const later = new Date(Date.parse(dossier.due_at) + 3 * 86400e3).toISOString();

  assert.deepStrictEqual(pointers(await leader.act(dossier, 'apologise', { reason: 'Mất điện' })), ['/new_due_at']);
  assert.deepStrictEqual(pointers(await leader.act(dossier, 'apologise', { reason: 'Mất điện', new_due_at: dossier.accepted_at })), ['/new_due_at']);
  const apologised = (await leader.act(dossier, 'apologise', { reason: 'Mất điện', new_due_at: later })).body;
  assert.strictEqual(apologised.state, 'PROCESSING');
  assert.strictEqual(Date.parse(apologised.reappointed_due_at), Math.floor(Date.parse(later) / 1000) * 1000);
  assert.strictEqual(apologised.due_at, dossier.due_at);
  refused(await leader.act(apologised, 'apologise', { reason: 'Lại mất điện', new_due_at: new Date(Date.parse(later) + 86400e3).toISOString() }), 409, 'already-apologised');
  refused(await (await as('chuyenvien')).act(apologised, 'apologise', { reason: 'x', new_due_at: later }), 403, 'not-your-action');
});

test('what was returned can be reopened by the leader alone, with a ground', async () => {
  const ready = await dossier_at('ready', { payment_method: 'CASH' });
  const returned = await walk(ready, [['tiepnhan', 'return_result', { receiver_name: ready.owner.name }, 'RETURNED']]);

  refused(await (await as('tiepnhan')).act(returned, 'reopen', { ground: 'x', reason: 'y' }), 403, 'not-your-action');
  const reopened = (await (await as('lanhdao')).act(returned, 'reopen', { ground: 'Quyết định giải quyết khiếu nại 3/QĐ', reason: 'Sai tên chủ hộ' }));
  assert.strictEqual(reopened.status, 200, reopened.text);
  assert.deepStrictEqual([reopened.body.state, reopened.body.clock.state, reopened.body.accepted_at], ['PROCESSING', 'RUNNING', ready.accepted_at]);
});

test('an opinion is given by who was asked for it, not by who asked', async () => {
  const processing = await dossier_at('processing'), step = processing.steps.find(({ state }) => state === 'CURRENT');
  const asked = await walk(processing, [['chuyenvien', 'consult', { unit: 'H17.105.03', question: 'Có vướng gì không?', step_due: step.due_at }, 'CONSULTING']]);

  for (const who of ['chuyenvien', 'truongphong'])
    refused(await (await as(who)).act(asked, 'answer_consultation', { opinion: 'Không vướng' }), 403, 'not-your-action');
  assert.strictEqual((await (await as('congan2')).act(asked, 'answer_consultation', { opinion: 'Không vướng' })).status, 200);
});

test('who is asked and stays silent does not hold a dossier for ever', async () => {
  const processing = await dossier_at('processing'), head = await as('truongphong'), given = { reason: 'Quá hạn chưa có trả lời', ground: 'NĐ 01/2021, Điều 7' };
  const consult = async (dossier, seconds) => (await walk(dossier, [['chuyenvien', 'consult', { unit: 'H17.105.03', question: 'Có vướng gì không?',
    step_due: new Date(Date.now() + seconds * 1000).toISOString() }, 'CONSULTING']]));
  const asked = await consult(processing, 6), seen = (await head.get(`${dossiers}/${asked.code}`)).body;

  assert.ok(Math.abs(Date.parse(asked.clock.consultation_due_at) - Date.now() - 6000) < 5000, asked.clock.consultation_due_at);
  assert.deepStrictEqual(seen.actions.map(({ action, needs }) => [action, needs]), [['end_consultation', ['reason', 'ground']]]);
  refused(await head.act(asked, 'end_consultation', given), 409, 'too-early');
  assert.deepStrictEqual(pointers(await head.act(asked, 'end_consultation')).sort(), ['/ground', '/reason']);
  await sleep(Date.parse(asked.clock.consultation_due_at) + 1100 - Date.now());
  for (const who of ['chuyenvien', 'congan', 'lanhdao'])
    refused(await (await as(who)).act(asked, 'end_consultation', given), 403, 'not-your-action');
  const back = (await head.act(asked, 'end_consultation', given)).body;
  assert.deepStrictEqual([back.state, back.holder.unit, back.holder.role, back.handler.username, back.clock.state, back.clock.consultation_due_at],
    ['PROCESSING', 'H17.105.02', 'handler', 'chuyenvien', 'RUNNING', null]);
  const [event] = (await head.get(`${dossiers}/${back.code}/history`)).body.items.slice(-1);
  assert.deepStrictEqual([event.action, event.ground, event.input.reason, event.actor_unit], ['end_consultation', given.ground, given.reason, 'H17.105.02']);
  /* The late answer: the dossier has moved on, and is not his business any more. */
  refused(await (await as('congan')).act(asked, 'answer_consultation', { opinion: 'Không vướng' }), 404, 'no-such-dossier');
  refused(await head.act(back, 'answer_consultation', { opinion: 'Không vướng' }), 409, 'wrong-state');
  /* Who answers late, but before anybody has gone on without him, is heard. */
  const again = await consult(back, 4);
  await sleep(Date.parse(again.clock.consultation_due_at) + 1100 - Date.now());
  await walk(again, [['congan', 'answer_consultation', { opinion: 'Không vướng' }, 'PROCESSING']]);
});

test('a consultation ends before the step that asks', async () => {
  const processing = await dossier_at('processing'), handler = await as('chuyenvien'), step = processing.steps.find(({ state }) => state === 'CURRENT');
  const consult = (inputs) => handler.act(processing, 'consult', { unit: 'H17.105.03', question: 'Có vướng gì không?', step_due: step.due_at, ...inputs });

  for (const [inputs, where] of [[{ step_due: processing.accepted_at }, '/step_due'], [{ step_due: new Date(Date.parse(step.due_at) + 60e3).toISOString() }, '/step_due'],
    [{ unit: 'H17.105.02' }, '/unit'], [{ unit: 'H99' }, '/unit'], [{ question: '' }, '/question']])
    assert.deepStrictEqual(pointers(await consult(inputs)), [where]);
});

test('a dossier is not handed to a department of another agency', async () => {
  refused(await (await as('truongphong')).act(await dossier_at('assigning'), 'redirect', { unit: 'H17.106.02', reason: 'Chuyển nhầm' }), 422, 'invalid');
});
