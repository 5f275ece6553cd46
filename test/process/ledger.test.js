// The ledger's process killed, started twice, started over a damaged or lost history (I7, I8, I19 of docs/ledger.md). The
// log is the one of test/server's daemon, whose sequencer is fenced off by the first test.
'use strict';
const assert = require('node:assert');
const { spawnSync } = require('node:child_process');
const { createHash, randomUUID } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const { test } = require('node:test');
const { Daemon, until, sleep } = require('./daemon.js');

const theirs = process.env.MOTCUA_TEST_LEDGER, folder = `${theirs}.second`;
const args = ['--set', `ledger.directory=${folder}`, '--set', 'ledger.origin=motcua.test/log1', '--set', 'http.secure_cookie=false',
  '--set', `ledger.conninfo=${process.env.MOTCUA_TEST_CONNINFO.replace('user=motcua_daemon', 'user=motcua_ledger')}`];

function sql(statement) {
  const done = spawnSync('psql', ['-X', '-q', '-At', '-v', 'ON_ERROR_STOP=1', '-d', process.env.MOTCUA_TEST_DB, '-c', statement], { encoding: 'utf8' });

  assert.strictEqual(done.status, 0, done.stderr);
  return done.stdout.trim();
}
const number = (statement) => Number(sql(statement));
const leaves = () => number('SELECT count(*) FROM motcua.ledger_leaf');
const signed = () => number('SELECT coalesce(max(size), 0) FROM motcua.ledger_ckpt');

fs.mkdirSync(folder, { mode: 0o700 });
for (const name of ['log.key', 'record.key', 'log.vkeys', 'record.vkeys'])
  fs.copyFileSync(path.join(theirs, name), path.join(folder, name));

async function post(daemon, where, body, headers = {}) {
  const reply = await fetch(`http://127.0.0.1:${daemon.port}${where}`, { method: 'POST', body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers } });
  return { status: reply.status, body: await reply.json() };
}

let serial = process.pid * 100;
async function intake(daemon, count) {
  const { body: { token } } = await post(daemon, '/api/v1/sessions', { username: 'tiepnhan', password: 'motcua-demo' });

  for (let i = 0; i < count; i++) {
    const digits = String(serial++).padStart(8, '0').slice(-8);
    const reply = await post(daemon, '/api/v1/dossiers', { procedure: '1.001612', channel: 'COUNTER', return_channel: 'COUNTER',
      owner: { kind: 'CITIZEN', name: 'Nguyễn Văn Thử', personal_id: `0480${digits}`, phone: `+8490${digits.slice(1)}`, address: 'Thôn 1' },
      submitter: null, note: '', components: [{ code: 'FORM_HOUSEHOLD', originals: 1, certified_copies: 0, plain_copies: 0 },
        { code: 'ID_PAPER', originals: 0, certified_copies: 0, plain_copies: 1 }] },
    { authorization: `Bearer ${token}`, 'idempotency-key': randomUUID() });
    assert.strictEqual(reply.status, 201, JSON.stringify(reply.body));
  }
}

async function with_daemon(body) {
  const daemon = new Daemon(args);
  try { await body(await daemon.ready()); } finally { await daemon.end(); }
}
const met = (daemon) => until('the ledger to be met', () => /the ledger is met/.test(daemon.log) || /not signed any more/.test(daemon.log), 20000);
const all_signed = () => until('everything to be signed', () => number('SELECT count(*) FROM motcua.ledger_pend') === 0 && leaves() === signed(), 20000);

/* The mirror as the process reads it: [offset behind, bytes]. */
function mirrored() {
  const bytes = fs.readFileSync(path.join(folder, 'mirror')), entries = [];

  for (let at = 0; at < bytes.length;) {
    const length = 2 + bytes.readUInt16BE(at) + 64;
    assert.ok(at + length <= bytes.length, 'the mirror is torn');
    entries.push(bytes.subarray(at + 2, at + length));
    at += length;
  }
  return entries;
}
const hash = (bytes) => createHash('sha256').update(Buffer.concat([Buffer.from([0]), bytes])).digest('hex');

