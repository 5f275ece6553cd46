// People as an administrator looks after them: accounts, passwords that must be changed, roles with dates, absences,
// sessions; each change with its row of who did it, and nobody for himself or outside his reach.
import assert from 'node:assert';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { as, ask, dossier_at, intake, pointers, refused, secret, send, sign_in, someone, sql } from './harness.mjs';

const at = (username, more = '') => `/api/v1/people/${username}${more}`;
const in_days = (days) => new Date(Date.now() + 7 * 3600e3 + days * 86400e3).toISOString().slice(0, 10);
const first_word = `Tam-${randomUUID()}`, own_word = `Rieng-${randomUUID()}`;
secret(first_word, own_word);

async function made(agency = 'H17.105.02', name = 'Người Mới Đến') {
  const username = `moi.${randomUUID().slice(0, 8)}`, quantri = await as('quantri');
  const reply = await quantri.post('/api/v1/people', { username, name, agency });
  assert.strictEqual(reply.status, 201, reply.text);
  return { username, quantri };
}
/* As many rows as there are changes, the newest first. */
const events = async (subject) => (await (await as('quantri')).get('/api/v1/administration/events?limit=200')).body.items
  .filter((one) => one.subject === subject).map(({ action }) => action);

test('somebody new: created once, given a password that opens only its own change, then works', async () => {
  const { username, quantri } = await made();

  refused(await quantri.post('/api/v1/people', { username, name: 'Tên Khác', agency: 'H17.105.02' }), 409, 'name-taken');
  refused(await ask('POST', '/api/v1/sessions', { body: { username, password: '!' } }), 401, 'wrong-credentials');
  assert.strictEqual((await quantri.put(at(username, '/password'), { password: first_word })).status, 204);
  assert.strictEqual((await quantri.post(at(username, '/roles'), { role: 'handler', agency: 'H17.105.02', ground: 'QĐ 12/QĐ-UBND' })).status, 201);
  const newcomer = await sign_in(username, first_word);
  assert.deepStrictEqual([newcomer.user.must_change_password, newcomer.user.roles], [true, ['handler']]);
  for (const where of ['/api/v1/inbox', '/api/v1/dossiers', '/api/v1/delegations'])
    refused(await newcomer.get(where), 403, 'password-change-required');
  assert.strictEqual((await newcomer.get('/api/v1/sessions/current')).body.must_change_password, true);
  refused(await newcomer.put('/api/v1/sessions/current/password', { old_password: 'sai', new_password: own_word }), 401, 'wrong-credentials');
  assert.deepStrictEqual(pointers(await newcomer.put('/api/v1/sessions/current/password', { old_password: first_word, new_password: 'ngan' })), ['/new_password']);
  assert.deepStrictEqual(pointers(await newcomer.put('/api/v1/sessions/current/password', { old_password: first_word, new_password: first_word })), ['/new_password']);
  assert.strictEqual((await newcomer.put('/api/v1/sessions/current/password', { old_password: first_word, new_password: own_word })).status, 204);
  assert.strictEqual((await newcomer.get('/api/v1/inbox')).status, 200);
  assert.strictEqual((await sign_in(username, own_word)).user.must_change_password, false);
  refused(await ask('POST', '/api/v1/sessions', { body: { username, password: first_word } }), 401, 'wrong-credentials');
  assert.deepStrictEqual(await events(username), ['password_change', 'role_give', 'password_reset', 'person_create']);
});

test('the database itself refuses whose password is stale, whatever a worker remembers', async () => {
  const username = someone('handler', 'H17.105.02'), person = await sign_in(username);

  assert.strictEqual((await person.get('/api/v1/inbox')).status, 200); // now every worker may have it in its memory
  sql(`UPDATE motcua.person SET must_change_password = true WHERE username = '${username}'`);
  const reply = await person.get('/api/v1/inbox');
  assert.ok([401, 403].includes(reply.status), reply.text);
});

