// A dossier from desk to desk: each step by the person whose step it is, with state, holder and version.
import assert from 'node:assert';
import { test } from 'node:test';
import { as, ask, dossier_at, household, intake, pointers, refused, secret, steps_to, today, walk } from './harness.mjs';

const dossiers = '/api/v1/dossiers';
const holder = ({ holder: { unit, role } }) => `${unit} ${role}`;

test('1.001612 goes from intake to return, every step by its own person', async () => {
  let dossier = await intake({ owner: undefined, ...household() });
  const name = dossier.owner.name;
  /* who, what, with what, state, holder, clock, phase of the open step */
  const rows = [
    ['tiepnhan', 'transfer', {}, 'IN_TRANSFER', 'H17.105.02 dept_head', 'RUNNING', 'DESK'],
    ['truongphong', 'acknowledge', {}, 'ASSIGNING', 'H17.105.02 dept_head', 'RUNNING', 'ASSIGN'],
    ['truongphong', 'assign', { handler: 'chuyenvien' }, 'PROCESSING', 'H17.105.02 handler', 'RUNNING', 'PROCESS'],
    ['chuyenvien', 'submit_for_review', { note: 'Đủ điều kiện' }, 'REVIEW', 'H17.105.02 dept_head', 'RUNNING', 'REVIEW'],
    ['truongphong', 'submit_for_signature', {}, 'SIGNING', 'H17.105 leader', 'RUNNING', 'SIGN'],
    ['lanhdao', 'sign', {}, 'ISSUING', 'H17.105 records_clerk', 'RUNNING', 'ISSUE'],
    ['vanthu', 'issue', { document_number: '12/GCN', document_date: today() }, 'RESULT_READY', 'H17.105.01 return_clerk', 'ENDED', 'RETURN'],
    ['tiepnhan', 'collect_fee', { method: 'CASH' }, 'RESULT_READY', 'H17.105.01 return_clerk', 'ENDED', 'RETURN'],
    ['tiepnhan', 'return_result', { receiver_name: name }, 'RETURNED', 'H17.105.01 return_clerk', 'ENDED', undefined],
  ];

  for (const [who, action, inputs, state, whose, clock, phase] of rows) {
    const person = await as(who), before = dossier;
    const offered = (await person.get(`${dossiers}/${dossier.code}`)).body.actions.map((one) => one.action);
    assert.ok(offered.includes(action), `${who} is offered ${action}: ${offered}`);
    dossier = (await person.act(dossier, action, inputs)).body;
    assert.deepStrictEqual([dossier.state, holder(dossier), dossier.clock.state, dossier.version],
      [state, whose, clock, before.version + 1], `${who} ${action}`);
    assert.strictEqual(dossier.steps.find((step) => step.state === 'CURRENT')?.phase, phase, action);
    assert.deepStrictEqual([dossier.accepted_at, dossier.due_at], [before.accepted_at, before.due_at], `${action} moves no date`);
    const { code, version, state: now_state } = (await person.get(`${dossiers}/${dossier.code}`)).body;
    assert.deepStrictEqual([code, version, now_state], [dossier.code, dossier.version, state]);
  }
  assert.strictEqual(dossier.timeliness, 'EARLY');
  assert.ok(dossier.finished_at && dossier.returned_at);
  assert.strictEqual(dossier.fee_owed, 0);
  assert.deepStrictEqual(dossier.actions, []);
  assert.deepStrictEqual(dossier.steps.map(({ phase, state }) => `${phase} ${state}`),
    ['DESK', 'ASSIGN', 'PROCESS', 'REVIEW', 'SIGN', 'ISSUE', 'RETURN'].map((phase) => `${phase} DONE`));
});

