// Chains between agencies: each leg by the people of its own agency, who see what is theirs, from intake to return.
import assert from 'node:assert';
import fs from 'node:fs';
import { test } from 'node:test';
import { as, citizen, intake, pointers, refused, sql, today, walk } from './harness.mjs';

const dossiers = '/api/v1/dossiers';
const counted = (codes) => codes.map((code) => ({ code, originals: 1, certified_copies: 0, plain_copies: 1 }));
const birth = (overrides) => intake({ procedure: '3.000722', components: counted(['FORM_CHAIN_BIRTH', 'BIRTH_NOTICE', 'DWELLING']), owner: citizen(), ...overrides });
const death = (leg, overrides) => intake({ procedure: '2.002913', components: counted(['FORM_CHAIN_DEATH', 'DEATH_NOTICE']), legs: [{ code: leg }], ...overrides });
const paper = { name: 'Kết quả của chặng', pages: 2 };
const file = { name: 'ket-qua.pdf', sha256: 'ab'.repeat(32) };
const result = { document_number: '7/KQ', document_date: today() };
const handed = { ...result, papers: [paper, file] };

/* The people of each leg. */
const office = { head: 'chanhvanphong', handler: 'hotich', leader: 'lanhdao', clerk: 'vanthu' };
const police = { head: 'congan', handler: 'congan2', leader: 'congan', clerk: 'congan' };
const insurance = { head: 'bhxh', handler: 'bhxh2', leader: 'bhxh', clerk: 'bhxh' };
const social = { head: 'truongvhxh', handler: 'xahoi', leader: 'lanhdao', clerk: 'vanthu' };
const economy = { head: 'truongphong', handler: 'chuyenvien', leader: 'lanhdao', clerk: 'vanthu' };
const province = { head: 'chanhvanphongtinh', handler: 'chuyenvientinh', leader: 'lanhdaotinh', clerk: 'vanthutinh' };

const taken = (people, action = 'acknowledge_leg') => [[people.head, action, {}, 'ASSIGNING'], [people.head, 'assign', { handler: people.handler }, 'PROCESSING']];
const drafted = (people) => [[people.handler, 'submit_for_review', { note: 'Đủ điều kiện' }, 'REVIEW'], [people.head, 'submit_for_signature', {}, 'SIGNING'],
  [people.leader, 'sign', {}, 'ISSUING']];
const onward = (people) => [[people.clerk, 'hand_over_leg', handed, 'LEG_HANDOVER']];
const whole = (people, action) => [...taken(people, action), ...drafted(people), ...onward(people)];
const leg_of = (dossier, code) => dossier.legs.find((leg) => leg.code === code);
const stages = (dossier) => dossier.legs.map(({ code, stage }) => `${code} ${stage}`).join(', ');
const show = async (who, { code }) => (await as(who)).get(`${dossiers}/${code}`);
const sees = async (who, dossier) => (await show(who, dossier)).status === 200;

