// Reading: one dossier, its history and clock, lists with filters and pages, the inbox.
import assert from 'node:assert';
import { test } from 'node:test';
import { as, citizen, dossier_at, intake, pointers, refused, walk } from './harness.mjs';

const dossiers = '/api/v1/dossiers';
const query = (parameters) => `?${new URLSearchParams(parameters)}`;

/* All items behind `where`, page by page. */
async function pages(person, where, parameters, limit) {
  const all = [];
  let cursor, count = 0;

  do {
    const page = (await person.get(where + query({ ...parameters, limit, ...(cursor && { cursor }) }))).body;
    assert.ok(page.items.length <= limit);
    assert.ok(page.items.length === limit || page.next === null);
    all.push(...page.items);
    cursor = page.next;
    assert.ok(++count < 1000);
  } while (cursor);
  return all;
}

test('the clock starts with the first minute that counts, acceptance stays when it was', async () => {
  const made = await intake(), { body } = await (await as('tiepnhan')).get(`${dossiers}/${made.code}`);
  const { starts_at } = (await (await as('tiepnhan')).get(`/api/v1/deadlines${query({ received_at: made.accepted_at, quantity: 1, unit: 'WORK_DAY', agency: 'H17.105' })}`)).body;

  assert.strictEqual(body.clock.started_at, starts_at);
  assert.strictEqual(made.clock.started_at, starts_at);
  assert.strictEqual(body.accepted_at, made.accepted_at);
});

test('reading gives the version as ETag, and 304 to who has it', async () => {
  const { code } = await intake(), desk = await as('tiepnhan');
  const where = `${dossiers}/${code}`, first = await desk.get(where);

  assert.strictEqual(first.etag, '"1"');
  for (const tag of ['"1"', 'W/"1"', '"7", "1"', '*']) {
    const again = await desk.get(where, { headers: { 'if-none-match': tag } });
    assert.deepStrictEqual([again.status, again.bytes.length, again.etag], [304, 0, '"1"'], tag);
  }
  assert.strictEqual((await desk.get(where, { headers: { 'if-none-match': '"2"' } })).status, 200);
});

test('actions offered are those that succeed, with the inputs they need', async () => {
  const dossier = await dossier_at('assigning'), head = await as('truongphong');
  const { actions } = (await head.get(`${dossiers}/${dossier.code}`)).body;

  assert.deepStrictEqual(actions.map(({ action, needs }) => [action, needs]), [['assign', ['handler']], ['redirect', ['unit', 'reason']]]);
  assert.deepStrictEqual((await (await as('giamsat')).get(`${dossiers}/${dossier.code}`)).body.actions, []);
});

test('history tells every event once, oldest first, with who and as what', async () => {
  const ready = await dossier_at('ready'), desk = await as('tiepnhan');
  const { items, next } = (await desk.get(`${dossiers}/${ready.code}/history`)).body;

  assert.strictEqual(next, null);
  assert.deepStrictEqual(items.map(({ seq }) => seq), [1, 2, 3, 4, 5, 6, 7, 8]);
  assert.deepStrictEqual(items.map(({ action }) => action),
    ['accept', 'transfer', 'acknowledge', 'assign', 'submit_for_review', 'submit_for_signature', 'sign', 'issue']);
  assert.deepStrictEqual(items.map(({ actor_role }) => actor_role),
    ['receiver', 'receiver', 'dept_head', 'dept_head', 'handler', 'dept_head', 'leader', 'records_clerk']);
  items.slice(1).forEach((event, at) => {
    assert.strictEqual(event.from, items[at].to);
    assert.ok(event.at >= items[at].at);
  });
  assert.deepStrictEqual([items[0].clock, items.at(-1).clock, items[3].clock], ['START', 'END', null]);
  assert.deepStrictEqual(items[3].input, { handler: 'chuyenvien' });
  assert.strictEqual(items.at(-1).document, '12/GCN');
  assert.strictEqual(items[4].actor, (await as('chuyenvien')).user.name);
  assert.deepStrictEqual(await pages(desk, `${dossiers}/${ready.code}/history`, {}, 3), items);
});

