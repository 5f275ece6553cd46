// Somebody with write access to the database: as the daemon's role the statement itself fails; as superuser, with the
// triggers off, it is done and found – by the fold (`motcua ledger check`), by the offline verifier over an export, or by
// the sequencer's next start. What nobody finds stands below as such, so that finding it one day fails here.
'use strict';
const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const { test } = require('node:test');
const kit = require('./kit.js');

const folder = kit.folder_of('attacker');
let daemon, code, dossier, top; /* the attacked dossier: intake and one transfer; the last leaf's index */

test('a history to attack', async () => {
  daemon = await kit.start(folder);
  await kit.met(daemon);
  await kit.work(daemon, 3);
  [code] = await kit.work(daemon, 1);
  await kit.work(daemon, 2);
  await kit.all_signed();
  dossier = kit.number(`SELECT id FROM motcua.dossier WHERE code = '${code}'`);
  top = kit.leaves() - 1;
  assert.deepStrictEqual(kit.check(folder), [0, '0 faults\n']);
  assert.match(kit.verdict(folder, code), /^valid, not yet witnessed/);
});

const TABLES = ['ledger', 'ledger_payload', 'ledger_pend', 'ledger_reject', 'ledger_leaf', 'ledger_node', 'ledger_ckpt', 'ledger_cosignature', 'ledger_fence',
  'ledger_witnessed', 'ledger_erasure', 'dossier', 'dossier_content', 'event', 'idempotency', 'chain_leg'];
for (const role of ['motcua_app', 'motcua_seq'])
  test(`as ${role} nothing is inserted, changed, deleted or emptied past the commands`, () => {
    let tried = 0;

    for (const table of TABLES) {
      if (kit.sql(`SELECT to_regclass('motcua.${table}') IS NULL`) === 't')
        continue;
      const column = kit.sql(`SELECT column_name FROM information_schema.columns WHERE table_schema = 'motcua' AND table_name = '${table}' AND is_generated = 'NEVER' AND is_identity = 'NO'
        ORDER BY ordinal_position LIMIT 1`);
      for (const what of [`UPDATE motcua.${table} SET ${column} = ${column}`, `DELETE FROM motcua.${table}`, `TRUNCATE motcua.${table} CASCADE`,
        `INSERT INTO motcua.${table} DEFAULT VALUES`, `ALTER TABLE motcua.${table} DISABLE TRIGGER ALL`]) {
        const told = kit.run_sql(`SET ROLE ${role}; ${what}`);
        assert.notStrictEqual(told.status, 0, what);
        assert.match(told.stderr, /permission denied|must be owner/, what);
        tried++;
      }
    }
    assert.ok(tried >= 60, `only ${tried} tried`);
    console.log(`${role}: ${tried} statements, all refused`);
  });

/* Done as superuser past all triggers, in one transaction. */
const force = (statements) => kit.sql(`SET session_replication_role = replica; BEGIN; ${statements}; COMMIT`);
const at = (seq) => `(SELECT pid FROM motcua.ledger WHERE dossier = ${dossier} AND dsq = ${seq})`;
const flipped = (column) => `set_byte(${column}, position('"salt":"'::bytea IN ${column}) + 9, 48 + (get_byte(${column}, position('"salt":"'::bytea IN ${column}) + 9) - 47) % 10)`;
const leaf_hash = "sha256('\\x00'::bytea || rec || sig)";