test('2.002913: commune, police and social insurance, one after the other, one code and one due for the citizen', async () => {
  const accepted = await death('C1');

  assert.strictEqual(stages(accepted), 'A WAITING, B WAITING, C1 WAITING');
  assert.strictEqual(leg_of(accepted, 'C1').planned_due_at, accepted.due_eod); // 1 + 4 + 5 working days
  assert.deepStrictEqual(leg_of(accepted, 'C1').depends_on, ['A', 'B']);
  let dossier = await walk(accepted, [['tiepnhan', 'transfer', {}, 'IN_TRANSFER']]);
  assert.ok(!await sees('congan', dossier) && !await sees('bhxh', dossier));
  dossier = await walk(dossier, whole(office, 'acknowledge'));
  assert.strictEqual(stages(dossier), 'A DONE, B OFFERED, C1 WAITING');
  const given = leg_of(dossier, 'B');
  assert.deepStrictEqual([given.given_unit.code, given.given_by, given.taken_at, given.holder.unit, given.holder.role],
    ['H17.105', 'Hồ Thị Mỹ Linh', null, 'H17.105.03', 'dept_head']);
  assert.deepStrictEqual(leg_of(dossier, 'A').papers, [paper, file]);
  assert.ok(await sees('congan', dossier) && !await sees('bhxh', dossier));
  dossier = await walk(dossier, whole(police));
  assert.strictEqual(stages(dossier), 'A DONE, B DONE'); // the police do not see where it goes
  assert.strictEqual(stages((await show('lanhdao', dossier)).body), 'A DONE, B DONE, C1 OFFERED');
  assert.ok(await sees('bhxh', dossier) && await sees('congan', dossier));
  dossier = await walk(dossier, [...taken(insurance), ...drafted(insurance), ['bhxh', 'issue', result, 'RESULT_READY']]);
  assert.strictEqual(stages(dossier), 'A DONE, B DONE, C1 DONE');
  assert.deepStrictEqual(dossier.legs.map(({ timeliness }) => timeliness), ['EARLY', 'EARLY', 'EARLY']);
  assert.deepStrictEqual([dossier.timeliness, dossier.due_at, dossier.due_eod], ['EARLY', accepted.due_at, accepted.due_eod]);
  dossier = await walk(dossier, [['tiepnhan', 'return_result', { receiver_name: accepted.owner.name }, 'RETURNED']]);
  assert.strictEqual(dossier.holder.unit, 'H17.105.01');
});

test('3.000722: two legs at once, the result when both are done, either way round', async () => {
  for (const order of [[insurance, police], [police, insurance]]) {
    const accepted = await birth();
    let dossier = await walk(accepted, [['tiepnhan', 'transfer', {}, 'IN_TRANSFER'], ...whole(office, 'acknowledge'), ...whole(police)]);

    dossier = (await show('tiepnhan', dossier)).body;
    assert.strictEqual(stages(dossier), 'A DONE, B DONE, C OFFERED, D OFFERED');
    assert.strictEqual(leg_of(dossier, 'D').planned_due_at, accepted.due_eod);
    for (const [i, people] of order.entries()) {
      const last = i === 1, leg = people === police ? 'D' : 'C';
      const there = { leg };
      const rows = [[people.head, 'acknowledge_leg', there], [people.head, 'assign', { ...there, handler: people.handler }],
        [people.handler, 'submit_for_review', { ...there, note: 'Đủ' }], [people.head, 'submit_for_signature', there],
        [people.leader, 'sign', there], [people.clerk, 'issue', { ...there, ...result }]];
      for (const [who, action, inputs] of rows) {
        const reply = await (await as(who)).act(dossier, action, inputs);
        assert.strictEqual(reply.status, 200, `${who} ${action} ${reply.text}`);
        assert.strictEqual(leg_of(reply.body, leg).code, leg);
        dossier = reply.body;
      }
      assert.strictEqual(dossier.state, last ? 'RESULT_READY' : 'LEG_HANDOVER');
    }
    assert.deepStrictEqual([dossier.due_at, dossier.timeliness], [accepted.due_at, 'EARLY']);
    const { body: chain } = await (await as('lanhdao')).get(`${dossiers}/${dossier.code}/chain`);
    assert.strictEqual(stages(chain), 'A DONE, B DONE, C DONE, D DONE');
    assert.deepStrictEqual([chain.leading_leg, chain.late_leg], [null, null]);
    await walk(dossier, [['tiepnhan', 'return_result', { receiver_name: accepted.owner.name }, 'RETURNED']]);
  }
});

