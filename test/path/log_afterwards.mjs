// After all tests of this folder: what the daemon wrote knows no person, number, telephone, token or secret of theirs.
import assert from 'node:assert';
import fs from 'node:fs';
import { test } from 'node:test';

const log = fs.readFileSync(process.env.MOTCUA_TEST_LOG, 'utf8');
const secrets = [...new Set(fs.readFileSync(process.env.MOTCUA_TEST_SECRETS, 'utf8').split('\n').filter((line) => line !== ''))];

test('the log tells of every kind of request', () => {
  assert.ok((log.match(/msg=request /g) ?? []).length > 100);
  assert.match(log, /route=\/api\/v1\/dossiers\/\{code\}\/actions/);
  assert.match(log, /route=\/api\/v1\/lookup\/\{code\}/);
});

test('no name, number, telephone, address, token, password or secret stands in the log', () => {
  const raw = log.normalize('NFC');

  assert.ok(secrets.length > 20);
  assert.deepStrictEqual(secrets.filter((value) => raw.includes(value) || raw.includes(encodeURIComponent(value))), []);
  assert.doesNotMatch(log, /motcua-demo|Bearer |motcua_session/);
});

test('nothing in the log is an error of the server', () => {
  /* people.test.mjs takes the access log away for a moment, ledger.test.mjs forges a record */
  const errors = log.split('\n').filter((line) => /level=error/.test(line) && !/access_note|a record that no worker has signed/.test(line));
  assert.deepStrictEqual(errors.slice(0, 5), []);
});
