// More daemons on the database of the test's own, each with a clock of its own (time.clock_offset): what happens in
// forty days is asked today. Whoever starts one ends it.
import { spawn, execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

const folder = path.dirname(process.env.MOTCUA_TEST_LOG);
let serial = 0;

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/* One value, or rows of text, asked as the superuser of the test's cluster. */
export function sql(text) {
  return execFileSync('psql', ['-XAtq', '-v', 'ON_ERROR_STOP=1', '-d', process.env.MOTCUA_TEST_DB, '-c', text], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
}

/* Asks again until it holds; fails after so long. */
export async function until(what, holds, seconds = 60) {
  for (let left = seconds * 10; left > 0; left--) {
    const found = await holds();
    if (found)
      return found;
    await sleep(100);
  }
  throw new Error(`not within ${seconds} s: ${what}`);
}

/* A daemon; `harness` is the harness of test/path, asking this one. */
export async function daemon(offset, ...sets) {
  const log = path.join(folder, `watch-${process.pid}-${serial++}.log`);
  const file = fs.openSync(log, 'w');
  const child = spawn(path.join(process.env.MOTCUA_TEST_BUILD, 'motcuad'), ['serve', '--set', 'http.port=0', '--set', 'process.workers=1',
    '--set', 'http.secure_cookie=false', '--set', `render.program=${path.resolve('test/render')}`,
    '--set', `database.conninfo=${process.env.MOTCUA_TEST_CONNINFO}`, '--set', `time.clock_offset=${offset}`,
    ...sets.flatMap((one) => ['--set', one])], { stdio: ['ignore', 'ignore', file] });
  const ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve(signal ?? code)));

  fs.closeSync(file);
  const port = await until('a port', () => /msg=starting .*\bport=(\d+)/.exec(fs.readFileSync(log, 'utf8'))?.[1]);
  const url = `http://127.0.0.1:${port}`;
  return { url, child, log, ended,
    ready: () => until('ready', async () => (await fetch(`${url}/readyz`).catch(() => ({}))).status === 200),
    harness: () => {
      process.env.MOTCUA_TEST_URL = url; // each query makes a module of its own
      return import(`../path/harness.mjs?${serial++}`);
    },
    stop: () => { child.kill('SIGTERM'); return ended; },
    kill: () => { child.kill('SIGKILL'); return ended; } };
}