test('1.900019.H17 (NĐ 297/2025): commune, police, province', async () => {
  const accepted = await intake({ procedure: '1.900019.H17', channel: 'ONLINE', return_channel: 'ONLINE', payment_method: 'ONLINE',
    components: counted(['FORM_CHAIN_KARAOKE', 'FIRE_SAFETY', 'PREMISES']) });

  assert.deepStrictEqual(accepted.competent_agency.code, 'H17');
  assert.ok(!await sees('chuyenvientinh', accepted) && !await sees('lanhdao', accepted) && await sees('lanhdaotinh', accepted));
  const dossier = await walk(accepted, [['tiepnhan', 'transfer', {}, 'IN_TRANSFER'], ...whole(economy, 'acknowledge'), ...whole(police),
    ...taken(province), ...drafted(province), ['vanthutinh', 'issue', result, 'RESULT_READY'],
    ['tiepnhan', 'confirm_delivery', { proof: 'Đã nhận trên Cổng' }, 'RETURNED']]);
  assert.strictEqual(dossier.timeliness, 'EARLY');
});

test('a chain with a choice wants exactly one of it', async () => {
  const desk = await as('tiepnhan');
  const body = { procedure: '2.002913', channel: 'COUNTER', return_channel: 'COUNTER', owner: citizen(), submitter: null, note: '',
    components: counted(['FORM_CHAIN_DEATH', 'DEATH_NOTICE']) };

  for (const [legs, pointer, code] of [[undefined, '/legs', 'required'], [[{ code: 'C1' }, { code: 'C2' }], '/legs', 'too-many'],
    [[{ code: 'A' }, { code: 'C1' }], '/legs/0/code', 'unknown'], [[{ code: 'C2' }, { code: 'X' }], '/legs/1/code', 'unknown']]) {
    const reply = await desk.post(dossiers, { ...body, legs });
    refused(reply, 422, 'invalid');
    assert.deepStrictEqual(reply.body.errors.map((error) => [error.pointer, error.code]), [[pointer, code]]);
  }
  const dossier = await walk(await death('C2'), [['tiepnhan', 'transfer', {}, 'IN_TRANSFER'], ...whole(office, 'acknowledge'), ...whole(police),
    ...taken(social), ...drafted(social), ['vanthu', 'issue', result, 'RESULT_READY']]);
  assert.strictEqual(stages(dossier), 'A DONE, B DONE, C2 DONE');
});

/* --- the ways aside --- */

const to_police = [['tiepnhan', 'transfer', {}, 'IN_TRANSFER'], ...whole(office, 'acknowledge')];
const to_branches = [...to_police, ...whole(police)];
const at = async (rows, dossier) => walk(dossier ?? await death('C1'), rows);
/* As if that much time had passed for a leg: its own due is over. */
const make_late = ({ code }, leg) => sql(`UPDATE motcua.leg l SET due_clock = now() - interval '2 days', due_eod = now() - interval '2 days'
  FROM motcua.dossier d WHERE d.id = l.dossier AND d.code = '${code}' AND l.code = '${leg}'`);
const history = async (who, { code }) => (await (await as(who)).get(`${dossiers}/${code}/history`)).body.items;
const act = async (who, dossier, action, inputs, options) => (await as(who)).act(dossier, action, inputs, options);

test('what nobody has taken can be taken back; what is taken cannot', async () => {
  let dossier = await walk(await death('C1'), [['tiepnhan', 'transfer', {}, 'IN_TRANSFER'], ['tiepnhan', 'recall_leg', { reason: 'Nhầm' }, 'ACCEPTED'],
    ['tiepnhan', 'transfer', {}, 'IN_TRANSFER'], ...whole(office, 'acknowledge')]);
  const handed_to = leg_of((await show('congan', dossier)).body, 'B').due_at;

  assert.ok(handed_to);
  dossier = await walk(dossier, [['vanthu', 'recall_leg', { reason: 'Sai số văn bản' }, 'ISSUING']]);
  assert.strictEqual(stages(dossier), 'A WORKED, B WAITING, C1 WAITING');
  assert.deepStrictEqual([leg_of(dossier, 'A').document, leg_of(dossier, 'A').timeliness, leg_of(dossier, 'B').given_at], [null, null, null]);
  assert.ok(!await sees('congan', dossier));
  dossier = await walk(dossier, [...onward(office), ['congan', 'acknowledge_leg', {}, 'ASSIGNING']]);
  refused(await act('vanthu', dossier, 'recall_leg', { reason: 'Muộn rồi' }), 409, 'wrong-state');
});