test('who is locked out is out at once, with every session, and comes back when unlocked', async () => {
  const username = someone('receiver', 'H17.105.01'), quantri = await as('quantri'), person = await sign_in(username);
  const name = 'Người Thử Việc';

  assert.strictEqual((await quantri.put(at(username), { name, is_active: false })).status, 204);
  refused(await person.get('/api/v1/inbox'), 401, 'not-signed-in');
  refused(await ask('POST', '/api/v1/sessions', { body: { username, password: 'motcua-demo' } }), 401, 'wrong-credentials');
  assert.strictEqual((await quantri.put(at(username), { name, is_active: true })).status, 204);
  assert.strictEqual((await sign_in(username)).user.username, username);
  assert.deepStrictEqual(await events(username), ['person_unlock', 'person_lock']);
});

test('a role has its time, is given once for it, and ends at once with what it opened', async () => {
  const { username, quantri } = await made(), dossier = await dossier_at('processing');
  const body = { role: 'handler', agency: 'H17.105.02', ground: 'QĐ 3/QĐ-UBND' };
  const headers = { 'idempotency-key': randomUUID() };
  const given = await quantri.post(at(username, '/roles'), body, { headers });

  assert.strictEqual((await quantri.post(at(username, '/roles'), body, { headers })).text, given.text);
  refused(await quantri.post(at(username, '/roles'), { ...body, ground: 'Khác' }, { headers }), 422, 'idempotency-key-reused');
  refused(await quantri.post(at(username, '/roles'), body), 409, 'overlaps');
  refused(await quantri.post(at(username, '/roles'), { ...body, valid_to: '2020-01-01T00:00:00Z' }), 422, 'invalid');
  refused(await quantri.post(at(username, '/roles'), { ...body, agency: 'H99.999' }), 422, 'invalid');
  sql(`UPDATE motcua.person p SET password_hash = o.password_hash, must_change_password = false FROM motcua.person o
        WHERE o.username = 'tiepnhan' AND p.username = '${username}'`);
  const person = await sign_in(username);
  assert.strictEqual((await person.get(`/api/v1/dossiers/${dossier.code}`)).status, 200);
  assert.strictEqual((await quantri.delete(at(username, `/roles/${given.body.id}`))).status, 204);
  refused(await person.get(`/api/v1/dossiers/${dossier.code}`), 404, 'no-such-dossier');
  refused(await quantri.delete(at(username, `/roles/${given.body.id}`)), 404, 'not-found');
  const shown = (await quantri.get(at(username))).body;
  assert.ok(shown.grants.length === 1 && shown.grants[0].valid_to !== null);
  const later = await quantri.post(at(username, '/roles'), { ...body, valid_from: `${in_days(5)}T00:00:00+07:00` });
  assert.strictEqual((await quantri.delete(at(username, `/roles/${later.body.id}`))).status, 204); // before it began
});

test('an absence lends every role to the substitute for its days, and takes them back with it', async () => {
  const { username: absent, quantri } = await made(), { username: other } = await made();
  await quantri.post(at(absent, '/roles'), { role: 'dept_head', agency: 'H17.105.02', ground: 'QĐ 4/QĐ-UBND' });
  const roles = () => sql(`SELECT coalesce(string_agg(g.role || ' ' || g.agency, ',' ORDER BY g.role), '') FROM motcua.person p, motcua.grants_of(p.id) g WHERE p.username = '${other}'`);
  const body = { first_day: in_days(0), last_day: in_days(3), substitute: other, ground: 'Nghỉ phép năm' };
  refused(await quantri.post(at(absent, '/leaves'), body), 422, 'invalid'); // of no house yet
  await quantri.post(at(other, '/roles'), { role: 'receiver', agency: 'H17.105.01', ground: 'QĐ 5/QĐ-UBND' });
  const given = await quantri.post(at(absent, '/leaves'), body);

  assert.strictEqual(given.status, 201, given.text);
  assert.strictEqual(roles(), 'dept_head H17.105.02,receiver H17.105.01');
  refused(await quantri.post(at(absent, '/leaves'), body), 409, 'overlaps');
  refused(await quantri.post(at(other, '/leaves'), { ...body, substitute: other }), 422, 'invalid');
  refused(await quantri.post(at(other, '/leaves'), { ...body, substitute: null, last_day: in_days(-1) }), 422, 'invalid');
  assert.strictEqual((await quantri.get(`/api/v1/people?q=${absent}`)).body.items[0].leave_until, in_days(3));
  assert.strictEqual((await quantri.delete(at(absent, `/leaves/${given.body.id}`))).status, 204);
  assert.strictEqual(roles(), 'receiver H17.105.01');
  refused(await quantri.delete(at(absent, `/leaves/${given.body.id}`)), 404, 'not-found');
});

