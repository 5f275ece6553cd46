import assert from 'node:assert';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import Ajv2020 from 'ajv/dist/2020.js';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const motcuad = path.join(process.env.MOTCUA_TEST_BUILD, 'motcuad');
const read = (name) => fs.readFileSync(path.join(root, name), 'utf8');

function run(program, ...args) {
  const done = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 1 << 26, cwd: root,
    env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' } });
  return { status: done.status, out: done.stdout, all: done.stdout + done.stderr };
}

const redocly = (file) => run(path.join(root, 'test/node_modules/.bin/redocly'), 'lint', '--config',
  path.join(root, 'test/openapi/redocly.yaml'), file);
const served = JSON.parse(run(motcuad, 'describe').out);
const methods = ['get', 'head', 'post', 'put', 'patch', 'delete', 'options'];
const operations = Object.entries(served.paths).flatMap(([where, item]) => methods.filter((method) => item[method])
  .map((method) => ({ where, method, operation: item[method] })));

test('docs/openapi.yaml is what this build prints', () => {
  const printed = run(motcuad, 'describe', '--yaml');

  assert.strictEqual(printed.status, 0);
  assert.ok(printed.out === read('docs/openapi.yaml'), 'write it anew: motcuad describe --yaml > docs/openapi.yaml');
});

test('a second call prints the same bytes', () => {
  assert.ok(run(motcuad, 'describe').out === run(motcuad, 'describe').out);
});

test('redocly has nothing to say against it', () => {
  const lint = redocly('docs/openapi.yaml');

  assert.strictEqual(lint.status, 0, lint.all);
  assert.doesNotMatch(lint.all, /warning/i);
});

test('redocly does look: a reference that leads nowhere is found', () => {
  const folder = fs.mkdtempSync(path.join(process.env.TEST_DIR ?? os.tmpdir(), 'openapi.'));
  const broken = path.join(folder, 'openapi.yaml');

  fs.writeFileSync(broken, read('docs/openapi.yaml').replace('schemas/Health"', 'schemas/Wealth"'));
  assert.notStrictEqual(redocly(broken).status, 0);
  fs.rmSync(folder, { recursive: true });
});

test('every route of the sources is described, and nothing else', () => {
  const rows = fs.readdirSync(path.join(root, 'server'), { recursive: true }).map(String)
    .filter((name) => name.endsWith('.c'))
    .flatMap((name) => [...read(path.join('server', name)).matchAll(/\{NET_(\w+),\s+"(\/[^"]*)"/g)])
    .map(([, method, where]) => `${method.toLowerCase()} ${where}`);
  const described = operations.map(({ method, where }) => `${method} ${where}`);

  assert.ok(rows.length > 20);
  assert.deepStrictEqual(described.sort(), rows.sort());
  assert.strictEqual(new Set(operations.map(({ operation }) => operation.operationId)).size, operations.length);
});

test('every refusal of refusal.def is described somewhere, and no other', () => {
  const codes = [...read('server/path/refusal.def').matchAll(/^REFUSAL\(\w+, \d+, "([^"]+)"/gm)].map(([, code]) => code);
  const text = JSON.stringify(served.paths);
  const inside = new Set(operations.flatMap(({ operation }) => Object.values(operation.responses)
    .flatMap((response) => response.content?.['application/problem+json']?.schema.allOf[1].properties.code.enum ?? [])));
  const outside = codes.filter((code) => !inside.has(code));

  assert.ok(text.length > 10000);
  assert.deepStrictEqual([...inside].filter((code) => !codes.includes(code)), []);
  /* What comes before a route is known stands in the description of the whole. */
  assert.deepStrictEqual(outside.filter((code) => !served.info.description.includes(code)), []);
});

test('every schema compiles, and closed ones are closed', () => {
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false });

  ajv.addSchema(served, 'api');
  for (const [name, schema] of Object.entries(served.components.schemas)) {
    assert.ok(ajv.compile({ $ref: `api#/components/schemas/${name}` }), name);
    if (schema.properties && name !== 'Description')
      assert.strictEqual(schema.additionalProperties, false, name);
  }
});

test('an operation that wants a session can answer 401, and a role 403', () => {
  for (const { where, method, operation } of operations.filter((one) => one.operation.operationId !== 'sign_in')) {
    assert.strictEqual(operation.security.length > 0, '401' in operation.responses, `${method} ${where}`);
    if (operation['x-roles'] !== undefined)
      assert.ok(operation.responses['403'], `${method} ${where}`);
  }
});
