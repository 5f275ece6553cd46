// Chains between agencies: each leg by the people of its own agency, who see what is theirs, from intake to return.
import assert from 'node:assert';
import { test } from 'node:test';
import { as, citizen, intake, refused, today, walk } from './harness.mjs';

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
