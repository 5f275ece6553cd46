// The evidence of a running server: each step a signed record in its transaction, leaves, checkpoints, and an export
// that the offline verifier takes. Invariants I1–I8, I20 of docs/ledger.md.
import assert from 'node:assert';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { as, dossier_at, intake, media_of, refused, send, sql, walk } from './harness.mjs';

const build = process.env.MOTCUA_TEST_BUILD, scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'motcua-ledger-'));
const settings = ['--set', `ledger.directory=${process.env.MOTCUA_TEST_LEDGER}`, '--set', 'ledger.origin=motcua.test/log1',
  '--set', `database.conninfo=${process.env.MOTCUA_TEST_CONNINFO}`,
  '--set', `database.migrate_conninfo=${process.env.MOTCUA_TEST_DB}`];
const motcua = (...words) => spawnSync(path.join(build, 'motcua'), words, { encoding: 'utf8', maxBuffer: 1 << 26 });
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
process.on('exit', () => fs.rmSync(scratch, { recursive: true, force: true }));

const trust_file = path.join(scratch, 'trust.json');
async function trust() {
  const reply = await send('GET', '/api/v1/ledger/trust');

  fs.writeFileSync(trust_file, reply.text);
  return reply.body;
}

/* The proof once all steps of the dossier are in it. */
async function proof(dossier, who = 'tiepnhan', query = '') {
  for (let turn = 0; turn < 100; turn++) {
    const reply = await (await as(who)).get(`/api/v1/dossiers/${dossier.code}/ledger${query}`);

    if (reply.status === 200 && lines(reply.text).filter((line) => line.t === 'leaf' && JSON.parse(line.rec).dsq > 0).length === dossier.version)
      return reply;
    await pause(100);
  }
  assert.fail('the steps do not become leaves');
}
const lines = (text) => text.trim().split('\n').map((line) => JSON.parse(line));
function verdict(text) {
  const file = path.join(scratch, 'export.ndjson');

  fs.writeFileSync(file, text);
  return motcua('verify', file, '--trust', trust_file);
}

test('every step is a signed record, and the offline verifier takes the whole chain (I1, I2, I4, I5)', async () => {
  const dossier = await dossier_at('ready'), reply = await proof(dossier), all = lines(reply.text);
  const records = all.filter((line) => line.t === 'leaf').map((line) => JSON.parse(line.rec));

  await trust();
  assert.strictEqual(media_of(reply), 'application/x-ndjson');
  assert.deepStrictEqual(records.map((record) => record.dsq), Array.from({ length: dossier.version }, (_, at) => at + 1));
  assert.strictEqual(records[0].typ, 'dossier.open');
  assert.strictEqual(records[0].dos, dossier.code.split('-').slice(0, 2).join('-'));
  assert.ok(records.slice(1).every((record) => record.dos === dossier.code && record.typ === 'step'));
  assert.strictEqual(records.at(-1).st, dossier.state);
  const told = verdict(reply.text);
  assert.strictEqual(told.status, 3, told.stdout + told.stderr); // nobody has cosigned yet
  assert.match(told.stdout, /^valid, not yet witnessed: 8 records/);
  const alone = spawnSync(path.join(build, 'motcua-verify'), [path.join(scratch, 'export.ndjson'), '--trust', trust_file], { encoding: 'utf8' });
  assert.strictEqual(alone.stdout, told.stdout);
  assert.strictEqual(motcua('ledger', 'export', dossier.code, ...settings).stdout, reply.text);
});

test('a record holds no personal data and no free text; its payload is the one it commits to (I20)', async () => {
  const dossier = await intake(), reply = await proof(dossier), all = lines(reply.text);
  const pay = all.find((line) => line.t === 'pay'), leaf = all.find((line) => line.t === 'leaf'), record = JSON.parse(leaf.rec);
  const sha = (...parts) => createHash('sha256').update(Buffer.concat(parts)).digest();

  assert.deepStrictEqual(Object.keys(record).sort(), Object.keys(record));
  assert.match(leaf.rec, /^[\x20-\x7e]+$/);
  for (const secret of [dossier.owner.name, dossier.owner.phone, dossier.owner.personal_id].filter(Boolean))
    assert.ok(!leaf.rec.includes(secret));
  assert.strictEqual(record.pay, sha(Buffer.from([2]), Buffer.from(pay.salt, 'hex'), sha(Buffer.from(pay.body))).toString('hex'));
  assert.strictEqual(JSON.parse(pay.body).action, 'accept');
});