/* Every procedure of one agency: who decides it where, and its people. */
const office = { head: 'chanhvanphong', handler: 'hotich', leader: 'lanhdao', clerk: 'vanthu' };
const social = { head: 'truongvhxh', handler: 'xahoi', leader: 'lanhdao', clerk: 'vanthu' };
const economy = { head: 'truongphong', handler: 'chuyenvien', leader: 'lanhdao', clerk: 'vanthu' };
const whole = (handler, head) => ({ head, handler, leader: head, clerk: head });
const procedures = [
  ['1.000656', 'tiepnhan', office], ['1.000656', 'tiepnhan', office, 'LATE'], ['1.000894', 'tiepnhan', office], ['1.000894', 'tiepnhan', office, 'VERIFY'],
  ['1.001193', 'tiepnhan', office], ['1.001193', 'tiepnhan', office, 'LATE'], ['1.001193', 'tiepnhan', office, 'VERIFY'],
  ['2.000635', 'tiepnhan', office], ['2.000815', 'tiepnhan', office], ['2.000815', 'tiepnhan', office, 'MANY_PAGES'], ['2.000884', 'tiepnhan', office],
  ['2.000908', 'tiepnhan', office], ['1.001699', 'tiepnhan', social], ['1.001776', 'tiepnhan', social], ['1.009994', 'tiepnhan', economy],
  ['1.004222', 'tiepnhan', whole('congan2', 'congan')], ['1.900014.H17', 'tiepnhan', whole('datdai', 'giamdocdatdai')],
  ['1.900020.H17', 'tiepnhan3', whole('xaydung', 'giamdocxaydung')], ['2.000488', 'tiepnhan3', whole('congantinh', 'truongphongpc')],
  ['2.000488', 'tiepnhan3', whole('congantinh', 'truongphongpc'), 'COMPLEX'],
];
for (const [code, desk, people, chosen] of procedures) {
  test(`${code}${chosen ? ` (${chosen})` : ''} goes from intake to return`, async () => {
    const procedure = (await ask('GET', `/api/v1/procedures/${code}`)).body;
    const components = procedure.components.filter((one) => one.is_required && (!one.cases || one.cases.includes(chosen)))
      .map((one) => ({ code: one.code, originals: one.originals ?? (one.is_shown_only ? 1 : 0),
        certified_copies: one.certified_copies ?? 0, plain_copies: one.plain_copies ?? 0 }));
    const accepted = await intake({ procedure: code, ...(chosen && { case: chosen }), components, copies: 2, pages: 3, payment_method: 'CASH' }, desk);

    assert.strictEqual(accepted.procedure.code, code);
    assert.strictEqual(accepted.procedure.case, chosen);
    const { quantity, unit } = accepted.procedure.time_limit;
    const due = (await ask('GET', `/api/v1/deadlines?${new URLSearchParams({ received_at: accepted.accepted_at, quantity, unit, agency: accepted.competent_agency.code })}`)).body;
    assert.deepStrictEqual([accepted.due_at, accepted.due_eod], [due.due_clock, due.due_eod]);
    const done = await walk(accepted, [
      [desk, 'transfer', {}, 'IN_TRANSFER'], [people.head, 'acknowledge', {}, 'ASSIGNING'],
      [people.head, 'assign', { handler: people.handler }, 'PROCESSING'], [people.handler, 'submit_for_review', { note: 'Dự thảo' }, 'REVIEW'],
      [people.head, 'submit_for_signature', {}, 'SIGNING'], [people.leader, 'sign', {}, 'ISSUING'],
      [people.clerk, 'issue', { document_number: '7/KQ', document_date: today() }, 'RESULT_READY'],
      [desk, 'return_result', { receiver_name: accepted.owner.name }, 'RETURNED']]);
    /* Judged by the day: the day itself is on time, any day before is early. */
    assert.strictEqual(done.timeliness, done.finished_at.slice(0, 10) < (done.due_eod ?? done.due_at).slice(0, 10) ? 'EARLY' : 'ON_TIME');
  });
}

test('every procedure of the catalogue is walked here or is a chain of agencies', async () => {
  const { items } = (await ask('GET', '/api/v1/procedures?limit=200')).body;
  const walked = new Set(['1.001612', ...procedures.map(([code]) => code)]);

  assert.deepStrictEqual(items.filter(({ code, is_chain }) => !is_chain && !walked.has(code)).map(({ code }) => code), []);
});