/* What is done; tables to keep and put back afterwards; what the fold says; what the verifier says. NOTHING: not found. */
const NOTHING = Symbol('not found');
const attacks = [
  ['a byte of a record', ['ledger'], () => `UPDATE motcua.ledger SET rec = ${flipped('rec')} WHERE pid = ${at(1)}`, /bytes are not those of the hash/, /^invalid at step/],
  ['a byte of a signature', ['ledger'], () => `UPDATE motcua.ledger SET sig = set_byte(sig, 3, get_byte(sig, 3) # 1) WHERE pid = ${at(2)}`, /bytes are not those of the hash/, /^invalid at step/],
  ['a record and its hash', ['ledger'], () => `UPDATE motcua.ledger SET rec = ${flipped('rec')} WHERE pid = ${at(2)};
    UPDATE motcua.ledger SET hash = ${leaf_hash} WHERE pid = ${at(2)}`, /never became a leaf/, /^(invalid at step|no export)/],
  ['the last record, its hash and its leaf', ['ledger', 'ledger_leaf'], () => `UPDATE motcua.ledger SET rec = ${flipped('rec')} WHERE pid = ${at(2)};
    UPDATE motcua.ledger SET hash = ${leaf_hash} WHERE pid = ${at(2)};
    UPDATE motcua.ledger_leaf f SET hash = l.hash FROM motcua.ledger l WHERE l.pid = f.pid AND f.pid = ${at(2)}`, NOTHING, /^invalid at step/],
  ['a first record, its hash and its leaf', ['ledger', 'ledger_leaf'], () => `UPDATE motcua.ledger SET rec = ${flipped('rec')} WHERE pid = ${at(1)};
    UPDATE motcua.ledger SET hash = ${leaf_hash} WHERE pid = ${at(1)};
    UPDATE motcua.ledger_leaf f SET hash = l.hash FROM motcua.ledger l WHERE l.pid = f.pid AND f.pid = ${at(1)}`, /\tlink/, /^invalid at step/],
  ['the last record removed', ['ledger', 'ledger_leaf'], () => `DELETE FROM motcua.ledger_leaf WHERE pid = ${at(2)}; DELETE FROM motcua.ledger WHERE pid = ${at(2)}`,
    /the last step has no record/, null],
  ['a first record removed', ['ledger', 'ledger_leaf'], () => `DELETE FROM motcua.ledger_leaf WHERE pid = ${at(1)}; DELETE FROM motcua.ledger WHERE pid = ${at(1)}`,
    /records begin late/, null],
  ['a leaf removed', ['ledger_leaf'], () => `DELETE FROM motcua.ledger_leaf WHERE pid = ${at(1)}`, /never became a leaf/, null],
  ['a leaf of another hash', ['ledger_leaf'], () => `UPDATE motcua.ledger_leaf SET hash = sha256('x') WHERE pid = ${at(1)}`, /never became a leaf/, /^(invalid at step|no export)/],
  ['two leaves changed about', ['ledger_leaf'], () => `UPDATE motcua.ledger_leaf SET idx = -1 WHERE pid = ${at(1)};
    UPDATE motcua.ledger_leaf SET idx = idx - 1 WHERE pid = ${at(2)}; UPDATE motcua.ledger_leaf SET idx = (SELECT idx + 1 FROM motcua.ledger_leaf WHERE pid = ${at(2)}) WHERE pid = ${at(1)}`,
    /parent comes after/, /^(invalid at step|no export)/],
  ['every node of the tree', ['ledger_node'], () => "UPDATE motcua.ledger_node SET hash = sha256(hash)", NOTHING, /^invalid at step/],
  ['every checkpoint of another root', ['ledger_ckpt'], () => "UPDATE motcua.ledger_ckpt SET note = regexp_replace(note, E'\\n[^\\n]{44}\\n', E'\\n' || repeat('A', 43) || E'=\\n')",
    NOTHING, /^invalid at step/],
  ['every checkpoint removed', ['ledger_ckpt'], () => 'DELETE FROM motcua.ledger_ckpt', NOTHING, /^(invalid at step|no export)/],
  ['a state', [], () => `UPDATE motcua.dossier SET state = 'CLOSED' WHERE id = ${dossier}`, /state is not that of the last record/, null,
    () => `UPDATE motcua.dossier d SET state = e.state_to FROM motcua.event e WHERE e.dossier = d.id AND e.seq = d.version AND d.id = ${dossier}`],
  ['a version', [], () => `UPDATE motcua.dossier SET version = version + 1 WHERE id = ${dossier}`, /the last step has no record/, null,
    () => `UPDATE motcua.dossier SET version = version - 1 WHERE id = ${dossier}`],
  ['an event removed', ['event'], () => `DELETE FROM motcua.event WHERE dossier = ${dossier} AND seq = 2`, /a record without its event/, null],
  ['the state of an event', ['event'], () => `UPDATE motcua.event SET state_to = 'CLOSED' WHERE dossier = ${dossier} AND seq = 2`, /record and event differ/, null],
  ['the actor of an event', ['event'], () => `UPDATE motcua.event SET actor = actor + 1 WHERE dossier = ${dossier} AND seq = 2`, /record and event differ/, null],
  ['a payload', ['ledger_payload'], () => `UPDATE motcua.ledger_payload SET body = body || ' '::bytea WHERE pid = ${at(1)}`, NOTHING, /^invalid at step/],
  ['the time of an event', ['event'], () => `UPDATE motcua.event SET at = at - interval '1 day' WHERE dossier = ${dossier} AND seq = 2`, NOTHING, NOTHING],
  ['the promised day', [], () => `UPDATE motcua.dossier SET due_clock = due_clock + interval '1 day' WHERE id = ${dossier}`, NOTHING, NOTHING,
    () => `UPDATE motcua.dossier SET due_clock = due_clock - interval '1 day' WHERE id = ${dossier}`],
  ['a dossier with all that is known of it', ['ledger', 'ledger_leaf', 'event', 'dossier'], () => `DELETE FROM motcua.ledger_leaf WHERE pid IN (${at(1)}, ${at(2)});
    DELETE FROM motcua.ledger WHERE dossier = ${dossier}; DELETE FROM motcua.event WHERE dossier = ${dossier}; DELETE FROM motcua.dossier WHERE id = ${dossier}`, /^0\tleaves are missing/, null],
];

const columns_of = (table) => kit.sql(`SELECT string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position) FROM information_schema.columns
  WHERE table_schema = 'motcua' AND table_name = '${table}' AND is_generated = 'NEVER'`);