test('a refusal of one leg ends the chain with its reasons; what the others made stays', async () => {
  const signing = await at([...to_police, ...taken(police), ...drafted(police).slice(0, 2)]);
  const dossier = await walk(signing, [['congan', 'refuse', { reason: 'Không đủ điều kiện', ground: 'Điều 23 Luật Cư trú' }, 'REFUSED_WITH_REASON']]);
  const seen = (await show('tiepnhan', dossier)).body;

  assert.strictEqual(stages(seen), 'A DONE, B REFUSED, C1 ENDED');
  assert.deepStrictEqual([leg_of(seen, 'A').document, seen.holder.unit, seen.holder.role], ['7/KQ', 'H17.105.01', 'return_clerk']);
  assert.ok(!await sees('bhxh', dossier)); // it was never theirs
  await walk(seen, [['tiepnhan', 'return_result', { receiver_name: seen.owner.name }, 'RETURNED']]);
});

test('a drafted refusal is issued by its own agency, not handed over', async () => {
  const [draft, ...rest] = drafted(police);
  const issuing = await at([...to_police, ...taken(police), [draft[0], draft[1], { ...draft[2], is_refusal: true }, draft[3]], ...rest]);

  refused(await act('congan', issuing, 'hand_over_leg', handed), 409, 'wrong-state');
  await walk(issuing, [['congan', 'issue', result, 'REFUSED_WITH_REASON']]);
});

test('the wrong desk passes a leg on and no limit begins anew', async () => {
  const offered = await at(to_police), due = leg_of((await show('congan', offered)).body, 'B').due_at;

  refused(await act('congan', offered, 'redirect', { unit: 'H17.105.02', reason: 'Nhầm' }), 422, 'invalid');
  const passed = await walk(offered, [['congan', 'redirect', { unit: 'H17.106.03', reason: 'Nơi thường trú ở xã Thăng Bình' }, 'LEG_HANDOVER']]);
  assert.ok(!await sees('congan', passed));
  const leg = leg_of((await show('tiepnhan', passed)).body, 'B');
  assert.deepStrictEqual([leg.agency.code, leg.unit.code, leg.stage, leg.due_at], ['H17.106.03', 'H17.106.03', 'OFFERED', due]);
});

test('a supplement inside a leg stops its clock and that of the whole, and shows what it did at once', async () => {
  const working = await at([...to_police, ...taken(police)]), ask = { items: [{ component: 'ENTITLEMENT', reason: 'Cần bản chính' }], ground: 'Khoản 2 Điều 4' };
  const waiting = await walk(working, [['congan2', 'request_supplement', ask, 'SUPPLEMENT_WAIT']]);

  assert.deepStrictEqual([waiting.clock.state, waiting.holder.unit], ['STOPPED', 'H17.105.01']);
  assert.ok(leg_of(waiting, 'B').supplement_due_at);
  assert.strictEqual((await (await as('tiepnhan')).get('/api/v1/inbox')).body.items.filter(({ code }) => code === waiting.code).length, 1);
  refused(await act('congan2', waiting, 'submit_for_review', { note: 'x' }), 409, 'wrong-state');
  const resumed = await walk(waiting, [['tiepnhan', 'receive_supplement', {}, 'PROCESSING']]);
  assert.deepStrictEqual(resumed.clock.entries.map(({ kind }) => kind), ['START', 'PAUSE', 'RESUME']);
  assert.ok(resumed.due_at >= working.due_at && leg_of(resumed, 'B').due_at);
  assert.strictEqual(resumed.holder.unit, 'H17.105.03');
});

