// T13: mirror and signer state cut at each byte of their last record, met by a start (I7, I8, I19 of docs/ledger.md).
'use strict';
const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const { test } = require('node:test');
const kit = require('./kit.js');

const folder = kit.folder_of('torn'), file = (name) => path.join(folder, name);
const whole = {};

test('a history to tear', () => kit.with_daemon(folder, async (daemon) => {
  await kit.met(daemon);
  await kit.work(daemon, 3);
  await kit.all_signed();
}).then(() => { for (const name of ['mirror', 'state']) whole[name] = fs.readFileSync(file(name)); }));

const put_back = () => { for (const name of ['mirror', 'state']) fs.writeFileSync(file(name), whole[name]); };

test('T13: a mirror cut at any byte of its last record is finished from the database, byte for byte', async () => {
  const ends = kit.mirror_ends(whole.mirror), cuts = kit.places(whole.mirror.length - ends.at(-2), 10);

  for (const cut of cuts) {
    put_back();
    fs.truncateSync(file('mirror'), ends.at(-2) + cut);
    await kit.with_daemon(folder, async (daemon) => {
      await kit.met(daemon);
      assert.strictEqual(kit.refused(daemon), undefined, `cut at ${cut}`);
    });
    assert.ok(whole.mirror.equals(fs.readFileSync(file('mirror'))), `cut at ${cut}: another mirror`);
  }
  console.log(`T13 mirror: ${cuts.length} cuts of ${whole.mirror.length - ends.at(-2)} bytes, all repaired`);
});

test('T13: a signer state cut at any byte is refused, and nothing is signed', async () => {
  const cuts = kit.places(whole.state.length, 10), before = kit.signed();

  for (const cut of cuts) {
    put_back();
    fs.truncateSync(file('state'), cut);
    await kit.with_daemon(folder, async (daemon) => {
      await kit.met(daemon);
      assert.match(kit.refused(daemon) ?? '', /state is damaged/, `cut at ${cut}`);
    });
    assert.strictEqual(fs.statSync(file('state')).size, cut, `cut at ${cut}: written over`);
  }
  assert.strictEqual(kit.signed(), before);
  console.log(`T13 state: ${cuts.length} cuts of ${whole.state.length} bytes, all refused`);
  put_back();
});

test('T13: mirror and state cut together: refused, and after the state is put back all is signed', async () => {
  put_back();
  fs.truncateSync(file('mirror'), whole.mirror.length - 9);
  fs.truncateSync(file('state'), whole.state.length - 1);
  await kit.with_daemon(folder, async (daemon) => {
    await kit.met(daemon);
    assert.match(kit.refused(daemon) ?? '', /state is damaged/);
    await kit.work(daemon, 2); // the counter goes on
  });
  fs.writeFileSync(file('state'), whole.state);
  await kit.with_daemon(folder, async (daemon) => {
    await kit.met(daemon);
    await kit.all_signed();
  });
  kit.assert_mirror(folder);
  assert.deepStrictEqual(kit.check(folder), [0, '0 faults\n']);
});
