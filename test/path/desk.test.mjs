// What people at their desks ask for besides the dossiers themselves: who works where, why something cannot be done, is
// there one already, what was I typing, what did we do today.
import assert from 'node:assert';
import { test } from 'node:test';
import { as, citizen, dossier_at, household, intake, pointers, refused, someone, sql, today, walk } from './harness.mjs';

const people = (agency, role) => `/api/v1/agencies/${agency}/people${role ? `?role=${role}` : ''}`;

test('the people of a unit: who has least in hand first, for who works there or above', async () => {
  const head = await as('truongphong'), new_one = someone('handler', 'H17.105.02');
  await dossier_at('processing');
  const { items } = (await head.get(people('H17.105.02', 'handler'))).body;

  assert.ok(items.every(({ roles }) => roles.includes('handler')));
  assert.deepStrictEqual(items.filter(({ username }) => username === new_one).map(({ work }) => work), [0]);
  assert.ok(items.find(({ username }) => username === 'chuyenvien').work >= 1);
  assert.deepStrictEqual(items.map(({ work }) => work), items.map(({ work }) => work).sort((a, b) => a - b));
  assert.ok((await head.get(people('H17.105.02'))).body.items.some(({ username }) => username === 'truongphong'));
  assert.strictEqual((await (await as('lanhdao')).get(people('H17.105.02'))).status, 200);
  refused(await (await as('chuyenvien2')).get(people('H17.105.02')), 403, 'not-allowed');
  refused(await head.get(people('H17.105')), 403, 'not-allowed');
  refused(await head.get(people('H99.9')), 404, 'no-such-agency');
});

test('who left, or whose role is over, is offered no more', async () => {
  const head = await as('truongphong'), gone = someone('handler', 'H17.105.02'), over = someone('handler', 'H17.105.02');
  const names = async () => (await head.get(people('H17.105.02', 'handler'))).body.items.map(({ username }) => username);

  assert.ok((await names()).includes(gone) && (await names()).includes(over));
  sql(`UPDATE motcua.person SET is_active = false WHERE username = '${gone}'`);
  sql(`UPDATE motcua.role_grant g SET valid_to = now() FROM motcua.person p WHERE p.id = g.person AND p.username = '${over}'`);
  assert.ok(!(await names()).includes(gone) && !(await names()).includes(over));
});

test('what cannot be done now stands beside what can, with its reason, and is refused with that very code', async () => {
  const dossier = await dossier_at('ready'), desk = await as('tiepnhan');
  const { actions, blocked } = (await desk.get(`/api/v1/dossiers/${dossier.code}`)).body;
  const of = (action) => blocked.find((one) => one.action === action);

  assert.ok(dossier.fee_owed > 0);
  assert.deepStrictEqual(of('return_result'), { action: 'return_result', label: 'Trả kết quả', code: 'fee-owed', reason: 'Còn phí, lệ phí chưa nộp, cần thu trước' });
  assert.strictEqual(of('transfer').reason, 'Chỉ làm được ở bước: Đã tiếp nhận');
  assert.ok(actions.every(({ action }) => of(action) === undefined));
  refused(await desk.act(dossier, 'return_result', { receiver_name: dossier.owner?.name ?? 'Ai đó' }), 409, 'fee-owed');
  refused(await desk.act(dossier, 'transfer'), 409, 'wrong-state');
  const paid = await walk(dossier, [['tiepnhan', 'collect_fee', { method: 'CASH' }, 'RESULT_READY']]);
  assert.ok(paid.actions.some(({ action }) => action === 'return_result'));
  assert.ok(paid.blocked.some(({ action, code }) => action === 'collect_fee' && code === 'nothing-owed'));
  assert.deepStrictEqual((await (await as('giamsat')).get(`/api/v1/dossiers/${dossier.code}`)).body.blocked, []);
});

