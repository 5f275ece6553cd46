// What the tests of this folder stand on: requests to the running server (test/server has started it, or
// MOTCUA_TEST_URL names it), people signed in by name, and every reply held against the description that the server
// itself serves: status, headers, content type, body. A reply that the description does not promise fails the test.
import assert from 'node:assert';
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

export const base = new URL(process.env.MOTCUA_TEST_URL ?? 'http://127.0.0.1:8080');
export const password = 'motcua-demo';
export const media_of = (reply) => reply.type.split(';')[0].trim();
export const problem_json = 'application/problem+json';

const kept_alive = new http.Agent({ keepAlive: true, maxSockets: 64 });

/* What must never stand in the log: test/path/log.test.mjs looks for each line of this file. */
export function secret(...values) {
  if (process.env.MOTCUA_TEST_SECRETS)
    for (const value of values.filter((one) => typeof one === 'string' && one.length >= 6))
      fs.appendFileSync(process.env.MOTCUA_TEST_SECRETS, value + '\n');
}

/* One request as it is; the reply is checked against nothing. */
export function send(method, where, { headers = {}, body, is_new_connection = false } = {}) {
  const bytes = body === undefined ? undefined : Buffer.isBuffer(body) ? body : Buffer.from(body);

  return new Promise((resolve, reject) => {
    const request = http.request({ host: base.hostname, port: base.port, method, path: where,
      agent: is_new_connection ? new http.Agent() : kept_alive,
      headers: { ...headers, ...(bytes && { 'content-length': bytes.length }) } }, (response) => {
      const parts = [];

      response.on('data', (part) => parts.push(part));
      response.on('error', reject);
      response.on('end', () => {
        const whole = Buffer.concat(parts), text = whole.toString('utf8');
        const type = response.headers['content-type'] ?? '';

        resolve({ status: response.statusCode, headers: response.headers, bytes: whole, text, type,
          body: /[/+]json/.test(type) && text !== '' ? JSON.parse(text) : undefined, etag: response.headers.etag });
      });
    });
    request.on('error', reject);
    request.end(bytes);
  });
}

/* --- the description --- */

let description;
const validators = new Map();

export async function described() {
  if (!description) {
    const document = (await send('GET', '/api/v1/openapi.json')).body;
    const ajv = new Ajv2020({ strict: false, allErrors: true });

    addFormats.default ? addFormats.default(ajv) : addFormats(ajv);
    ajv.addSchema(document, 'api');
    description = { document, ajv };
  }
  return description;
}

const pointer = (...parts) => parts.map((part) => '/' + encodeURIComponent(String(part).replaceAll('~', '~0').replaceAll('/', '~1'))).join('');

function faults_by(parts, value) {
  const ref = `api#${pointer(...parts)}`;

  if (!validators.has(ref))
    validators.set(ref, description.ajv.compile({ $ref: ref }));
  const validate = validators.get(ref);
  return validate(value) ? [] : validate.errors.map((error) => `${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`);
}

/* The path of the description that a request is for; names win over ids, as there is no id where a name stands. */
export function template_of(document, where) {
  const asked = where.split('?')[0].split('/');

  return Object.keys(document.paths)
    .filter((one) => {
      const parts = one.split('/');
      return parts.length === asked.length && parts.every((part, at) => part === asked[at] || (part[0] === '{' && asked[at] !== ''));
    })
    .sort((a, b) => a.split('{').length - b.split('{').length)[0];
}

function check_body(parts, declared, reply) {
  const media = media_of(reply);

  if (declared.content === undefined) {
    assert.strictEqual(reply.bytes.length, 0, `${parts}: no content was promised`);
    return;
  }
  assert.ok(Object.keys(declared.content).includes(media), `${parts}: type ${media || 'none'} is not promised`);
  if (/[/+]json/.test(media))
    assert.deepStrictEqual(faults_by([...parts, 'content', media, 'schema'], reply.body), [], `${parts}: ${reply.text.slice(0, 2000)}`);
}

/* Outside every route: no such path, or none for this method. */
function check_unrouted(item, reply, what) {
  assert.strictEqual(reply.status, item ? 405 : 404, what);
  assert.strictEqual(media_of(reply), problem_json, what);
  assert.deepStrictEqual(faults_by(['components', 'schemas', 'Problem'], reply.body), [], what);
  assert.strictEqual(reply.body.code, item ? 'method-not-allowed' : 'not-found', what);
  if (item)
    assert.ok(reply.headers.allow, what);
}

