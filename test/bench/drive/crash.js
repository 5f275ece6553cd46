// Durability: 64 clients take in dossiers, the cluster is killed under them with SIGKILL, and every code that was
// answered with 201 must be there when it has recovered.
'use strict';
const crypto = require('node:crypto');
const fs = require('node:fs');
const http = require('node:http');
const samples = require('./samples');
const { tree } = require('./cpu');

const CLIENTS = 64, WANTED = 1000, SECONDS_MAX = 30;

function intake(agent, url, token) {
  return new Promise((resolve) => {
    const request = http.request(`${url}/api/v1/dossiers`, { method: 'POST', agent, timeout: 10000, headers: {
      Authorization: `Bearer ${token}`, 'Content-Type': 'application/json', 'Idempotency-Key': crypto.randomUUID() } },
    (reply) => {
      const location = reply.headers.location;
      reply.resume().on('end', () => resolve(reply.statusCode === 201 ? location.split('/').pop() : null));
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(null));
    request.end(JSON.stringify(samples.body));
  });
}

async function crash(bench, server) {
  const tokens = fs.readFileSync(bench.lists.clerks, 'utf8').trim().split('\n');
  const agent = new http.Agent({ keepAlive: true, maxSockets: CLIENTS });
  const codes = [];
  let is_over = false;
  const clients = Array.from({ length: CLIENTS }, async (_, i) => {
    for (let n = 0; !is_over; n++) {
      const code = await intake(agent, server.url, tokens[(i + n * CLIENTS) % tokens.length]);
      if (code)
        codes.push(code);
      else
        await new Promise((go) => { setTimeout(go, 20); });
    }
  });
  for (let i = 0; i < SECONDS_MAX * 20 && codes.length < WANTED; i++)
    await new Promise((go) => { setTimeout(go, 50); });
  for (const pid of tree(bench.database.postmaster()))
    process.kill(pid, 'SIGKILL');
  await new Promise((go) => { setTimeout(go, 300); });
  is_over = true;
  await Promise.all(clients);
  agent.destroy();
  await bench.database.restart();
  const there = await bench.database.value('SELECT count(*)::int FROM motcua.dossier WHERE code = ANY ($1)', [codes]);
  if (new Set(codes).size !== codes.length || there !== codes.length || codes.length < WANTED)
    throw new Error(`after a crash ${there} of ${codes.length} acknowledged dossiers are there`);
  return codes.length;
}

module.exports = { crash };
