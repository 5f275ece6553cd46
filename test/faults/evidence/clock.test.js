// T16: the clock of the server, of the database, of both steps an hour, a day, ten minutes while people work (libfaketime;
// the monotonic clock goes on, as it does when somebody sets the time). No order changes, no record is before its parent.
'use strict';
const assert = require('node:assert');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { test } = require('node:test');
const kit = require('./kit.js');

const library = ['x86_64-linux-gnu', 'aarch64-linux-gnu'].map((name) => `/usr/lib/${name}/faketime/libfaketimeMT.so.1`).find((name) => fs.existsSync(name));
const skip = library === undefined ? 'no libfaketime here' : false;
const cluster = path.resolve(__dirname, '../../cluster'), folder = kit.folder_of('clock');
const steps = { '+1 h': 3600, '-1 h': -3600, '+1 day': 86400, '-1 day': -86400, '-10 min': -600 };

const clock_of = (name) => path.join(path.dirname(process.env.MOTCUA_TEST_LEDGER), `clock-${name}`);
/* Read at each look at the clock; written whole, so that nobody reads half a number. */
function set_clock(name, seconds) {
  fs.writeFileSync(`${clock_of(name)}.new`, `${seconds < 0 ? '' : '+'}${seconds}\n`, { mode: 0o644 });
  fs.renameSync(`${clock_of(name)}.new`, clock_of(name));
}
const faked = (name) => ({ LD_PRELOAD: library, FAKETIME_TIMESTAMP_FILE: clock_of(name), FAKETIME_NO_CACHE: '1', FAKETIME_DONT_FAKE_MONOTONIC: '1', DONT_FAKE_MONOTONIC: '1' });

function restart_database(env) {
  const data = path.dirname(kit.sql('SHOW data_directory'));

  execFileSync(cluster, ['stop', data]);
  execFileSync(cluster, ['start', data], { env: { ...process.env, ...env }, stdio: 'ignore' });
}

/* Seconds by which a record is before its parent at most; NULL: never. */
const disorder = () => kit.sql(`SELECT count(*) FROM motcua.ledger l JOIN motcua.ledger b ON b.dossier = l.dossier AND b.dsq = l.dsq - 1
  WHERE (convert_from(l.rec, 'UTF8')::json ->> 'at')::bigint < (convert_from(b.rec, 'UTF8')::json ->> 'at')::bigint`);

for (const [whose, set] of [['the server', ['server']], ['the database', ['database']], ['both', ['server', 'database']]])
  test(`T16: the clock of ${whose} steps while people work`, { skip }, async () => {
    for (const name of ['server', 'database'])
      set_clock(name, 0);
    restart_database(faked('database'));
    try {
      await kit.with_daemon(folder, async (daemon) => {
        await kit.met(daemon);
        assert.strictEqual(kit.refused(daemon), undefined);
        for (const [step, seconds] of Object.entries(steps)) {
          const before = kit.leaves(), opened = await kit.work(daemon, 3, false);

          for (const name of set)
            set_clock(name, seconds);
          if (set.includes('database'))
            assert.ok(Math.abs(kit.number('SELECT extract(epoch FROM clock_timestamp())') - Date.now() / 1000 - seconds) < 60, 'the clock did not step');
          for (const code of opened) // opened before the step, moved after it
            await kit.move(daemon, code, await kit.sign_in(daemon)); // a day later the old session is over
          await kit.work(daemon, 3);
          await kit.all_signed();
          assert.strictEqual(kit.leaves() - before, 12, step);
          for (const name of set)
            set_clock(name, 0);
        }
        assert.strictEqual(kit.refused(daemon), undefined);
        await kit.work(daemon, 1);
        await kit.all_signed();
      }, faked('server'));
    } finally { restart_database({}); }
    assert.strictEqual(disorder(), '0', 'a record before its parent');
    assert.strictEqual(kit.number('SELECT max(idx) + 1 FROM motcua.ledger_leaf'), kit.leaves());
    assert.deepStrictEqual(kit.check(folder), [0, '0 faults\n']);
    kit.assert_mirror(folder);
  });
