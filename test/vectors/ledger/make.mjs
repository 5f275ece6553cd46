// The vectors of this folder, made by a second implementation that shares nothing with server/ledger/proof: the
// recursions of RFC 6962 as they are written, Node's own SHA-256 and Ed25519, JSON.stringify with sorted keys.
//   node test/vectors/ledger/make.mjs        writes the files anew; the same bytes each time
import { createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto';
import fs from 'node:fs';

const folder = new URL('.', import.meta.url).pathname;
const sha = (...parts) => createHash('sha256').update(Buffer.concat(parts.map((part) => Buffer.from(part)))).digest();
const byte = (value) => Buffer.from([value]);
const hex = (seed, bytes) => sha(seed).toString('hex').slice(0, 2 * bytes);

// --- RFC 6962 section 2.1, naive ---
const half = (n) => { let k = 1; while (2 * k < n) k *= 2; return k; };
const root = (d) => (d.length === 0 ? sha('') : d.length === 1 ? d[0]
  : sha(byte(1), root(d.slice(0, half(d.length))), root(d.slice(half(d.length)))));
function inclusion(m, d) {
  if (d.length === 1)
    return [];
  const k = half(d.length);
  return m < k ? [...inclusion(m, d.slice(0, k)), root(d.slice(k))] : [...inclusion(m - k, d.slice(k)), root(d.slice(0, k))];
}
function subproof(m, d, whole) {
  if (m === d.length)
    return whole ? [] : [root(d)];
  const k = half(d.length);
  return m <= k ? [...subproof(m, d.slice(0, k), whole), root(d.slice(k))]
    : [...subproof(m - k, d.slice(k), false), root(d.slice(0, k))];
}
const consistency = (m, d) => subproof(m, d, true);

// --- keys, records, notes ---
const pkcs8 = Buffer.from('302e020100300506032b657004220420', 'hex');
function key(name, type, seed) {
  const secret = createPrivateKey({ key: Buffer.concat([pkcs8, sha(seed)]), format: 'der', type: 'pkcs8' });
  const point = createPublicKey(secret).export({ format: 'der', type: 'spki' }).subarray(-32);
  const id = sha(name, '\n', byte(type), point).subarray(0, 4);

  return { name, id, kid: id.toString('hex'), vkey: `${name}+${id.toString('hex')}+${Buffer.concat([byte(type), point]).toString('base64')}`,
    sign: (message) => sign(null, Buffer.from(message), secret) };
}
const canonical = (record) => JSON.stringify(Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1))));
const origin = 'motcua.vectors.example/log1';
const record_key = key(`${origin}/record`, 1, 'record 1'), next_key = key(`${origin}/record`, 1, 'record 2');
const log_key = key(origin, 1, 'log'), witnesses = ['w1', 'w2', 'w3'].map((name) => key(`${name}.example`, 4, name));
const stranger = key(`${origin}/record`, 1, 'stranger'), strange_log = key(origin, 1, 'strange log');

let serial = 0;
function record(values) {
  serial += 1;
  return { act: '7', at: 1790000000000000 + serial * 1000000, bid: '', dos: '', dsq: 0, kid: record_key.kid, log: origin, mh: '', msg: '',
    nbr: 0, org: 'H48.15', pay: '', peer: '', prev: [], rid: hex(`rid ${serial}`, 16), salt: hex(`salt ${serial}`, 16), sq: 0, st: '',
    typ: 'step', v: 1, vkey: '', ...values };
}
function leaf(rec, by = record_key, bytes = canonical(rec)) {
  const sig = by.sign(Buffer.concat([Buffer.from('motcua/ledger-record/v1\n'), Buffer.from(bytes)]));
  return { record: rec, rec: bytes, sig, hash: sha(byte(0), bytes, sig) };
}
const next = (parent, st, more = {}) => record({ dos: 'H48.15-260921-0001', dsq: parent.record.dsq + 1, prev: [parent.hash.toString('hex')], st, ...more });
const commit = (salt, body) => sha(byte(2), salt, sha(body)).toString('hex');

function note(size, tree, { by = log_key, at = origin, cosigned = witnesses.slice(0, 2) } = {}) {
  const body = `${at}\n${size}\n${root(tree.slice(0, size)).toString('base64')}\n`;
  const line = (who, bytes) => `\u2014 ${who.name} ${Buffer.concat([who.id, bytes]).toString('base64')}\n`;
  const stamp = Buffer.alloc(8);

  stamp.writeBigUInt64BE(1790000100n);
  return `${body}\n${line(by, by.sign(body))}${cosigned.map((who) => line(who,
    Buffer.concat([stamp, who.sign(`cosignature/v1\ntime 1790000100\n${body}`)]))).join('')}`;
}

