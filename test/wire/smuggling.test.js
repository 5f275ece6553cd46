// A message ends where we say, or there is none: each case hides a whole intake, signed in and valid, where another
// reader might see a request of its own. It must never be taken in, and the connection must end.
'use strict';
const assert = require('node:assert');
const { test, before } = require('node:test');
const { say, answers, stored, token_of, intake, intake_head, dossier, port } = require('./wire.js');

let token, hidden;
before(async () => {
  token = await token_of(port);
  hidden = intake(token).toString('latin1');
});

const get = 'GET /healthz HTTP/1.1\r\nHost: a\r\n';
const post = () => intake_head(token);
const chunked = (text) => `${Buffer.byteLength(text, 'latin1').toString(16)}\r\n${text}\r\n0\r\n\r\n`;

/* [what, bytes, status of the first answer]; nothing may follow it. */
const refused = [
  ['Content-Length and chunks', () => `${post()}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${hidden}`, 400],
  ['chunks and Content-Length', () => `${post()}Transfer-Encoding: chunked\r\nContent-Length: ${hidden.length}\r\n\r\n0\r\n\r\n${hidden}`, 400],
  ['two lengths', () => `${post()}Content-Length: 0\r\nContent-Length: ${hidden.length}\r\n\r\n${hidden}`, 400],
  ['the same length twice', () => `${post()}Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}${hidden}`, 400],
  ['a list of lengths', () => `${post()}Content-Length: 2, 2\r\n\r\n{}${hidden}`, 400],
  ['a length with a sign', () => `${post()}Content-Length: +2\r\n\r\n{}${hidden}`, 400],
  ['a length of blanks and digits', () => `${post()}Content-Length: 2 2\r\n\r\n{}${hidden}`, 400],
  ['a blank before the colon', () => `${post()}Content-Length : ${hidden.length}\r\n\r\n${hidden}`, 400],
  ['a folded length', () => `${post()}X-A: b\r\n Content-Length: ${hidden.length}\r\n\r\n${hidden}`, 400],
  ['a folded header', () => `${get}X-A: b\r\n\tc\r\n\r\n${hidden}`, 400],
  ['bare line feeds', () => `GET /healthz HTTP/1.1\nHost: a\n\n${hidden}`, 400],
  ['one bare line feed in the head', () => `GET /healthz HTTP/1.1\r\nHost: a\nX-A: b\r\n\r\n${hidden}`, 400],
  ['a bare carriage return', () => `${get}X-A: b\rContent-Length: 5\r\n\r\n${hidden}`, 400],
  ['NUL in a value', () => `${get}X-A: b\0c\r\n\r\n${hidden}`, 400],
  ['an unknown transfer coding', () => `${post()}Transfer-Encoding: xchunked\r\n\r\n${chunked('{}')}${hidden}`, 501],
  ['a disguised transfer coding', () => `${post()}Transfer-Encoding: \x0bchunked\r\n\r\n${chunked('{}')}${hidden}`, 400],
  ['two transfer codings', () => `${post()}Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n${chunked('{}')}${hidden}`, [400, 501]],
  ['chunks in HTTP/1.0', () => `${post().replace('HTTP/1.1', 'HTTP/1.0')}Transfer-Encoding: chunked\r\n\r\n${chunked('{}')}${hidden}`, 400],
  ['a chunk size with a blank', () => `${post()}Transfer-Encoding: chunked\r\n\r\n2 \r\n{}\r\n0\r\n\r\n${hidden}`, 400],
  ['a chunk size in C', () => `${post()}Transfer-Encoding: chunked\r\n\r\n0x2\r\n{}\r\n0\r\n\r\n${hidden}`, 400],
  ['a chunk size that wraps', () => `${post()}Transfer-Encoding: chunked\r\n\r\n10000000000000002\r\n{}\r\n0\r\n\r\n${hidden}`, [400, 413]],
  ['a chunk longer than it says', () => `${post()}Transfer-Encoding: chunked\r\n\r\n2\r\n{}xx0\r\n\r\n${hidden}`, 400],
  ['chunk lines that end with LF', () => `${post()}Transfer-Encoding: chunked\r\n\r\n2\n{}\n0\n\n${hidden}`, 400],
  ['a body with GET', () => `${get}Content-Length: ${hidden.length}\r\n\r\n${hidden}`, 400],
  ['chunks with GET', () => `${get}Transfer-Encoding: chunked\r\n\r\n${chunked(hidden)}`, 400],
  ['no Host', () => `GET /healthz HTTP/1.1\r\n\r\n${hidden}`, 400],
  ['two Hosts', () => `${get}Host: b\r\n\r\n${hidden}`, 400],
  ['another Host than the target\'s', () => `GET http://b/healthz HTTP/1.1\r\nHost: a\r\n\r\n${hidden}`, 400],
  ['an empty line first', () => `\r\n${get}\r\n${hidden}`, 400],
  ['a version of its own', () => `GET /healthz HTTP/1.2\r\nHost: a\r\n\r\n${hidden}`, [400, 505]],
  ['CONNECT', () => `CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n${hidden}`, [400, 501]],
  ['an unknown expectation', () => `${post()}Expect: more\r\nContent-Length: 2\r\n\r\n{}${hidden}`, 417],
];

