// The citizen's side: a status without any person in it, more with the receipt's secret, nothing for guessing.
import assert from 'node:assert';
import fs from 'node:fs';
import { test } from 'node:test';
import { as, ask, citizen, dossier_at, household, intake, refused, secret, send, walk, without_id } from './harness.mjs';

const lookup = (code, secret, options) => ask('GET', `/api/v1/lookup/${code}${secret === undefined ? '' : `?secret=${secret}`}`, options);
/* Each test asks from a place of its own: wrong guesses are counted by source. */
let place = 0;
const elsewhere = () => ({ headers: { 'x-forwarded-for': `203.0.113.${++place}` } });
const no_code = 'H17.105-200101-0001', wrong = 'AAAAAAAAAAAAA';

test('by its code anyone sees where a dossier is, and no person', async () => {
  const owner = citizen(), made = await intake({ owner }), reply = await lookup(made.code);

  assert.strictEqual(reply.status, 200);
  assert.deepStrictEqual(Object.keys(reply.body), ['code', 'procedure', 'receiving_unit', 'state', 'state_label', 'accepted_at', 'due_at', 'finished_at', 'holder']);
  assert.deepStrictEqual([reply.body.code, reply.body.state, reply.body.accepted_at, reply.body.due_at, reply.body.holder.code],
    [made.code, 'ACCEPTED', made.accepted_at, made.due_at, 'H17.105.01']);
  for (const word of [owner.name, owner.personal_id, owner.phone, owner.address, made.lookup_secret])
    assert.ok(!reply.text.includes(word));
});

test('the secret opens milestones and what is missing, in small letters and with dashes too', async () => {
  const made = await intake(), from = elsewhere();
  const waiting = await walk(made, [['tiepnhan', 'transfer', {}, 'IN_TRANSFER'], ['truongphong', 'acknowledge', {}, 'ASSIGNING'],
    ['truongphong', 'assign', { handler: 'chuyenvien' }, 'PROCESSING'],
    ['chuyenvien', 'request_supplement', { items: [{ component: 'ID_PAPER', reason: 'Mờ' }], ground: 'NĐ 01/2021' }, 'SUPPLEMENT_WAIT']]);
  const typed = made.lookup_secret.toLowerCase().replace(/^(.{4})(.{4})/, '$1-$2%20');

  for (const secret of [made.lookup_secret, typed]) {
    const { body } = await lookup(made.code, secret, from);
    assert.deepStrictEqual(body.missing, [{ component: 'ID_PAPER', reason: 'Mờ' }]);
    assert.strictEqual(body.supplement_due_at, waiting.clock.supplement_due_at);
    assert.deepStrictEqual(body.milestones.map(({ state }) => state), ['ACCEPTED', 'IN_TRANSFER', 'ASSIGNING', 'PROCESSING', 'SUPPLEMENT_WAIT']);
    assert.strictEqual(body.fee_owed, 100000);
  }
});

test('an unknown code and a wrong secret are the same bytes', async () => {
  const made = await intake();
  const replies = [await lookup(no_code, undefined, elsewhere()), await lookup(no_code, wrong, elsewhere()), await lookup(made.code, wrong, elsewhere()),
    await lookup(made.code, '', elsewhere()), await lookup('%20', wrong, elsewhere()), await lookup('x'.repeat(200), wrong, elsewhere())];

  replies.forEach((reply) => {
    refused(reply, 404, 'no-such-dossier');
    assert.strictEqual(without_id(reply), without_id(replies[0]));
  });
});

test('a code guessed at ten times is closed to who guessed, not to the owner who comes from elsewhere', async () => {
  const made = await intake(), guessers = Array.from({ length: 10 }, () => elsewhere());

  for (const guesser of guessers)
    refused(await lookup(made.code, wrong, guesser), 404, 'no-such-dossier');
  for (const guesser of guessers.slice(0, 3)) {
    refused(await lookup(made.code, wrong, guesser), 429, 'too-many-requests');
    refused(await lookup(made.code, made.lookup_secret, guesser), 429, 'too-many-requests');
  }
  assert.strictEqual((await lookup(made.code, made.lookup_secret, elsewhere())).status, 200);
  /* The short status needs no secret and stays. */
  assert.strictEqual((await lookup(made.code, undefined, guessers[0])).status, 200);
});

