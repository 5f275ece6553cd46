// What every route has in common: refusals of one shape, methods, bodies that are hostile, limits, the operator's pages.
import assert from 'node:assert';
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import net from 'node:net';
import { test } from 'node:test';
import { as, ask, base, check, described, household, intake, pointers, refused, send } from './harness.mjs';

const dossiers = '/api/v1/dossiers';
const raw = async (bytes, headers = {}) => {
  const desk = await as('tiepnhan');
  return ask('POST', dossiers, { raw: bytes, headers: { authorization: `Bearer ${desk.token}`, 'idempotency-key': randomUUID(), ...headers } });
};

for (const where of ['/api', '/api/v1', '/api/v1/', '/api/v2/dossiers', '/api/v1/dossiers/', '/api/v1/Dossiers', '/api/v1/dossiers/a/b/c/d/e/f/g/h/i', '/api/v1/lookup/%ff',
  '/api/v1//dossiers', '/tra-cuu/', '/quay/', '/assets/', '/assets/none.js', '/.env', '/api/v1/lookup/a%2fb']) {
  test(`GET ${where} is 404 in the one shape`, async () => {
    const reply = await send('GET', where);

    assert.strictEqual(reply.status, 404);
    assert.match(reply.body.code, /^(not-found|no-such-dossier)$/);
    assert.deepStrictEqual(Object.keys(reply.body), ['type', 'title', 'status', 'code', 'request_id']);
  });
}

test('a method that a path does not have is 405, with those it has', async () => {
  const allowed = async (method, where) => {
    const reply = await ask(method, where);
    refused(reply, 405, 'method-not-allowed');
    return reply.headers.allow;
  };

  assert.strictEqual(await allowed('DELETE', dossiers), 'POST, GET, HEAD');
  assert.strictEqual(await allowed('PUT', `${dossiers}/x`), 'GET, HEAD');
  assert.strictEqual(await allowed('GET', '/api/v1/sessions'), 'POST');
  assert.strictEqual(await allowed('PATCH', '/healthz'), 'GET, HEAD');
  assert.strictEqual(await allowed('GET', `${dossiers}/x/actions`), 'POST');
});

test('HEAD is GET without its body', async () => {
  for (const where of ['/api/v1/agencies/H17', '/healthz', '/api/v1/openapi.json', '/tra-cuu']) {
    const head = await send('HEAD', where), get = await send('GET', where);
    assert.deepStrictEqual([head.status, head.bytes.length, head.type, head.headers['content-length']], [get.status, 0, get.type, get.headers['content-length']]);
  }
});

const hostile = [
  ['nothing', '', 400], ['half a body', '{"procedure": "1.0', 400], ['a trailing comma', '{"a": 1,}', 400], ['a comment', '{/**/}', 400], ['single quotes', "{'a': 1}", 400],
  ['two values', '{} {}', 400], ['NaN', '{"a": NaN}', 400], ['a number too large', '{"copies": 1e400}', 400], ['a fraction', '{"copies": 1.5}', 400], ['a huge integer', '{"copies": 99999999999999999999}', 400],
  ['a raw control character', '{"note": "a\u0001b"}', 400], ['an escaped NUL', '{"note": "a\\u0000b"}', 400], ['a lone surrogate', '{"note": "\\ud800"}', 400], ['a key twice', '{"note": "a", "note": "b"}', 400],
  ['a key twice in disguise', '{"note": "a", "n\\u006fte": "b"}', 400], ['bytes that are not UTF-8', Buffer.from([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xc3, 0x28, 0x22, 0x7d]), 400],
  ['an overlong slash', Buffer.concat([Buffer.from('{"note": "'), Buffer.from([0xc0, 0xaf]), Buffer.from('"}')]), 400], ['a byte order mark', '\ufeff{}', 400],
  ['a thousand levels', '['.repeat(1000) + ']'.repeat(1000), 400], ['twenty levels', '{"a":'.repeat(20) + '1' + '}'.repeat(20), 400], ['a hundred keys', `{${Array.from({ length: 100 }, (_, i) => `"k${i}": 1`)}}`, 400],
  ['twenty thousand values', `{"components": [${Array(20000).fill('1')}]}`, 400], ['an array', '[]', 422], ['a string', '"x"', 422], ['null', 'null', 422], ['a prototype', '{"__proto__": {"x": 1}}', 422],
];
for (const [what, bytes, status] of hostile) {
  test(`a body that is ${what} is refused`, async () => {
    const reply = await raw(bytes);
    refused(reply, status, status === 400 ? 'bad-json' : 'invalid');
    if (status === 400) // told in the language of those who read it
      assert.match(reply.body.detail, /^Lỗi tại byte \d+: .*[ạảãáàăắằặâấầêếềễệiịíìôốồổộơớờởưứừựđýõóọụúùủ]/);
  });
}

