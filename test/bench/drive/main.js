#!/usr/bin/env node
// One run over a fresh copy of the base cluster: equality, the interleaved rounds of each case, the crash, the report.
// test/bench/run calls it; everything that is started here is stopped here.
'use strict';
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const cases = require('./cases');
const contenders_of = require('./contenders');
const cpu = require('./cpu');
const { crash } = require('./crash');
const { Database } = require('./database');
const { equal } = require('./equal');
const report = require('./report');

const [build, folder, rounds, seconds, only, fsync_ops] = process.argv.slice(2);
const WARM_UP_S = 1;

/* Those that answer: neither the daemon's supervisor and jobs, nor the parent of two Node processes. */
const is_worker = ({ family, root }) => (pid) => (family === 'motcuad'
  ? fs.readFileSync(`/proc/${pid}/comm`, 'latin1').startsWith('worker') : pid !== root || cpu.tree(root).length === 1);

function usage(bench, contender) {
  return { server: contender.root ? cpu.tree_seconds(contender.root) : 0, pg: cpu.tree_seconds(bench.database.postmaster()),
    load: cpu.reaped_seconds(), own: cpu.own_seconds(), busy: cpu.busy_seconds(), at: performance.now() / 1000 };
}

async function measure(bench, one, contender, time_s) {
  if (one.prepare)
    await one.prepare(bench, contender, time_s);
  const before = usage(bench, contender);
  const done = await one.round(bench, contender, time_s);
  const after = usage(bench, contender), spent = (name) => after[name] - before[name];
  const us = (name) => spent(name) * 1e6 / done.requests;
  return { ...done, us_server: us('server'), us_pg: us('pg'), us_load: us('load'),
    others: (spent('busy') - spent('server') - spent('pg') - spent('load') - spent('own')) / spent('at') };
}

async function run_case(bench, one, contenders) {
  const measured = contenders.map((contender) => ({ contender, rounds: [], memory: [] }));
  for (let round = -1; round < Number(rounds); round++) {
    for (const row of measured) {
      const done = await measure(bench, one, row.contender, round < 0 ? WARM_UP_S : Number(seconds));
      if (done.refused + done.broken > 0)
        throw new Error(`${one.name}, ${row.contender.name}: ${done.refused} refused, ${done.broken} broken`);
      if (round >= 0)
        row.rounds.push(done);
      if (row.contender.root)
        row.memory = cpu.memory(row.contender.root, is_worker(row.contender));
    }
    process.stderr.write(`bench: ${one.name}, ${round < 0 ? 'warm' : `round ${round + 1} of ${rounds}`}\n`);
  }
  const result = report.summary(measured);
  process.stdout.write(`${report.table(one.title, result)}\n`);
  return { name: one.name, title: one.title, ...result };
}

async function lists(database) {
  const files = Object.fromEntries(['codes', 'people', 'clerks', 'transition'].map((n) => [n, path.join(folder, `${n}.txt`)]));
  const columns = Array.from({ length: 10 }, (_, i) => `c${i}`).join(', ');
  await database.list(files.codes, `SELECT unnest(ARRAY[${columns}]) FROM bench.code_set ORDER BY n`);
  await database.list(files.people, "SELECT token FROM bench.person WHERE kind IN ('clerk', 'handler') ORDER BY n");
  await database.list(files.clerks, "SELECT token FROM bench.person WHERE kind = 'clerk' ORDER BY n");
  return files;
}

async function machine(database) {
  const settings = await database.rows(`SELECT name, current_setting(name) AS value FROM pg_settings WHERE name IN ('fsync',
    'synchronous_commit', 'full_page_writes', 'commit_delay', 'shared_buffers', 'max_wal_size', 'jit') ORDER BY name`);
  return { date: new Date().toISOString().slice(0, 10), cores: os.cpus().length, memory_gib: Math.round(os.totalmem() / 2 ** 30),
    dossiers: await database.value('SELECT count(*)::int FROM motcua.dossier'), rounds: Number(rounds), seconds: Number(seconds),
    fdatasync_per_s: Math.round(Number(fsync_ops)), settings: Object.fromEntries(settings.map((row) => [row.name, row.value])) };
}

async function main() {
  const database = new Database(path.join(folder, 'run')), bench = { folder, database };
  bench.lists = await lists(database);
  const about = await machine(database);
  process.stdout.write(`${JSON.stringify(about, null, 1).replace(/\n */g, ' ')}\n\n`);
  const settings = { build, conninfo: database.conninfo, socket: database.socket, folder };
  const contenders = [await contenders_of.motcuad(settings, 1), await contenders_of.motcuad(settings, 2),
    contenders_of.pgbench(8), contenders_of.pgbench(64), await contenders_of.fastify(settings, 1),
    await contenders_of.fastify(settings, 2)];
  await equal(bench, contenders);
  process.stdout.write('the servers give the same answers: 1,000 look-ups, 20 inboxes, intake and transfer\n\n');
  const results = [];
  for (const one of cases)
    if (only.split(',').includes(one.name))
      results.push(await run_case(bench, one, contenders));
  const survived = only.includes('intake') ? await crash(bench, contenders[1]) : null;
  if (survived !== null)
    process.stdout.write(`killed with SIGKILL under load: all ${survived} acknowledged dossiers are there\n`);
  fs.writeFileSync(path.join(folder, 'result.json'), JSON.stringify({ about, results, survived }, null, 1));
  await database.pool.end();
}

let status = 0;
const end = async (code) => { await contenders_of.stop_all(); process.exit(code); };
process.on('SIGINT', () => end(130));
process.on('SIGTERM', () => end(143));
main().catch((error) => { console.error(`bench: ${error.stack ?? error}`); status = 1; }).finally(() => end(status));