test('a stale version is refused and changes nothing', async () => {
  const first = await dossier_at('assigning'), head = await as('truongphong');

  refused(await head.act({ ...first, version: first.version - 1 }, 'assign', { handler: 'chuyenvien' }), 412, 'version-stale');
  refused(await head.act({ ...first, version: first.version + 1 }, 'assign', { handler: 'chuyenvien' }), 412, 'version-stale');
  assert.strictEqual((await head.get(`${dossiers}/${first.code}`)).body.version, first.version);
});

for (const [what, tag, status, code] of [['no If-Match', undefined, 428, 'version-required'], ['If-Match: *', '*', 428, 'version-required'],
  ['a weak tag', 'W/"1"', 412, 'version-stale'], ['two tags', '"1", "2"', 412, 'version-stale'], ['a bare number', '1', 412, 'version-stale']]) {
  test(`${what} is refused`, async () => {
    refused(await (await as('tiepnhan')).act(await intake(), 'transfer', {}, { headers: { 'if-match': tag } }), status, code);
  });
}

test('of two who act on the same version one wins', async () => {
  const dossier = await intake(), desk = await as('tiepnhan');
  const replies = await Promise.all(Array.from({ length: 8 }, () => desk.act(dossier, 'transfer', {}, { is_new_connection: true })));

  assert.strictEqual(replies.filter(({ status }) => status === 200).length, 1);
  replies.filter(({ status }) => status !== 200).forEach((reply) => refused(reply, 412, 'version-stale'));
});

test('a repeated action with its key gives the first bytes again, even when the dossier has moved on', async () => {
  const dossier = await intake(), desk = await as('tiepnhan'), headers = { 'idempotency-key': `k-${dossier.code}` };
  const first = await desk.act(dossier, 'transfer', {}, { headers });
  await (await as('truongphong')).act(first.body, 'acknowledge');
  const again = await desk.act(dossier, 'transfer', {}, { headers });

  assert.strictEqual(again.status, 200);
  assert.strictEqual(again.text, first.text);
  assert.strictEqual(again.etag, first.etag);
  refused(await desk.act(dossier, 'transfer', { note: 'khác' }, { headers }), 422, 'idempotency-key-reused');
  refused(await desk.act({ ...dossier, version: 2 }, 'transfer', {}, { headers }), 422, 'idempotency-key-reused');
});

test('what the state does not allow is refused, and what the role does not, with words of their own', async () => {
  const accepted = await intake();
  const rows = [
    ['tiepnhan', 'transfer', {}, undefined],
    ['tiepnhan', 'transfer', {}, [409, 'wrong-state']],
    ['tiepnhan', 'return_result', { receiver_name: 'A' }, [409, 'wrong-state']],
    ['tiepnhan', 'sign', {}, [403, 'not-your-action']],
    ['tiepnhan', 'acknowledge', {}, [403, 'not-your-action']],
    ['lanhdao', 'sign', {}, [409, 'wrong-state']],
    ['lanhdao', 'assign', { handler: 'chuyenvien' }, [403, 'not-your-action']],
    ['giamsat', 'acknowledge', {}, [403, 'not-your-action']],
    ['truongphong', 'hand_over_leg', {}, [409, 'wrong-state']],
  ];
  let dossier = accepted;

  for (const [who, action, inputs, refusal] of rows) {
    const reply = await (await as(who)).act(dossier, action, inputs);
    if (refusal)
      refused(reply, ...refusal);
    else
      dossier = reply.body;
  }
  assert.strictEqual((await (await as('tiepnhan')).get(`${dossiers}/${dossier.code}`)).body.version, dossier.version);
});

test('only the assigned handler works on it', async () => {
  const dossier = await dossier_at('processing');

  refused(await (await as('truongphong')).act(dossier, 'submit_for_review', { note: 'x' }), 403, 'not-your-action');
  assert.deepStrictEqual(dossier.handler, { username: 'chuyenvien', name: (await as('chuyenvien')).user.name });
});