test("another's session is seen and ended; its token opens nothing more", async () => {
  const username = someone('receiver', 'H17.105.01'), quantri = await as('quantri');
  const [one, two] = [await sign_in(username), await sign_in(username)];
  const { sessions } = (await quantri.get(at(username))).body;

  assert.strictEqual(sessions.length, 2);
  for (const { id } of sessions)
    assert.strictEqual((await quantri.delete(at(username, `/sessions/${id}`))).status, 204);
  for (const person of [one, two])
    refused(await person.get('/api/v1/inbox'), 401, 'not-signed-in');
  refused(await quantri.delete(at(username, `/sessions/${sessions[0].id}`)), 404, 'not-found');
});

test('people are found with and without marks, page by page; a stranger is nobody', async () => {
  const mark = randomUUID().slice(0, 6), quantri = await as('quantri'), names = [];
  for (let i = 0; i < 3; i++)
    names.push((await made('H17.105.02', `Đặng Thị Ánh ${mark}`)).username);
  const seen = [];
  for (let next = ''; next !== null;) {
    const { body } = await quantri.get(`/api/v1/people?q=${encodeURIComponent(`dang thi anh ${mark}`)}&limit=1${next && `&cursor=${next}`}`);
    seen.push(...body.items.map(({ username }) => username));
    ({ next } = body);
  }
  assert.deepStrictEqual(seen, names.sort());
  assert.deepStrictEqual((await quantri.get('/api/v1/people?q=%25_%25')).body.items, []);
  assert.deepStrictEqual((await quantri.get(`/api/v1/people?q=${names[0]}&agency=H17.106`)).body.items, []);
});

test('an administrator of one commune reaches his commune and nobody else', async () => {
  const local = await sign_in(someone('administrator', 'H17.105'));
  const { username: outside } = await made('H17.106.02'), { username: inside } = await made('H17.105.02');

  assert.strictEqual((await local.get(at(inside))).status, 200);
  refused(await local.get(at(outside)), 404, 'no-such-person');
  refused(await local.put(at(outside), { name: 'Không Được', is_active: false }), 404, 'no-such-person');
  refused(await local.put(at('giamsat', '/password'), { password: first_word }), 404, 'no-such-person');
  refused(await local.post(at(inside, '/roles'), { role: 'monitor', agency: 'H17', ground: 'Leo thang' }), 422, 'invalid');
  refused(await local.post('/api/v1/people', { username: 'la.mat', name: 'Lạ Mặt', agency: 'H17.106' }), 422, 'invalid');
  const listed = (await local.get('/api/v1/people?limit=200')).body.items.map(({ username }) => username);
  assert.ok(listed.includes(inside) && !listed.includes(outside) && !listed.includes('giamsat'));
  const read = (await local.get('/api/v1/administration/events?limit=200')).body.items;
  assert.ok(read.length > 0 && read.every(({ agency }) => agency.startsWith('H17.105')));
});

test('nobody gives himself a role, a password or a way out of his own rules', async () => {
  const quantri = await as('quantri');

  refused(await quantri.post(at('quantri', '/roles'), { role: 'monitor', agency: 'H17', ground: 'Cho mình' }), 403, 'own-account');
  refused(await quantri.put(at('quantri', '/password'), { password: first_word }), 403, 'own-account');
  refused(await quantri.put(at('quantri'), { name: 'Trương Đức Anh', is_active: false }), 403, 'own-account');
});

test('what was done in administration is never changed or deleted, and names no secret', async () => {
  await made();
  for (const statement of ['UPDATE motcua.admin_event SET subject = subject', 'DELETE FROM motcua.admin_event', 'TRUNCATE motcua.admin_event'])
    assert.throws(() => sql(statement), /never changed or deleted/);
  const all = JSON.stringify((await (await as('quantri')).get('/api/v1/administration/events?limit=200')).body);
  assert.ok(!all.includes(first_word) && !all.includes(own_word) && !all.includes('argon2'));
});

