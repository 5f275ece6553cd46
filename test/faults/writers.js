// Eight clerks' programs that take in dossiers and pass them on as fast as they are answered, and write down what they
// were told. What was not told stays open: it is repeated with its key once the fault is over.
'use strict';
const { randomUUID } = require('node:crypto');
const http = require('node:http');
const { sleep } = require('../process/daemon.js');

const WRITERS = 8, PATIENCE_MS = 15000;
let serial = 0;

function intake_body() {
  const digits = String(serial++).padStart(8, '0');
  return { procedure: '1.001612', channel: 'COUNTER', return_channel: 'COUNTER', submitter: null, note: '',
    owner: { kind: 'CITIZEN', name: 'Nguyễn Văn Thử', personal_id: `0480${digits}`, phone: '+84901234567', address: 'Số 1' },
    components: [{ code: 'FORM_HOUSEHOLD', originals: 1, certified_copies: 0, plain_copies: 0 },
      { code: 'ID_PAPER', originals: 0, certified_copies: 0, plain_copies: 1 }] };
}

/* A request that somebody means: kept until it is told done. */
const new_intake = () => ({ what: 'intake', where: '/api/v1/dossiers', key: randomUUID(), headers: {}, body: JSON.stringify(intake_body()) });
const new_transfer = (code) => ({ what: 'transfer', where: `/api/v1/dossiers/${code}/actions`, key: randomUUID(), code,
  headers: { 'if-match': '"1"' }, body: JSON.stringify({ action: 'transfer' }) });

class Writers {
  constructor(port_of) {
    this.port_of = port_of;
    this.token = '';
    this.is_over = false;
    this.bad = [];          // answers that nobody may ever get
    this.begin_round();
  }

  begin_round() {
    this.done = [];         // told done: the request with its code and version
    this.open = [];         // sent, and not told
    this.unavailable = 0;
    this.last_done_ms = 0;
  }

  /* One request: { status, body, headers }, or { error } where no whole answer came. */
  send(wish, agent) {
    return new Promise((resolve) => {
      const request = http.request({ host: '127.0.0.1', port: this.port_of(), method: 'POST', path: wish.where, agent, timeout: PATIENCE_MS,
        headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json', 'idempotency-key': wish.key,
          'content-length': Buffer.byteLength(wish.body), ...wish.headers } }, (reply) => {
        let text = '';
        reply.setEncoding('utf8').on('data', (part) => { text += part; });
        reply.on('error', (error) => resolve({ error: error.code }));
        reply.on('close', () => resolve(reply.complete ? { status: reply.statusCode, headers: reply.headers, text } : { error: 'cut' }));
      });
      request.on('timeout', () => { this.bad.push(`${wish.what}: no answer in ${PATIENCE_MS} ms`); request.destroy(); });
      request.on('error', (error) => resolve({ error: error.code ?? error.message }));
      request.end(wish.body);
    });
  }

  /* Sends it and writes down what came of it; true when it is done. */
  async attempt(wish, agent) {
    const reply = await this.send(wish, agent);

    if (reply.status === 201 || reply.status === 200) {
      const body = JSON.parse(reply.text);
      Object.assign(wish, { code: body.code, version: body.version ?? 1 });
      if (wish.told !== undefined && wish.told !== reply.text)
        this.bad.push(`${wish.what} ${wish.key}: repeated, it is answered otherwise`);
      wish.told = reply.text;
      this.last_done_ms = Date.now();
      return true;
    }
    if (reply.status === 503) {
      this.unavailable++;
      if (!reply.headers['retry-after'] || !/^application\/problem\+json/.test(reply.headers['content-type']))
        this.bad.push(`503 without Retry-After or not problem+json: ${reply.text}`);
    } else if (reply.status !== undefined) {
      this.bad.push(`${wish.what}: ${reply.status} ${reply.text.slice(0, 300)}`);
    }
    return false;
  }

  async write(agent) {
    while (!this.is_over) {
      let wish = new_intake();

      if (await this.attempt(wish, agent)) {
        this.done.push(wish);
        wish = new_transfer(wish.code);
        if (await this.attempt(wish, agent)) {
          this.done.push(wish);
          continue;
        }
      }
      this.open.push(wish);
      await sleep(20);
    }
  }

  start() {
    this.is_over = false;
    this.agent = new http.Agent({ keepAlive: true, maxSockets: WRITERS });
    this.all = Promise.all(Array.from({ length: WRITERS }, () => this.write(this.agent)));
  }

  async stop() {
    this.is_over = true;
    await this.all;
    this.agent.destroy();
  }

  /* Each open one with its own key until it is done; and some that were done, again. */
  async repeat(patience_ms) {
    const end = Date.now() + patience_ms, agent = new http.Agent({ keepAlive: true, maxSockets: WRITERS });
    const again = this.done.filter((_, at) => at % 10 === 0);
    const wishes = [...this.open, ...again];
    const one = async () => {
      for (let wish = wishes.pop(); wish !== undefined; wish = wishes.pop())
        while (!await this.attempt(wish, agent)) {
          if (Date.now() > end)
            throw new Error(`${wish.what} ${wish.key} is not done ${patience_ms} ms after the fault`);
          await sleep(50);
        }
    };

    await Promise.all(Array.from({ length: WRITERS }, one));
    agent.destroy();
    this.done.push(...this.open);
    this.open = [];
  }

  async sign_in() {
    const reply = await fetch(`http://127.0.0.1:${this.port_of()}/api/v1/sessions`, { method: 'POST',
      headers: { 'content-type': 'application/json' }, body: JSON.stringify({ username: 'tiepnhan', password: 'motcua-demo' }) });
    this.token = (await reply.json()).token;
  }
}

module.exports = { Writers, new_intake };
