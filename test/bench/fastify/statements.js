// The server's own .sql files as named statements of pg: the same text without the head. The head's "-- >" line names
// the columns, some of which PostgreSQL would call all the same.
'use strict';
const fs = require('node:fs');
const path = require('node:path');

const server = path.join(__dirname, '..', '..', '..', 'server');

function statement(file) {
  const source = fs.readFileSync(path.join(server, file), 'utf8');
  const name = path.basename(file, '.sql'), text = source.replace(/^(--.*\n)+/, '');
  const columns = /^-- > (.*)$/m.exec(source)[1].split(', ').map((column) => column.split(' '));
  const read = columns.map(([, type]) => (type === 'int8' ? (v) => (v === null ? null : Number(v)) : (v) => v));

  return async (pool, values) => {
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
  snapshot: statement('catalogue/sql/catalogue_snapshot.sql'),
  session: statement('identity/sql/session_find.sql'),
  lookup: statement('lookup/sql/lookup.sql'),
  inbox: statement('dossier/sql/inbox.sql'),
  intake: statement('counter/sql/intake.sql'),
  load: statement('dossier/sql/dossier_load.sql'),
  apply: statement('dossier/sql/dossier_apply.sql'),
};
