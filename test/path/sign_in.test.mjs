// Signing in and out: one answer for a wrong password and an unknown name, a lock after guesses, an end that is an end.
import assert from 'node:assert';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { as, ask, password, refused, secret, send, someone, without_id } from './harness.mjs';

const sessions = '/api/v1/sessions', current = '/api/v1/sessions/current';
const sign_in = (username, word) => ask('POST', sessions, { body: { username, password: word } });
const stranger = () => `nguoila.${randomBytes(6).toString('hex')}`;

test('the right password gives a token, an end, and who one is', async () => {
  const { user } = await as('tiepnhan');
  const reply = await sign_in('tiepnhan', password);

  secret(reply.body.token);
  assert.strictEqual(reply.status, 201);
  assert.deepStrictEqual(reply.body.user.roles, ['receiver', 'return_clerk']);
  assert.deepStrictEqual(reply.body.user.agency, { code: 'H17.105.01', name: 'Trung tâm Phục vụ hành chính công phường Tam Kỳ' });
  assert.deepStrictEqual(reply.body.user, user);
  const hours = (Date.parse(reply.body.expires_at) - Date.now()) / 3600e3;
  assert.ok(hours > 11.9 && hours <= 12.1, `${hours}`);
});

test('a wrong password and a name nobody has get the same bytes', async () => {
  const wrong = await sign_in('xahoi', 'khong-phai'), unknown = await sign_in(stranger(), 'khong-phai');

  refused(wrong, 401, 'wrong-credentials');
  refused(unknown, 401, 'wrong-credentials');
  assert.strictEqual(without_id(wrong), without_id(unknown));
  assert.strictEqual(wrong.headers['set-cookie'], undefined);
});

test('a name nobody has takes as long as a wrong password', async () => {
  const took = { wrong: [], unknown: [] };
  const timed = async (into, username) => {
    const begin = process.hrtime.bigint();
    await sign_in(username, 'khong-phai');
    into.push(Number(process.hrtime.bigint() - begin) / 1e6);
  };
  for (const username of ['hotich', 'tongiao', 'xaydung', 'datdai', 'congan2']) {
    await timed(took.wrong, username);
    await timed(took.unknown, stranger());
  }
  const median = (list) => [...list].sort((a, b) => a - b)[2];
  /* Without a hash for unknown names the ratio would be ten and more. */
  const ratio = median(took.wrong) / median(took.unknown);
  assert.ok(ratio > 0.4 && ratio < 2.5, `${ratio} ${JSON.stringify(took)}`);
});

test('guessing sixty at once tells no more than guessing five, and a right one among them nothing', async () => {
  for (const username of [stranger(), someone('receiver', 'H17.105.01')]) {
    const began = Date.now(), guesses = Array.from({ length: 60 }, (_, i) => sign_in(username, i === 59 ? password : `sai-${i}`));
    const statuses = (await Promise.all(guesses)).map(({ status }) => status), told = statuses.filter((status) => status === 401).length;
    const waited = Math.floor((Date.now() - began) / 2000); // after two seconds one more is free

    assert.ok(told >= 5 && told <= 5 + waited, `${username}: ${told} were told, ${waited}`);
    assert.deepStrictEqual(statuses.filter((status) => status !== 401), Array(60 - told).fill(429), username);
  }
});

test('the right password many times at once is no guessing', async () => {
  const username = someone('receiver', 'H17.105.01');
  const statuses = (await Promise.all(Array.from({ length: 20 }, () => sign_in(username, password)))).map(({ status }) => status);

  assert.deepStrictEqual([...new Set(statuses)], [201]);
});

test('after five wrong guesses a name waits, known or not, even with the right password', async () => {
  for (const username of [someone('handler', 'H17.13'), stranger()]) {
    for (let i = 0; i < 5; i++)
      refused(await sign_in(username, 'khong-phai'), 401, 'wrong-credentials');
    const waits = await sign_in(username, password);
    refused(waits, 429, 'too-many-requests');
    assert.match(waits.headers['retry-after'], /^[1-9]\d*$/);
    assert.ok(Number(waits.headers['retry-after']) <= 2);
  }
});