test('an open dossier of the same person and procedure is told of before another is saved', async () => {
  const owner = citizen(), desk = await as('tiepnhan');
  const ask = async (username, body) => (await as(username)).post('/api/v1/duplicates', body);
  const same = { procedure: '1.001612', personal_id: owner.personal_id };

  assert.deepStrictEqual((await ask('tiepnhan', same)).body.items, []);
  const { code } = await intake({ owner });
  const { items } = (await ask('tiepnhan', same)).body;
  assert.deepStrictEqual(items.map((one) => [one.code, one.state]), [[code, 'ACCEPTED']]);
  assert.deepStrictEqual((await ask('tiepnhan', { ...same, procedure: '2.000815' })).body.items, []);
  assert.deepStrictEqual((await ask('tiepnhan2', same)).body.items, [], 'a stranger to it hears nothing');
  refused(await ask('chuyenvien', same), 403, 'not-allowed');
  assert.deepStrictEqual(pointers(await ask('tiepnhan', { procedure: '1.001612' })), ['/personal_id']);
  assert.deepStrictEqual(pointers(await ask('tiepnhan', { ...same, personal_id: '12' })), ['/personal_id']);
  assert.strictEqual((await desk.post('/api/v1/dossiers', household({ owner }))).status, 201, 'a warning, no refusal');
});

test('a draft is kept for its writer alone, changed, and forgotten', async () => {
  const one = await as(someone('receiver', 'H17.105.01')), other = await as(someone('receiver', 'H17.105.01'));

  assert.deepStrictEqual((await one.get('/api/v1/draft')).body, { text: null, at: null });
  assert.strictEqual((await one.put('/api/v1/draft', { text: '{"owner":"Nguyễn"}' })).status, 204);
  assert.strictEqual((await one.put('/api/v1/draft', { text: '{"owner":"Trần"}' })).status, 204);
  assert.strictEqual((await one.get('/api/v1/draft')).body.text, '{"owner":"Trần"}');
  assert.strictEqual((await other.get('/api/v1/draft')).body.text, null);
  sql(`UPDATE motcua.draft SET at = now() - interval '25 hours'`);
  assert.strictEqual((await one.get('/api/v1/draft')).body.text, null);
  assert.strictEqual((await one.put('/api/v1/draft', { text: '' })).status, 204);
  refused(await (await as('chuyenvien')).put('/api/v1/draft', { text: 'x' }), 403, 'not-allowed');
});

test('a day of the desk: each step once, in order, page by page, with the money it brought; nothing of other desks', async () => {
  const desk = await as('tiepnhan');
  const dossier = await dossier_at('ready');
  const paid = await walk(dossier, [['tiepnhan', 'collect_fee', { method: 'TRANSFER' }, 'RESULT_READY'],
    ['tiepnhan', 'return_result', { receiver_name: 'Người Được Ủy Quyền', authorisation: 'Giấy số 1' }, 'RETURNED']]);
  const fresh = (await all(desk)).filter(({ code }) => code === dossier.code);

  assert.deepStrictEqual(fresh.map(({ action }) => action), ['accept', 'transfer', 'collect_fee', 'return_result']);
  assert.strictEqual(fresh[2].paid.reduce((sum, { amount }) => sum + amount, 0), dossier.fee_owed);
  assert.deepStrictEqual([...new Set(fresh[2].paid.map(({ method }) => method))], ['TRANSFER']);
  assert.deepStrictEqual(fresh[3].receiver_name, 'Người Được Ủy Quyền');
  assert.deepStrictEqual([fresh[0].paid, fresh[1].paid, fresh[3].paid], [[], [], []]);
  assert.strictEqual(fresh[0].register_no, (await desk.get(`/api/v1/dossiers/${paid.code}`)).body.register_no);
  const at_once = await intake({ payment_method: 'CASH' });
  assert.deepStrictEqual((await all(desk)).filter(({ code }) => code === at_once.code).map(({ paid }) => paid.map(({ method }) => method)), [['CASH']]);
  assert.strictEqual((await all(desk, '2001-01-01')).length, 0);
  assert.ok((await all(await as('tiepnhan2'))).every(({ code }) => code !== dossier.code));
  refused(await (await as('lanhdao')).get('/api/v1/desk'), 403, 'not-allowed');
});

async function all(person, day = today()) {
  const lines = [];
  for (let next = ''; next !== null;) {
    const { body } = await person.get(`/api/v1/desk?day=${day}&limit=3${next && `&cursor=${next}`}`);
    lines.push(...body.items);
    ({ next } = body);
  }
  assert.strictEqual(new Set(lines.map(({ code, seq }) => `${code} ${seq}`)).size, lines.length);
  return lines;
}