/* --- who read whose dossier --- */

const reads = async (query, who = 'quantri') => (await (await as(who)).get(`/api/v1/access-log?${query}`)).body.items;

test('each read of a dossier, its history and its forms stands in the log before the answer comes', async () => {
  const dossier = await intake();
  assert.deepStrictEqual(await reads(`dossier=${dossier.code}`), []);
  const reader = await as('tiepnhan');
  for (const [more, route] of [['', 'dossier_show'], ['/history', 'dossier_history'], ['/forms/receipt', 'form_print']]) {
    assert.strictEqual((await reader.get(`/api/v1/dossiers/${dossier.code}${more}`)).status, 200);
    const [last] = await reads(`dossier=${dossier.code}`);
    assert.deepStrictEqual([last.username, last.dossier, last.route], ['tiepnhan', dossier.code, route]);
  }
  refused(await (await as('tiepnhan2')).get(`/api/v1/dossiers/${dossier.code}`), 404, 'no-such-dossier');
  const all = await reads(`dossier=${dossier.code}`);
  assert.strictEqual(all.length, 3);
  assert.ok(!JSON.stringify(all).includes(dossier.owner?.name ?? 'Nguyễn Văn Kiểm'));
  assert.ok((await reads('person=tiepnhan&limit=200')).some((one) => one.dossier === dossier.code));
  assert.deepStrictEqual(await reads(`dossier=${dossier.code}&person=chuyenvien`), []);
});

test('a hundred readers at once: a hundred rows, nobody without his own', async () => {
  const dossier = await intake(), reader = await as('tiepnhan'), path = `/api/v1/dossiers/${dossier.code}`;
  const replies = await Promise.all(Array.from({ length: 100 }, () => send('GET', path, { headers: { authorization: `Bearer ${reader.token}` } })));

  assert.deepStrictEqual([...new Set(replies.map(({ status }) => status))], [200]);
  assert.strictEqual(sql(`SELECT count(*) FROM motcua.access_log a JOIN motcua.dossier d ON d.id = a.dossier WHERE d.code = '${dossier.code}'`), '100');
});

test('where the row cannot be written nothing is shown', async () => {
  const dossier = await intake(), reader = await as('tiepnhan');
  sql('ALTER TABLE motcua.access_log RENAME TO access_log_away');
  try {
    refused(await reader.get(`/api/v1/dossiers/${dossier.code}`), 503, 'unavailable');
  } finally {
    sql('ALTER TABLE motcua.access_log_away RENAME TO access_log');
  }
  assert.strictEqual((await reader.get(`/api/v1/dossiers/${dossier.code}`)).status, 200);
});

test('the log is read as far as administration reaches, never changed, and kept for its months', async () => {
  const dossier = await intake();
  await (await as('tiepnhan')).get(`/api/v1/dossiers/${dossier.code}`);
  const stranger = await sign_in(someone('administrator', 'H17.106')), auditor = await sign_in(someone('auditor', 'H17'));

  assert.deepStrictEqual((await stranger.get(`/api/v1/access-log?dossier=${dossier.code}`)).body.items, []);
  assert.strictEqual((await auditor.get(`/api/v1/access-log?dossier=${dossier.code}`)).body.items.length, 1);
  assert.deepStrictEqual(pointers(await auditor.get('/api/v1/access-log')), ['?dossier']);
  assert.throws(() => sql('DELETE FROM motcua.access_log'), /never changed or deleted/);
  sql(`CREATE TABLE motcua.access_log_2020_01 PARTITION OF motcua.access_log FOR VALUES FROM ('2020-01-01') TO ('2020-02-01')`);
  assert.strictEqual(sql('SELECT dropped FROM command.access_partitions(24)'), '1');
  assert.strictEqual(sql('SELECT made + dropped FROM command.access_partitions(24)'), '0');
  assert.strictEqual((await auditor.get(`/api/v1/access-log?dossier=${dossier.code}`)).body.items.length, 1);
});

test('how the server is, for the administrator', async () => {
  const { body } = await (await as('quantri')).get('/api/v1/administration/health');
  assert.ok(body.database.schema_version >= 16 && body.workers === 2 && body.database.is_replica === false);
});
