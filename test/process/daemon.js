// Starts a daemon of its own for a test and looks at its processes from outside. Used by the tests of this folder;
// test/server has made the database and says by MOTCUA_TEST_… where everything is.
'use strict';
const { spawn } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/* Waits until `look` gives something true, and gives that; fails with what was waited for. */
async function until(what, look, patience_ms = 10000) {
  const end = Date.now() + patience_ms;
  for (;;) {
    const seen = await look();
    if (seen)
      return seen;
    if (Date.now() > end)
      throw new Error(`waited ${patience_ms} ms in vain: ${what}`);
    await sleep(20);
  }
}

function read(name) {
  try { return fs.readFileSync(name, 'utf8'); } catch { return ''; }
}

/* Living processes (no zombies) whose parent is pid: [{pid, name}]. */
function children_of(pid) {
  return fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((name) => {
    const match = /^\d+ \((.*)\) (\S) (\d+) /s.exec(read(`/proc/${name}/stat`));
    return match && Number(match[3]) === pid && match[2] !== 'Z' ? [{ pid: Number(name), name: match[1] }] : [];
  });
}

function is_alive(pid) {
  const match = /^\d+ \(.*\) (\S) /s.exec(read(`/proc/${pid}/stat`));
  return match !== null && match[1] !== 'Z';
}

class Daemon {
  constructor(args, env = {}) {
    this.log = '';
    this.process = spawn(`${process.env.MOTCUA_TEST_BUILD}/motcuad`, ['serve', '--set', 'http.port=0', '--set',
      'process.workers=2', '--set', 'process.drain_timeout=5s', '--set',
      `database.conninfo=${process.env.MOTCUA_TEST_CONNINFO}`, '--set',
      `render.program=${path.resolve(__dirname, '../render')}`, ...args],
    { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, ...env } });
    this.pid = this.process.pid;
    this.process.stderr.on('data', (bytes) => { this.log += bytes; });
    this.ended = new Promise((resolve) => this.process.on('close', (code, signal) => resolve(signal ?? code)));
  }

  async ready() {
    await until('msg=ready', () => /msg=ready/.test(this.log) || this.process.exitCode !== null, 60000);
    if (!/msg=ready/.test(this.log))
      throw new Error(`the daemon ended:\n${this.log}`);
    this.port = Number(/msg=starting .*\bport=(\d+)/.exec(this.log)[1]);
    return this;
  }

  /* The exit status or signal; a daemon that does not end in time has failed the test. */
  async end_status(patience_ms = 20000) {
    await until('the daemon to end', () => this.process.exitCode !== null || this.process.signalCode !== null, patience_ms)
      .catch(async (fault) => { await this.end(); throw fault; });
    return this.ended;
  }

  children() { return children_of(this.pid); }
  child(name) { return this.children().find((child) => child.name.startsWith(name)); }
  kill(signal) { process.kill(this.pid, signal); }
  /* How often this stands in the log. */
  said(pattern) { return (this.log.match(new RegExp(pattern, 'g')) ?? []).length; }

  async answers() {
    try {
      const answer = await fetch(`http://127.0.0.1:${this.port}/healthz`, { headers: { connection: 'close' } });
      return answer.status === 200;
    } catch { return false; }
  }

  async end() {
    if (this.process.exitCode === null && this.process.signalCode === null)
      this.kill('SIGKILL');
    await this.ended;
  }
}

module.exports = { Daemon, until, sleep, children_of, is_alive };
