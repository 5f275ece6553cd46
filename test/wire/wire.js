// What the tests of this folder share: raw bytes to a daemon, the answers cut apart, and what is stored.
'use strict';
const { spawnSync } = require('node:child_process');
const { randomUUID } = require('node:crypto');
const net = require('node:net');

/* Writes bytes (all at once), reads until the server closes or is silent for silence_ms. */
function say(port, bytes, silence_ms = 700) {
  return new Promise((resolve) => {
    const parts = [];
    let is_closed = false, timer;
    const end = () => { clearTimeout(timer); socket.destroy(); resolve({ text: Buffer.concat(parts).toString('latin1'), is_closed }); };
    const wait = () => { clearTimeout(timer); timer = setTimeout(end, silence_ms); };
    const socket = net.connect(port, '127.0.0.1', () => { socket.write(bytes); wait(); });

    socket.on('data', (part) => { parts.push(part); wait(); });
    socket.on('end', () => { is_closed = true; end(); });
    socket.on('error', () => { is_closed = true; end(); });
  });
}

/* The answers in what was read: [{status, head, body}]; a last one that is cut has is_cut. */
function answers(text) {
  const list = [];

  while (text !== '') {
    const at = text.indexOf('\r\n\r\n'), match = /^HTTP\/1\.1 (\d{3}) /.exec(text);
    if (at < 0 || !match)
      return [...list, { is_cut: true, head: text }];
    const head = text.slice(0, at), length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0);
    const body = text.slice(at + 4, at + 4 + length);
    list.push({ status: Number(match[1]), head, body, is_cut: body.length < length });
    text = text.slice(at + 4 + length);
  }
  return list;
}

function sql(statement) {
  const done = spawnSync('psql', ['-X', '-q', '-At', '-v', 'ON_ERROR_STOP=1', '-d', process.env.MOTCUA_TEST_DB, '-c', statement], { encoding: 'utf8' });
  if (done.status !== 0)
    throw new Error(done.stderr);
  return done.stdout.trim();
}

/* How much stands in every table that a request can write to. */
const stored = () => sql('SELECT (SELECT count(*) FROM motcua.dossier), (SELECT count(*) FROM motcua.event), (SELECT count(*) FROM motcua.idempotency), ' +
  '(SELECT count(*) FROM motcua.work), (SELECT sum(last) FROM motcua.code_counter), (SELECT count(*) FROM motcua.delegation)');

async function token_of(port) {
  const reply = await fetch(`http://127.0.0.1:${port}/api/v1/sessions`, { method: 'POST', headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'tiepnhan', password: 'motcua-demo' }) });
  return (await reply.json()).token;
}

const dossier = (note = '') => ({ procedure: '1.001612', channel: 'COUNTER', return_channel: 'COUNTER', submitter: null, note,
  owner: { kind: 'CITIZEN', name: 'Nguyễn Văn Thử', personal_id: '048012345678', phone: '+84901234567', address: 'Số 1' },
  components: [{ code: 'FORM_HOUSEHOLD', originals: 1, certified_copies: 0, plain_copies: 0 },
    { code: 'ID_PAPER', originals: 0, certified_copies: 0, plain_copies: 1 }] });

/* The lines of a POST that takes in a dossier; framing headers and body are the caller's. */
const intake_head = (token) => `POST /api/v1/dossiers HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${token}\r\n` +
  `Content-Type: application/json\r\nIdempotency-Key: ${randomUUID()}\r\n`;

function intake(token, body = JSON.stringify(dossier())) {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(body);
  return Buffer.concat([Buffer.from(`${intake_head(token)}Content-Length: ${bytes.length}\r\n\r\n`), bytes]);
}

module.exports = { say, answers, stored, sql, token_of, dossier, intake, intake_head, port: Number(new URL(process.env.MOTCUA_TEST_URL).port) };
