// The catalogue through an administrator's hands: a dry run that writes nothing, a load of all or nothing through the
// same rules as the command line's, versions and calendars to look at.
import assert from 'node:assert';
import fs from 'node:fs';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { as, ask, refused, send, sign_in, someone, sql } from './harness.mjs';

const file = (name) => JSON.parse(fs.readFileSync(new URL(`../../config/catalogue/${name}`, import.meta.url), 'utf8'));
const agencies = file('agencies.json').agencies;
const post = async (what, documents, options, who) => (who ?? await as('quantri')).post(`/api/v1/catalogue/${what}`, { documents }, options);
const check = async (...documents) => {
  const reply = await post('check', documents.map((document, index) => ({ name: `tep-${index}.json`, document })));
  assert.strictEqual(reply.status, 200, reply.text);
  return reply.body;
};
const one_named = (documents) => [{ name: 'thay-doi.json', document: documents }];
const epoch = () => sql('SELECT epoch FROM motcua.catalogue_epoch');
const new_unit = { ...agencies.find(({ code }) => code === 'H17.106.02'), code: 'H17.106.09', name: 'Phòng Thử nghiệm xã B', short_name: 'Phòng Thử nghiệm',
  fields: ['TON_GIAO'], valid_from: '2026-01-01' };

test('what stands already changes nothing', async () => {
  const procedures = fs.readdirSync(new URL('../../config/catalogue/procedures', import.meta.url)).map((name) => file(`procedures/${name}`));
  const before = epoch(), body = await check(file('agencies.json'), file('lists.json'), ...procedures);

  assert.deepStrictEqual([body.fault_count, body.changes, body.agencies], [0, [], agencies.length]);
  assert.strictEqual(epoch(), before);
});

test('a fault is told by document, place and rule, and stops everything', async () => {
  const wrong = { agencies: [{ ...new_unit, parent: 'H17.999' }, { ...new_unit, code: 'H17.106.08' }] };
  const body = await check(wrong), before = epoch();

  assert.deepStrictEqual(body.faults.filter(({ rule }) => rule === 'unknown-agency').map(({ file: name, path }) => [name, path]),
    [['tep-0.json', '/agencies/0/parent']]);
  const reply = await post('load', one_named(wrong));
  refused(reply, 422, 'catalogue-faults');
  assert.ok(reply.body.errors.some(({ pointer, code }) => pointer === 'thay-doi.json#/agencies/0/parent' && code === 'unknown-agency'));
  assert.strictEqual(epoch(), before);
  assert.strictEqual((await ask('GET', '/api/v1/agencies/H17.106.08')).status, 404);
});

test('an agency is added, ended with its successor, and never lost: the others need not be sent', async () => {
  const added = { agencies: [new_unit] }, headers = { 'idempotency-key': randomUUID() };
  assert.deepStrictEqual((await check(added)).changes, [{ kind: 'agency', code: 'H17.106.09', name: new_unit.name, change: 'NEW' }]);
  const reply = await post('load', one_named(added), { headers });

  assert.strictEqual(reply.status, 201, reply.text);
  assert.strictEqual(String(reply.body.epoch), epoch());
  assert.strictEqual((await post('load', one_named(added), { headers })).text, reply.text);
  refused(await post('load', one_named({ agencies: [] }), { headers }), 422, 'idempotency-key-reused');
  assert.strictEqual((await ask('GET', '/api/v1/agencies/H17.106.09')).body.parent, 'H17.106');
  const ended = { agencies: [{ ...new_unit, valid_to: '2026-12-31', successor: 'H17.106.02' }] };
  assert.deepStrictEqual((await check(ended)).changes.map(({ change }) => change), ['CHANGED']);
  assert.strictEqual((await post('load', one_named(ended))).status, 201);
  const shown = (await ask('GET', '/api/v1/agencies/H17.106.09')).body;
  assert.deepStrictEqual([shown.valid_to, shown.successor], ['2026-12-31', 'H17.106.02']);
  assert.strictEqual(Number(sql('SELECT count(*) FROM motcua.agency')), agencies.length + 1);
  const told = (await (await as('quantri')).get('/api/v1/administration/events?limit=200')).body.items.filter(({ action }) => action === 'catalogue_load');
  assert.deepStrictEqual(told.slice(0, 2).map(({ detail }) => detail.changes[0].change), ['CHANGED', 'NEW']);
});