/* What may be wrong with any request before its route is known; the description names them in its head. */
const before_all = { 'bad-request': 400, 'request-timeout': 408, 'target-too-long': 414, 'expectation-failed': 417, 'head-too-large': 431,
  'not-implemented': 501, 'http-version': 505 };

/* Fails where the description does not promise this reply. */
export async function check(method, where, reply, sent_body) {
  const { document } = await described();
  const template = template_of(document, where), verb = method.toLowerCase() === 'head' ? 'get' : method.toLowerCase();
  const operation = document.paths[template]?.[verb], what = `${method} ${where} → ${reply.status} ${reply.text.slice(0, 500)}`;

  if (!operation) {
    check_unrouted(document.paths[template], reply, what);
    return reply;
  }
  if (media_of(reply) === problem_json && before_all[reply.body.code] === reply.status) {
    assert.ok(document.info.description.includes(`${reply.status} ${reply.body.code}`), what);
    assert.deepStrictEqual(faults_by(['components', 'schemas', 'Problem'], reply.body), [], what);
    return reply;
  }
  const parts = ['paths', template, verb, 'responses', reply.status], declared = operation.responses[reply.status];

  assert.ok(declared, `not promised: ${what}`);
  for (const [name, header] of Object.entries(declared.headers ?? {}))
    assert.ok(!header.required || reply.headers[name.toLowerCase()] !== undefined, `${name} is missing: ${what}`);
  if (method !== 'HEAD')
    check_body(parts, declared, reply);
  if (reply.status < 300 && sent_body !== undefined && operation.requestBody)
    assert.deepStrictEqual(faults_by(['paths', template, verb, 'requestBody', 'content', 'application/json', 'schema'], sent_body), [],
      `taken, though the description forbids it: ${what}`);
  return reply;
}

/* A request with its reply checked. `body`: an object is sent as JSON; `raw`: bytes as they are. */
export async function ask(method, where, { headers = {}, body, raw, ...rest } = {}) {
  const bytes = raw ?? (body === undefined ? undefined : JSON.stringify(body));
  const typed = bytes === undefined ? headers : { 'content-type': 'application/json', ...headers };

  return check(method, where, await send(method, where, { headers: typed, body: bytes, ...rest }), body);
}

/* --- people --- */

const people = new Map();

/* Functions that ask in this person's name. A POST gets a key of its own unless `headers` has one. */
export async function sign_in(username, word = password) {
  const reply = await ask('POST', '/api/v1/sessions', { body: { username, password: word } });

  assert.strictEqual(reply.status, 201, reply.text);
  secret(reply.body.token, reply.body.user.name);
  const token = reply.body.token;
  const headers_of = (headers) => Object.fromEntries(Object.entries({ authorization: `Bearer ${token}`, ...headers })
    .filter(([, value]) => value !== undefined));
  const get = (where, options = {}) => ask('GET', where, { ...options, headers: headers_of(options.headers) });
  const post = (where, body, options = {}) => ask('POST', where, { ...options, body,
    headers: headers_of({ 'idempotency-key': randomUUID(), ...options.headers }) });
  /* One action on a dossier as this person saw it. */
  const act = (dossier, action, inputs = {}, options = {}) => post(`/api/v1/dossiers/${dossier.code}/actions`, { action, ...inputs },
    { ...options, headers: { 'if-match': `"${dossier.version}"`, ...options.headers } });

  const put = (where, body) => ask('PUT', where, { body, headers: headers_of({}) });

  return { username, token, user: reply.body.user, get, post, put, act,
    delete: (where) => ask('DELETE', where, { headers: headers_of({}) }) };
}

export function as(username) {
  if (!people.has(username))
    people.set(username, sign_in(username));
  return people.get(username);
}

/* As the superuser of the test's own cluster. */
export function sql(statement) {
  const done = spawnSync('psql', ['-X', '-q', '-At', '-v', 'ON_ERROR_STOP=1', '-d', process.env.MOTCUA_TEST_DB, '-c', statement], { encoding: 'utf8' });

  assert.strictEqual(done.status, 0, done.stderr);
  return done.stdout.trim();
}