test('the clock sums what agency and citizen used, stretch by stretch', async () => {
  const processing = await dossier_at('processing');
  const resumed = await walk(processing, [['chuyenvien', 'request_supplement', { items: [{ component: 'ID_PAPER', reason: 'Mờ' }], ground: 'NĐ 01/2021' }, 'SUPPLEMENT_WAIT'],
    ['tiepnhan', 'receive_supplement', {}, 'PROCESSING']]);
  const clock = (await (await as('tiepnhan')).get(`${dossiers}/${resumed.code}/clock`)).body;
  const sum = (of) => clock.stretches.filter(({ counts_for }) => counts_for === of).reduce((all, { worked_minutes }) => all + worked_minutes, 0);

  assert.deepStrictEqual([clock.accepted_at, clock.due_at, clock.due_eod], [resumed.accepted_at, resumed.due_at, resumed.due_eod]);
  assert.deepStrictEqual(clock.entries.map(({ kind }) => kind), ['START', 'PAUSE', 'RESUME']);
  assert.deepStrictEqual([sum('AGENCY'), sum('CITIZEN')], [clock.agency_minutes, clock.citizen_minutes]);
  assert.deepStrictEqual(clock.stretches.map(({ state, counts_for }) => `${state} ${counts_for}`), ['ACCEPTED AGENCY', 'IN_TRANSFER AGENCY',
    'ASSIGNING AGENCY', 'PROCESSING AGENCY', 'SUPPLEMENT_WAIT CITIZEN', 'PROCESSING AGENCY']);
  clock.stretches.slice(1).forEach((stretch, at) => assert.strictEqual(stretch.from, clock.stretches[at].to));
  assert.strictEqual(clock.stretches[0].from, clock.accepted_at);
});

/* Commune B's 2.000884 is nobody else's here, so that lists can be compared while other tests write. */
async function shelf() {
  const components = [{ code: 'DOCUMENT', originals: 1 }, { code: 'ID_PAPER', originals: 1 }];
  const made = [];

  for (let i = 0; i < 7; i++)
    made.push(await intake({ procedure: '2.000884', components }, 'tiepnhan2'));
  return made;
}
let shelved;
const on_shelf = () => (shelved ??= shelf());
const of_shelf = { procedure: '2.000884' };

test('a page at a time or one at a time: the same dossiers in the same order, none twice', async () => {
  const made = await on_shelf(), desk = await as('tiepnhan2');
  const whole = (await desk.get(dossiers + query({ ...of_shelf, limit: 200 }))).body;

  assert.strictEqual(whole.next, null);
  for (const limit of [1, 2, 3, 7])
    assert.deepStrictEqual(await pages(desk, dossiers, of_shelf, limit), whole.items, `limit ${limit}`);
  assert.deepStrictEqual(whole.items.map(({ code }) => code).sort(), made.map(({ code }) => code).sort());
  assert.deepStrictEqual(whole.items.map(({ due_at }) => due_at), whole.items.map(({ due_at }) => due_at).sort());
});

test('what is new while one turns pages takes nothing away and doubles nothing', async () => {
  const made = await on_shelf(), desk = await as('tiepnhan2'), seen = [];
  let next = '';

  while (next !== null) {
    const { body } = await desk.get(dossiers + query({ ...of_shelf, limit: 2, ...(next && { cursor: next }) }));
    seen.push(...body.items.map(({ code }) => code));
    ({ next } = body);
    if (seen.length < 5)
      made.push(await intake({ procedure: '2.000884', components: [{ code: 'DOCUMENT', originals: 1 }, { code: 'ID_PAPER', originals: 1 }] }, 'tiepnhan2'));
  }
  assert.strictEqual(new Set(seen).size, seen.length);
  assert.deepStrictEqual(made.slice(0, 7).filter(({ code }) => !seen.includes(code)), []);
});

