// Runs the faults and asks after each whether every promise was kept.  main.js [--minutes N] [--seed S] [FAULT...]
'use strict';
const { parseArgs } = require('node:util');
const { Daemon, sleep, until } = require('../process/daemon.js');
const database = require('./database.js');
const faults = require('./faults.js');
const { Writers } = require('./writers.js');

const BACK_WITHIN_MS = 10000, WARM_UP_MS = 1500, FEWEST_DONE = 50;

/* mulberry32: the same chances for the same seed. */
function chance_of(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6D2B79F5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const count_of = (what) => Number(database.value(what === 'intake' ? 'SELECT count(*) FROM motcua.dossier'
  : "SELECT count(*) FROM motcua.event WHERE action = 'transfer'"));

/* What is wrong with what is stored, held against what the writers were told; before: counts at the begin of the round. */
function faults_stored(writers, before) {
  const seen = [], intakes = writers.done.filter((wish) => wish.what === 'intake'), transfers = writers.done.filter((wish) => wish.what === 'transfer');
  const stored = new Map(database.sql('SELECT code, version, (SELECT count(*) FROM motcua.event e WHERE e.month = d.month ' +
    "AND e.dossier = d.id AND e.action = 'transfer') FROM motcua.dossier d").map(([code, version, moved]) => [code, [Number(version), Number(moved)]]));

  for (const wish of intakes)
    if (!stored.has(wish.code))
      seen.push(`lost: ${wish.code} was told and is not stored`);
  for (const wish of transfers)
    if (stored.get(wish.code)?.[1] !== 1 || stored.get(wish.code)[0] < wish.version)
      seen.push(`${wish.code}: its transfer was told once and stands there ${stored.get(wish.code)?.[1]} times`);
  if (new Set(intakes.map((wish) => wish.code)).size !== intakes.length)
    seen.push('one code was told to two');
  // one for each key, none besides: what was told and what was not are all done by now
  for (const [what, list] of [['intake', intakes], ['transfer', transfers]])
    if (count_of(what) - before[what] !== list.length)
      seen.push(`${list.length} keys made ${count_of(what) - before[what]} of ${what}`);
  return [...seen, ...database.sql('SELECT fault, dossier FROM sound.faults()').map((row) => row.join(' '))];
}

async function round(scene, name) {
  const { writers } = scene, before = { intake: count_of('intake'), transfer: count_of('transfer') };

  writers.begin_round();
  writers.bad = [];
  writers.start();
  await sleep(WARM_UP_MS);
  await faults[name](scene);
  const over = Date.now();
  await until('an answer again', () => writers.last_done_ms > over, BACK_WITHIN_MS);
  const back_ms = writers.last_done_ms - over;
  await sleep(500);
  await writers.stop();
  const open = writers.open.length;
  await writers.repeat(BACK_WITHIN_MS);
  const wrong = [...writers.bad.slice(0, 10), ...faults_stored(writers, before)];

  if (writers.done.length < FEWEST_DONE)
    wrong.push(`only ${writers.done.length} done: this proves nothing`);
  if (/Sanitizer|runtime error/.test(scene.daemon.log))
    wrong.push(scene.daemon.log.slice(-4000));
  console.log(`${wrong.length === 0 ? 'ok' : 'BROKEN'} ${name}: ${writers.done.length} done, ${open} of them untold at first, ` +
    `${writers.unavailable} times 503, back after ${back_ms} ms`);
  for (const one of wrong.slice(0, 20))
    console.log(`    ${one}`);
  return wrong.length === 0;
}

async function main() {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { minutes: { type: 'string' }, seed: { type: 'string' } } });
  const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 32)), chance = chance_of(seed);
  const names = positionals.length > 0 ? positionals : Object.keys(faults);
  const end = Date.now() + Number(values.minutes ?? 0) * 60000;
  const scene = { chance, daemon: null, writers: null };
  let good = 0, bad = 0;

  scene.start = async () => { scene.daemon = await new Daemon([]).ready(); };
  await scene.start();
  scene.writers = new Writers(() => scene.daemon.port);
  await scene.writers.sign_in();
  console.log(`seed ${seed}`);
  try {
    for (let i = 0; i < names.length || Date.now() < end; i++) {
      const name = i < names.length ? names[i] : names[Math.floor(chance() * names.length)];
      const is_good = await round(scene, name).catch(async (error) => {
        console.log(`BROKEN ${name}: ${error.stack}\n${scene.daemon.log.slice(-3000)}`);
        await scene.writers.stop();
        return false;
      });
      good += is_good ? 1 : 0;
      bad += is_good ? 0 : 1;
    }
    scene.daemon.kill('SIGTERM');
    if (await scene.daemon.end_status() !== 0) {
      console.log(`BROKEN the end: ${scene.daemon.log.slice(-3000)}`);
      bad++;
    }
  } finally {
    await scene.daemon.end();
  }
  console.log(`${good} passed, ${bad} failed`);
  process.exitCode = bad === 0 ? 0 : 1;
}

main();