test('two legs at once: one waits for the citizen, the other works on, the whole clock goes on when nobody waits', async () => {
  const branches = await at([...to_branches, ['congan', 'acknowledge_leg', { leg: 'D' }, 'ASSIGNING'],
    ['congan', 'assign', { leg: 'D', handler: 'congan2' }, 'PROCESSING']], await birth());
  const ask = { items: [{ component: 'DWELLING', reason: 'Bản mới' }], ground: 'Khoản 2 Điều 4' };
  let dossier = await walk(branches, [['congan2', 'request_supplement', ask, 'SUPPLEMENT_WAIT']]);

  dossier = await walk(dossier, [['bhxh', 'acknowledge_leg', {}, 'SUPPLEMENT_WAIT'], ['bhxh', 'assign', { handler: 'bhxh2' }, 'SUPPLEMENT_WAIT'],
    ['bhxh2', 'submit_for_review', { note: 'Đủ' }, 'SUPPLEMENT_WAIT'], ['tiepnhan', 'receive_supplement', {}, 'PROCESSING']]);
  assert.deepStrictEqual(dossier.clock.entries.map(({ kind }) => kind), ['START', 'PAUSE', 'RESUME']);
  assert.deepStrictEqual(dossier.legs.map(({ code, state }) => `${code} ${state}`).slice(2), ['C REVIEW', 'D PROCESSING']);
});

test('a branch that is late is gone on without, by a person; its late answer is recorded and applied by nobody', async () => {
  let dossier = await at(to_branches, await birth());
  const there = { leg: 'C' }, why = { reason: 'Quá hạn nhiều ngày', ground: 'Quy chế phối hợp' };

  for (const [who, action, inputs] of [...taken(insurance), ...drafted(insurance)])
    dossier = (await act(who, dossier, action, { ...there, ...inputs })).body;
  refused(await act('lanhdao', dossier, 'join_without', { leg: 'D', ...why }), 409, 'too-early');
  refused(await act('congan', dossier, 'join_without', { leg: 'D', ...why }), 403, 'not-your-action');
  make_late(dossier, 'D');
  dossier = (await act('lanhdao', dossier, 'join_without', { leg: 'D', ...why })).body;
  assert.strictEqual(stages(dossier), 'A DONE, B DONE, C WORKED, D JOINED_WITHOUT');
  assert.strictEqual(leg_of(dossier, 'D').timeliness, 'OVERDUE');
  dossier = await walk(dossier, [['bhxh', 'issue', result, 'RESULT_READY']]);
  const after = (await act('congan', dossier, 'record_late_answer', { note: 'Đã cấp thẻ căn cước', ...result })).body;
  assert.deepStrictEqual([after.state, leg_of(after, 'D').stage, !!leg_of(after, 'D').late_answer_at, leg_of(after, 'D').document],
    ['RESULT_READY', 'JOINED_WITHOUT', true, null]);
  const told = (await history('lanhdao', after)).filter(({ leg }) => leg === 'D').map(({ action, leg_stage }) => `${action} ${leg_stage}`);
  assert.deepStrictEqual(told, ['join_without JOINED_WITHOUT', 'record_late_answer JOINED_WITHOUT']);
});

test('the leg that was late bears the lateness, the next one has its own whole limit', async () => {
  const dossier = await at([...to_police, ...taken(police), ...drafted(police)]);

  make_late(dossier, 'B');
  const onwards = await walk(dossier, onward(police));
  assert.strictEqual(leg_of(onwards, 'B').timeliness, 'OVERDUE');
  sql(`SET session_replication_role = replica; UPDATE motcua.dossier SET due_clock = date_trunc('second', now()) - interval '1 day', due_eod = date_trunc('second', now()) - interval '1 day' WHERE code = '${dossier.code}'`);
  let seen = (await show('bhxh', dossier)).body;
  const fresh = new Date(leg_of(seen, 'C1').due_eod) - new Date(leg_of(seen, 'C1').given_at);
  assert.ok(fresh > 4 * 86400e3, 'five working days of its own');
  seen = await walk(seen, [...taken(insurance), ...drafted(insurance), ['bhxh', 'issue', result, 'RESULT_READY']]);
  assert.strictEqual(seen.timeliness, 'OVERDUE');
  const { body: chain } = await (await as('lanhdao')).get(`${dossiers}/${dossier.code}/chain`);
  assert.deepStrictEqual([chain.late_leg, ...chain.legs.map(({ timeliness }) => timeliness)], ['B', 'EARLY', 'OVERDUE', 'EARLY']);
  const rows = sql(`SELECT l.scope || ' ' || l.leg || ' ' || l.unit FROM motcua.lateness l JOIN motcua.dossier d ON d.id = l.dossier
    WHERE d.code = '${dossier.code}' ORDER BY l.id`);
  assert.strictEqual(rows, 'LEG 2 H17.105.03\nDOSSIER 2 H17.105.03');
});

