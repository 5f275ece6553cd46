// Daemons killed anywhere tell everything, and nothing twice; one dossier that cannot be told holds up nobody.
import assert from 'node:assert';
import { test } from 'node:test';
import { daemon, sql, until } from './daemons.mjs';

/* So many open dossiers of one agency, all overdue since an hour of the clock `ahead`. */
function heap(many, ahead) {
  return sql(`WITH made AS (
      INSERT INTO motcua.dossier (month, code, state, procedure_version, channel, return_channel, receiving_unit, competent_agency,
          processing_unit, holder_unit, holder_role, submitted_at, accepted_at, is_submitter_owner)
      SELECT date_trunc('month', now()), 'H17.105-260101-' || lpad((700000 + n + (SELECT coalesce(max(id), 0) FROM motcua.dossier))::text, 7, '0'), 'ACCEPTED',
             (SELECT max(id) FROM motcua.procedure_version), 'COUNTER', 'COUNTER', 'H17.105.01', 'H17.105', 'H17.105.02', 'H17.105.01',
             'receiver', now(), now(), true
        FROM generate_series(1, ${many}) n RETURNING id)
    INSERT INTO motcua.timer (dossier, at, kinds, ats)
    SELECT id, now() + '${ahead}', '{3,9}', ARRAY[now() + '${ahead}', now() + interval '9000 days'] FROM made RETURNING dossier`)
    .split('\n').map(Number);
}
const of = (ids) => `dossier BETWEEN ${Math.min(...ids)} AND ${Math.max(...ids)}`;

test('two daemons at once, one of them killed again and again: each told exactly once', async () => {
  const ids = heap(4000, '100 days');
  const steady = await daemon('101d', 'watch.batch=10', 'watch.share_percent=10');
  let kills = 0, left;

  do {
    const other = await daemon('101d', 'watch.batch=7', 'watch.share_percent=100');
    const before = sql(`SELECT count(*) FROM motcua.notice WHERE ${of(ids)}`);
    await until('it works', () => sql(`SELECT count(*) FROM motcua.notice WHERE ${of(ids)}`) !== before || sql(`SELECT count(*) FROM motcua.timer WHERE ${of(ids)} AND cardinality(ats) = 2`) === '0');
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 60));
    assert.strictEqual(await other.kill(), 'SIGKILL');
    kills++;
    left = Number(sql(`SELECT count(*) FROM motcua.timer WHERE ${of(ids)} AND cardinality(ats) = 2`));
  } while (left > 0);
  assert.strictEqual(await steady.stop(), 0);
  assert.ok(kills >= 3, `${kills} kills were too few to prove anything`);
  assert.strictEqual(sql(`SELECT count(*) || ' ' || count(DISTINCT (dossier, to_role)) || ' ' || count(DISTINCT dossier) FROM motcua.notice WHERE ${of(ids)}`),
    '16000 16000 4000', 'four addressees each');
  assert.strictEqual(sql(`SELECT count(*) FROM motcua.timer WHERE ${of(ids)} AND kinds = '{9}'`), '4000', 'and what is still to come waits on');
});

test('one that cannot be told is put off, the others are told', async () => {
  const ids = heap(50, '100 days');

  sql(`CREATE FUNCTION motcua.test_poison() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
         IF NEW.dossier = ${ids[20]} THEN RAISE EXCEPTION 'poison'; END IF; RETURN NEW; END $$;
       CREATE TRIGGER test_poison BEFORE INSERT ON motcua.notice FOR EACH ROW EXECUTE FUNCTION motcua.test_poison()`);
  const ahead = await daemon('101d');
  await until('all but one', () => sql(`SELECT count(DISTINCT dossier) FROM motcua.notice WHERE ${of(ids)}`) === '49');
  assert.strictEqual(sql(`SELECT dossier || ' ' || failures || ' ' || fault FROM motcua.timer WHERE failures > 0`), `${ids[20]} 1 poison`);
  sql('DROP TRIGGER test_poison ON motcua.notice; DROP FUNCTION motcua.test_poison()');
  await until('the last', () => sql(`SELECT count(DISTINCT dossier) FROM motcua.notice WHERE ${of(ids)}`) === '50', 90);
  assert.strictEqual(await ahead.stop(), 0);
});

test('what was due before a change is told before it, to those who had it then, once', () => {
  const [id] = heap(1, '100 days');
  const owed = () => `SELECT 'now' FROM command.timers_owed(${id}, now())`;

  // In one transaction, so that no daemon is faster.
  assert.strictEqual(sql(`BEGIN; UPDATE motcua.timer SET at = now() - interval '1 s', ats[1] = now() - interval '1 s' WHERE dossier = ${id};
    ${owed()}; ${owed()}; SELECT string_agg(to_role || '@' || to_unit, ' ' ORDER BY to_role) FROM motcua.notice WHERE dossier = ${id};
    SELECT kinds FROM motcua.timer WHERE dossier = ${id}; ROLLBACK`).split('\n').slice(-2).join(' '),
    'dept_head@H17.105.02 leader@H17.105 monitor@H17.105.01 receiver@H17.105.01 {9}');
});
