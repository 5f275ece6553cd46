// The harness itself: what the description does not promise is caught, or every other test here proves less than it says.
import assert from 'node:assert';
import { test } from 'node:test';
import { ask, check, described, intake, as, send, template_of } from './harness.mjs';

const dossier_reply = async () => {
  const { code } = await intake();
  const { status, headers, text, bytes, type, body } = await (await as('tiepnhan')).get(`/api/v1/dossiers/${code}`);
  return { where: `/api/v1/dossiers/${code}`, reply: { status, headers: { ...headers }, text, bytes, type, body } };
};
const is_caught = (where, reply, what) => assert.rejects(check('GET', where, reply), assert.AssertionError, what);

test('a true reply passes, and each small lie in it is caught', async () => {
  const { where, reply } = await dossier_reply();

  await check('GET', where, reply);
  await is_caught(where, { ...reply, status: 202 }, 'a status that is not promised');
  await is_caught(where, { ...reply, type: 'text/plain' }, 'a type that is not promised');
  await is_caught(where, { ...reply, headers: {} }, 'no ETag');
  await is_caught(where, { ...reply, body: { ...reply.body, extra: 1 } }, 'a member nobody described');
  await is_caught(where, { ...reply, body: { ...reply.body, state: 'LOST' } }, 'a state there is not');
  await is_caught(where, { ...reply, body: { ...reply.body, due_at: '2026-03-02' } }, 'a day for a moment');
  const { version, ...without } = reply.body;
  await is_caught(where, { ...reply, body: without }, `no version ${version}`);
  await is_caught(where, { ...reply, body: { ...reply.body, procedure: { ...reply.body.procedure, version: '1' } } }, 'a number in quotes');
});

test('a refusal with a code that the route does not have is caught', async () => {
  const where = '/api/v1/inbox', reply = await ask('GET', where);

  await is_caught(where, { ...reply, body: { ...reply.body, code: 'wrong-state' } });
  await is_caught(where, { ...reply, body: { ...reply.body, status: 409 } });
  await is_caught(where, { ...reply, headers: {} });
});

test('a name in a path wins over an id', async () => {
  const { document } = await described();

  assert.strictEqual(template_of(document, '/api/v1/dossiers/A/actions?x=/y'), '/api/v1/dossiers/{code}/actions');
  assert.strictEqual(template_of(document, '/api/v1/dossiers//actions'), undefined);
});

test('what is served is what the checked file says', async () => {
  const reply = await send('GET', '/api/v1/openapi.json');

  assert.strictEqual(reply.status, 200);
  assert.strictEqual(reply.body.openapi, '3.1.0');
});
