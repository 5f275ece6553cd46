// GET /api/v1/lookup/{code}: the public status.
'use strict';
const statements = require('./statements');
const words = require('./words');
const { format } = require('./worktime');
const { problem } = require('./session');

module.exports = function routes(app, { pool, catalogue }) {
  app.get('/api/v1/lookup/:code', async (request, reply) => {
    const [row] = await statements.lookup(pool, { code: request.params.code.replaceAll(' ', '').toUpperCase() });
    if (!row)
      return problem(reply, 404, 'no-such-dossier', 'Không tìm thấy hồ sơ');
    const etag = `"${row.version}"`;
    reply.header('ETag', etag).header('Cache-Control', 'public, no-cache');
    if (request.headers['if-none-match'] === etag)
      return reply.code(304).send();
    const version = catalogue.versions.get(row.procedure_version);
    return {
      code: row.code,
      procedure: { code: version.code, name: version.name },
      receiving_unit: catalogue.named(row.receiving_unit),
      state: row.state,
      state_label: words.states.get(row.state).label,
      accepted_at: format(row.accepted_at),
      due_at: format(row.due_clock),
      finished_at: format(row.finished_at),
      holder: catalogue.named(row.holder_unit),
    };
  });
};
