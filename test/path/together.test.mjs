// Intakes that arrive together share a transaction; nobody notices (docs/decisions/013).
import assert from 'node:assert';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { as, household, secret, someone, sql } from './harness.mjs';

const dossiers = '/api/v1/dossiers', UNLUCKY = `Xui ${randomUUID()}`;

/* One dossier whose row the database will not have, however often it is tried. */
before(() => sql(`CREATE FUNCTION motcua.unlucky() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN RAISE EXCEPTION 'not this one' USING ERRCODE = '40001'; END $$;
  CREATE TRIGGER unlucky BEFORE INSERT ON motcua.dossier_content FOR EACH ROW WHEN (NEW.note = '${UNLUCKY}')
  EXECUTE FUNCTION motcua.unlucky()`));
after(() => sql('DROP FUNCTION motcua.unlucky CASCADE'));

const at_once = async (posts) => {
  const replies = await Promise.all(posts.map(([desk, body, key = randomUUID()]) =>
    desk.post(dossiers, body, { headers: { 'idempotency-key': key }, is_new_connection: true })));
  replies.filter(({ status }) => status === 201).forEach((reply) => secret(reply.body.lookup_secret));
  return replies;
};
const crowd = (desk, count) => Array.from({ length: count }, () => [desk, household()]);
const listed = (codes) => codes.map((code) => `'${code}'`).join(',');

test('a crowd shares transactions; codes and lines of the register follow each other without a gap', async () => {
  const desk = await as(someone('receiver', 'H17.105.01')), replies = await at_once(crowd(desk, 60));

  assert.deepStrictEqual([...new Set(replies.map(({ status }) => status))], [201]);
  const codes = replies.map(({ body }) => body.code), lines = replies.map(({ body }) => body.register_no).sort((a, b) => a - b);
  assert.strictEqual(new Set(codes).size, 60);
  replies.forEach(({ body, headers, etag }) => assert.deepStrictEqual([headers.location, etag], [`${dossiers}/${body.code}`, '"1"']));
  const [written, transactions] = sql(`SELECT count(*), count(DISTINCT xmin::text) FROM motcua.dossier
    WHERE code IN (${listed(codes)})`).split('|').map(Number);
  assert.strictEqual(written, 60);
  assert.ok(transactions < 45, `${transactions} transactions of 60 dossiers: none met`);
  /* Others take lines at the same time; between ours and theirs none is left out. */
  const [first, last] = [lines[0], lines[59]];
  assert.strictEqual(Number(sql(`SELECT count(*) FROM motcua.dossier WHERE receiving_unit = 'H17.105.01'
    AND register_year = extract(year FROM now()) AND register_no BETWEEN ${first} AND ${last}`)), last - first + 1);
});

test('each gets the answer to what he sent', async () => {
  const desk = await as(someone('receiver', 'H17.105.01')), posts = crowd(desk, 40), replies = await at_once(posts);

  replies.forEach(({ body }, i) => assert.deepStrictEqual(body.owner, posts[i][1].owner));
  for (const reply of replies.slice(0, 5)) {
    const read = (await desk.get(reply.headers.location)).body;
    assert.deepStrictEqual(read.owner, reply.body.owner);
    assert.strictEqual(read.register_no, reply.body.register_no);
  }
});

test('one that the database will not have takes none of its companions with it', async () => {
  const desk = await as(someone('receiver', 'H17.105.01')), posts = crowd(desk, 48);
  const unlucky = new Set([3, 20, 31, 47]);

  unlucky.forEach((i) => { posts[i][1].note = UNLUCKY; });
  const replies = await at_once(posts);
  replies.forEach(({ status }, i) => assert.strictEqual(status, unlucky.has(i) ? 503 : 201, `number ${i}`));
  const codes = replies.filter(({ status }) => status === 201).map(({ body }) => body.code);
  assert.strictEqual(Number(sql(`SELECT count(*) FROM motcua.dossier WHERE code IN (${listed(codes)})`)), 44);
  assert.strictEqual(Number(sql(`SELECT count(*) FROM motcua.dossier_content WHERE note = '${UNLUCKY}'`)), 0);
});

test('a key repeated among its companions makes one dossier and gives the same bytes', async () => {
  const desk = await as(someone('receiver', 'H17.105.01')), key = randomUUID(), twice = household();
  const posts = crowd(desk, 40);

  for (const i of [10, 11, 12, 30])
    posts[i] = [desk, twice, key];
  posts[20] = [desk, household(), key];
  const replies = await at_once(posts), mine = [10, 11, 12, 30].map((i) => replies[i]);
  replies.forEach(({ status }, i) => assert.ok([10, 11, 12, 20, 30].includes(i) || status === 201, `number ${i}: ${status}`));
  /* Which of the two bodies came first is open; whoever met the other in mid-air may be told 503. */
  assert.ok(mine.every(({ status }) => [201, 422, 503].includes(status)));
  const done = [...mine, replies[20]].filter(({ status }) => status === 201);
  assert.ok(done.length > 0);
  assert.strictEqual(new Set(done.map(({ text }) => text)).size, 1);
  assert.strictEqual(Number(sql(`SELECT count(*) FROM motcua.idempotency WHERE key = '${key}'`)), 1);
  const again = await desk.post(dossiers, done[0] === replies[20] ? posts[20][1] : twice, { headers: { 'idempotency-key': key } });
  assert.strictEqual(again.text, done[0].text);
});

test('whose session has ended, or who receives elsewhere, is refused alone', async () => {
  const names = Array.from({ length: 3 }, () => someone('receiver', 'H17.105.01'));
  const [stays, leaves, moves] = await Promise.all(names.map((name) => as(name)));
  const posts = crowd(stays, 45);

  for (const i of [5, 25, 40]) {
    posts[i] = [leaves, household()];
    posts[i + 1] = [moves, household()];
  }
  await leaves.post(dossiers, household());
  await moves.post(dossiers, household());
  /* Behind the daemon's back: its cache still knows both. */
  sql(`DELETE FROM motcua.session s USING motcua.person p WHERE p.id = s.person AND p.username = '${names[1]}'`);
  sql(`UPDATE motcua.role_grant g SET valid_to = now() FROM motcua.person p WHERE p.id = g.person AND p.username = '${names[2]}'`);
  const replies = await at_once(posts);
  replies.forEach(({ status }, i) => assert.strictEqual(status, [5, 25, 40].includes(i) ? 401 : [6, 26, 41].includes(i) ? 403 : 201, `number ${i}`));
  assert.strictEqual(Number(sql(`SELECT count(*) FROM motcua.event e JOIN motcua.person p ON p.id = e.actor
    WHERE p.username IN ('${names[1]}', '${names[2]}')`)), 2);
});
