// What the supervisor promises: whichever process dies is replaced, and nothing outlives the supervisor.
'use strict';
const assert = require('node:assert');
const fs = require('node:fs');
const net = require('node:net');
const path = require('node:path');
const { spawn } = require('node:child_process');
const { test } = require('node:test');
const { Daemon, until, sleep, is_alive } = require('./daemon.js');

async function with_daemon(args, body, env) {
  const daemon = new Daemon(args, env);
  try { await body(await daemon.ready()); } finally { await daemon.end(); }
}

for (const [who, signal] of [['worker-0', 'SIGKILL'], ['worker-1', 'SIGSEGV'], ['worker-0', 'SIGABRT'],
  ['worker-0', 'SIGTERM'], ['jobs', 'SIGKILL'], ['motcuad-render', 'SIGKILL']]) {
  test(`${who} that dies of ${signal} is replaced, and the port keeps answering`, () => with_daemon([], async (daemon) => {
    const old = daemon.child(who), others = daemon.children().filter((child) => child.pid !== old.pid);

    process.kill(old.pid, signal);
    const fresh = await until(`a new ${who}`, () => {
      const now = daemon.child(who);
      return now !== undefined && now.pid !== old.pid && now;
    });
    await until('word of its death', () => daemon.said(`msg="child ended" .*pid=${old.pid} cause=`) === 1);
    await until('word of the new one', () => daemon.said(`msg="child serves" .*pid=${fresh.pid}`) === 1);
    for (let i = 0; i < 20; i++)
      assert.ok(await daemon.answers(), `request ${i}`);
    for (const other of others)
      assert.ok(is_alive(other.pid), `${other.name} went too`);
  }));
}

test('a worker that is stuck for ten seconds is killed and replaced', () => with_daemon([], async (daemon) => {
  const old = daemon.child('worker-1');

  await sleep(1500); // a pulse must have been seen
  process.kill(old.pid, 'SIGSTOP');
  await until('the stuck worker to go', () => !is_alive(old.pid), 20000);
  await until('a new one', () => daemon.child('worker-1')?.pid !== undefined);
  assert.strictEqual(daemon.said('msg="child is stuck and will be killed" child=worker-1'), 1);
}));

test('kill -9 of the supervisor leaves no process and no listener behind', async () => {
  const daemon = await new Daemon([]).ready();
  const left = daemon.children();

  assert.strictEqual(left.length, 4, 'two workers, jobs, render');
  daemon.kill('SIGKILL');
  await until('all children to go', () => left.every((child) => !is_alive(child.pid)), 3000);
  assert.strictEqual(await daemon.answers(), false);
  await daemon.end();
});

for (const signal of ['SIGTERM', 'SIGINT']) {
  test(`${signal} drains all and ends with 0`, async () => {
    const daemon = await new Daemon([]).ready();
    const left = daemon.children();

    daemon.kill(signal);
    assert.strictEqual(await daemon.end_status(), 0, daemon.log);
    assert.ok(left.every((child) => !is_alive(child.pid)));
    assert.strictEqual(daemon.said('not drained in time'), 0);
  });
}

test('a worker that does not drain is killed after process.drain_timeout, and the end is still 0', async () => {
  const daemon = await new Daemon(['--set', 'process.drain_timeout=1s']).ready();
  const begin = Date.now();

  process.kill(daemon.child('worker-0').pid, 'SIGSTOP');
  daemon.kill('SIGTERM');
  assert.strictEqual(await daemon.end_status(), 0);
  assert.strictEqual(daemon.said('not drained in time'), 1);
  assert.ok(Date.now() - begin >= 900 && Date.now() - begin < 4000);
});

test('a second signal ends the draining at once', async () => {
  const daemon = await new Daemon(['--set', 'process.drain_timeout=60s']).ready();

  process.kill(daemon.child('worker-0').pid, 'SIGSTOP');
  daemon.kill('SIGINT');
  await until('draining', () => daemon.said('msg=draining') > 0);
  daemon.kill('SIGINT');
  assert.strictEqual(await daemon.end_status(), 0);
});