for (const [what, tables, statements, fold, verifier, undo] of attacks)
  test(`as superuser: ${what}`, () => {
    kit.sql(tables.map((table) => `CREATE TABLE public.kept_${table} AS TABLE motcua.${table}`).join('; ') || 'SELECT 1');
    force(statements());
    try {
      const [status, told] = kit.check(folder);
      if (fold === NOTHING)
        assert.deepStrictEqual([status, told], [0, '0 faults\n'], 'found after all: write it down');
      else {
        assert.strictEqual(status, 1);
        assert.match(told, fold);
        assert.ok(told.split('\n').slice(0, -2).every((line) => line.startsWith(`${dossier}\t`) || line.startsWith('0\t')), `another dossier is named:\n${told}`);
      }
      const verdict = verifier === null ? '' : kit.verdict(folder, code);
      if (verifier === NOTHING)
        assert.match(verdict, /^valid/, 'found after all: write it down');
      else if (verifier !== null)
        assert.match(verdict, verifier);
    } finally {
      force(tables.map((table) => `DELETE FROM motcua.${table}; INSERT INTO motcua.${table} (${columns_of(table)}) OVERRIDING SYSTEM VALUE SELECT ${columns_of(table)} FROM public.kept_${table};
        DROP TABLE public.kept_${table}`).join('; ') || undo());
    }
    assert.deepStrictEqual(kit.check(folder), [0, '0 faults\n'], 'not put back');
  });

test('as superuser: a record taken from the queue before it is a leaf is found by the fold', async () => {
  const sequencer = daemon.child('ledger').pid;

  process.kill(sequencer, 'SIGSTOP');
  try {
    await kit.work(daemon, 1, false);
    force('DELETE FROM motcua.ledger_pend');
  } finally { process.kill(sequencer, 'SIGCONT'); }
  const [status, told] = kit.check(folder);
  assert.strictEqual(status, 1);
  assert.match(told, /never became a leaf/);
  force(`INSERT INTO motcua.ledger_pend SELECT l.pid FROM motcua.ledger l WHERE NOT EXISTS (SELECT FROM motcua.ledger_leaf f WHERE f.pid = l.pid)`);
  await kit.all_signed();
});

/* What the next start says; the sequencer's own mirror is what an attacker on the database cannot reach. */
const starts = [
  ['the last leaf removed', () => `DELETE FROM motcua.ledger_leaf WHERE idx = ${kit.leaves() - 1}; UPDATE motcua.ledger_fence SET size = size - 1`,
    /the database has lost leaves that the mirror has/],
  ['the nodes of the frontier', () => 'UPDATE motcua.ledger_node SET hash = sha256(hash)', /mirror and database have other roots/],
  ['another origin', () => "UPDATE motcua.ledger_fence SET origin = 'motcua.test/log2'", /another origin/],
  ['a forged leaf at the end', () => `INSERT INTO motcua.ledger (dossier, dsq, hash, sig, rec) SELECT 999999, 1, sha256('\\x00'::bytea || rec || set_byte(sig, 1, 1)), set_byte(sig, 1, 1), rec FROM motcua.ledger WHERE pid = ${at(1)};
    INSERT INTO motcua.ledger_leaf SELECT ${kit.leaves()}, max(pid), (SELECT hash FROM motcua.ledger WHERE dossier = 999999) FROM motcua.ledger;
    UPDATE motcua.ledger_fence SET size = size + 1`, /missing, out of order or not signed/],
];
for (const [what, statements, said] of starts)
  test(`as superuser: ${what}: found by the next start`, async () => {
    const tables = ['ledger', 'ledger_leaf', 'ledger_node', 'ledger_fence'];

    await daemon.end();
    kit.sql(tables.map((table) => `CREATE TABLE public.kept_${table} AS TABLE motcua.${table}`).join('; '));
    const before = kit.signed();
    force(statements());
    daemon = await kit.start(folder);
    await kit.met(daemon);
    const told = kit.refused(daemon);
    await kit.sleep(1500);
    assert.strictEqual(kit.signed(), before, 'signed over it');
    await daemon.end();
    force(tables.map((table) => `DELETE FROM motcua.${table}; INSERT INTO motcua.${table} (${columns_of(table)}) OVERRIDING SYSTEM VALUE SELECT ${columns_of(table)} FROM public.kept_${table};
      DROP TABLE public.kept_${table}`).join('; '));
    daemon = await kit.start(folder);
    await kit.met(daemon);
    assert.strictEqual(kit.refused(daemon), undefined, 'not put back');
    assert.match(told ?? 'met', said);
  });

test('the history is whole again', async () => {
  await kit.work(daemon, 1);
  await kit.all_signed();
  assert.ok(kit.leaves() > top);
  assert.deepStrictEqual(kit.check(folder), [0, '0 faults\n']);
  kit.assert_mirror(folder);
  await daemon.end();
});