/* Somebody nobody else's test signs in as; the same password. */
export function someone(role, agency) {
  const username = `thu.${randomUUID().slice(0, 8)}`;

  sql(`WITH p AS (INSERT INTO motcua.person (username, name, password_hash)
                  SELECT '${username}', 'Người Thử Việc', password_hash FROM motcua.person WHERE username = 'tiepnhan' RETURNING id)
       INSERT INTO motcua.role_grant (person, role, agency) SELECT id, '${role}', '${agency}' FROM p`);
  return username;
}

/* --- dossiers --- */

let serial = process.pid * 1000;

/* Nobody's number, name or telephone: made up, and watched for in the log. */
export function citizen() {
  const digits = String(serial++).padStart(8, '0').slice(-8);
  const owner = { kind: 'CITIZEN', name: `Nguyễn Văn Kiểm${digits}`, personal_id: `0480${digits}`, phone: `+8490${digits.slice(1)}`,
    address: `Số ${digits} đường Thử${digits}` };

  secret(owner.name, owner.personal_id, owner.phone, owner.address);
  return owner;
}

export function household(overrides = {}) {
  return { procedure: '1.001612', channel: 'COUNTER', return_channel: 'COUNTER', owner: citizen(), submitter: null,
    components: [{ code: 'FORM_HOUSEHOLD', originals: 1, certified_copies: 0, plain_copies: 0 },
      { code: 'ID_PAPER', originals: 0, certified_copies: 0, plain_copies: 1 }], note: '', ...overrides };
}

/* An accepted dossier, as the answer to its intake. */
export async function intake(overrides = {}, username = 'tiepnhan') {
  const reply = await (await as(username)).post('/api/v1/dossiers', household(overrides));

  assert.strictEqual(reply.status, 201, reply.text);
  secret(reply.body.lookup_secret);
  return reply.body;
}

/* Rows of [who, action, inputs, state afterwards]: each done, each state held. Returns the last answer. */
export async function walk(dossier, rows) {
  for (const [who, action, inputs, state] of rows) {
    const reply = await (await as(who)).act(dossier, action, inputs);

    assert.strictEqual(reply.status, 200, `${who} ${action}: ${reply.text}`);
    assert.strictEqual(reply.body.state, state, `${who} ${action}`);
    assert.strictEqual(reply.body.version, dossier.version + 1, `${who} ${action}`);
    assert.strictEqual(reply.etag, `"${reply.body.version}"`);
    dossier = reply.body;
  }
  return dossier;
}

export const today = () => new Date(Date.now() + 7 * 3600e3).toISOString().slice(0, 10);

/* The usual way of 1.001612 in commune A, from acceptance on. */
export const steps_to = {
  assigning: [['tiepnhan', 'transfer', {}, 'IN_TRANSFER'], ['truongphong', 'acknowledge', {}, 'ASSIGNING']],
  processing: [['truongphong', 'assign', { handler: 'chuyenvien' }, 'PROCESSING']],
  signing: [['chuyenvien', 'submit_for_review', { note: 'Dự thảo giấy chứng nhận' }, 'REVIEW'], ['truongphong', 'submit_for_signature', {}, 'SIGNING']],
  ready: [['lanhdao', 'sign', {}, 'ISSUING'], ['vanthu', 'issue', { document_number: '12/GCN', document_date: today() }, 'RESULT_READY']],
};
const order = Object.keys(steps_to);
/* A dossier brought so far: "assigning", "processing", "signing", "ready". */
export async function dossier_at(stage, overrides = {}) {
  return walk(await intake(overrides), order.slice(0, order.indexOf(stage) + 1).flatMap((one) => steps_to[one]));
}

/* A refusal: its status, its code, and nothing that a refusal must not have. */
export function refused(reply, status, code) {
  assert.strictEqual(reply.status, status, reply.text);
  assert.strictEqual(media_of(reply), problem_json);
  assert.strictEqual(reply.body.code, code, reply.text);
  assert.strictEqual(reply.body.type, `/problems/${code}`);
  assert.strictEqual(reply.body.status, status);
}

/* A body without what differs from request to request. */
export function without_id(reply) {
  return reply.text.replace(/"request_id":"[0-9a-f]{16}"/, '');
}

export const pointers = (reply) => reply.body.errors.map((error) => error.pointer);
