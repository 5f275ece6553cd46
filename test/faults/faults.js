// The faults, by name: each is done to a running daemon while the writers write, and gives back when it is over.
// `scene` has the daemon (which a fault may replace), the writers, and chance().
'use strict';
const assert = require('node:assert');
const net = require('node:net');
const { sleep, until } = require('../process/daemon.js');
const database = require('./database.js');
const { new_intake } = require('./writers.js');

const worker_of = (scene) => scene.daemon.children().filter((child) => child.name.startsWith('worker'));
const jitter = (scene, ms) => sleep(ms * (0.5 + scene.chance()));

async function kill_workers(scene) {
  for (let i = 0; i < 4; i++) {
    const workers = worker_of(scene);
    process.kill(workers[Math.floor(scene.chance() * workers.length)].pid, 'SIGKILL');
    await jitter(scene, 2000);
  }
}

async function kill_all(scene) {
  for (let i = 0; i < 3; i++) {
    const all = [scene.daemon.pid, ...scene.daemon.children().map((child) => child.pid)];
    for (const pid of all)
      try { process.kill(pid, 'SIGKILL'); } catch (error) { assert.strictEqual(error.code, 'ESRCH'); }
    await scene.daemon.end();
    await scene.start();
    await jitter(scene, 1000);
  }
}

async function stop_postgres_at_once(scene) {
  for (let i = 0; i < 2; i++) {
    database.stop_at_once();
    await jitter(scene, 1000);
    database.start();
    await jitter(scene, 2000);
  }
}

async function kill_postgres(scene) {
  database.signal_all('SIGKILL');
  await jitter(scene, 500);
  database.stop_at_once(); // waits for what is left of it
  database.start();
}

async function terminate_backends(scene) {
  for (let i = 0; i < 10; i++) {
    database.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()");
    await jitter(scene, 400);
  }
}

async function stall_postgres() {
  database.signal_all('SIGSTOP');
  await sleep(5000);
  database.signal_all('SIGCONT');
}

/* Draining: what is under way is answered, nobody new is let in, and the end is 0. */
async function drain(scene) {
  const old = scene.daemon, begin = Date.now();

  old.kill('SIGTERM');
  await until('no new connection is taken', () => new Promise((resolve) => {
    const socket = net.connect(old.port, '127.0.0.1');
    socket.on('connect', () => { socket.destroy(); resolve(false); }).on('error', (error) => resolve(error.code === 'ECONNREFUSED'));
  }), 30000);
  assert.strictEqual(await old.end_status(30000), 0, old.log.slice(-2000));
  assert.ok(Date.now() - begin <= 30000);
  assert.strictEqual(old.said('not drained in time'), 0);
  await scene.start();
}

/* A client that goes at one step of its request; what it sent whole may be done, and is repeated later. */
function leave(scene, wish, part) {
  const head = `POST ${wish.where} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${scene.writers.token}\r\nContent-Type: application/json\r\n` +
    `Idempotency-Key: ${wish.key}\r\nContent-Length: ${Buffer.byteLength(wish.body)}\r\n\r\n`;
  const bytes = Buffer.from({ nothing: '', 'half a head': head.slice(0, head.length / 2), 'a head': head,
    'half a body': head + wish.body.slice(0, wish.body.length / 2), 'a request': head + wish.body }[part]);

  return new Promise((resolve) => {
    const socket = net.connect(scene.daemon.port, '127.0.0.1', () => socket.write(bytes, () => setTimeout(() => {
      if (scene.chance() < 0.5)
        socket.resetAndDestroy();
      else
        socket.destroy();
      resolve();
    }, scene.chance() * 5)));
    socket.on('error', resolve);
  });
}

async function clients_leave(scene) {
  const parts = ['nothing', 'half a head', 'a head', 'half a body', 'a request'];

  for (let i = 0; i < 250; i++) {
    const wish = new_intake();
    await leave(scene, wish, parts[i % parts.length]);
    scene.writers.open.push(wish);
  }
}

module.exports = { clients_leave, kill_workers, kill_all, terminate_backends, stall_postgres, stop_postgres_at_once, kill_postgres, drain };
