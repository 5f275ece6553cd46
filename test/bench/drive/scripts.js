// pgbench scripts around the server's own statements: the text of its .sql files, with $n become pgbench's variables.
'use strict';
const { parse } = require('../fastify/statements');

/* `given` names a variable for each parameter, or is '' where that is the value; NULL where it names none. */
function statement(file, given) {
  const { text, parameters } = parse(file);
  const written = (name) => (given[name] === '' ? "''" : given[name] ? `:${given[name]}` : 'NULL');
  return `${text.replace(/\$(\d+)/g, (_, n) => written(parameters[n - 1]))};`;
}

/* A variable p_… for each parameter that has a value, but those that the script finds by itself. */
const constant = (parameters) => Object.entries(parameters).filter(([, value]) => (value ?? null) !== null);

function variables(parameters, own) {
  return { ...Object.fromEntries(constant(parameters).map(([name, value]) => [name, value === '' ? '' : `p_${name}`])), ...own };
}

function lookup() {
  const columns = Array.from({ length: 10 }, (_, i) => `c${i}`);
  return { units: 10, text: ['\\set n random(0, :sets - 1)',
    `SELECT ${columns.join(', ')} FROM bench.code_set WHERE n = :n \\gset`,
    ...columns.map((column) => statement('lookup/sql/lookup.sql', { code: column }))].join('\n') };
}

function inbox() {
  const columns = ['s0', 's1', 's2', 's3'];
  return { units: 4, text: ['\\set n random(0, :sets - 1)',
    `SELECT ${columns.join(', ')} FROM bench.person_set WHERE n = :n \\gset`,
    ...columns.map((column) => statement('dossier/sql/inbox.sql',
      { session: column, after_risk: 'after', after_id: 'after_id', limit: 'limit' }))].join('\n') };
}

/* Each client is one clerk, found once. */
const clerk = `\\if :ready = 0
SELECT '\\x' || encode(p.hash, 'hex') AS session, c.agency AS agency, c.desk AS desk, c.agency || '.02' AS dept
  FROM bench.person p JOIN bench.commune c ON c.n = p.commune WHERE p.kind = 'clerk' AND c.n = :client_id \\gset
\\set ready 1
\\endif
\\set i :i + 1`;

function intake(parameters) {
  const own = { session: 'session', key: 'key', code_agency: 'agency', competent_agency: 'agency', receiving_unit: 'desk',
    holder_unit: 'desk', processing_unit: 'dept', owner_key: 'owner' };
  return { units: 1, text: [clerk, '\\set key :base + :i', '\\set owner random(100000000, 199999999)',
    statement('../test/bench/fastify/intake.sql', variables(parameters, own))].join('\n') };
}

/* Both halves, as the daemon does it: load, then apply. Only the decision between them is missing. */
function transition(parameters) {
  const own = { session: 'session', key: 'key', dossier: 'id', processing_unit: 'dept', holder_unit: 'dept',
    actor_unit: 'desk' };
  return { units: 1, text: [clerk, '\\set id :base + :client_id + (:i - 1) * :clients', '\\set key :id',
    'SELECT code, processing_unit AS dept, receiving_unit AS desk FROM motcua.dossier WHERE id = :id \\gset',
    statement('dossier/sql/dossier_load.sql', { session: 'session', code: 'code', key: 'key' }),
    statement('dossier/sql/dossier_apply.sql', variables(parameters, own))].join('\n') };
}

/* -D values for what a script leaves open. */
function constants(parameters) {
  return Object.fromEntries(constant(parameters).filter(([, value]) => value !== '')
    .map(([name, value]) => [`p_${name}`, Buffer.isBuffer(value) ? `\\x${value.toString('hex')}` : String(value)]));
}

module.exports = { constants, inbox, intake, lookup, transition };
