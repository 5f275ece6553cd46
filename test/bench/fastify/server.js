#!/usr/bin/env node
// The peer: Fastify and pg as one would write it without thinking of benches. `node server.js PORT PROCESSES`, the
// database by PGHOST, PGUSER, PGDATABASE.
'use strict';
const cluster = require('node:cluster');
const fastify = require('fastify');
const pg = require('pg');
const { Catalogue } = require('./catalogue');

const [port, processes] = process.argv.slice(2).map(Number);

async function serve() {
  const pool = new pg.Pool(); // its default, 10 connections, as it comes
  const app = fastify({ logger: false });
  const context = { pool, catalogue: await Catalogue.load(pool) };
  let number = 0;
  const seed = `${process.pid.toString(16)}-`;

  app.addHook('onRequest', async (request, reply) => { reply.header('X-Request-Id', seed + number++); });
  for (const room of ['lookup', 'inbox', 'intake', 'act'])
    require(`./${room}`)(app, context);
  await app.listen({ host: '127.0.0.1', port });
}

if (cluster.isPrimary && processes > 1) {
  for (let i = 0; i < processes; i++)
    cluster.fork();
  process.on('SIGTERM', () => { // the workers end with their channel
    for (const worker of Object.values(cluster.workers))
      worker.process.kill('SIGKILL');
    process.exit(0);
  });
} else {
  serve().catch((error) => { console.error(error); process.exit(1); });
}
