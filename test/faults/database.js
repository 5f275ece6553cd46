// The cluster of a fault run: asked as superuser, stopped, killed, started again.
'use strict';
const { execFileSync, spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { children_of } = require('../process/daemon.js');

const cluster = path.resolve(__dirname, '../cluster'), folder = process.env.MOTCUA_TEST_CLUSTER;

/* Rows of a statement, each a list of texts. */
function sql(statement) {
  const done = spawnSync('psql', ['-X', '-q', '-At', '-F', '\t', '-v', 'ON_ERROR_STOP=1', '-d', process.env.MOTCUA_TEST_DB],
    { input: statement, encoding: 'utf8', maxBuffer: 1 << 28 });
  if (done.status !== 0)
    throw new Error(done.stderr);
  return done.stdout.split('\n').filter((line) => line !== '').map((line) => line.split('\t'));
}

const value = (statement) => sql(statement)[0][0];
const stop_at_once = () => execFileSync(cluster, ['stop', folder, 'immediate']);
const start = () => execFileSync(cluster, ['start', folder]);

/* The server and all its processes, the server last. */
function processes() {
  const server = Number(fs.readFileSync(`${folder}/data/postmaster.pid`, 'utf8').split('\n')[0]);
  return [...children_of(server).map((child) => child.pid), server];
}

function signal_all(signal) {
  for (const pid of processes())
    try { process.kill(pid, signal); } catch (error) { if (error.code !== 'ESRCH') throw error; }
}

module.exports = { sql, value, stop_at_once, start, signal_all };
