// The bench's own cluster, as its superuser: questions about what happened, and lists for the load generators.
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const { execFileSync } = require('node:child_process');
const pg = require('../fastify/node_modules/pg');

const cluster = path.join(__dirname, '..', '..', 'cluster');

class Database {
  constructor(dir) {
    this.dir = dir;
    this.conninfo = execFileSync(cluster, ['conninfo', dir, 'daemon']).toString().trim();
    this.socket = /host='([^']+)'/.exec(this.conninfo)[1];
    this.pool = new pg.Pool({ host: this.socket, user: 'postgres', database: 'motcua', max: 1 });
    this.pool.on('error', () => {}); // the crash at the end
  }

  async rows(text, values) { return (await this.pool.query(text, values)).rows; }

  async value(text, values) { return Object.values((await this.rows(text, values))[0])[0]; }

  async list(file, text, values) {
    const { rows } = await this.pool.query({ text, values, rowMode: 'array' });
    fs.writeFileSync(file, rows.map((row) => `${row.join(' ')}\n`).join(''));
    return rows;
  }

  postmaster() { return Number(fs.readFileSync(path.join(this.dir, 'data', 'postmaster.pid'), 'utf8').split('\n')[0]); }

  /* After a crash: recovery of some gigabytes of WAL may take longer than `cluster start` waits. */
  async restart() {
    for (let i = 0; i < 60; i++) {
      try {
        execFileSync(cluster, ['start', this.dir], { stdio: 'ignore' });
        await this.pool.query('SELECT 1');
        return;
      } catch {
        await new Promise((go) => { setTimeout(go, 2000); });
      }
    }
    throw new Error('the cluster does not recover');
  }
}

module.exports = { Database };