test('of many guesses at once no more are tried than one after the other', async () => {
  const made = await intake(), from = elsewhere();
  const many = async (code, options) => (await Promise.all(Array.from({ length: 60 }, () => lookup(code, wrong, options())))).map(({ status }) => status).sort();

  assert.deepStrictEqual(await many(made.code, () => from), [...Array(10).fill(404), ...Array(50).fill(429)]);
  /* From several places that have each guessed wrong before. */
  const other = await intake(), places = Array.from({ length: 12 }, () => elsewhere());
  for (const place of places)
    refused(await lookup('H17.105-200103-0001', wrong, place), 404, 'no-such-dossier');
  let turn = 0;
  assert.deepStrictEqual(await many(other.code, () => places[turn++ % places.length]), [...Array(10).fill(404), ...Array(50).fill(429)]);
});

test('guessing many codes from one place ends too', async () => {
  const from = elsewhere(), seen = [];

  for (let i = 0; i < 101; i++)
    seen.push((await lookup(`H17.105-200101-${String(i).padStart(4, '0')}`, wrong, from)).status);
  assert.deepStrictEqual([...new Set(seen.slice(0, 100))], [404]);
  assert.strictEqual(seen[100], 429);
});

test('who has the version is told so; a change makes a new one; what the secret opened is never kept by a cache', async () => {
  const made = await intake(), first = await lookup(made.code);

  assert.strictEqual(first.headers['cache-control'], 'public, no-cache');
  const kept = await lookup(made.code, undefined, { headers: { 'if-none-match': first.etag } });
  assert.deepStrictEqual([kept.status, kept.bytes.length], [304, 0]);
  await walk(made, [['tiepnhan', 'transfer', {}, 'IN_TRANSFER']]);
  const moved = await lookup(made.code, undefined, { headers: { 'if-none-match': first.etag } });
  assert.deepStrictEqual([moved.status, moved.body.state], [200, 'IN_TRANSFER']);
  const open = await lookup(made.code, made.lookup_secret, { headers: { 'if-none-match': moved.etag, ...elsewhere().headers } });
  assert.strictEqual(open.status, 200);
  assert.strictEqual(open.headers['cache-control'], 'private, no-cache');
});

test('a code is found in small letters', async () => {
  const { code } = await intake();

  assert.strictEqual((await lookup(code.toLowerCase())).body.code, code);
});

test('the submission number of the first receipt leads to the dossier after its acceptance too', async () => {
  const desk = await as('tiepnhan'), made = (await desk.post('/api/v1/dossiers', household({ decision: 'SUBMIT' }))).body;

  secret(made.lookup_secret);
  const before = await lookup(made.code);
  assert.deepStrictEqual([before.body.code, before.body.state], [made.code, 'SUBMITTED']);
  const accepted = (await desk.act(made, 'accept')).body;
  assert.notStrictEqual(accepted.code, made.code);
  const after = await lookup(made.code.toLowerCase(), undefined, { headers: { 'if-none-match': before.etag } });
  assert.deepStrictEqual([after.status, after.body.code, after.body.state], [200, accepted.code, 'ACCEPTED']);
  assert.strictEqual(after.text, (await lookup(accepted.code)).text);
  assert.strictEqual((await lookup(made.code, undefined, { headers: { 'if-none-match': after.etag } })).status, 304);
  const open = await lookup(made.code, made.lookup_secret, elsewhere());
  assert.strictEqual(open.text, (await lookup(accepted.code, made.lookup_secret, elsewhere())).text);
  assert.deepStrictEqual(open.body.milestones.map(({ state }) => state), ['SUBMITTED', 'ACCEPTED']);
  assert.match((await page(`/tra-cuu/${made.code}`)).text, new RegExp(`<dd>${accepted.code}</dd>`));
  refused(await lookup(made.code, wrong, elsewhere()), 404, 'no-such-dossier');
  refused(await lookup(made.code.replace(/\d{4}$/, '9999'), undefined, elsewhere()), 404, 'no-such-dossier');
});

/* --- pages --- */

const page = (where, options) => ask('GET', where, options);