test('a published version is never edited; a new one follows it and both are shown', async () => {
  const [first] = file('procedures/1.900020.H17.json').procedures;
  const edited = await check({ procedures: [{ ...first, name: 'Tên đã sửa' }] });
  assert.ok(edited.faults.some(({ rule, path }) => rule === 'version-changed' && path === '/procedures/0'), JSON.stringify(edited));
  const next = { procedures: [{ ...first, valid_to: '2026-12-31' }, { ...first, version: first.version + 1, valid_from: '2027-01-01', name: `${first.name} (mới)` }] };
  assert.deepStrictEqual((await check(next)).changes.map(({ change, version }) => [change, version]), [['ENDED', first.version], ['NEW', first.version + 1]]);
  const overlapping = await check({ procedures: [next.procedures[1]] });
  assert.ok(overlapping.fault_count > 0, JSON.stringify(overlapping));
  assert.strictEqual((await post('load', one_named(next))).status, 201);
  const { items } = (await ask('GET', '/api/v1/procedures/1.900020.H17/versions')).body;
  assert.deepStrictEqual(items.map(({ version, valid_from, valid_to }) => [version, valid_from, valid_to]),
    [[first.version + 1, '2027-01-01', null], [first.version, first.valid_from, '2026-12-31']]);
  refused(await ask('GET', '/api/v1/procedures/0.000000/versions'), 404, 'no-such-procedure');
});

test('whatever is sent is told, never trusted', async () => {
  const admin = await as('quantri');
  const raw = (bytes) => send('POST', '/api/v1/catalogue/check', { body: bytes, headers: { authorization: `Bearer ${admin.token}`, 'content-type': 'application/json' } });

  for (const [bytes, rule] of [['{', 'json-syntax'], ['{}', 'wrong-type'], ['[]', 'wrong-type'], ['{"documents": 7}', 'wrong-type'],
    ['{"documents": [7]}', 'wrong-type'], ['{"documents": [{"name": "x", "document": {"agencies": [7]}}]}', null],
    ['{"documents": [{"document": {"procedures": [{"code": null}]}}]}', null], [`{"documents": [{"document": {"agencies": [{"code": "${'A'.repeat(1e6)}"}]}}]}`, null]]) {
    const reply = await raw(bytes);
    assert.strictEqual(reply.status, 200, reply.text.slice(0, 300));
    assert.ok(reply.body.fault_count > 0 && (rule === null || reply.body.faults[0].rule === rule), reply.text.slice(0, 300));
  }
});

test('an administrator of a commune may look, but the catalogue is the province\'s', async () => {
  const local = await sign_in(someone('administrator', 'H17.105'));

  assert.strictEqual((await post('check', one_named({ agencies: [] }), {}, local)).status, 200);
  refused(await post('load', one_named({ agencies: [] }), {}, local), 403, 'not-allowed');
});

test('a check of thousands of rows stands in nobody\'s way', async () => {
  const [first] = file('procedures/1.001612.json').procedures, admin = await as('quantri');
  const many = Array.from({ length: 500 }, (unused, index) => ({ ...first, code: `1.8${String(index).padStart(5, '0')}`, version: 1, valid_from: '2027-01-01', valid_to: undefined }));
  const begun = Date.now(), checking = admin.post('/api/v1/catalogue/check', { documents: [{ name: 'nhieu.json', document: { procedures: many } }] });
  let slowest = 0, asked = 0, is_done = false;
  checking.finally(() => { is_done = true; });

  while (!is_done) {
    const at = Date.now();
    assert.strictEqual((await send('GET', '/healthz')).status, 200);
    slowest = Math.max(slowest, Date.now() - at);
    asked++;
  }
  const reply = await checking;
  assert.strictEqual(reply.status, 200, reply.text.slice(0, 500));
  assert.strictEqual(reply.body.change_count, 500);
  assert.ok(asked > 3 && slowest < (Date.now() - begun) / 2, `${asked} answers, slowest ${slowest} ms of ${Date.now() - begun}`);
});

test('the calendars as they were written, and who uses them', async () => {
  const { items } = (await (await as('quantri')).get('/api/v1/calendars')).body;
  assert.ok(items[0].days.length > 20 && items[0].agencies.some(({ code }) => code === 'H17'));
});