test('the cookie is for this site and no script, and is enough to be known by', async () => {
  const { token } = await as('vanthu');
  const reply = await sign_in('vanthu', password);
  const [cookie] = reply.headers['set-cookie'];

  secret(reply.body.token);
  assert.match(cookie, /^motcua_session=[A-Za-z0-9_-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=43200/);
  assert.notStrictEqual(reply.body.token, token);
  const known = await ask('GET', current, { headers: { cookie: `a=b; ${cookie.split(';')[0]}; c=d` } });
  assert.strictEqual(known.status, 200);
  assert.strictEqual(known.body.username, 'vanthu');
});

test('what another site sends with the cookie changes nothing', async () => {
  const { token } = await as('chanhvanphong'), cookie = `motcua_session=${token}`;
  const foreign = [{ 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }, { origin: 'https://evil.example' }, { origin: 'null' },
    { origin: 'http://evil127.0.0.1' }];

  for (const headers of foreign)
    refused(await ask('DELETE', current, { headers: { cookie, ...headers } }), 403, 'cross-site');
  assert.strictEqual((await ask('GET', current, { headers: { cookie } })).status, 200);
  /* A program that names its token is asked no such thing: a browser never sends it by itself. */
  const bearer = await sign_in('chanhvanphong', password);
  secret(bearer.body.token);
  assert.strictEqual((await ask('DELETE', current, { headers: { authorization: `Bearer ${bearer.body.token}`, 'sec-fetch-site': 'cross-site' } })).status, 204);
});

test('signing out ends the session at once, at every worker', async () => {
  const { body: { token } } = await sign_in('lanhdao2', password), headers = { authorization: `Bearer ${token}` };
  /* Connections of their own: the kernel spreads them over the workers, who number requests from seeds of their own. */
  const answers = async (count) => {
    const statuses = new Set(), workers = new Set();
    for (let i = 0; i < count; i++) {
      const reply = await ask('GET', '/api/v1/inbox', { headers, is_new_connection: true });
      statuses.add(reply.status);
      workers.add((reply.headers['x-request-id'] ?? reply.body.request_id).slice(0, 8));
    }
    return { statuses: [...statuses], workers: workers.size };
  };

  secret(token);
  assert.deepStrictEqual(await answers(24), { statuses: [200], workers: 2 }); // both have it in their caches
  const ended = await ask('DELETE', current, { headers });
  assert.strictEqual(ended.status, 204);
  assert.match(ended.headers['set-cookie'][0], /^motcua_session=; .*Max-Age=0/);
  assert.deepStrictEqual(await answers(24), { statuses: [401], workers: 2 });
});

for (const [what, authorization] of [['no token', undefined], ['a made-up token', `Bearer ${'A'.repeat(43)}`], ['an overlong token', `Bearer ${'A'.repeat(4000)}`],
  ['another scheme', 'Basic dGllcG5oYW46bW90Y3VhLWRlbW8='], ['an empty token', 'Bearer ']]) {
  test(`${what} is nobody`, async () => {
    refused(await ask('GET', current, { headers: authorization ? { authorization } : {} }), 401, 'not-signed-in');
  });
}

test('a body that is not what signing in wants is told field by field', async () => {
  const reply = await ask('POST', sessions, { body: { username: '', pasword: 'x' } });

  refused(reply, 422, 'invalid');
  assert.deepStrictEqual(reply.body.errors.map(({ pointer, code }) => `${pointer} ${code}`).sort(),
    ['/password required', '/pasword unknown', '/username required']);
});

test('the password is not written back', async () => {
  const reply = await send('POST', sessions, { headers: { 'content-type': 'application/json' }, body: '{"username":"a","password":"hunter2hunter2",}' });

  assert.doesNotMatch(reply.text, /hunter2/);
});