test('each filter leaves what it names and nothing else', async () => {
  const made = await on_shelf(), desk = await as('tiepnhan2');
  const codes = async (parameters) => (await desk.get(dossiers + query({ ...of_shelf, limit: 200, ...parameters }))).body.items.map(({ code }) => code).sort();
  const all = made.map(({ code }) => code).sort(), last_due = made.map(({ due_at }) => due_at).sort().at(-1);

  assert.deepStrictEqual(await codes({ state: 'ACCEPTED' }), all);
  assert.deepStrictEqual(await codes({ state: 'PROCESSING' }), []);
  assert.deepStrictEqual(await codes({ agency: 'H17.106' }), all);
  assert.deepStrictEqual(await codes({ agency: 'H17.106.01' }), all);
  assert.deepStrictEqual(await codes({ agency: 'H17.105' }), []);
  assert.deepStrictEqual(await codes({ handler: 'chuyenvien2' }), []);
  assert.deepStrictEqual(await codes({ due_before: last_due }), made.filter(({ due_at }) => due_at < last_due).map(({ code }) => code).sort());
  assert.deepStrictEqual(await codes({ procedure: '9.999999' }), []);
});

test('a list shows each what is his and nothing else', async () => {
  const [first] = await on_shelf();
  const sees = async (username) => (await (await as(username)).get(dossiers + query({ ...of_shelf, limit: 200 }))).body.items.some(({ code }) => code === first.code);

  for (const username of ['tiepnhan2', 'lanhdao2', 'vanthu2', 'giamsat'])
    assert.strictEqual(await sees(username), true, username);
  for (const username of ['tiepnhan', 'lanhdao', 'chuyenvien', 'chuyenvien2', 'congan', 'quantri'])
    assert.strictEqual(await sees(username), false, username);
});

test('a monitor asks for one agency below him', async () => {
  const [first] = await on_shelf(), monitor = await as('giamsat');
  const has = async (agency) => (await monitor.get(dossiers + query({ ...of_shelf, agency, limit: 200 }))).body.items.some(({ code }) => code === first.code);

  assert.strictEqual(await has('H17.106'), true);
  assert.strictEqual(await has('H17.105'), false);
});

test('a search obeys the filters beside it, and takes no place of the list for its own', async () => {
  const owner = citizen(), made = await intake({ owner }), desk = await as('tiepnhan');
  const found = async (parameters) => (await desk.get(dossiers + query({ q: owner.personal_id, ...parameters }))).body.items.length;

  for (const [parameters, count] of [[{}, 1], [{ state: 'ACCEPTED' }, 1], [{ state: 'RETURNED' }, 0], [{ agency: 'H17.105' }, 1], [{ agency: 'H17.106' }, 0], [{ handler: 'chuyenvien' }, 0],
    [{ procedure: '1.001612' }, 1], [{ procedure: '2.000884' }, 0], [{ due_before: made.due_at }, 0], [{ due_before: '2099-01-01T00:00:00+07:00' }, 1]])
    assert.strictEqual(await found(parameters), count, JSON.stringify(parameters));
  const listed = (await desk.get(dossiers + query({ limit: 1 }))).body;
  refused(await desk.get(dossiers + query({ q: owner.personal_id, cursor: listed.next ?? 'MQ' })), 422, 'invalid');
});

test('a search goes on page by page to its end, the open ones first', async () => {
  const owner = citizen(), desk = await as('tiepnhan'), made = [];

  for (let i = 0; i < 7; i++)
    made.push(await intake({ owner }));
  const [closed] = made.splice(2, 1);
  await walk(closed, [['tiepnhan', 'request_withdrawal', { reason: 'Không còn nhu cầu' }, 'WITHDRAW_REQUESTED'], ['tiepnhan', 'confirm_withdrawal', {}, 'WITHDRAWN']]);
  for (const q of [owner.name, owner.personal_id]) {
    const whole = (await desk.get(dossiers + query({ q, limit: 200 }))).body;
    assert.strictEqual(whole.next, null);
    assert.deepStrictEqual(whole.items.map(({ code }) => code), [...made, closed].map(({ code }) => code));
    for (const limit of [1, 2, 3, 6, 7])
      assert.deepStrictEqual(await pages(desk, dossiers, { q }, limit), whole.items, `${limit}`);
    const first = (await desk.get(dossiers + query({ q, limit: 2 }))).body;
    refused(await desk.get(dossiers + query({ limit: 2, cursor: first.next })), 422, 'invalid');
  }
});

