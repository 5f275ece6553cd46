// GET /api/v1/inbox: a person's own work.
'use strict';
const statements = require('./statements');
const words = require('./words');
const { format } = require('./worktime');
const { problem, signedIn } = require('./session');

const querystring = {
  type: 'object', additionalProperties: false,
  properties: { limit: { type: 'integer', minimum: 1, maximum: 200, default: 50 },
    cursor: { type: 'string', minLength: 1, maxLength: 200 } },
};

function item(catalogue, row) {
  const version = catalogue.versions.get(row.procedure_version), time = catalogue.workTime(row.holder_unit);
  return {
    code: row.code, version: row.version, state: row.state, state_label: words.states.get(row.state).label,
    procedure: { code: version.code, name: version.name },
    owner_name: row.owner_name, receiving_unit: row.receiving_unit, competent_agency: row.competent_agency,
    holder_unit: row.holder_unit, holder_unit_name: catalogue.name(row.holder_unit), handler_name: row.handler_name,
    accepted_at: format(row.accepted_at), due_at: format(row.due_clock), due_eod: format(row.due_eod),
    finished_at: format(row.finished_at), timeliness: row.timeliness, risk_at: format(row.risk_at),
    step_due_at: format(row.step_due),
    remaining_minutes: time && (row.risk_at >= row.now ? time.workedMinutes(row.now, row.risk_at)
      : -time.workedMinutes(row.risk_at, row.now)),
  };
}

module.exports = function routes(app, { pool, catalogue }) {
  app.get('/api/v1/inbox', { schema: { querystring }, preHandler: signedIn(pool) }, async (request, reply) => {
    const { limit, cursor } = request.query;
    const [after_risk, after_id] = cursor ? Buffer.from(cursor, 'base64url').toString().split('|') : ['-infinity', '0'];
    const rows = await statements.inbox(pool, { session: request.asker.session, after_risk, after_id, limit: limit + 1 });
    if (rows.length === 0 || rows[0].person === null)
      return problem(reply, 401, 'not-signed-in', 'Chưa đăng nhập');
    const shown = rows[0].id === null ? [] : rows.slice(0, limit), last = shown[shown.length - 1];
    return {
      items: shown.map((row) => item(catalogue, row)),
      next: rows.length > limit ? Buffer.from(`${last.due_order}|${last.id}`).toString('base64url') : null,
    };
  });
};