test('a field of the wrong type is told as such, whatever stands in it', async () => {
  for (const value of [1, true, [], {}, [[]]]) {
    const reply = await raw(JSON.stringify({ ...household(), note: value }));
    refused(reply, 422, 'invalid');
    assert.deepStrictEqual(reply.body.errors.map(({ pointer, code }) => [pointer, code]), [['/note', 'type']]);
  }
});

test('no more than twenty faults are told of one request', async () => {
  const reply = await raw(JSON.stringify(Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`k${i}`, 1]))));

  refused(reply, 422, 'invalid');
  assert.strictEqual(reply.body.errors.length, 20);
});

test('only JSON is taken, by its name', async () => {
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/json; charset=latin1', 'application/jsonp', ''])
    refused(await raw('{}', { 'content-type': type }), 415, 'media-type');
  for (const type of ['application/json', 'APPLICATION/JSON; charset=UTF-8', 'application/json;charset=utf-8'])
    refused(await raw('{}', { 'content-type': type }), 422, 'invalid');
});

test('a body of one MiB is read, one byte more is not', async () => {
  const body = (bytes) => JSON.stringify({ note: 'x'.repeat(bytes - 11) });

  assert.strictEqual(body(1 << 20).length, 1 << 20);
  assert.ok([400, 422].includes((await raw(body(1 << 20))).status));
  const large = await send('POST', dossiers, { headers: { 'content-type': 'application/json' }, body: body((1 << 20) + 1), is_new_connection: true })
    .catch((fault) => ({ status: 413, fault, body: { code: 'too-large' } })); // closed while we still wrote
  assert.deepStrictEqual([large.status, large.body.code], [413, 'too-large']);
});

test('a body where none is wanted is refused', async () => {
  for (const [method, where] of [['GET', '/api/v1/agencies'], ['DELETE', '/api/v1/sessions/current'], ['HEAD', '/healthz']]) {
    const reply = await send(method, where, { headers: { 'content-type': 'application/json' }, body: '{}', is_new_connection: true });
    assert.strictEqual(reply.status, 400, method);
  }
});

test('parameters that a route does not have are refused, also where it has none', async () => {
  for (const where of ['/healthz?x=1', '/api/v1/agencies?q=x', '/api/v1/agencies/H17?limit=1', '/api/v1/lookup/x?geheim=1'])
    refused(await ask('GET', where), 422, 'invalid');
  assert.deepStrictEqual(pointers(await ask('GET', '/api/v1/agencies?limit=1&x=%C3%A1&limit=2')), ['?x', '?limit']);
  for (const where of ['/api/v1/agencies?limit=%zz', '/api/v1/lookup/%00', '/api/v1/lookup/%4'])
    refused(await ask('GET', where), 400, 'bad-request');
});

test('what is wrong on the wire is refused in the same shape, and the connection is closed', async () => {
  const speak = (bytes) => new Promise((resolve) => {
    const parts = [], socket = net.connect(base.port, base.hostname, () => socket.write(bytes));
    socket.on('data', (part) => parts.push(part)).on('close', () => resolve(Buffer.concat(parts).toString())).on('error', () => {});
    socket.setTimeout(5000, () => socket.destroy(new Error('not closed')));
  });
  const rows = [
    ['GET / HTTP/1.1\r\n\r\n', 400, 'bad-request'], ['GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n', 400, 'bad-request'],
    ['POST /api/v1/sessions HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}x', 400, 'bad-request'],
    ['POST /api/v1/sessions HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', 400, 'bad-request'],
    [`GET /${'a'.repeat(20000)} HTTP/1.1\r\nHost: a\r\n\r\n`, 414, 'target-too-long'], ['GET /healthz HTTP/2.0\r\nHost: a\r\n\r\n', 505, 'http-version'],
    ['BREW /pot HTTP/1.1\r\nHost: a\r\n\r\n', 501, 'not-implemented'], [`GET /healthz HTTP/1.1\r\nHost: a\r\nX: ${'y'.repeat(20000)}\r\n\r\n`, 431, 'head-too-large'],
  ];

  for (const [bytes, status, code] of rows) {
    const answer = await speak(bytes);
    assert.match(answer, new RegExp(`^HTTP/1\\.1 ${status} `), bytes.slice(0, 60));
    assert.match(answer, /\r\nContent-Type: application\/problem\+json/i);
    assert.strictEqual(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4)).code, code);
  }
});