// --- a log of 13 leaves: one dossier of five steps, a key rotation, strangers' steps between ---
const payload = '{"action":"accept","reason":"Đủ giấy tờ"}', salt = sha('payload salt');
function history(edit = (values) => values) {
  serial = 0;
  const all = [], put = (one) => { all.push(one); return one; };
  const other = () => put(leaf(record({ typ: 'dossier.open', dos: `H48.15-260921-9${String(all.length).padStart(3, '0')}`, dsq: 1, st: 'ACCEPTED' })));

  other();
  const open = put(leaf(record({ typ: 'dossier.open', dos: 'H48.15-260921', dsq: 1, st: 'ACCEPTED', pay: commit(salt, payload) })));
  other(); other();
  const second = put(leaf(next(open, 'IN_TRANSFER')));
  const turn = put(leaf(record({ typ: 'key.add', act: '', org: '', vkey: next_key.vkey })));
  const third = put(leaf(next(second, 'ASSIGNING', edit({ kid: next_key.kid })), next_key));
  other(); other();
  const fourth = put(leaf(next(third, 'PROCESSING', { kid: next_key.kid }), next_key));
  other();
  const fifth = put(leaf(next(fourth, 'REVIEW', { kid: next_key.kid }), next_key));
  other();
  return { all, mine: [open, second, turn, third, fourth, fifth] };
}

const lines = (items) => items.map((item) => `${typeof item === 'string' ? item : JSON.stringify(item)}\n`).join('');
const b64 = (hashes) => hashes.map((one) => one.toString('base64'));
function export_of({ all, mine }, { size = all.length, noted = {}, old = [] } = {}) {
  const tree = all.map((one) => one.hash);

  return [...mine.map((one) => ({ t: 'leaf', i: all.indexOf(one), rec: one.rec, sig: one.sig.toString('base64') })),
    { t: 'ckpt', note: note(size, tree, noted) },
    ...mine.map((one) => ({ t: 'incl', i: all.indexOf(one), size, path: b64(inclusion(all.indexOf(one), tree.slice(0, size))) })),
    ...old.map((from) => ({ t: 'cons', old: from, size, path: b64(consistency(from, tree.slice(0, size))) })),
    ...(mine[0].record.pay ? [{ t: 'pay', i: all.indexOf(mine[0]), salt: salt.toString('hex'), body: payload }] : [])];
}

const log = history(), good = export_of(log, { old: [6] });
const trust = { origin, log: [log_key.vkey], witness: witnesses.map((one) => one.vkey), k: 2, record: [record_key.vkey], peer: {}, anchors: [] };
const anchored = { ...trust, anchors: [note(6, log.all.map((one) => one.hash))] };

