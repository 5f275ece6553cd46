// Who may: every route of the description by every person of the province and by nobody; every route of a dossier by
// everybody, answered as the one rule of visibility says, and to strangers as if there were no such dossier.
import assert from 'node:assert';
import fs from 'node:fs';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { as, ask, described, dossier_at, intake, refused, someone, sql, walk, without_id } from './harness.mjs';

const demo = fs.readFileSync(new URL('../../schema/demo.sql', import.meta.url), 'utf8');
const people = [...demo.matchAll(/^ +\['([a-z0-9]+)', '[^']+', '([a-z_,]+)', '([A-Z0-9.]+)'\]/gm)].map(([, username, roles]) => ({ username, roles: roles.split(',') }));
const { document } = await described();
const operations = Object.entries(document.paths).flatMap(([where, item]) => Object.entries(item).map(([method, operation]) => ({ where, method: method.toUpperCase(), operation })));
/* Ids that nobody has; sign_out is not tried with the sessions the other tests live on, and a stream has no end (live.test.mjs). */
const no_such = (where) => where.replace('{code}', 'H17.105-200101-0001').replace('{kind}', 'receipt').replace('{id}', '999999999')
  .replace('{username}', 'khong.co').replace('{number}', '9');
const tried = operations.filter(({ operation }) => !['sign_out', 'live'].includes(operation.operationId));

test('the whole province is tried', () => {
  assert.strictEqual(people.length, (demo.match(/^ +\['/gm) ?? []).length);
  assert.ok(people.length >= 28 && operations.length >= 25);
});

test('nobody gets in where the description wants a session, whatever he sends', async () => {
  for (const { where, method, operation } of operations.filter((one) => one.operation.security.length > 0)) {
    refused(await ask(method, no_such(where)), 401, 'not-signed-in');
    /* A body where none is wanted would be refused before anybody is looked at (413). */
    refused(await ask(method, no_such(where), { body: operation.requestBody && {},
      headers: { 'idempotency-key': 'k', 'if-match': '"1"', authorization: 'Bearer nobody' } }), 401, 'not-signed-in');
  }
});

test('where no session is wanted, none is looked at', async () => {
  for (const { where, method } of operations.filter((one) => one.operation.security.length === 0 && one.method === 'GET')) {
    const bare = await ask(method, no_such(where)), named = await ask(method, no_such(where), { headers: { authorization: 'Bearer nobody' } });
    assert.strictEqual(bare.status, named.status, where);
  }
});

for (const { username, roles } of people) {
  test(`${username} (${roles}) gets past the door where a role of his is wanted, and only there`, async () => {
    const person = await as(username);

    for (const { where, method, operation } of tried.filter((one) => one.operation.security.length > 0)) {
      const may = operation['x-roles'] === undefined || operation['x-roles'].some((role) => roles.includes(role));
      const reply = method === 'GET' ? await person.get(no_such(where))
        : method === 'DELETE' ? await person.delete(no_such(where))
          : method === 'PUT' ? await person.put(no_such(where), {})
            : await person.post(no_such(where), operation.requestBody && {}, { headers: { 'if-match': '"1"' } });

      if (may)
        assert.ok(![401, 403].includes(reply.status), `${method} ${where}: ${reply.text}`);
      else
        refused(reply, 403, 'not-allowed');
    }
  });
}

/* The routes of one dossier, and what each says to who may see it. */
const of_dossier = operations.filter(({ where }) => where.startsWith('/api/v1/dossiers/{code}'));

async function tries(username, dossier) {
  const person = await as(username), replies = [];

  for (const { where, method } of of_dossier) {
    const here = where.replace('{code}', dossier.code).replace('{kind}', 'receipt');
    replies.push(method === 'GET' ? await person.get(here)
      : await person.act({ code: dossier.code, version: dossier.version }, 'archive', { reason: 'thử' }));
  }
  return replies;
}

test('the routes of a dossier are all tried', () => {
  assert.deepStrictEqual(of_dossier.map(({ operation }) => operation.operationId).sort(),
    ['dossier_act', 'dossier_chain', 'dossier_clock', 'dossier_history', 'dossier_ledger', 'dossier_show', 'form_print']);
});

const commune_a = ['tiepnhan', 'truongphong', 'chuyenvien', 'lanhdao', 'vanthu', 'giamsat'];

test('a dossier is the business of its desk, its department, its leaders and its monitor; to all others there is none', async () => {
  const dossier = await intake();

  for (const { username } of people) {
    const replies = await tries(username, dossier);
    const strange = await tries(username, { code: 'H17.105-200101-0001', version: 1 });

    if (commune_a.includes(username)) {
      replies.forEach((reply, at) => assert.ok(reply.status !== 404 || reply.body.code !== 'no-such-dossier', `${username} ${of_dossier[at].where}`));
    } else {
      replies.forEach((reply, at) => {
        refused(reply, 404, 'no-such-dossier');
        assert.strictEqual(without_id(reply), without_id(strange[at]), `${username} ${of_dossier[at].where}`);
      });
    }
  }
});

test('who is asked for an opinion sees it as long as he is asked', async () => {
  const processing = await dossier_at('processing'), step = processing.steps.find(({ state }) => state === 'CURRENT');
  const sees = async () => (await (await as('bhxh')).get(`/api/v1/dossiers/${processing.code}`)).status;

  assert.strictEqual(await sees(), 404);
  const [asked] = [await walk(processing, [['chuyenvien', 'consult', { unit: 'H17.22', question: 'Đã đóng chưa?', step_due: step.due_at }, 'CONSULTING']])];
  assert.strictEqual(await sees(), 200);
  const listed = (await (await as('bhxh')).get('/api/v1/dossiers?limit=200')).body.items.map(({ code }) => code);
  assert.deepStrictEqual(listed.filter((code) => code === processing.code), [processing.code]);
  const offered = (await (await as('bhxh')).get(`/api/v1/dossiers/${asked.code}`)).body.actions.map(({ action }) => action);
  assert.deepStrictEqual(offered, ['answer_consultation']); // though he is a leader too, where he comes from
  await walk(asked, [['bhxh', 'answer_consultation', { opinion: 'Đã đóng' }, 'PROCESSING']]);
  assert.strictEqual(await sees(), 404);
});

test('the list, the search, the register and the single dossier agree on who sees it', async () => {
  const dossier = await intake();

  for (const { username } of people) {
    const person = await as(username), status = (await person.get(`/api/v1/dossiers/${dossier.code}`)).status;
    const found = (await person.get(`/api/v1/dossiers?q=${dossier.code}`)).body.items.length;
    let listed = 0;
    for (let next = ''; next !== null;) {
      const { body } = await person.get(`/api/v1/dossiers?procedure=1.001612&state=ACCEPTED&limit=200${next && `&cursor=${next}`}`);
      listed += body.items.filter(({ code }) => code === dossier.code).length;
      ({ next } = body);
    }
    let booked = 0;
    for (let next = ''; next !== null;) {
      const { body } = await person.get(`/api/v1/register?unit=${dossier.receiving_unit.code}&limit=200${next && `&cursor=${next}`}`);
      booked += body.items.filter(({ code }) => code === dossier.code).length;
      ({ next } = body);
    }
    assert.deepStrictEqual([found, listed, booked], status === 200 ? [1, 1, 1] : [0, 0, 0], username);
  }
});

/* --- lending a role --- */

const in_hours = (hours) => new Date(Date.now() + hours * 3600e3).toISOString();

test('a role lent opens what it opens, for its time, and is taken back at once', async () => {
  const leader = await as('lanhdao'), dossier = await dossier_at('signing');
  const body = { role: 'leader', agency: 'H17.105', delegate: 'xahoi', ground: 'Quyết định 5/QĐ-UBND', valid_from: in_hours(-1), valid_to: in_hours(2) };
  const headers = { 'idempotency-key': randomUUID() };
  const lent = await leader.post('/api/v1/delegations', body, { headers });

  assert.strictEqual(lent.status, 201, lent.text);
  assert.strictEqual((await leader.post('/api/v1/delegations', body, { headers })).text, lent.text);
  refused(await leader.post('/api/v1/delegations', { ...body, ground: 'Khác hẳn' }, { headers }), 422, 'idempotency-key-reused');
  for (const who of ['lanhdao', 'xahoi'])
    assert.ok((await (await as(who)).get('/api/v1/delegations')).body.items.some(({ id }) => id === lent.body.id), who);
  await walk(dossier, [['xahoi', 'rework', { reason: 'Thử thay quyền' }, 'PROCESSING']]);
  refused(await (await as('tiepnhan')).delete(`/api/v1/delegations/${lent.body.id}`), 404, 'not-found');
  assert.strictEqual((await leader.delete(`/api/v1/delegations/${lent.body.id}`)).status, 204);
  refused(await (await as('xahoi')).get(`/api/v1/dossiers/${dossier.code}`), 404, 'no-such-dossier');
});

test('a role is lent within its own house, to who works with dossiers there, and no further', async () => {
  const leader = await as('lanhdao'), of = { ground: 'Quyết định 7/QĐ-UBND', valid_from: in_hours(-1), valid_to: in_hours(2) };
  const lend = async (delegate, more) => leader.post('/api/v1/delegations', { role: 'leader', agency: 'H17.105', delegate, ...of, ...more });
  const both = someone('administrator', 'H17');

  for (const delegate of ['quantri', 'giamsat', both, someone('auditor', 'H17.105'), 'lanhdao2', 'tiepnhan3', 'giamdoctongiao', 'bhxh']) {
    const reply = await lend(delegate);
    refused(reply, 422, 'invalid');
    assert.deepStrictEqual(reply.body.errors.map(({ pointer, code }) => [pointer, code]), [['/delegate', 'not-of-the-house']], delegate);
  }
  refused(await (await as('giamdoctongiao')).post('/api/v1/delegations', { role: 'leader', agency: 'H17.10', delegate: 'xaydung', ...of }), 422, 'invalid');
  /* A role that is over does not count, one that is held does, whatever else he is. */
  sql(`INSERT INTO motcua.role_grant (person, role, agency, valid_from, valid_to)
       SELECT id, 'handler', 'H17.105.04', now() - interval '2 days', now() - interval '1 day' FROM motcua.person WHERE username = '${both}'`);
  refused(await lend(both), 422, 'invalid');
  sql(`UPDATE motcua.role_grant SET valid_to = 'infinity' WHERE role = 'handler' AND person = (SELECT id FROM motcua.person WHERE username = '${both}')`);
  assert.strictEqual((await lend(both)).status, 201);
  const lent = await lend('truongvhxh');
  assert.strictEqual(lent.status, 201, lent.text);
  refused(await (await as('truongvhxh')).post('/api/v1/delegations', { role: 'leader', agency: 'H17.105', delegate: 'xahoi', ...of }), 403, 'not-allowed');
  assert.strictEqual((await leader.delete(`/api/v1/delegations/${lent.body.id}`)).status, 204);
});

test('only what one holds can be lent, to somebody else, for a time to come', async () => {
  const head = await as('truongphong');
  const body = { role: 'dept_head', agency: 'H17.105.02', delegate: 'chuyenvien', ground: 'Quyết định 6/QĐ', valid_from: in_hours(1), valid_to: in_hours(2) };

  refused(await head.post('/api/v1/delegations', { ...body, role: 'leader' }), 403, 'not-allowed');
  refused(await head.post('/api/v1/delegations', { ...body, agency: 'H17.106.02' }), 403, 'not-allowed');
  for (const wrong of [{ delegate: 'truongphong' }, { delegate: 'khong-co' }, { valid_to: in_hours(0.5) }, { valid_from: in_hours(-3), valid_to: in_hours(-2) }, { role: 'monitor' }])
    refused(await head.post('/api/v1/delegations', { ...body, ...wrong }), 422, 'invalid');
});