test('a hand-over that nobody takes within four working hours alarms both sides', async () => {
  const dossier = await at(to_police);
  const due = sql(`SELECT t.ats[array_position(t.kinds, 207::smallint)] - l.given_at > interval '4 hours' FROM motcua.timer t
    JOIN motcua.dossier d ON d.id = t.dossier JOIN motcua.leg l ON l.dossier = d.id AND l.code = 'B' WHERE d.code = '${dossier.code}'`);

  assert.strictEqual(due, 't');
  sql(`SELECT command.timers_tell(ARRAY[d.id], now() + interval '10 days') FROM motcua.dossier d WHERE d.code = '${dossier.code}'`);
  const told = sql(`SELECT n.to_role || ' ' || n.to_unit FROM motcua.notice n JOIN motcua.dossier d ON d.id = n.dossier
    WHERE d.code = '${dossier.code}' AND n.kind = 7 AND n.leg = 2 ORDER BY 1`);
  assert.strictEqual(told, 'dept_head H17.105.03\nrecords_clerk H17.105');
});

test('a withdrawal stops every leg and its refusal lets them go on', async () => {
  const working = await at([...to_police, ...taken(police)]);
  const asked = await walk(working, [['tiepnhan', 'request_withdrawal', { reason: 'Gia đình xin rút' }, 'WITHDRAW_REQUESTED']]);

  refused(await act('congan2', asked, 'submit_for_review', { note: 'x' }), 409, 'wrong-state');
  let dossier = await walk(asked, [['tiepnhan', 'turn_down_withdrawal', { reason: 'Đã có trích lục' }, 'PROCESSING']]);
  assert.deepStrictEqual([dossier.holder.unit, dossier.clock.state], ['H17.105.03', 'RUNNING']);
  dossier = await walk(dossier, [['tiepnhan', 'request_withdrawal', { reason: 'Lần nữa' }, 'WITHDRAW_REQUESTED'],
    ['tiepnhan', 'confirm_withdrawal', {}, 'WITHDRAWN']]);
  assert.strictEqual(stages(dossier), 'A DONE, B ENDED, C1 ENDED');
});

test('an opinion asked for inside a leg', async () => {
  const working = await at([...to_police, ...taken(police)]), step = leg_of(working, 'B').steps.find(({ state }) => state === 'CURRENT');

  assert.ok(!await sees('xahoi', working));
  const asked = await walk(working, [['congan2', 'consult', { unit: 'H17.105.04', question: 'Có hưởng trợ cấp không?', step_due: step.due_at }, 'CONSULTING']]);
  assert.ok(await sees('truongvhxh', asked));
  assert.deepStrictEqual((await (await as('truongvhxh')).get('/api/v1/dossiers?limit=200')).body.items.filter(({ code }) => code === asked.code).length, 1);
  await walk(asked, [['truongvhxh', 'answer_consultation', { opinion: 'Không' }, 'PROCESSING']]);
  assert.ok(!await sees('truongvhxh', working));
});

