// The server's own .sql files (but for intake, see intake.sql) as named statements of pg: the text without the head. The head names parameters
// ("-- $1 session bytea, …") and columns ("-- > code text, …"), some of which PostgreSQL would call all the same.
'use strict';
const fs = require('node:fs');
const path = require('node:path');

const server = path.join(__dirname, '..', '..', '..', 'server');

function parse(file) {
  const source = fs.readFileSync(path.resolve(server, file), 'utf8');
  const list = (pattern) => (pattern.exec(source)?.[1].split(', ') ?? []).map((one) => one.split(' '));
  return { name: path.basename(file, '.sql'), text: source.replace(/^(--.*\n)+/, '').trim(),
    parameters: list(/^-- (\$1 .*)$/m).map(([, name]) => name), columns: list(/^-- > (.*)$/m) };
}

/* Asked with an object of parameters by name; what it does not name is NULL. */
function statement(file) {
  const { name, text, parameters, columns } = parse(file);
  const read = columns.map(([, type]) => (type === 'int8' ? (v) => (v === null ? null : Number(v)) : (v) => v));

  return async (pool, given) => {
    const values = parameters.map((parameter) => given[parameter] ?? null);
    const { rows } = await pool.query({ name, text, values, rowMode: 'array' });
    return rows.map((row) => {
      const object = {};
      for (let i = 0; i < columns.length; i++)
        object[columns[i][0]] = read[i](row[i]);
      return object;
    });
  };
}

module.exports = {
  parse,
  snapshot: statement('catalogue/sql/catalogue_snapshot.sql'),
  session: statement('identity/sql/session_find.sql'),
  lookup: statement('lookup/sql/lookup.sql'),
  inbox: statement('dossier/sql/inbox.sql'),
  intake: statement(path.join(__dirname, 'intake.sql')),
  load: statement('dossier/sql/dossier_load.sql'),
  apply: statement('dossier/sql/dossier_apply.sql'),
};
