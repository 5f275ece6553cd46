// The two load generators, each run once: what they say, in one shape.
'use strict';
const { spawn } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

function run(command, args, env, limit_s) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '', err = '';
    const timer = setTimeout(() => child.kill('SIGKILL'), limit_s * 1000);
    child.stdout.on('data', (bytes) => { out += bytes; });
    child.stderr.on('data', (bytes) => { err += bytes; });
    child.on('error', reject);
    child.on('close', (status) => {
      clearTimeout(timer);
      if (status === 0)
        resolve(out + err);
      else
        reject(new Error(`${command} ended with ${status}: ${(err || out).slice(0, 2000)}`));
    });
  });
}

/* wrk with one thread: on two cores a second one only takes from the server. */
async function wrk({ url, script, list, seed, seconds, connections }) {
  const lua = path.join(__dirname, '..', 'lua');
  const out = await run('wrk', ['-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '10s', '-s',
    path.join(lua, `${script}.lua`), url], { BENCH_LUA: lua, BENCH_LIST: list, BENCH_SEED: String(seed) }, seconds + 30);
  const line = /^BENCH (.*)$/m.exec(out);
  if (!line)
    throw new Error(`wrk said: ${out}`);
  return JSON.parse(line[1]);
}

/* Latencies of a fifth of the transactions, from pgbench's own log. */
function percentiles(prefix, units) {
  const times = fs.readdirSync(path.dirname(prefix)).filter((name) => name.startsWith(path.basename(prefix)))
    .flatMap((name) => {
      const file = path.join(path.dirname(prefix), name), lines = fs.readFileSync(file, 'latin1').split('\n');
      fs.rmSync(file);
      return lines.filter(Boolean).map((line) => Number(line.split(' ')[2]));
    }).sort((a, b) => a - b);
  const at = (share) => (times[Math.floor(times.length * share)] ?? NaN) / 1000 / units;
  return { p50_ms: at(0.5), p99_ms: at(0.99) };
}

/* units: how many questions of the measured kind one transaction of the script asks. Plans are generic from the first
 * time on, as those of a connection that has served for a while: five plannings a client are no part of the work. */
async function pgbench({ file, units, variables, conninfo, seconds, connections, folder }) {
  const prefix = path.join(folder, 'pgbench_log');
  const sets = Object.entries(variables).flatMap(([name, value]) => ['-D', `${name}=${value}`]);
  const out = await run('pgbench', ['-n', '-M', 'prepared', '-c', connections, '-j', Math.min(2, connections), '-T', seconds,
    '-l', '--sampling-rate=0.2', `--log-prefix=${prefix}`, '-f', file, ...sets, conninfo].map(String), { PGOPTIONS: '-c plan_cache_mode=force_generic_plan' }, seconds + 60);
  const count = Number(/transactions actually processed: (\d+)/.exec(out)[1]);
  const rate = Number(/tps = ([\d.]+)/.exec(out)[1]), failed = Number(/failed transactions: (\d+)/.exec(out)?.[1] ?? 0);
  return { requests: count * units, seconds: count / rate, ...percentiles(prefix, units), refused: 0, broken: failed };
}

module.exports = { pgbench, run, wrk };