test('the page behind the QR is small, has no script, and its style is the only one allowed', async () => {
  const ready = await dossier_at('ready', { payment_method: 'CASH' });

  for (const where of ['/tra-cuu', `/tra-cuu/${ready.code}`, `/tra-cuu?code=${ready.code}`, `/tra-cuu/${no_code}`]) {
    const reply = await page(where, elsewhere());
    assert.strictEqual(reply.type, 'text/html; charset=utf-8', where);
    assert.ok(reply.bytes.length <= 30 * 1024, `${where}: ${reply.bytes.length}`);
    assert.doesNotMatch(reply.text, /<script|javascript:|\bon\w+=|<link|<img|https?:\/\//i, where);
    assert.match(reply.text, /^<!doctype html><html lang="vi">/);
    assert.match(reply.headers['content-security-policy'], /^default-src 'none'; style-src 'sha256-[A-Za-z0-9+/]{43}='; form-action 'self'/);
    assert.strictEqual(reply.headers['referrer-policy'], 'no-referrer');
    assert.strictEqual(reply.status, where.endsWith(no_code) ? 404 : 200);
  }
  assert.match((await page(`/tra-cuu/${ready.code}`)).text, /Mời Ông\/Bà đến nơi tiếp nhận để nhận kết quả/);
});

test('whatever hangs on the address of a page, the answer is a page', async () => {
  const { code } = await intake();

  for (const [where, status] of [['/tra-cuu?ma=x', 200], [`/tra-cuu/${code}?fbclid=IwAR0&utm_source=zalo`, 200], [`/tra-cuu?code=${'A'.repeat(300)}`, 404], ['/tra-cuu?code=%E2%80%8B', 200]]) {
    const reply = await page(where, elsewhere());
    assert.deepStrictEqual([reply.status, reply.type], [status, 'text/html; charset=utf-8'], where);
  }
});

test('the hash in the policy is that of the style in the page', async () => {
  const { createHash } = await import('node:crypto'), reply = await page('/tra-cuu');
  const [, style] = /<style>([^]*?)<\/style>/.exec(reply.text);

  assert.ok(reply.headers['content-security-policy'].includes(`'sha256-${createHash('sha256').update(style).digest('base64')}'`));
});

test('with the secret the page shows the steps, and never a person', async () => {
  const owner = citizen(), made = await intake({ owner });
  const reply = await page(`/tra-cuu/${made.code}?secret=${made.lookup_secret}`, elsewhere());

  assert.match(reply.text, /Các bước đã qua/);
  for (const word of [owner.name, owner.personal_id, owner.phone, owner.address])
    assert.ok(!reply.text.includes(word));
});

test('what is typed comes back as text, never as markup', async () => {
  const evil = '"><script>alert(1)</script>';
  const reply = await page(`/tra-cuu?${new URLSearchParams({ code: evil })}`, elsewhere());

  assert.strictEqual(reply.status, 404);
  assert.doesNotMatch(reply.text, /<script|alert\(1\)<\/script>/);
});

test('what a clerk wrote is shown as text', async () => {
  const made = await intake();
  await walk(made, [['tiepnhan', 'transfer', {}, 'IN_TRANSFER'], ['truongphong', 'acknowledge', {}, 'ASSIGNING'],
    ['truongphong', 'assign', { handler: 'chuyenvien' }, 'PROCESSING'],
    ['chuyenvien', 'request_supplement', { items: [{ component: '<b>A</b> & "B"', reason: "<img src=x onerror='x'>" }], ground: 'NĐ' }, 'SUPPLEMENT_WAIT']]);
  const { text } = await page(`/tra-cuu/${made.code}?secret=${made.lookup_secret}`, elsewhere());

  assert.ok(text.includes('&lt;b&gt;A&lt;/b&gt; &amp; &quot;B&quot;: &lt;img src=x onerror=&#39;x&#39;&gt;'));
});

test('a page that is asked too much says so in words', async () => {
  const from = elsewhere();
  let reply;

  for (let i = 0; i < 101; i++)
    reply = await page(`/tra-cuu/H17.105-200102-${String(i).padStart(4, '0')}?secret=${wrong}`, from);
  assert.strictEqual(reply.status, 429);
  assert.match(reply.text, /Đã tra cứu quá nhiều lần/);
  assert.ok(reply.headers['retry-after']);
});

test('one source may not ask without end', async () => {
  const from = elsewhere(), began = Date.now(), lines = () => (fs.readFileSync(process.env.MOTCUA_TEST_LOG, 'utf8').match(/ status=429 /g) ?? []).length;
  const seen = [], lines_before = lines();

  /* 600 a minute and worker, two workers: more than 1,200 cannot all be answered. */
  for (let round = 0; round < 14; round++)
    seen.push(...await Promise.all(Array.from({ length: 100 }, () => send('GET', `/api/v1/lookup/${no_code}`, from))));
  assert.ok(seen.some(({ status }) => status === 429));
  assert.ok(seen.every(({ status }) => status === 404 || status === 429));
  /* A line a second and worker, however many were refused. */
  const many = seen.filter(({ status }) => status === 429).length, written = lines() - lines_before, most = 2 * (Math.ceil((Date.now() - began) / 1000) + 1);
  assert.ok(many > most && written <= most, `${many} refused, ${written} lines, at most ${most}`);
});