test('a refusal tells nothing of what is inside', async () => {
  const desk = await as('tiepnhan');
  const replies = [await desk.get(`${dossiers}/${encodeURIComponent("'; DROP TABLE motcua.dossier; --")}`), await desk.get(`${dossiers}?cursor=${'A'.repeat(200)}`),
    await ask('GET', `/api/v1/lookup/${encodeURIComponent('\u202e\u0301')}`), await raw('{"procedure": "\\u0301"}')];

  for (const reply of replies) {
    assert.ok(reply.status >= 400 && reply.status < 500, `${reply.status}`);
    assert.doesNotMatch(reply.text, /postgres|select|sql|\.c:|\/usr|line \d/i);
  }
});

test('every answer has a date and a length, and a routed one its request id', async () => {
  const good = await ask('GET', '/api/v1/agencies/H17'), bad = await ask('GET', '/api/v1/agencies/H99');

  assert.match(good.headers['x-request-id'], /^[0-9a-f]{16}$/);
  assert.match(bad.body.request_id, /^[0-9a-f]{16}$/);
  for (const reply of [good, bad])
    assert.ok(reply.headers.date && reply.headers['content-length']);
});

test('a thousand requests on few connections are all answered, each with its own answer', async () => {
  const codes = (await ask('GET', '/api/v1/agencies?limit=200')).body.items.map(({ code }) => code);
  const asked = Array.from({ length: 1000 }, (_, i) => codes[i % codes.length]);
  const replies = await Promise.all(asked.map((code) => send('GET', `/api/v1/agencies/${code}`)));

  replies.forEach((reply, at) => assert.deepStrictEqual([reply.status, reply.body.code], [200, asked[at]]));
});

/* --- for the operator --- */

test('live and ready say so', async () => {
  assert.deepStrictEqual((await ask('GET', '/healthz')).body, { status: 'live' });
  assert.deepStrictEqual((await ask('GET', '/readyz')).body, { status: 'ready' });
});

test('metrics are what promtool reads, count requests by route, and know no person', async () => {
  const { code } = await intake(), before = await ask('GET', '/metrics');
  await (await as('tiepnhan')).get(`${dossiers}/${code}`);
  const after = await ask('GET', '/metrics');
  const lint = spawnSync('promtool', ['check', 'metrics'], { input: after.text, encoding: 'utf8' });
  const count = ({ text }) => [...text.matchAll(/^motcua_http_requests_total\{[^}]*route="\/api\/v1\/dossiers\/\{code\}"[^}]*\} (\d+)$/gm)].reduce((sum, [, n]) => sum + Number(n), 0);

  assert.strictEqual(lint.status, 0, lint.stdout + lint.stderr);
  assert.ok(count(after) > count(before), `${count(before)} ${count(after)}`);
  assert.ok(!after.text.includes(code));
});

test('metrics are for this machine only: what the front passes on finds none', async () => {
  refused(await ask('GET', '/metrics', { headers: { 'x-forwarded-for': '203.0.113.9' } }), 404, 'not-found');
  assert.strictEqual((await ask('GET', '/metrics')).status, 200);
});

test('the description is served as it is and may be kept', async () => {
  const reply = await check('GET', '/api/v1/openapi.json', await send('GET', '/api/v1/openapi.json'));

  assert.strictEqual(reply.headers['cache-control'], 'public, no-cache');
  assert.deepStrictEqual(reply.body, (await described()).document);
});