test('a handler of another department cannot be assigned', async () => {
  const dossier = await dossier_at('assigning'), head = await as('truongphong');

  for (const handler of ['chuyenvien2', 'hotich', 'lanhdao', 'khong-co'])
    assert.deepStrictEqual(pointers(await head.act(dossier, 'assign', { handler })), ['/handler']);
  assert.deepStrictEqual(pointers(await head.act(dossier, 'assign', {})), ['/handler']);
  assert.deepStrictEqual(pointers(await head.act(dossier, 'assign', { handler: 'chuyenvien', step_due: '2020-01-01T08:00:00+07:00' })), ['/step_due']);
});

test('who signs is not who handled it, where the procedure says so', async () => {
  const procedure = (await ask('GET', '/api/v1/procedures/1.004222')).body;
  const components = procedure.components.filter((one) => one.is_required)
    .map(({ code, originals = 0, certified_copies = 0, plain_copies = 0 }) => ({ code, originals, certified_copies, plain_copies }));
  const signing = await walk(await intake({ procedure: '1.004222', components }), [
    ['tiepnhan', 'transfer', {}, 'IN_TRANSFER'], ['congan', 'acknowledge', {}, 'ASSIGNING'], ['congan', 'assign', { handler: 'congan' }, 'PROCESSING'],
    ['congan', 'submit_for_review', { note: 'Dự thảo' }, 'REVIEW'], ['congan', 'submit_for_signature', {}, 'SIGNING']]);

  assert.strictEqual(procedure.is_separate_signer, true);
  refused(await (await as('congan')).act(signing, 'sign'), 403, 'same-person');
});

test('an issue needs number and date, and no date to come', async () => {
  const issuing = await walk(await dossier_at('signing'), steps_to.ready.slice(0, 1)), clerk = await as('vanthu');

  for (const inputs of [{}, { document_number: '1/A' }, { document_date: today() }])
    refused(await clerk.act(issuing, 'issue', inputs), 422, 'invalid');
  const before = new Date(Date.parse(issuing.accepted_at) + (7 - 24) * 3600e3).toISOString().slice(0, 10);
  for (const document_date of ['2199-01-01', before, '1990-01-01', undefined]) { // of the future, before the dossier was there, none
    const reply = await clerk.act(issuing, 'issue', { document_number: '1/A', document_date });
    refused(reply, 422, 'invalid');
    assert.deepStrictEqual(pointers(reply), ['/document_date']);
  }
  refused(await clerk.act(issuing, 'issue', { document_number: '1/A', document_date: '2026-02-30' }), 422, 'invalid');
});

test('a result is not given while a levy is owed, nor to a stranger without a paper', async () => {
  const ready = await dossier_at('ready'), desk = await as('tiepnhan');

  refused(await desk.act(ready, 'return_result', { receiver_name: ready.owner.name }), 409, 'fee-owed');
  const [paid] = [(await desk.act(ready, 'collect_fee', { method: 'TRANSFER' })).body];
  refused(await desk.act(paid, 'collect_fee', { method: 'CASH' }), 409, 'nothing-owed');
  refused(await desk.act(paid, 'return_result', { receiver_name: 'Người Lạ Mặt' }), 422, 'authorisation-required');
  refused(await desk.act(paid, 'return_result', { receiver_name: ready.owner.name.normalize('NFD').replace(/[\u0300-\u036f]/g, '') }), 422, 'authorisation-required');
  const given = await desk.act(paid, 'return_result', { receiver_name: 'Người Lạ Mặt', authorisation: 'GUQ 12/2026' });
  assert.strictEqual(given.body.state, 'RETURNED');
});

test('rework goes back to the handler, or to the head, and forward again', async () => {
  let dossier = await dossier_at('signing');

  refused(await (await as('lanhdao')).act(dossier, 'rework', {}), 422, 'invalid');
  dossier = await walk(dossier, [
    ['lanhdao', 'rework', { reason: 'Sai tên ngành nghề', to: 'REVIEW' }, 'REVIEW'],
    ['truongphong', 'rework', { reason: 'Sửa tên ngành nghề' }, 'PROCESSING'],
    ['chuyenvien', 'submit_for_review', { note: 'Đã sửa' }, 'REVIEW'], ['truongphong', 'submit_for_signature', {}, 'SIGNING'],
    ['lanhdao', 'rework', { reason: 'Thiếu ngày', to: 'PROCESSING' }, 'PROCESSING'],
    ['chuyenvien', 'submit_for_review', { note: 'Đã sửa' }, 'REVIEW'], ['truongphong', 'submit_for_signature', {}, 'SIGNING'],
    ['lanhdao', 'sign', {}, 'ISSUING']]);
  assert.strictEqual(dossier.steps.filter(({ phase }) => phase === 'PROCESS').length, 3);
});

