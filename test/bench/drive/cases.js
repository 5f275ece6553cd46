// What is measured: how each case is put to wrk and to pgbench, and what must hold afterwards.
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const scripts = require('./scripts');
const samples = require('./samples');
const { pgbench, wrk } = require('./load');

const CONNECTIONS = 64;
let seed = Date.now() % 1e9;

function http(bench, contender, script, list, seconds) {
  return wrk({ url: contender.url, script, list, seed: seed++, seconds, connections: CONNECTIONS });
}

function sql(bench, contender, script, variables, seconds) {
  const file = path.join(bench.folder, 'pgbench.sql');
  fs.writeFileSync(file, `${script.text}\n`);
  return pgbench({ file, units: script.units, conninfo: bench.database.conninfo, seconds, folder: bench.folder,
    connections: contender.connections, variables: { ready: 0, i: 0, clients: contender.connections, ...variables } });
}

const reads = (name, list, table, constants) => ({
  name, title: { lookup: 'GET /api/v1/lookup/{code}', inbox: 'GET /api/v1/inbox (50 rows)' }[name],
  async round(bench, contender, seconds) {
    return contender.kind === 'http' ? http(bench, contender, name, bench.lists[list], seconds)
      : sql(bench, contender, scripts[name](), { sets: await bench.database.value(`SELECT count(*) FROM bench.${table}`),
        ...constants }, seconds);
  },
});

/* What was asked last is written even when nobody waits for it any more: it must not count for the next. */
async function settled(bench) {
  for (let i = 0, quiet = 0; i < 200 && quiet < 4; i++) {
    const busy = await bench.database.value(`SELECT count(*)::int FROM pg_stat_activity
      WHERE usename = 'motcua_daemon' AND state <> 'idle'`);
    quiet = busy === 0 ? quiet + 1 : 0;
    await new Promise((go) => { setTimeout(go, 50); });
  }
}

/* Acknowledged are those whose answer came; who waits when the time is over may be stored all the same. */
const intake = {
  name: 'intake', title: 'POST /api/v1/dossiers',
  async round(bench, contender, seconds) {
    await settled(bench);
    const before = await bench.database.value('SELECT max(id) FROM motcua.dossier');
    const sample = await samples.intake(bench);
    const done = contender.kind === 'http' ? await http(bench, contender, 'intake', bench.lists.clerks, seconds)
      : await sql(bench, contender, scripts.intake(sample),
        { base: (seed++) * 1000000, ...scripts.constants(sample) }, seconds);
    const [stored] = await bench.database.rows(
      'SELECT count(*)::int AS count, count(DISTINCT code)::int AS codes FROM motcua.dossier WHERE id > $1', [before]);
    const waiting = stored.count - (done.requests - done.refused);
    if (waiting < 0 || waiting > CONNECTIONS || stored.codes !== stored.count)
      throw new Error(`${contender.name}: ${done.requests} acknowledged, ${stored.count} stored, ${stored.codes} codes`);
    return done;
  },
};

/* Twice as many fresh dossiers as the last round says are wanted: no client may run out of its own. */
const transition = {
  name: 'transition', title: 'POST /api/v1/dossiers/{code}/actions: transfer',
  async prepare(bench, contender, seconds) {
    const wanted = Math.ceil(Math.max(contender.transitions_s ?? 0, 3000) * 2 * seconds);
    await settled(bench);
    const first = Number(await bench.database.value('SELECT bench.prepare($1)', [wanted]));
    if (contender.kind === 'http')
      await bench.database.list(bench.lists.transition, `SELECT d.code, p.token FROM motcua.dossier d
        JOIN bench.commune c ON c.desk = d.receiving_unit JOIN bench.person p ON p.commune = c.n AND p.kind = 'clerk'
        WHERE d.id >= $1 ORDER BY d.id`, [first]);
    bench.first = first;
  },
  async round(bench, contender, seconds) {
    const sample = await samples.transition(bench);
    const done = contender.kind === 'http' ? await http(bench, contender, 'transition', bench.lists.transition, seconds)
      : await sql(bench, contender, scripts.transition(sample), { base: bench.first, ...scripts.constants(sample) }, seconds);
    const moved = await bench.database.value(
      "SELECT count(*)::int FROM motcua.dossier WHERE id >= $1 AND state = 'IN_TRANSFER' AND version = 2", [bench.first]);
    const waiting = moved - (done.requests - done.refused);
    if (waiting < 0 || waiting > CONNECTIONS)
      throw new Error(`${contender.name}: ${done.requests} acknowledged, ${moved} moved`);
    contender.transitions_s = done.requests / done.seconds;
    return done;
  },
};

module.exports = [
  reads('lookup', 'codes', 'code_set', {}),
  reads('inbox', 'people', 'person_set', { after: '-infinity', after_id: 0, limit: 51 }),
  intake, transition,
];
