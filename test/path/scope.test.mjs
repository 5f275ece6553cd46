// One rule of visibility, written twice for speed: from a dossier to a person (motcua.roles_on) and from a person to
// his dossiers (motcua.visible_after). Both asked of the database itself, for everybody and everything, must agree.
import assert from 'node:assert';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { test } from 'node:test';
import { as, dossier_at, intake, someone, sql, walk } from './harness.mjs';

test('the masks of roles in the database are those of the program', () => {
  const header = fs.readFileSync(new URL('../../server/identity/role.h', import.meta.url), 'utf8');
  const of_program = [...header.matchAll(/ROLE\([A-Z_]+, (\d+), "(\w+)"/g)].map(([, bit, name]) => `${name}|${1 << bit}`).filter((line) => !line.startsWith('system|'));

  assert.ok(of_program.length === 9);
  assert.deepStrictEqual(sql('SELECT name, mask FROM motcua.role').split('\n').sort(), of_program.sort());
});

/* A chain before its first leg, with a leg worked on, with somebody asked inside it, and waiting for the citizen. */
async function chain_dossiers() {
  const death = () => intake({ procedure: '2.002913', legs: [{ code: 'C2' }],
    components: ['FORM_CHAIN_DEATH', 'DEATH_NOTICE'].map((code) => ({ code, originals: 1, certified_copies: 0, plain_copies: 0 })) });
  const taken = [['tiepnhan', 'transfer', {}, 'IN_TRANSFER'], ['chanhvanphong', 'acknowledge', {}, 'ASSIGNING'],
    ['chanhvanphong', 'assign', { handler: 'hotich' }, 'PROCESSING']];
  await death();
  const working = await walk(await death(), taken), step = working.legs[0].steps.find(({ state }) => state === 'CURRENT');
  await walk(working, [['hotich', 'consult', { unit: 'H17.22', question: 'Đã hưởng chưa?', step_due: step.due_at }, 'CONSULTING']]);
  await walk(await death(), [...taken, ['hotich', 'request_supplement', { items: [{ component: 'ENTITLEMENT', reason: 'Thiếu' }], ground: 'Điều 4' }, 'SUPPLEMENT_WAIT']]);
  const asked = await walk(await death(), [...taken, ['hotich', 'consult', { unit: 'H17.22', question: 'Có?', step_due: step.due_at }, 'CONSULTING']]);
  await walk(asked, [['tiepnhan', 'request_withdrawal', { reason: 'Thôi' }, 'WITHDRAW_REQUESTED']]);
}

test('whom the dossier knows and what the list shows are the same, for every person and every dossier', async () => {
  const processing = await dossier_at('processing'), step = processing.steps.find(({ state }) => state === 'CURRENT');

  await walk(processing, [['chuyenvien', 'consult', { unit: 'H17.22', question: 'Đã đóng chưa?', step_due: step.due_at }, 'CONSULTING']]);
  /* Every role at every kind of place, also where the demonstration has nobody. */
  for (const role of sql('SELECT name FROM motcua.role').split('\n'))
    for (const agency of ['H17', 'H17.22', 'H17.105', 'H17.105.01', 'H17.105.02', 'H17.106'])
      someone(role, agency);
  for (const stage of ['assigning', 'signing', 'ready'])
    await dossier_at(stage);
  await walk(await dossier_at('signing'), [['lanhdao', 'sign', {}, 'ISSUING']]);
  await intake({}, 'tiepnhan2');
  await intake({ competent_agency: 'H17.106' });
  await walk(await intake(), [['tiepnhan', 'request_withdrawal', { reason: 'Thôi' }, 'WITHDRAW_REQUESTED'], ['tiepnhan', 'confirm_withdrawal', {}, 'WITHDRAWN']]);
  await chain_dossiers();
  /* One statement is one moment, whatever the other tests write meanwhile. */
  const [pairs, differing] = sql(`
    WITH known AS (SELECT p.id AS person, d.id AS dossier FROM motcua.person p CROSS JOIN motcua.dossier d
                    WHERE CASE WHEN d.is_chain THEN motcua.chain_roles_on(p.id, d.id, d.receiving_unit, d.competent_agency)
                               ELSE motcua.roles_on(p.id, d.receiving_unit, d.holder_unit, d.processing_unit, d.competent_agency) END <> 0),
         shown AS (SELECT DISTINCT p.id AS person, v.id AS dossier
                     FROM motcua.person p CROSS JOIN LATERAL motcua.visible_after(p.id, '-infinity', 0, 1000000, NULL, NULL, NULL, NULL, NULL, NULL) v)
    SELECT (SELECT count(*) FROM known), coalesce((
        SELECT string_agg(x.what || ' ' || g.role || ' ' || g.agency || ' ' || concat_ws(' ', d.receiving_unit, d.holder_unit, d.processing_unit, d.competent_agency, d.state), '; ')
          FROM (SELECT 'known' AS what, a.* FROM (TABLE known EXCEPT TABLE shown) a UNION ALL SELECT 'shown', b.* FROM (TABLE shown EXCEPT TABLE known) b) x
          JOIN motcua.role_grant g ON g.person = x.person JOIN motcua.dossier d ON d.id = x.dossier), 'none')`).split('|');

  assert.ok(Number(pairs) > 60, `${pairs}`);
  assert.strictEqual(differing, 'none');
});

test('an idle session ends, and one that is over', async () => {
  const username = someone('handler', 'H17.13'), person = await as(username);
  const age = (column, interval) => sql(`UPDATE motcua.session SET ${column} = now() - interval '${interval}'
     WHERE person = (SELECT id FROM motcua.person WHERE username = '${username}')`);

  assert.strictEqual((await person.get('/api/v1/inbox')).status, 200);
  age('last_used_at', '61 minutes');
  assert.strictEqual((await person.get('/api/v1/inbox')).status, 401);
  age('last_used_at', '1 minute');
  assert.strictEqual((await person.get('/api/v1/inbox')).status, 200);
  age('expires_at', '1 second');
  assert.strictEqual((await person.get('/api/v1/inbox')).status, 401);
});

test('somebody who is no longer active is nobody at once', async () => {
  const username = someone('handler', 'H17.13'), person = await as(username);
  const active = (is) => sql(`UPDATE motcua.person SET is_active = ${is} WHERE username = '${username}'`);

  assert.strictEqual((await person.get('/api/v1/inbox')).status, 200);
  active(false);
  try {
    assert.strictEqual((await person.get('/api/v1/inbox')).status, 401);
    assert.strictEqual((await person.post('/api/v1/dossiers/H17.105-200101-0001/actions', { action: 'sign' }, { headers: { 'if-match': '"1"' } })).status, 401);
  } finally { active(true); }
  assert.strictEqual((await person.get('/api/v1/inbox')).status, 200);
});

test('a key is free again after 48 hours', async () => {
  const made = await intake(), desk = await as('tiepnhan'), headers = { 'idempotency-key': `cu-${made.code}` };
  const first = await desk.act(made, 'transfer', {}, { headers });

  assert.strictEqual(first.status, 200);
  sql(`UPDATE motcua.idempotency SET at = now() - interval '49 hours' WHERE key = 'cu-${made.code}'`);
  assert.strictEqual((await desk.act(made, 'transfer', {}, { headers })).status, 412); // looked at anew: stale by now
});

test('what happened cannot be changed, not even by the daemon\'s own role', () => {
  const refuses = (statement) => {
    const done = spawnSync('psql', ['-X', '-At', '-d', process.env.MOTCUA_TEST_CONNINFO, '-c', statement], { encoding: 'utf8' });
    assert.match(done.stderr, /permission denied/, statement);
  };

  for (const statement of ['UPDATE motcua.event SET action = \'x\'', 'DELETE FROM motcua.event', 'UPDATE motcua.dossier SET due_clock = now()', 'DELETE FROM motcua.dossier',
    'INSERT INTO motcua.role_grant (person, role, agency) SELECT 1, \'leader\', \'H17\'', 'UPDATE motcua.person SET password_hash = \'\'', 'SELECT command.catalogue_load(\'[]\')',
    'TRUNCATE motcua.event'])
    refuses(statement);
});