// --- the mutants: what is done to a good export, and the verdict it must get ---
const copy = (items) => JSON.parse(JSON.stringify(items));
const flip = (text, at) => { const bytes = Buffer.from(text, 'base64'); bytes[at] ^= 1; return bytes.toString('base64'); };
const with_line = (at, change) => { const items = copy(good); items[at] = change(items[at]); return items; };
const without = (is_gone) => copy(good).filter((item, at) => !is_gone(item, at));
const forged = (index, edit, by) => { // one leaf made anew, the proofs kept
  const items = copy(good), rec = edit({ ...JSON.parse(items[index].rec) }), made = leaf(rec, by);
  items[index] = { ...items[index], rec: made.rec, sig: made.sig.toString('base64') };
  return items;
};
const ckpt = good.findIndex((item) => item.t === 'ckpt'), incl = ckpt + 2, pay = good.length - 1;
const rewritten = history((values) => ({ ...values, org: 'H48.99' }));
const behind = { ...log, mine: log.mine.slice(0, 3) };
const mutants = [
  ['valid', good, anchored, 'valid and witnessed'],
  ['valid-erased', without((item) => item.t === 'pay'), trust, 'valid and witnessed'],
  ['M01-record-byte', with_line(4, (l) => ({ ...l, rec: l.rec.replace('PROCESSING', 'PROCESSINH') })), trust, 'signature'],
  ['M02-signature-byte', with_line(1, (l) => ({ ...l, sig: flip(l.sig, 3) })), trust, 'signature'],
  ['M03-blank-in-record', with_line(1, (l) => ({ ...l, rec: l.rec.replace(',', ', ') })), trust, 'record'],
  ['M04-keys-swapped', with_line(1, (l) => ({ ...l, rec: l.rec.replace(/^\{("act":"7"),("at":\d+),/, '{$2,$1,') })), trust, 'record'],
  ['M05-middle-step-gone', without((item) => item.i === 6), trust, 'link'],
  ['M06-first-step-gone', without((item) => item.i === 1), trust, 'link'],
  ['M07-order-swapped', [good[1], good[0], ...good.slice(2)], trust, 'format'],
  ['M08-leaf-doubled', [good[0], good[0], ...good.slice(1)], trust, 'format'],
  ['M09-index-moved', with_line(5, (l) => ({ ...l, i: 12 })), trust, 'inclusion'],
  ['M10-proof-gone', without((item) => item.t === 'incl' && item.i === 4), trust, 'inclusion'],
  ['M11-path-byte', with_line(incl, (l) => ({ ...l, path: [flip(l.path[0], 0), ...l.path.slice(1)] })), trust, 'inclusion'],
  ['M12-path-emptied', with_line(incl, (l) => ({ ...l, path: [] })), trust, 'inclusion'],
  ['M13-proof-to-no-checkpoint', with_line(incl, (l) => ({ ...l, size: 12 })), trust, 'inclusion'],
  ['M14-checkpoint-gone', without((item) => item.t === 'ckpt'), trust, 'checkpoint'],
  ['M15-root-replaced', with_line(ckpt, (l) => ({ ...l, note: l.note.replace(/\n13\n.{43}=/, `\n13\n${sha('x').toString('base64')}`) })), trust, 'checkpoint'],
  ['M16-other-log-key', export_of(log, { noted: { by: strange_log } }), trust, 'checkpoint'],
  ['M17-other-origin', export_of(log, { noted: { at: 'motcua.vectors.example/log2' } }), trust, 'checkpoint'],
  ['M18-unknown-record-key', forged(4, (r) => ({ ...r, kid: stranger.kid }), stranger), trust, 'key'],
  ['M19-record-of-another-log', forged(4, (r) => ({ ...r, log: 'motcua.vectors.example/log2' }), next_key), trust, 'record'],
  ['M20-key-before-its-time', forged(1, (r) => ({ ...r, kid: next_key.kid }), next_key), trust, 'key'],
  ['M21-history-rewritten-unwitnessed', export_of(rewritten, { noted: { cosigned: [] }, old: [6] }), trust, 'valid, not yet witnessed'],
  ['M22-history-rewritten-anchored', export_of(rewritten, { old: [6] }), { ...trust, anchors: [note(9, log.all.map((one) => one.hash))] }, 'anchor'],
  ['M23-anchor-unconnected', without((item) => item.t === 'cons'), anchored, 'anchor'],
  ['M24-one-cosignature', export_of(log, { noted: { cosigned: witnesses.slice(0, 1) } }), trust, 'valid, not yet witnessed'],
  ['M25-payload-replaced', with_line(pay, (l) => ({ ...l, body: l.body.replace('Đủ', 'Thiếu') })), trust, 'payload'],
  ['M26-unknown-line', [...good, { t: 'root', root: 'x' }], trust, 'format'],
  ['M27-key-twice-in-a-line', lines(good).replace('{"t":"leaf"', '{"t":"leaf","t":"leaf"').split('\n').slice(0, -1), trust, 'format'],
  ['M28-record-signed-again', forged(4, (r) => ({ ...r, st: 'RETURNED' }), next_key), trust, 'inclusion'],
  ['M29-older-checkpoint', [...export_of(behind, { size: 6 })], { ...trust, anchors: [note(13, log.all.map((one) => one.hash))] }, 'anchor'],
];

// --- what is written ---
const leaves = Array.from({ length: 33 }, (_, i) => sha(byte(0), `leaf ${i}`));
const rows = [];
for (let n = 0; n <= 33; n++) {
  const tree = leaves.slice(0, n);

  rows.push(`root ${n} ${root(tree).toString('hex')}`);
  for (let m = 0; m < n; m++) {
    rows.push(`incl ${m} ${n} ${inclusion(m, tree).map((one) => one.toString('hex')).join(',')}`);
    rows.push(`cons ${m + 1} ${n} ${consistency(m + 1, tree).map((one) => one.toString('hex')).join(',')}`);
  }
}
fs.writeFileSync(`${folder}trees.txt`, rows.map((row) => row.trimEnd()).join('\n') + '\n');
fs.writeFileSync(`${folder}records.txt`, [...[record_key, next_key, log_key].map((one) => `key ${one.vkey}`),
  ...log.all.slice(0, 20).map((one) => `rec ${one.sig.toString('hex')} ${one.hash.toString('hex')} ${one.rec}`)].join('\n') + '\n');
fs.rmSync(`${folder}exports`, { recursive: true, force: true });
fs.mkdirSync(`${folder}exports`);
for (const [name, items, whom] of mutants) {
  fs.writeFileSync(`${folder}exports/${name}.ndjson`, lines(items));
  fs.writeFileSync(`${folder}exports/${name}.trust.json`, JSON.stringify(whom) + '\n');
}
fs.writeFileSync(`${folder}exports.txt`, mutants.map(([name, , , verdict]) => `${name}\t${verdict}\n`).join(''));