test('a byte changed, a step left out: the verifier says where', async () => {
  const dossier = await dossier_at('processing'), reply = await proof(dossier), all = reply.text.trim().split('\n');
  const rows = lines(reply.text), at = rows.findIndex((line) => line.t === 'leaf' && JSON.parse(line.rec).dsq === 2);

  await trust();
  assert.match(verdict(reply.text.replace('\\"st\\":\\"ASSIGNING\\"', '\\"st\\":\\"ASSIGNINC\\"')).stdout, /^invalid at step signature/);
  assert.match(verdict(all.filter((_, n) => rows[n].i !== rows[at].i).join('\n') + '\n').stdout, /^invalid at step link/);
  assert.match(verdict(all.filter((_, n) => rows[n].t !== 'ckpt').join('\n') + '\n').stdout, /^invalid at step checkpoint/);
});

test('an older checkpoint that the auditor holds is connected, a foreign one is not (anchors)', async () => {
  const old = await intake(), first = lines((await proof(old)).text).find((line) => line.t === 'ckpt').note;
  const dossier = await intake(), size = Number(first.split('\n')[1]), keys = await trust();
  let reply;

  do
    reply = await proof(dossier, 'tiepnhan', `?from=${size}`);
  while (Number(lines(reply.text).find((line) => line.t === 'ckpt').note.split('\n')[1]) <= size);
  fs.writeFileSync(trust_file, JSON.stringify({ ...keys, anchors: [first] }));
  assert.match(verdict(reply.text).stdout, /^valid, not yet witnessed.* 1 anchors/);
  assert.match(verdict(reply.text.split('\n').filter((line) => !line.startsWith('{"t":"cons"')).join('\n')).stdout, /^invalid at step anchor/);
  const exported = motcua('ledger', 'export', dossier.code, '--trust', trust_file, ...settings);
  assert.match(verdict(exported.stdout).stdout, /^valid, not yet witnessed/);
});

test('indexes have no gap and no repeat, parents come first, nodes are those of the tree (I3)', async () => {
  await proof(await dossier_at('signing'));
  assert.strictEqual(sql('SELECT count(*) = max(idx) + 1 AND min(idx) = 0 FROM motcua.ledger_leaf'), 't');
  assert.strictEqual(sql(`SELECT count(*) FROM motcua.ledger l JOIN motcua.ledger_leaf f USING (pid)
    JOIN motcua.ledger b ON b.dossier = l.dossier AND b.dsq = l.dsq - 1 JOIN motcua.ledger_leaf g ON g.pid = b.pid
    WHERE g.idx >= f.idx OR convert_from(l.rec, 'UTF8')::json -> 'prev' ->> 0 <> encode(b.hash, 'hex')`), '0');
  assert.strictEqual(sql(`SELECT count(*) FROM motcua.ledger_node n JOIN motcua.ledger_leaf a ON n.level = 1 AND a.idx = 2 * n.at
    JOIN motcua.ledger_leaf b ON b.idx = 2 * n.at + 1 WHERE n.hash <> sha256('\\x01'::bytea || a.hash || b.hash)`), '0');
});

