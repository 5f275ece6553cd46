// Who is measured: the daemon and the peer as servers on loopback, each with one process and with two, and pgbench.
'use strict';
const { spawn } = require('node:child_process');
const fs = require('node:fs');
const net = require('node:net');
const path = require('node:path');
const { tree } = require('./cpu');

const started = [];

function free_port() {
  return new Promise((resolve) => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

async function answers(url, child) {
  for (let i = 0; i < 300; i++) {
    if (child.exitCode !== null)
      break;
    if (await fetch(url).then((reply) => reply.status < 500, () => false))
      return;
    await new Promise((go) => { setTimeout(go, 100); });
  }
  throw new Error(`${url} does not answer`);
}

function start(command, args, log, env) {
  const out = fs.openSync(log, 'w');
  const child = spawn(command, args, { stdio: ['ignore', out, out], env: { ...process.env, ...env } });
  started.push(child);
  return child;
}

async function motcuad({ build, conninfo, folder }, workers) {
  const port = await free_port(), url = `http://127.0.0.1:${port}`;
  const child = start(path.join(build, 'motcuad'), ['serve', ...['http.port=' + port, `process.workers=${workers}`,
    'http.secure_cookie=false', 'log.level=warning', 'lookup.rate_per_minute=0', 'process.drain_timeout=5s',
    `database.conninfo=${conninfo}`].flatMap((set) => ['--set', set])], path.join(folder, `motcuad-${workers}.log`));
  await answers(`${url}/readyz`, child);
  return { name: `motcuad, ${workers} worker${workers > 1 ? 's' : ''}`, kind: 'http', family: 'motcuad', url, root: child.pid };
}

async function fastify({ socket, folder }, processes) {
  const port = await free_port(), url = `http://127.0.0.1:${port}`;
  const child = start('node', [path.join(__dirname, '..', 'fastify', 'server.js'), String(port), String(processes)],
    path.join(folder, `fastify-${processes}.log`),
    { PGHOST: socket, PGUSER: 'motcua_daemon', PGDATABASE: 'motcua', NODE_ENV: 'production' });
  await answers(`${url}/api/v1/lookup/none`, child);
  return { name: `fastify, ${processes} process${processes > 1 ? 'es' : ''}`, kind: 'http', family: 'fastify', url,
    root: child.pid };
}

function pgbench(connections) {
  return { name: `pgbench, ${connections} connections`, kind: 'pgbench', family: 'pgbench', connections };
}

/* Every process that was started, asked to end and then made to. */
async function stop_all() {
  await Promise.all(started.splice(0).map(async (child) => {
    if (child.exitCode !== null || child.signalCode !== null)
      return;
    const all = tree(child.pid);
    const ended = new Promise((resolve) => { child.once('exit', resolve); });
    child.kill('SIGTERM');
    await Promise.race([ended, new Promise((go) => { setTimeout(go, 8000).unref(); })]);
    for (const pid of all)
      if (tree(process.pid).includes(pid))
        process.kill(pid, 'SIGKILL');
  }));
}

module.exports = { fastify, motcuad, pgbench, stop_all };