test('each sees what is theirs: papers of the leg, no money, no other agency at work', async () => {
  const dossier = await at([...to_branches, ['bhxh', 'acknowledge_leg', {}, 'ASSIGNING']], await birth());
  const police_sees = (await show('congan', dossier)).body, insurance_sees = (await show('bhxh', dossier)).body;

  assert.deepStrictEqual(police_sees.components.map(({ code }) => code), ['FORM_CHAIN_BIRTH', 'BIRTH_NOTICE', 'DWELLING']); // D has no list: all
  assert.strictEqual(stages(police_sees), 'A DONE, B DONE, D OFFERED');
  assert.strictEqual(stages(insurance_sees), 'A DONE, B DONE, C WORKED');
  assert.deepStrictEqual(leg_of(insurance_sees, 'A').steps, []);
  assert.deepStrictEqual(leg_of(insurance_sees, 'A').papers, [paper, file]); // handed over to them
  assert.deepStrictEqual([insurance_sees.fees, insurance_sees.fee_owed], [[], 0]);
  assert.deepStrictEqual((await history('bhxh', dossier)).filter(({ leg }) => leg === 'B').map(({ action }) => action), ['hand_over_leg']);
  assert.ok((await history('lanhdao', dossier)).filter(({ leg }) => leg === 'B').length > 5);
  for (const who of ['tiepnhan2', 'chuyenvien', 'chuyenvien2', 'lanhdao2', 'xaydung', 'chuyenvientinh', 'quantri']) {
    for (const what of ['', '/history', '/chain', '/clock'])
      refused(await (await as(who)).get(`${dossiers}/${dossier.code}${what}`), 404, 'no-such-dossier');
    refused(await act(who, dossier, 'acknowledge_leg', { leg: 'D' }), 404, 'no-such-dossier');
  }
  for (const who of ['congan', 'bhxh', 'lanhdao', 'giamsat', 'hotich'])
    assert.ok((await (await as(who)).get(`/api/v1/dossiers?q=${dossier.code}`)).body.items.length === 1, who);
});

test('which leg is meant must be said where there are two', async () => {
  const dossier = await at([...to_branches, ['congan', 'acknowledge_leg', {}, 'ASSIGNING']], await birth());

  refused(await act('bhxh', dossier, 'acknowledge_leg', { leg: 'D' }), 422, 'invalid'); // not theirs to see
  refused(await act('congan', dossier, 'assign', { leg: 'D', handler: 'bhxh2' }), 422, 'invalid');
  const reply = await act('congan', dossier, 'hand_over_leg', { ...handed, papers: [{ name: 'Không số trang' }] });
  refused(reply, 409, 'wrong-state');
  const empty = await at(to_police.slice(0, -1));
  const bare = await act('vanthu', empty, 'hand_over_leg', { ...result, papers: [{ name: 'Không số trang' }] });
  refused(bare, 422, 'invalid');
  assert.deepStrictEqual(pointers(bare), ['/papers/0/pages']);
  refused(await act('vanthu', empty, 'issue', result), 409, 'wrong-state');
  refused(await act('vanthu', empty, 'hand_over_leg', { ...result }), 422, 'invalid');
});

test('of two agencies that act on the same version one wins, and the other then goes on', async () => {
  const dossier = await at(to_branches, await birth());
  const replies = await Promise.all(Array.from({ length: 6 }, (_, i) => act(i % 2 ? 'bhxh' : 'congan', dossier, 'acknowledge_leg', {}, { is_new_connection: true })));

  assert.strictEqual(replies.filter(({ status }) => status === 200).length, 1);
  replies.filter(({ status }) => status !== 200).forEach((reply) => refused(reply, 412, 'version-stale'));
  const now = (await show('lanhdao', dossier)).body, slow = leg_of(now, 'C').stage === 'OFFERED' ? 'bhxh' : 'congan';
  const both = (await show('lanhdao', (await act(slow, now, 'acknowledge_leg')).body)).body;
  assert.strictEqual(stages(both), 'A DONE, B DONE, C WORKED, D WORKED');
});

test('after all that, what must be true of every chain is true', () => {
  sql(fs.readFileSync(new URL('../race/sound.sql', import.meta.url), 'utf8'));
  assert.ok(Number(sql('SELECT count(*) FROM motcua.dossier d WHERE d.is_chain')) > 15);
  assert.strictEqual(sql('SELECT DISTINCT f.fault FROM sound.faults() f JOIN motcua.dossier d ON d.id = f.dossier WHERE d.is_chain'), '');
});