test('a search finds by part of a name without diacritics, by number, telephone and code, and only what one may see', async () => {
  const owner = citizen(), made = await intake({ owner }), desk = await as('tiepnhan');
  const found = async (person, q) => (await person.get(dossiers + query({ q }))).body.items.map(({ code }) => code);
  const plain = owner.name.normalize('NFD').replace(/[\u0300-\u036f]/g, '').toLowerCase();

  for (const q of [owner.name, plain, owner.name.normalize('NFD'), plain.slice(-12), owner.personal_id, owner.phone, owner.phone.replace('+84', '0'), made.code, made.code.toLowerCase()])
    assert.deepStrictEqual(await found(desk, q), [made.code], q);
  for (const q of [owner.name.replaceAll(' ', '  '), ` ${owner.name.replaceAll(' ', ' \u00a0')}\u200b`])
    assert.deepStrictEqual(await found(desk, q), [made.code], q);
  assert.deepStrictEqual(await found(await as('tiepnhan2'), owner.name), []);
  assert.deepStrictEqual(await found(await as('quantri'), owner.personal_id), []);
  assert.deepStrictEqual(await found(desk, '%%%'), []);
  assert.deepStrictEqual(await found(desk, "' OR 1=1 --"), []);
  for (const q of ['ab', 'a\u200b\u200b', 'a  \u200b'])
    assert.deepStrictEqual(pointers(await desk.get(dossiers + query({ q }))), ['?q']);
});

for (const [what, parameters, where] of [['an unknown filter', { colour: 'red' }, '?colour'], ['an unknown state', { state: 'LOST' }, '?state'],
  ['a limit of nothing', { limit: 0 }, '?limit'], ['a limit too high', { limit: 201 }, '?limit'], ['a limit in words', { limit: 'ten' }, '?limit'],
  ['a cursor of one\'s own', { cursor: 'AAAA' }, '?cursor'], ['a cursor with another inside', { cursor: Buffer.from("2026-01-01' OR '1|1").toString('base64url') }, '?cursor'],
  ['a day for a moment', { due_before: '2026-01-01' }, '?due_before']]) {
  test(`${what} is refused`, async () => {
    const reply = await (await as('tiepnhan')).get(dossiers + query(parameters));

    refused(reply, 422, 'invalid');
    assert.deepStrictEqual(pointers(reply), [where]);
  });
}

test('a parameter given twice is refused', async () => {
  assert.deepStrictEqual(pointers(await (await as('tiepnhan')).get(`${dossiers}?limit=1&limit=2`)), ['?limit']);
});

test('the inbox holds what one must do, the nearest lateness first, and lets go what was done', async () => {
  const head = await as('truongphong'), handler = await as('chuyenvien');
  const has = async (person, code) => (await pages(person, '/api/v1/inbox', {}, 100)).some((item) => item.code === code);
  const dossier = await dossier_at('assigning');

  assert.strictEqual(await has(head, dossier.code), true);
  assert.strictEqual(await has(handler, dossier.code), false);
  await walk(dossier, [['truongphong', 'assign', { handler: 'chuyenvien' }, 'PROCESSING']]);
  assert.strictEqual(await has(head, dossier.code), false);
  assert.strictEqual(await has(handler, dossier.code), true);
});

test('the inbox is in the order of risk, page by page as at once', async () => {
  await on_shelf();
  const desk = await as('tiepnhan2');
  const all = await pages(desk, '/api/v1/inbox', {}, 5), risks = all.map(({ risk_at }) => risk_at);

  assert.ok(all.length >= 7);
  assert.deepStrictEqual(risks, [...risks].sort());
  assert.strictEqual(new Set(all.map(({ code }) => code)).size, all.length);
  for (const item of all)
    assert.ok(item.risk_at <= (item.due_at ?? item.risk_at));
});
