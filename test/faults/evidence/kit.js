// Daemons over copies of one folder of keys, mirror and signer state, and what is stored; for the tests of this folder.
// test/server has made the database; its own daemon's sequencer is fenced off by the first one started here.
'use strict';
const assert = require('node:assert');
const { spawnSync } = require('node:child_process');
const { createHash, randomUUID } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const { Daemon, until, sleep } = require('../../process/daemon.js');

const build = process.env.MOTCUA_TEST_BUILD, theirs = process.env.MOTCUA_TEST_LEDGER;
const seed = Number(process.env.FAULT_SEED ?? Math.floor(Math.random() * 2 ** 32));
console.log(`seed ${seed} (FAULT_SEED=${seed} repeats it)`);

let state = seed >>> 0;
/* mulberry32: the same chances for the same seed. */
function chance() {
  state = (state + 0x6D2B79F5) >>> 0;
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
}

/* Every `length` places when all are asked for (FAULTS_ALL=1), else the outer ones and `count` drawn between. */
function places(length, count) {
  if (process.env.FAULTS_ALL === '1')
    return Array.from({ length }, (_, at) => at);
  const drawn = Array.from({ length: count }, () => Math.floor(chance() * length));
  return [...new Set([0, 1, 2, length - 2, length - 1, ...drawn])].sort((a, b) => a - b);
}

function run_sql(statement, database = process.env.MOTCUA_TEST_DB) {
  return spawnSync('psql', ['-X', '-q', '-At', '-v', 'ON_ERROR_STOP=1', '-d', database, '-c', statement], { encoding: 'utf8' });
}
function sql(statement, database) {
  const done = run_sql(statement, database);

  assert.strictEqual(done.status, 0, done.stderr);
  return done.stdout.trim();
}
const number = (statement) => Number(sql(statement));
const leaves = () => number('SELECT count(*) FROM motcua.ledger_leaf');
const signed = () => number('SELECT coalesce(max(size), 0) FROM motcua.ledger_ckpt');
const pending = () => number('SELECT count(*) FROM motcua.ledger_pend');

function folder_of(name) {
  const folder = `${theirs}.${name}`;

  fs.mkdirSync(folder, { mode: 0o700 });
  for (const file of ['log.key', 'record.key', 'log.vkeys', 'record.vkeys'])
    fs.copyFileSync(path.join(theirs, file), path.join(folder, file));
  return folder;
}
const as_ledger = (conninfo) => conninfo.replace('user=motcua_daemon', 'user=motcua_ledger');
const settings = (folder, conninfo = process.env.MOTCUA_TEST_CONNINFO) => ['--set', `ledger.directory=${folder}`,
  '--set', 'ledger.origin=motcua.test/log1', '--set', 'http.secure_cookie=false', '--set', 'process.workers=1',
  '--set', `database.conninfo=${conninfo}`, '--set', `ledger.conninfo=${as_ledger(conninfo)}`];