test('a refusal that was drafted comes out as a refusal with reasons', async () => {
  const dossier = await walk(await dossier_at('processing', { payment_method: 'CASH' }), [
    ['chuyenvien', 'submit_for_review', { note: 'Tên trùng', is_refusal: true }, 'REVIEW'], ['truongphong', 'submit_for_signature', {}, 'SIGNING'],
    ['lanhdao', 'sign', {}, 'ISSUING'], ['vanthu', 'issue', { document_number: '9/TB', document_date: today() }, 'REFUSED_WITH_REASON']]);
  const returned = await walk(dossier, [['tiepnhan', 'return_result', { receiver_name: dossier.owner.name }, 'RETURNED']]);

  assert.ok(returned.finished_at);
});

test('a result goes by post and is proved to have come', async () => {
  const ready = await dossier_at('ready', { payment_method: 'CASH', return_channel: 'POST' });

  await walk(ready, [['tiepnhan', 'give_to_post', { postal_number: 'EB123456789VN', address: ready.owner.address }, 'RETURN_IN_POST'],
    ['tiepnhan', 'confirm_delivery', { proof: 'Phiếu báo phát' }, 'RETURNED']]);
});

test('a dossier that was handed to the wrong desk moves on without a new clock', async () => {
  const assigning = await dossier_at('assigning');
  const moved = (await (await as('truongphong')).act(assigning, 'redirect', { unit: 'H17.105.04', reason: 'Thuộc lĩnh vực khác' })).body;

  assert.deepStrictEqual([moved.state, holder(moved), moved.due_at], ['IN_TRANSFER', 'H17.105.04 dept_head', assigning.due_at]);
  refused(await (await as('truongphong')).get(`${dossiers}/${moved.code}`), 404, 'no-such-dossier');
  const taken = await walk(moved, [['truongvhxh', 'acknowledge', {}, 'ASSIGNING'], ['truongvhxh', 'assign', { handler: 'xahoi' }, 'PROCESSING']]);
  assert.strictEqual(taken.processing_unit.code, 'H17.105.04');
  refused(await (await as('truongvhxh')).act(taken, 'redirect', { unit: 'H99.99', reason: 'x' }), 422, 'invalid');
});

test('the owner is the owner however his name is typed', async () => {
  for (const typed of [(name) => name.toUpperCase(), (name) => name.toLowerCase().replaceAll(' ', '  '), (name) => name.normalize('NFD').replaceAll(' ', '\u00a0')]) {
    const ready = await dossier_at('ready', { payment_method: 'CASH' });
    await walk(ready, [['tiepnhan', 'return_result', { receiver_name: typed(ready.owner.name) }, 'RETURNED']]);
  }
});

test('a consultation goes out and comes back while the clock runs on', async () => {
  const processing = await dossier_at('processing'), step = processing.steps.find(({ state }) => state === 'CURRENT');
  const asked = (await (await as('chuyenvien')).act(processing, 'consult', { unit: 'H17.105.03', question: 'Có vi phạm an ninh trật tự không?',
    step_due: step.due_at })).body;

  assert.deepStrictEqual([asked.state, holder(asked), asked.clock.state], ['CONSULTING', 'H17.105.03 dept_head', 'RUNNING']);
  const seen = await (await as('congan')).get(`${dossiers}/${asked.code}`);
  assert.strictEqual(seen.status, 200);
  const back = (await (await as('congan')).act(asked, 'answer_consultation', { opinion: 'Không vi phạm' })).body;
  assert.strictEqual(back.state, 'PROCESSING');
  refused(await (await as('congan')).get(`${dossiers}/${asked.code}`), 404, 'no-such-dossier');
});