for (const [what, bytes, status] of refused) {
  test(`${what}: one refusal, the end, and nothing stored`, async () => {
    const before_it = stored(), seen = await say(port, Buffer.from(bytes(), 'latin1')), list = answers(seen.text);

    assert.deepStrictEqual(list.map((one) => one.is_cut), [false], seen.text);
    assert.ok([status].flat().includes(list[0].status), seen.text);
    assert.match(list[0].head, /\r\nContent-Type: application\/problem\+json/i);
    assert.match(list[0].head, /\r\nConnection: close/i);
    assert.strictEqual(JSON.parse(list[0].body).status, list[0].status);
    assert.strictEqual(seen.is_closed, true);
    assert.strictEqual(stored(), before_it);
  });
}

test('what is hidden would be taken in, were it seen', async () => {
  const before_it = stored(), seen = await say(port, Buffer.from(hidden, 'latin1'));

  assert.strictEqual(answers(seen.text)[0].status, 201, seen.text);
  assert.notStrictEqual(stored(), before_it);
});

test('a whole request in a body is a body', async () => {
  const inner = intake(token), before_it = stored();
  const seen = await say(port, intake(token, inner));

  assert.deepStrictEqual(answers(seen.text).map((one) => one.status), [400]);
  assert.strictEqual(stored(), before_it);
});

test('the absolute form is the same address', async () => {
  const seen = await say(port, 'GET http://a/healthz HTTP/1.1\r\nHost: a\r\n\r\n');
  assert.deepStrictEqual(answers(seen.text).map((one) => one.status), [200]);
});

test('three requests at once are answered in their order', async () => {
  const head = '\r\nHost: a\r\n\r\n';
  const seen = await say(port, `GET /healthz HTTP/1.1${head}GET /api/v1/agencies/H17 HTTP/1.1${head}GET /none HTTP/1.1${head}`);
  const list = answers(seen.text);

  assert.deepStrictEqual(list.map((one) => one.status), [200, 200, 404]);
  assert.strictEqual(JSON.parse(list[1].body).code, 'H17');
});

test('who waits for 100 is told to go on, and his body is read', async () => {
  const body = JSON.stringify(dossier()), key = intake_head(token);
  const seen = await say(port, `${key}Expect: 100-continue\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n`);

  assert.match(seen.text, /^HTTP\/1\.1 100 Continue\r\n\r\n$/);
  const whole = await say(port, Buffer.from(`${key}Expect: 100-continue\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`));
  assert.deepStrictEqual(answers(whole.text).map((one) => one.status).at(-1), 201, whole.text);
});

test('a body too large is refused before it is sent', async () => {
  const seen = await say(port, `${intake_head(token)}Expect: 100-continue\r\nContent-Length: ${1024 * 1024 + 1}\r\n\r\n`);
  assert.deepStrictEqual(answers(seen.text).map((one) => one.status), [413]);
  assert.strictEqual(seen.is_closed, true);
});
