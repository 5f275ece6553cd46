// pgbench scripts around the server's own statements: the text of its .sql files, with $n become pgbench's variables.
'use strict';
const fs = require('node:fs');
const path = require('node:path');

const server = path.join(__dirname, '..', '..', '..', 'server');

/* names[n - 1] is the variable of $n; null: NULL. */
function statement(file, names) {
  const text = fs.readFileSync(path.join(server, file), 'utf8').replace(/^(--.*\n)+/, '').trim();
  return `${text.replace(/\$(\d+)/g, (_, n) => (names[n - 1] === null ? 'NULL' : `:${names[n - 1]}`))};`;
}

function lookup() {
  const columns = Array.from({ length: 10 }, (_, i) => `c${i}`);
  return { units: 10, text: ['\\set n random(0, :sets - 1)',
    `SELECT ${columns.join(', ')} FROM bench.code_set WHERE n = :n \\gset`,
    ...columns.map((column) => statement('lookup/sql/lookup.sql', [column]))].join('\n') };
}

function inbox() {
  const columns = ['s0', 's1', 's2', 's3'];
  return { units: 4, text: ['\\set n random(0, :sets - 1)',
    `SELECT ${columns.join(', ')} FROM bench.person_set WHERE n = :n \\gset`,
    ...columns.map((column) => statement('dossier/sql/inbox.sql', [column, 'after', 'after_id', 'limit']))].join('\n') };
}

/* Each client is one clerk, found once. */
const clerk = `\\if :ready = 0
SELECT '\\x' || encode(p.hash, 'hex') AS session, c.agency AS agency, c.desk AS desk, c.agency || '.02' AS dept
  FROM bench.person p JOIN bench.commune c ON c.n = p.commune WHERE p.kind = 'clerk' AND c.n = :client_id \\gset
\\set ready 1
\\endif
\\set i :i + 1`;

function intake(parameters) {
  const own = { 1: 'session', 2: 'key', 6: 'agency', 15: 'desk', 16: 'agency', 17: 'dept', 18: 'desk', 29: 'owner' };
  const names = parameters.map((value, i) => own[i + 1] ?? (value === null ? null : `p${i + 1}`));
  return { units: 1, text: [clerk, '\\set key :base + :i', '\\set owner random(100000000, 199999999)',
    statement('counter/sql/intake.sql', names)].join('\n') };
}

/* Both halves, as the daemon does it: load, then apply. Only the decision between them is missing. */
function transition(parameters) {
  const own = { 1: 'session', 2: 'key', 6: 'id', 12: 'dept', 13: 'dept', 36: 'desk' };
  const names = parameters.map((value, i) => own[i + 1] ?? (value === null ? null : `p${i + 1}`));
  return { units: 1, text: [clerk, '\\set id :base + :client_id + (:i - 1) * :clients', '\\set key :id',
    'SELECT code, processing_unit AS dept, receiving_unit AS desk FROM motcua.dossier WHERE id = :id \\gset',
    statement('dossier/sql/dossier_load.sql', ['session', 'code', 'key', null]),
    statement('dossier/sql/dossier_apply.sql', names)].join('\n') };
}

/* -D values for what a script leaves open. */
function constants(parameters) {
  return Object.fromEntries(parameters.map((value, i) => [`p${i + 1}`, value]).filter(([, value]) => value !== null)
    .map(([name, value]) => [name, Buffer.isBuffer(value) ? `\\x${value.toString('hex')}` : String(value)]));
}

module.exports = { constants, inbox, intake, lookup, transition };