test('neither the daemon nor the sequencer can change evidence; the owner meets a trigger (roles)', async () => {
  const tables = ['ledger', 'ledger_leaf', 'ledger_node', 'ledger_ckpt', 'ledger_cosignature'];
  const denied = (statement) => spawnSync('psql', ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', process.env.MOTCUA_TEST_DB, '-c', statement], { encoding: 'utf8' });

  await proof(await intake());
  for (const role of ['motcua_app', 'motcua_seq', 'motcua_owner'])
    for (const table of tables)
      for (const what of [`UPDATE motcua.${table} SET ${table === 'ledger_ckpt' ? "note = 'x'" : table === 'ledger_cosignature' ? "line = 'x'" : "hash = '\\x00'"}`,
        `DELETE FROM motcua.${table}`, `TRUNCATE motcua.${table} CASCADE`]) {
        const told = denied(`SET ROLE ${role}; ${what}`);

        /* a cosignature there is none yet of: no row meets the trigger, which TRUNCATE does */
        if (role === 'motcua_owner' && table === 'ledger_cosignature' && !what.startsWith('TRUNCATE'))
          continue;
        assert.notStrictEqual(told.status, 0, `${role}: ${what}`);
        assert.match(told.stderr, role === 'motcua_owner' ? /never changed or deleted/ : /permission denied/, `${role}: ${what}`);
      }
  for (const call of ["command.ledger_open('x')", "command.ledger_put(1, 1, NULL)", "command.ledger_erase('x', 'abc')", "command.ledger_record('x')",
    "command.ledger_checkpoint(1, 1, 'x')"])
    assert.match(denied(`SET ROLE motcua_app; SELECT ${call}`).stderr, /permission denied/, call);
  assert.match(denied('SET ROLE motcua_app; INSERT INTO motcua.ledger_pend VALUES (1)').stderr, /permission denied/);
});

test('a record that no worker has signed never becomes a leaf, and holds up nobody (I4)', async () => {
  const forged = sql(`WITH l AS (SELECT sig, rec FROM motcua.ledger ORDER BY pid LIMIT 1), d AS (SELECT max(id) + 1000000 AS id FROM motcua.dossier)
    SELECT command.ledger_put(d.id, 1, decode(repeat('00', 32), 'hex') || set_byte(l.sig, 5, get_byte(l.sig, 5) # 1)
      || set_byte(set_byte('\\x0000'::bytea, 0, length(l.rec) / 256), 1, length(l.rec) % 256) || l.rec) FROM l, d`);

  await proof(await intake());
  assert.strictEqual(sql(`SELECT fault FROM motcua.ledger_reject WHERE pid = ${forged}`), 'signature');
  assert.strictEqual(sql(`SELECT count(*) FROM motcua.ledger_leaf WHERE pid = ${forged}`), '0');
});

test('strangers get no proof, and the public pages no leaf', async () => {
  const dossier = await intake();

  await proof(dossier);
  refused(await (await as('tiepnhan2')).get(`/api/v1/dossiers/${dossier.code}/ledger`), 404, 'no-such-dossier');
  refused(await (await as('tiepnhan')).get('/api/v1/dossiers/H17.105-200101-0001/ledger'), 404, 'no-such-dossier');
  const note = await send('GET', '/api/v1/ledger/checkpoint');
  assert.match(note.text, /^motcua\.test\/log1\n\d+\n[A-Za-z0-9+/]{43}=\n\n\u2014 motcua\.test\/log1 /);
});

test('state is the fold of records; a row changed behind the records is found (I6)', async () => {
  const dossier = await dossier_at('processing');

  await proof(dossier);
  const good = motcua('ledger', 'check', ...settings);
  assert.strictEqual(good.status, 0, good.stdout + good.stderr);
  sql(`ALTER TABLE motcua.dossier DISABLE TRIGGER USER; UPDATE motcua.dossier SET state = 'SIGNING' WHERE code = '${dossier.code}';
    ALTER TABLE motcua.dossier ENABLE TRIGGER USER`);
  const bad = motcua('ledger', 'check', ...settings);
  assert.strictEqual(bad.status, 1);
  assert.match(bad.stdout, /state is not that of the last record/);
  sql(`ALTER TABLE motcua.dossier DISABLE TRIGGER USER; UPDATE motcua.dossier SET state = 'PROCESSING' WHERE code = '${dossier.code}';
    ALTER TABLE motcua.dossier ENABLE TRIGGER USER`);
  assert.strictEqual(motcua('ledger', 'check', ...settings).status, 0);
});

test('erased by law, the dossier holds no personal data and its proof is as good as before (I20)', async () => {
  const dossier = await walk(await dossier_at('ready'), [['tiepnhan', 'collect_fee', { method: 'CASH' }, 'RESULT_READY'],
    ['tiepnhan', 'return_result', { receiver_name: 'Người Nhận Thử', authorisation: 'Giấy uỷ quyền thử' }, 'RETURNED']]);

  await trust();
  assert.strictEqual(lines((await proof(dossier)).text).filter((line) => line.t === 'pay').length, dossier.version);
  assert.notStrictEqual(motcua('ledger', 'erase', 'H17.105-200101-0001', 'căn cứ', ...settings).status, 0);
  const erased = motcua('ledger', 'erase', dossier.code, 'Luật 91/2025/QH15 điều 14', ...settings);
  assert.strictEqual(erased.status, 0, erased.stderr);
  const reply = await proof(dossier), told = verdict(reply.text);
  assert.match(told.stdout, new RegExp(`^valid, not yet witnessed: ${dossier.version} records`));
  assert.strictEqual(lines(reply.text).filter((line) => line.t === 'pay').length, 0);
  assert.strictEqual(sql(`SELECT c.owner IS NULL AND c.submitter IS NULL AND d.owner_key IS NULL
      AND NOT EXISTS (SELECT FROM motcua.event e WHERE e.month = d.month AND e.dossier = d.id AND e.input IS NOT NULL)
    FROM motcua.dossier d JOIN motcua.dossier_content c ON c.dossier = d.id WHERE d.code = '${dossier.code}'`), 't');
  assert.strictEqual(motcua('ledger', 'check', ...settings).status, 0);
  const shown = await (await as('tiepnhan')).get(`/api/v1/dossiers/${dossier.code}`);
  assert.strictEqual(shown.status, 200, shown.text);
});

/* A witness is a folder on another organisation's machine. */
function witness(name) {
  const folder = path.join(scratch, name);

  fs.mkdirSync(folder);
  const vkey = motcua('witness', 'key', folder, name).stdout;
  assert.match(vkey, /^[^+]+\+[0-9a-f]{8}\+/);
  fs.copyFileSync(path.join(process.env.MOTCUA_TEST_LEDGER, 'log.vkeys'), path.join(folder, 'logs.vkeys'));
  fs.appendFileSync(path.join(process.env.MOTCUA_TEST_LEDGER, 'witness.vkeys'), vkey);
  return folder;
}
const piped = (input, ...words) => spawnSync(path.join(build, 'motcua'), words, { encoding: 'utf8', input });
const request = (size) => motcua('ledger', 'request', String(size), ...settings).stdout;

test('two witnesses cosign, and the proof is valid and witnessed; neither goes back or aside', async () => {
  const [one, two] = [witness('w1.example'), witness('w2.example')], first = await intake();

  await proof(first);
  const asked = request(0), size = Number(lines(asked)[0].note.split('\n')[1]);
  for (const folder of [one, two]) {
    const answer = piped(asked, 'witness', 'cosign', folder);
    assert.strictEqual(answer.status, 0, answer.stderr);
    const kept = piped(answer.stdout, 'ledger', 'cosigned', ...settings);
    assert.strictEqual(kept.status, 0, kept.stderr);
  }
  await trust();
  assert.match(verdict((await proof(first)).text).stdout, /^valid and witnessed: .* 2 of 2 cosignatures/);

  await proof(await intake());
  const later = request(size), grown = Number(lines(later)[0].note.split('\n')[1]);
  assert.ok(grown > size);
  assert.match(piped(request(0), 'witness', 'cosign', one).stderr, new RegExp(`must go on from ${size}`));
  assert.strictEqual(piped(later, 'witness', 'cosign', one).status, 0);
  assert.match(piped(asked, 'witness', 'cosign', one).stderr, new RegExp(`must go on from ${grown}`));
  const lied = later.replace(/("path":\[")(.)/, (_, head, letter) => head + (letter === 'A' ? 'B' : 'A'));
  assert.match(piped(lied, 'witness', 'cosign', two).stderr, /TWO HISTORIES/);
  assert.strictEqual(piped(later.replace('log1', 'log2'), 'witness', 'cosign', two).status, 65);
  /* a cosignature of another checkpoint, or of nobody, is not kept */
  assert.notStrictEqual(piped(asked, 'ledger', 'cosigned', ...settings).status, 0);
  assert.notStrictEqual(piped(lines(later)[0].note, 'ledger', 'cosigned', ...settings).status, 0);
});
