// Who asks: bearer token → hash → session, remembered for as long as the daemon does.
'use strict';
const crypto = require('node:crypto');
const statements = require('./statements');
const words = require('./words');

const REMEMBERED_MS = 15000, REMEMBERED_MAX = 4096;
const remembered = new Map();

const sha256 = (text) => crypto.createHash('sha256').update(text).digest();

function problem(reply, status, code, title, extra = {}) {
  return reply.code(status).type('application/problem+json; charset=utf-8')
    .send({ type: `/problems/${code}`, title, status, code, request_id: reply.request.id, ...extra });
}

async function find(pool, token) {
  const known = remembered.get(token);
  if (known && known.until > Date.now())
    return known.asker;
  const session = sha256(token);
  const [row] = await statements.session(pool, { session });
  if (!row)
    return null;
  const asker = { session, ...row };
  if (remembered.size >= REMEMBERED_MAX)
    remembered.clear();
  remembered.set(token, { asker, until: Date.now() + REMEMBERED_MS });
  return asker;
}

/* A hook for routes: sets request.asker, or refuses. `role` null: any member of staff. */
function signedIn(pool, role) {
  return async (request, reply) => {
    const token = /^Bearer +(\S{1,44})$/i.exec(request.headers.authorization ?? '')?.[1];
    request.asker = token ? await find(pool, token) : null;
    if (!request.asker)
      return problem(reply, 401, 'not-signed-in', 'Chưa đăng nhập');
    if (role && (request.asker.roles & words.roles.get(role).mask) === 0)
      return problem(reply, 403, 'not-allowed', 'Không có quyền');
  };
}

module.exports = { problem, sha256, signedIn };