test('a second sequencer takes the log over, and the first is fenced off (I3, I19)', () => with_daemon(async (daemon) => {
  await met(daemon);
  assert.match(daemon.log, /the ledger is met/);
  await intake(daemon, 3);
  await all_signed();
  await until('the first to notice', () => /another has taken the log over/.test(fs.readFileSync(process.env.MOTCUA_TEST_LOG, 'utf8')));
  assert.strictEqual(number('SELECT max(idx) + 1 FROM motcua.ledger_leaf'), leaves());
}));

test('killed at any moment it never refuses its own history, and no leaf is lost or doubled (I7, I8)', () => with_daemon(async (daemon) => {
  let is_over = false;
  const writing = (async () => { for (let i = 0; i < 40; i++) await intake(daemon, 5); is_over = true; })();

  for (let kills = 0; kills < 25 || !is_over; kills++) {
    const child = daemon.child('ledger');
    if (child !== undefined && kills < 25)
      process.kill(child.pid, 'SIGKILL');
    await sleep(100 + Math.random() * 300);
  }
  await writing;
  await all_signed();
  assert.doesNotMatch(daemon.log, /not signed any more/);
  assert.strictEqual(number('SELECT max(idx) + 1 FROM motcua.ledger_leaf'), leaves());
  assert.deepStrictEqual(mirrored().map(hash), sql("SELECT encode(hash, 'hex') FROM motcua.ledger_leaf ORDER BY idx").split('\n'));
  const [, size] = fs.readFileSync(path.join(folder, 'state'), 'utf8').split(' ');
  assert.strictEqual(Number(size), signed());
}));

const state_of = (line) => { const head = line.trim().split(' ').slice(0, -1).join(' ');
  return `${head} ${createHash('sha256').update(head).digest('hex')}\n`; };

/* What is done to the files or the database, and what the process says of it. */
const damages = [
  ['the last record of the mirror is cut', () => { const file = path.join(folder, 'mirror'); fs.truncateSync(file, fs.statSync(file).size - 7); }, /the ledger is met/],
  ['the mirror is gone', () => fs.rmSync(path.join(folder, 'mirror')), /the ledger is met/],
  ['a byte of the mirror is another', () => { const file = path.join(folder, 'mirror'), bytes = fs.readFileSync(file); bytes[40] ^= 1; fs.writeFileSync(file, bytes); },
    /the mirror is not the history that was signed/],
  ['the state is cut', () => { const file = path.join(folder, 'state'); fs.truncateSync(file, fs.statSync(file).size - 9); }, /state is damaged/],
  ['the state is of another machine', () => { const file = path.join(folder, 'state'), parts = fs.readFileSync(file, 'utf8').trim().split(' ');
    fs.writeFileSync(file, state_of(`${parts.slice(0, 3).join(' ')} ${'0'.repeat(32)} x`)); }, /of another machine/],
  ['the state is of a longer log', () => { const file = path.join(folder, 'state'), parts = fs.readFileSync(file, 'utf8').trim().split(' ');
    parts[1] = String(Number(parts[1]) + 5); fs.writeFileSync(file, state_of(parts.join(' '))); }, /leaves that were signed are lost/],
  ['the database has lost its last leaf', () => sql(`ALTER TABLE motcua.ledger_leaf DISABLE TRIGGER USER; DELETE FROM motcua.ledger_leaf WHERE idx = (SELECT max(idx) FROM motcua.ledger_leaf);
    ALTER TABLE motcua.ledger_leaf ENABLE TRIGGER USER; UPDATE motcua.ledger_fence SET size = size - 1`), /the database has lost leaves that the mirror has/],
];

for (const [what, damage, said] of damages) {
  test(`${what}: ${said.source}`, async () => {
    const kept = ['mirror', 'state'].map((name) => [path.join(folder, name), fs.readFileSync(path.join(folder, name))]);
    const before = signed();

    damage();
    await with_daemon(async (daemon) => {
      await met(daemon);
      assert.match(daemon.log, said);
      await intake(daemon, 1); // the counter goes on
      if (/is met/.test(said.source)) {
        await all_signed();
      } else {
        await sleep(2500);
        assert.strictEqual(signed(), before, 'signed over a lost history');
      }
    });
    if (!/is met/.test(said.source))
      kept.forEach(([file, bytes]) => fs.writeFileSync(file, bytes));
  });
}