const start = (folder, conninfo, env) => new Daemon(settings(folder, conninfo), env).ready();
async function with_daemon(folder, body, env) {
  const daemon = await start(folder, undefined, env);
  try { return await body(daemon); } finally { await daemon.end(); }
}
const met = (daemon) => until('the ledger to be met or refused', () => /the ledger is met|not signed any more/.test(daemon.log), 20000);
const refused = (daemon) => /not signed any more" reason="?([^"\n]*)/.exec(daemon.log)?.[1] ?? /not signed any more.*/.exec(daemon.log)?.[0];
const all_signed = (patience_ms = 20000) => until('everything to be signed', () => pending() === 0 && leaves() === signed(), patience_ms);

async function post(daemon, where, body, headers = {}) {
  const reply = await fetch(`http://127.0.0.1:${daemon.port}${where}`, { method: 'POST', body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers } });
  return { status: reply.status, body: await reply.json() };
}
async function sign_in(daemon, username = 'tiepnhan') {
  const { status, body } = await post(daemon, '/api/v1/sessions', { username, password: 'motcua-demo' });

  assert.strictEqual(status, 201, JSON.stringify(body));
  return body.token;
}

async function move(daemon, code, token) {
  const moved = await post(daemon, `/api/v1/dossiers/${code}/actions`, { action: 'transfer' },
    { authorization: `Bearer ${token}`, 'idempotency-key': randomUUID(), 'if-match': '"1"' });

  assert.strictEqual(moved.status, 200, JSON.stringify(moved.body));
}

let serial = process.pid * 100;
/* Dossiers taken in and, each, moved one step: two records a dossier. */
async function work(daemon, count, moves = true, token = undefined) {
  const bearer = token ?? await sign_in(daemon), codes = [];

  for (let i = 0; i < count; i++) {
    const digits = String(serial++).padStart(8, '0').slice(-8);
    const reply = await post(daemon, '/api/v1/dossiers', { procedure: '1.001612', channel: 'COUNTER', return_channel: 'COUNTER',
      owner: { kind: 'CITIZEN', name: 'Nguyễn Văn Thử', personal_id: `0480${digits}`, phone: `+8490${digits.slice(1)}`, address: 'Thôn 1' },
      submitter: null, note: '', components: [{ code: 'FORM_HOUSEHOLD', originals: 1, certified_copies: 0, plain_copies: 0 },
        { code: 'ID_PAPER', originals: 0, certified_copies: 0, plain_copies: 1 }] },
    { authorization: `Bearer ${bearer}`, 'idempotency-key': randomUUID() });
    assert.strictEqual(reply.status, 201, JSON.stringify(reply.body));
    codes.push(reply.body.code);
    if (moves)
      await move(daemon, reply.body.code, bearer);
  }
  return codes;
}

/* The fold of records held against what is stored: [status, text]. */
function check(folder) {
  const done = spawnSync(path.join(build, 'motcua'), ['ledger', 'check', ...settings(folder)], { encoding: 'utf8' });
  return [done.status, done.stdout + done.stderr];
}
/* What the offline verifier says of one dossier's export. */
function verdict(folder, code) {
  const files = ['export', 'trust'].map((name) => path.join(folder, name));
  const told = spawnSync(path.join(build, 'motcua'), ['ledger', 'export', code, ...settings(folder)], { encoding: 'utf8', maxBuffer: 1 << 26 });

  fs.writeFileSync(files[0], told.stdout);
  fs.writeFileSync(files[1], spawnSync(path.join(build, 'motcua'), ['ledger', 'trust', ...settings(folder)], { encoding: 'utf8' }).stdout);
  if (told.status !== 0)
    return `no export: ${told.stderr}`;
  return spawnSync(path.join(build, 'motcua'), ['verify', files[0], '--trust', files[1]], { encoding: 'utf8' }).stdout.trim();
}

/* Ends of the records of a mirror, in bytes. */
function mirror_ends(bytes) {
  const ends = [0];

  while (ends.at(-1) < bytes.length)
    ends.push(ends.at(-1) + 2 + bytes.readUInt16BE(ends.at(-1)) + 64);
  assert.strictEqual(ends.at(-1), bytes.length, 'the mirror is torn');
  return ends;
}
/* The mirror holds the leaves of the database, in order: I3 and I8. */
function assert_mirror(folder, database) {
  const bytes = fs.readFileSync(path.join(folder, 'mirror')), ends = mirror_ends(bytes);
  const hashes = ends.slice(1).map((end, at) => createHash('sha256').update(Buffer.from([0])).update(bytes.subarray(ends[at] + 2, end)).digest('hex'));

  assert.deepStrictEqual(hashes, sql("SELECT encode(hash, 'hex') FROM motcua.ledger_leaf ORDER BY idx", database).split('\n'));
}

module.exports = { all_signed, assert_mirror, check, folder_of, leaves, met, mirror_ends, move, number, pending, places, refused, run_sql, settings,
  sign_in, signed, sleep, sql, start, until, verdict, with_daemon, work };
