// Many connections and slow ones: they cost little, are cut at their deadlines, and nobody else waits for them.
'use strict';
const assert = require('node:assert');
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const net = require('node:net');
const { test } = require('node:test');
const { Daemon, sleep, until } = require('../process/daemon.js');

const IDLE_WANTED = 20000, KIB_EACH_MAX = 64, GOOD_P99_MS_MAX = 100, AT_ONCE = 200;
const DEADLINE_MS = 2000, SLACK_MS = 3000, SLOW_EACH = 100;

const workers_of = (daemon) => daemon.children().filter((child) => child.name.startsWith('worker'));
const kib_of = (pid) => Number(/VmRSS:\s+(\d+) kB/.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))[1]);
const kib_all = (daemon) => workers_of(daemon).reduce((sum, worker) => sum + kib_of(worker.pid), 0);
const sockets_of = (pid) => fs.readdirSync(`/proc/${pid}/fd`).filter((fd) => {
  try { return fs.readlinkSync(`/proc/${pid}/fd/${fd}`).startsWith('socket:'); } catch { return false; }
}).length;
const sockets_all = (daemon) => workers_of(daemon).reduce((sum, worker) => sum + sockets_of(worker.pid), 0);

const connect = (port) => new Promise((resolve, reject) => {
  const socket = net.connect(port, '127.0.0.1', () => resolve(socket));
  socket.on('error', reject);
});

/* One good client that asks on one connection after the other for a time; its latencies in ms, sorted. */
async function good_client(port, is_over) {
  const took = [];

  while (!is_over()) {
    const begin = process.hrtime.bigint();
    const reply = await fetch(`http://127.0.0.1:${port}/api/v1/agencies/H17`, { headers: { connection: 'close' } });
    await reply.arrayBuffer();
    assert.strictEqual(reply.status, 200);
    took.push(Number(process.hrtime.bigint() - begin) / 1e6);
    await sleep(5);
  }
  return took.sort((a, b) => a - b);
}
const percentile = (sorted, part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];

async function with_daemon(args, body) {
  const daemon = new Daemon(args);
  try {
    await body(await daemon.ready());
    daemon.kill('SIGTERM');
    assert.strictEqual(await daemon.end_status(), 0, daemon.log.slice(-2000));
  } finally { await daemon.end(); }
}

// the first request of a connection has the time of a head, the next ones that of an idle connection
const long_silence = ['--set', 'http.head_timeout=10min', '--set', 'http.idle_timeout=10min'];

test('idle connections cost little, and nobody waits for them', (t) => with_daemon(long_silence, async (daemon) => {
  const allowed = Number(spawnSync('sh', ['-c', 'ulimit -n'], { encoding: 'utf8' }).stdout) - 300;
  const count = Math.min(IDLE_WANTED, allowed), sockets = [], begin_kib = kib_all(daemon), begin_sockets = sockets_all(daemon);

  while (sockets.length < count)
    sockets.push(...await Promise.all(Array.from({ length: Math.min(AT_ONCE, count - sockets.length) }, () => connect(daemon.port))));
  await until('all are taken', () => sockets_all(daemon) - begin_sockets >= count, 20000);
  const each_kib = (kib_all(daemon) - begin_kib) / count, end = Date.now() + 5000;
  const took = await good_client(daemon.port, () => Date.now() > end);

  t.diagnostic(`${count} idle connections, ${(each_kib * 1024).toFixed(0)} bytes each; ${took.length} good requests: ` +
    `p50 ${percentile(took, 0.5).toFixed(1)} ms, p99 ${percentile(took, 0.99).toFixed(1)} ms`);
  assert.ok(count >= 1000, `only ${count} descriptors are allowed here`);
  assert.ok(each_kib < KIB_EACH_MAX, `${each_kib} KiB each`);
  assert.ok(percentile(took, 0.99) < GOOD_P99_MS_MAX);
  assert.ok(sockets.every((socket) => !socket.destroyed && !socket.readableEnded), 'one was closed');
  sockets.forEach((socket) => socket.destroy());
  await until('all are given back', () => sockets_all(daemon) <= begin_sockets, 20000);
}));

/* Each kind: what it sends at once, and what it adds every 100 ms. */
const kinds = {
  'a head that trickles': ['GET /healthz HTTP/1.1\r\nHost: a\r\n', 'X'],
  'a body that trickles': ['POST /api/v1/sessions HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 10000\r\n\r\n{', ' '],
  'chunks that trickle': ['POST /api/v1/sessions HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n', '1\r\n \r\n'],
  'silence after a request': ['GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n', ''],
  'silence from the beginning': ['', ''],
};
const limits = ['head', 'body', 'idle', 'write'].flatMap((phase) => ['--set', `http.${phase}_timeout=${DEADLINE_MS}ms`]);

for (const [what, [first, more]] of Object.entries(kinds)) {
  test(`${what} is cut at its deadline, however much comes, and others are answered`, (t) => with_daemon(limits, async (daemon) => {
    const sockets = await Promise.all(Array.from({ length: SLOW_EACH }, () => connect(daemon.port))), begin = Date.now();
    let cut = 0, last_ms = 0;

    for (const socket of sockets) {
      const timer = more === '' ? null : setInterval(() => socket.write(more), 100);
      socket.on('error', () => {}).on('data', () => {}).on('end', () => socket.end()).on('close', () => {
        clearInterval(timer);
        cut++;
        last_ms = Date.now() - begin;
      });
      socket.write(first);
    }
    const good = good_client(daemon.port, () => cut === SLOW_EACH || Date.now() - begin > DEADLINE_MS + SLACK_MS);
    await until('all are cut', () => cut === SLOW_EACH, DEADLINE_MS + SLACK_MS);
    const took = await good;

    t.diagnostic(`${SLOW_EACH} cut, the last after ${last_ms} ms; good p99 ${percentile(took, 0.99).toFixed(1)} ms`);
    assert.ok(last_ms >= DEADLINE_MS * 0.9, 'cut too early');
    assert.ok(percentile(took, 0.99) < GOOD_P99_MS_MAX);
  }));
}

test('who asks and does not read is cut at the deadline, and his answers are not kept for ever', (t) => with_daemon(limits, async (daemon) => {
  const begin_sockets = sockets_all(daemon), begin_kib = kib_all(daemon), begin = Date.now();
  const sockets = await Promise.all(Array.from({ length: SLOW_EACH }, () => connect(daemon.port)));

  for (const socket of sockets) {
    socket.pause();
    socket.on('error', () => {});
    socket.write('GET /api/v1/openapi.json HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(100));
  }
  await sleep(500);
  const each_kib = (kib_all(daemon) - begin_kib) / SLOW_EACH, held = sockets_all(daemon) - begin_sockets;
  const good = good_client(daemon.port, () => Date.now() - begin > DEADLINE_MS);
  await until('all are cut', () => sockets_all(daemon) <= begin_sockets + 2, DEADLINE_MS + SLACK_MS);
  t.diagnostic(`${held} held, ${each_kib.toFixed(1)} KiB each, cut after ${Date.now() - begin} ms; good p99 ${percentile(await good, 0.99).toFixed(1)} ms`);
  assert.ok(held >= SLOW_EACH * 0.9, 'they were not slow');
  assert.ok(each_kib < 1024);
  sockets.forEach((socket) => socket.destroy());
}));