test('SIGHUP changes the log level and names what waits for a restart', async (t) => {
  const folder = fs.mkdtempSync(path.join(process.env.TEST_DIR ?? '/tmp', 'motcua-hup.'));
  const file = path.join(folder, 'motcua.conf');

  t.after(() => fs.rmSync(folder, { recursive: true }));
  fs.writeFileSync(file, '[log]\nlevel = info\n');
  await with_daemon(['--config', file], async (daemon) => {
    fs.writeFileSync(file, '[log]\nlevel = debug\n[http]\nidle_timeout = 33s\n');
    daemon.kill('SIGHUP');
    await until('word of it', () => daemon.said('configuration was read again.*log_level=debug') === 1);
    await until('the key', () => daemon.said('needs a restart.*key=http.idle_timeout') === 1);
    fs.writeFileSync(file, '[log]\nlevel = loud\n');
    daemon.kill('SIGHUP');
    await until('the refusal', () => daemon.said('the new configuration has faults') === 1);
    assert.ok(await daemon.answers());
  });
});

test('a port somebody listens on already is refused with 73', async () => {
  const squatter = net.createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => squatter.once('listening', resolve));
  const daemon = new Daemon(['--set', `http.port=${squatter.address().port}`]);

  assert.strictEqual(await daemon.end_status(), 73);
  assert.match(daemon.log, /another program listens there already/);
  squatter.close();
});

test('a second daemon on the port of the first is refused with 73', () => with_daemon([], async (daemon) => {
  const second = new Daemon(['--set', `http.port=${daemon.port}`]);

  assert.strictEqual(await second.end_status(), 73);
}));

for (const [what, conninfo, status] of [
  ['a database that is not there', 'host=/nonexistent dbname=motcua', 69],
  ['a database without our schema', process.env.MOTCUA_TEST_DB.replace('dbname=motcua', 'dbname=template1'), 78],
]) {
  test(`${what} stops the start with ${status} and a sentence`, async () => {
    const daemon = new Daemon(['--set', `database.conninfo=${conninfo}`]);

    assert.strictEqual(await daemon.end_status(), status, daemon.log);
    assert.match(daemon.log, /the schema is not the one/);
  });
}

test('children hold no descriptor that they do not need', () => with_daemon([], async (daemon) => {
  const links = (pid) => fs.readdirSync(`/proc/${pid}/fd`).map((fd) => fs.readlinkSync(`/proc/${pid}/fd/${fd}`));
  const stderr = fs.readlinkSync(`/proc/${daemon.pid}/fd/2`);
  const render = links(daemon.child('motcuad-render').pid).filter((link) => link !== stderr);

  assert.strictEqual(render.filter((link) => link.startsWith('socket:')).length, 1, render.join(' '));
  assert.strictEqual(render.filter((link) => link.includes('signalfd')).length, 0);
  const supervisor = new Set(links(daemon.pid).filter((link) => /^(socket|pipe):/.test(link)));
  for (const worker of daemon.children().filter((child) => child.name.startsWith('worker')))
    for (const link of links(worker.pid))
      assert.ok(link === stderr || !supervisor.has(link), `${worker.name} holds ${link} of the supervisor`);
}));

test('systemd is told READY, a moving WATCHDOG and STOPPING', async () => {
  const name = `motcua-notify-${process.pid}`;
  const listener = spawn('perl', ['-MSocket', '-e', `socket(S, AF_UNIX, SOCK_DGRAM, 0) or die;
    bind(S, pack_sockaddr_un("\\0${name}")) or die; $| = 1; print "listening\\n";
    while (defined recv(S, $b, 999, 0)) { print "$b\\n" }`], { stdio: ['ignore', 'pipe', 'inherit'] });
  let heard = '';
  listener.stdout.on('data', (bytes) => { heard += bytes; });
  await until('the listener', () => heard.includes('listening'));
  const daemon = await new Daemon([], { NOTIFY_SOCKET: `@${name}`, WATCHDOG_USEC: '2000000' }).ready();
  try {
    await until('READY=1', () => /^READY=1$/m.test(heard));
    await until('three heartbeats', () => (heard.match(/^WATCHDOG=1$/gm) ?? []).length >= 3);
    daemon.kill('SIGTERM');
    assert.strictEqual(await daemon.end_status(), 0);
    await until('STOPPING=1', () => /^STOPPING=1$/m.test(heard));
  } finally {
    await daemon.end();
    listener.kill();
  }
});
