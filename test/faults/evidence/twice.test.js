// T18: two sequencers, the older one stopped and resumed. T24: a clone of the server beside it. (I3, I7, I19)
'use strict';
const assert = require('node:assert');
const { execFileSync, spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { test } = require('node:test');
const { Daemon } = require('../../process/daemon.js');
const kit = require('./kit.js');

const first = kit.folder_of('twice');
const STOPPED_MS = process.env.FAULTS_ALL === '1' ? 60000 : 8000;
const cluster = path.resolve(__dirname, '../../cluster');

function copy_of(folder, name) {
  const copy = kit.folder_of(name);

  for (const file of ['mirror', 'state'])
    fs.copyFileSync(path.join(folder, file), path.join(copy, file));
  return copy;
}

test('T18: a sequencer stopped while another takes the log over is fenced off when it goes on', async () => {
  const old = await kit.start(first);

  try {
    await kit.met(old);
    await kit.work(old, 3);
    await kit.all_signed();
    const sequencer = old.child('ledger').pid, mirror = fs.readFileSync(path.join(first, 'mirror'));
    /* the supervisor too, or it would end a child without pulse and start another */
    for (const pid of [old.pid, sequencer])
      process.kill(pid, 'SIGSTOP');
    const second = copy_of(first, 'twice-second'), fresh = await kit.start(second);

    try {
      await kit.met(fresh);
      assert.strictEqual(kit.refused(fresh), undefined);
      await kit.work(fresh, 5);
      await kit.all_signed();
      await kit.sleep(STOPPED_MS);
      for (const pid of [sequencer, old.pid])
        process.kill(pid, 'SIGCONT');
      await kit.work(fresh, 5);
      await kit.until('the stale one to notice', () => /another has taken the log over/.test(old.log), 20000);
      await kit.all_signed();
      assert.strictEqual(kit.refused(fresh), undefined, 'the fresh one was fenced off instead');
      assert.strictEqual(kit.number('SELECT max(idx) + 1 FROM motcua.ledger_leaf'), kit.leaves());
      assert.strictEqual(kit.number('SELECT count(DISTINCT pid) FROM motcua.ledger_leaf'), kit.leaves());
      assert.ok(mirror.equals(fs.readFileSync(path.join(first, 'mirror'))), 'the stale one has gone on writing');
      kit.assert_mirror(second);
      assert.deepStrictEqual(kit.check(second), [0, '0 faults\n']);
      console.log(`T18: stopped ${STOPPED_MS} ms`);
    } finally { await fresh.end(); }
    for (const file of ['mirror', 'state']) // the next test goes on from here
      fs.copyFileSync(path.join(second, file), path.join(first, file));
  } finally {
    process.kill(old.pid, 'SIGCONT');
    await old.end();
  }
});

test('T24: two daemons over one folder and one database: one signs, no index is given twice', async () => {
  const one = await kit.start(first), two = await kit.start(first);

  try {
    await Promise.all([kit.met(one), kit.met(two)]);
    await Promise.all([kit.work(one, 5), kit.work(two, 5)]);
    await kit.all_signed();
    const fenced = [one, two].filter((daemon) => /another has taken the log over/.test(daemon.log));
    assert.strictEqual(fenced.length, 1);
    assert.strictEqual(kit.number('SELECT max(idx) + 1 FROM motcua.ledger_leaf'), kit.leaves());
  } finally { await one.end(); await two.end(); }
  kit.assert_mirror(first);
});

/* The clone's database is a copy of the cluster's files, its keys and state copies too; only the machine is another. */
const can_mount = spawnSync('unshare', ['-m', 'true']).status === 0;
test('T24: a clone on another machine, with a database of its own, refuses to sign', { skip: can_mount ? false : 'no mount namespace here' }, async () => {
  const copy = copy_of(first, 'clone'), machine = path.join(copy, 'machine-id'), database = `${process.env.MOTCUA_TEST_LEDGER}.db`;

  await kit.with_daemon(first, async (daemon) => { await kit.met(daemon); await kit.all_signed(); });
  for (const file of ['mirror', 'state'])
    fs.copyFileSync(path.join(first, file), path.join(copy, file));
  const data = kit.sql('SHOW data_directory');
  execFileSync(cluster, ['stop', path.dirname(data)]);
  execFileSync('cp', ['-a', path.dirname(data), database]);
  fs.rmSync(path.join(database, 'run'), { recursive: true, force: true });
  execFileSync(cluster, ['start', path.dirname(data)]);
  execFileSync(cluster, ['start', database]);
  try {
    const conninfo = execFileSync(cluster, ['conninfo', database, 'daemon'], { encoding: 'utf8' }).trim();
    const admin = execFileSync(cluster, ['conninfo', database, 'postgres'], { encoding: 'utf8' }).trim();
    const before = kit.sql('SELECT count(*) FROM motcua.ledger_ckpt', admin);
    const args = kit.settings(copy, conninfo), program = path.join(copy, 'motcuad');

    fs.writeFileSync(machine, `${'0123456789abcdef'.repeat(2)}\n`);
    fs.writeFileSync(program, `#!/bin/sh\nexec unshare -m sh -c 'mount --bind "$0" /etc/machine-id && exec "$@"' ` +
      `'${machine}' '${process.env.MOTCUA_TEST_BUILD}/motcuad' "$@"\n`, { mode: 0o755 });
    const build = process.env.MOTCUA_TEST_BUILD;
    process.env.MOTCUA_TEST_BUILD = copy;
    const clone = new Daemon(args);
    process.env.MOTCUA_TEST_BUILD = build;
    try {
      await clone.ready();
      await kit.met(clone);
      assert.match(kit.refused(clone) ?? '', /of another machine/);
      await kit.work(clone, 2); // people may still try it out
      await kit.sleep(2500);
      assert.strictEqual(kit.sql('SELECT count(*) FROM motcua.ledger_ckpt', admin), before);
      assert.strictEqual(kit.sql('SELECT count(*) FROM motcua.ledger_pend', admin), '4');
    } finally { await clone.end(); }
  } finally {
    execFileSync(cluster, ['stop', database, 'immediate']);
    fs.rmSync(database, { recursive: true, force: true });
  }
});
