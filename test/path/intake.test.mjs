// Intake at the counter: one dossier, one code, one receipt; repeated safely; refused with everything that is wrong.
import assert from 'node:assert';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { as, ask, citizen, household, intake, pointers, refused, secret, today } from './harness.mjs';

const dossiers = '/api/v1/dossiers';
const code_of_today = (agency) => new RegExp(`^${agency.replaceAll('.', '\\.')}-${today().replaceAll('-', '').slice(2)}-\\d{4,5}$`);

test('an intake answers 201 with its address, its version and all that the receipt says', async () => {
  const desk = await as('tiepnhan'), body = household({ note: 'Nộp trực tiếp' });
  const reply = await desk.post(dossiers, body);

  assert.strictEqual(reply.status, 201, reply.text);
  secret(reply.body.lookup_secret);
  assert.match(reply.body.code, code_of_today('H17.105'));
  assert.strictEqual(reply.headers.location, `${dossiers}/${reply.body.code}`);
  assert.strictEqual(reply.etag, '"1"');
  assert.strictEqual(reply.body.state, 'ACCEPTED');
  assert.match(reply.body.lookup_secret, /^[2-9A-HJKMNP-TV-Z]{13}$/);
  assert.ok(reply.body.register_no >= 1);
  assert.deepStrictEqual(reply.body.open_dossiers, []);
  assert.deepStrictEqual([reply.body.receiving_unit.code, reply.body.competent_agency.code, reply.body.processing_unit.code],
    ['H17.105.01', 'H17.105', 'H17.105.02']);
  assert.deepStrictEqual(reply.body.owner, body.owner);
  assert.strictEqual(reply.body.submitter, null);
  assert.strictEqual(reply.body.note, 'Nộp trực tiếp');
  assert.deepStrictEqual(reply.body.procedure.time_limit, { quantity: 3, unit: 'WORK_DAY', unit_label: 'ngày làm việc' });
  assert.deepStrictEqual(reply.body.fees.map(({ code, amount, is_paid }) => [code, amount, is_paid]), [['LEVY_HOUSEHOLD', 100000, false]]);
  assert.strictEqual(reply.body.fee_owed, 100000);
  assert.deepStrictEqual(reply.body.steps.map(({ phase, state }) => `${phase} ${state}`),
    ['DESK CURRENT', 'ASSIGN PLANNED', 'PROCESS PLANNED', 'SIGN PLANNED', 'ISSUE PLANNED', 'RETURN PLANNED']);
  assert.strictEqual(reply.body.clock.state, 'RUNNING');
});

test('what was accepted is what is read afterwards, but for the secret', async () => {
  const made = await intake(), read = (await (await as('tiepnhan')).get(`${dossiers}/${made.code}`)).body;

  delete made.lookup_secret;
  delete made.open_dossiers;
  assert.deepStrictEqual(read, made);
});

test('the due time is the one that GET /deadlines gives for the same moment', async () => {
  const made = await intake();
  const due = await ask('GET', `/api/v1/deadlines?${new URLSearchParams({ received_at: made.accepted_at, quantity: 3, unit: 'WORK_DAY', agency: 'H17.105' })}`);

  assert.strictEqual(due.status, 200);
  assert.deepStrictEqual([made.due_at, made.due_eod], [due.body.due_clock, due.body.due_eod]);
});

test('a repeated key gives the first bytes again and makes nothing new', async () => {
  const desk = await as('tiepnhan'), body = household(), headers = { 'idempotency-key': randomUUID() };
  const first = await desk.post(dossiers, body, { headers });

  secret(first.body.lookup_secret);
  for (let i = 0; i < 3; i++) {
    const again = await desk.post(dossiers, body, { headers, is_new_connection: true });
    assert.strictEqual(again.status, 201);
    assert.strictEqual(again.text, first.text);
    assert.deepStrictEqual([again.headers.location, again.etag], [first.headers.location, first.etag]);
  }
  const same_owner = (await desk.get(`${dossiers}?q=${body.owner.personal_id}`)).body.items;
  assert.deepStrictEqual(same_owner.map(({ code }) => code), [first.body.code]);
});

test('ten of the same request at once make one dossier', async () => {
  const desk = await as('tiepnhan'), body = household(), headers = { 'idempotency-key': randomUUID() };
  const replies = await Promise.all(Array.from({ length: 10 }, () => desk.post(dossiers, body, { headers, is_new_connection: true })));
  const done = replies.filter(({ status }) => status === 201);

  done.forEach((reply) => secret(reply.body.lookup_secret));
  /* Whoever met the other in the middle of its transaction may be told to come again (503), never twice 201 anew. */
  assert.ok(replies.every(({ status }) => status === 201 || status === 503));
  assert.ok(done.length > 0);
  assert.strictEqual(new Set(done.map(({ text }) => text)).size, 1);
  assert.strictEqual((await desk.get(`${dossiers}?q=${body.owner.personal_id}`)).body.items.length, 1);
});

test('a key with another body is refused; another person may use the same key', async () => {
  const desk = await as('tiepnhan'), other = await as('tiepnhan2'), headers = { 'idempotency-key': randomUUID() };
  const first = await desk.post(dossiers, household(), { headers });

  secret(first.body.lookup_secret);
  refused(await desk.post(dossiers, household(), { headers }), 422, 'idempotency-key-reused');
  const elsewhere = await other.post(dossiers, household(), { headers });
  secret(elsewhere.body.lookup_secret);
  assert.strictEqual(elsewhere.status, 201);
  assert.notStrictEqual(elsewhere.body.code, first.body.code);
});

for (const [what, key] of [['no key', undefined], ['an empty key', ''], ['a key of 256 letters', 'k'.repeat(256)], ['a key with a blank', 'a b']]) {
  test(`${what} is refused`, async () => {
    refused(await (await as('tiepnhan')).post(dossiers, household(), { headers: { 'idempotency-key': key } }), 400, 'idempotency-key-required');
  });
}

test('a key of 255 visible letters is taken', async () => {
  const reply = await (await as('tiepnhan')).post(dossiers, household(), { headers: { 'idempotency-key': (randomUUID() + '!~'.repeat(200)).slice(0, 255) } });

  secret(reply.body.lookup_secret);
  assert.strictEqual(reply.status, 201);
});

test('a refused intake leaves the key free', async () => {
  const desk = await as('tiepnhan'), headers = { 'idempotency-key': randomUUID() };

  refused(await desk.post(dossiers, household({ procedure: '9.999999' }), { headers }), 422, 'invalid');
  const reply = await desk.post(dossiers, household(), { headers });
  secret(reply.body.lookup_secret);
  assert.strictEqual(reply.status, 201);
});

const paper = (code, counts) => ({ code, originals: 0, certified_copies: 0, plain_copies: 0, ...counts });
const incomplete = [
  ['nothing handed in', [], ['/components missing', '/components missing']],
  ['a copy for an original', [paper('FORM_HOUSEHOLD', { plain_copies: 1 }), paper('ID_PAPER', { plain_copies: 1 })], ['/components/0 copy-for-original']],
  ['a paper nobody asks for', [paper('FORM_HOUSEHOLD', { originals: 1 }), paper('ID_PAPER', { plain_copies: 1 }), paper('CAKE', { originals: 1 })], ['/components/2 unknown']],
  ['a paper twice', [paper('FORM_HOUSEHOLD', { originals: 1 }), paper('ID_PAPER', { plain_copies: 1 }), paper('ID_PAPER', { plain_copies: 1 })], ['/components/2 twice']],
  ['a paper from a register that does not hold it', [paper('FORM_HOUSEHOLD', { reused_from: 'DAN_CU' }), paper('ID_PAPER', { plain_copies: 1 })], ['/components/0 not-reusable']],
];
for (const [what, components, faults] of incomplete) {
  test(`${what} is named, all at once`, async () => {
    const reply = await (await as('tiepnhan')).post(dossiers, household({ components }));

    refused(reply, 422, 'incomplete-components');
    assert.deepStrictEqual(reply.body.errors.map(({ pointer, code }) => `${pointer} ${code}`).sort(), faults);
  });
}

test('a paper that a national register holds need not be handed in', async () => {
  const made = await intake({ components: [paper('FORM_HOUSEHOLD', { originals: 1 }), paper('ID_PAPER', { reused_from: 'DAN_CU' })] });

  assert.strictEqual(made.components[1].reused_from, 'DAN_CU');
});

const invalid = [
  ['an unknown field', { colour: 'red' }, ['/colour']],
  ['an unknown field of the owner', { owner: { ...citizen(), age: 3 } }, ['/owner/age']],
  ['an unknown procedure', { procedure: '9.999999' }, ['/procedure']],
  ['a procedure of several agencies', { procedure: '3.000722', components: [] }, ['/procedure']],
  ['an unknown case', { case: 'NONE_SUCH' }, ['/case']],
  ['an unknown channel', { channel: 'PIGEON' }, ['/channel']],
  ['a number that is no number', { owner: { ...citizen(), personal_id: '12345' } }, ['/owner/personal_id']],
  ['a telephone that is none', { owner: { ...citizen(), phone: 'một hai ba' } }, ['/owner/phone']],
  ['an owner without a name', { owner: { ...citizen(), name: '   ' } }, ['/owner/name']],
  ...['\u0001', '\u007f', '\u0085', '\u2028', '\u202e', '\u2067', '\ufdd0', '\uffff'].map((sign) => [`a name with ${escape(sign)}, which no receipt can show,`,
    { owner: { ...citizen(), name: `Lê${sign}An` } }, ['/owner/name']]),
  ...['\u200b', '\ufeff\u200d', '\u00a0 \u2060', '\u3164'].map((sign) => [`a name of ${escape(sign)} alone`, { owner: { ...citizen(), name: sign } }, ['/owner/name']]),
  ['a list that is none', { components: {} }, ['/components']],
  ['a count below zero', { components: [paper('FORM_HOUSEHOLD', { originals: -1 })] }, ['/components/0/originals']],
  ['no owner', { owner: null }, ['/owner']],
  ['an agency that may not decide', { competent_agency: 'H17.10' }, ['/competent_agency']],
  ['several at once', { owner: { kind: 'ALIEN' }, channel: 1 }, ['/channel', '/owner/address', '/owner/kind', '/owner/name']],
];
for (const [what, overrides, where] of invalid) {
  test(`${what} is refused with its pointer`, async () => {
    const reply = await (await as('tiepnhan')).post(dossiers, household(overrides));

    refused(reply, 422, 'invalid');
    assert.deepStrictEqual(pointers(reply).sort(), where);
  });
}

test('names come out composed and trimmed, however they went in', async () => {
  const owner = citizen(), made = await intake({ owner: { ...owner, name: `  ${owner.name.normalize('NFD')} ` } });

  assert.strictEqual(made.owner.name, owner.name);
});

test('who is no receiver, and who is nobody, cannot take in', async () => {
  refused(await (await as('chuyenvien')).post(dossiers, household()), 403, 'not-allowed');
  refused(await (await as('quantri')).post(dossiers, household()), 403, 'not-allowed');
  refused(await ask('POST', dossiers, { body: household(), headers: { 'idempotency-key': randomUUID() } }), 401, 'not-signed-in');
});

test('a clerk takes in where he sits, and only there', async () => {
  const made = await intake({}, 'tiepnhan2');

  assert.match(made.code, code_of_today('H17.106'));
  assert.deepStrictEqual([made.receiving_unit.code, made.competent_agency.code, made.processing_unit.code], ['H17.106.01', 'H17.106', 'H17.106.02']);
  refused(await (await as('tiepnhan2')).post(dossiers, household({ receiving_unit: 'H17.105.01' })), 403, 'not-allowed');
});

test('a clerk may take in what another commune decides', async () => {
  const made = await intake({ competent_agency: 'H17.106' });

  assert.deepStrictEqual([made.receiving_unit.code, made.competent_agency.code, made.processing_unit.code], ['H17.105.01', 'H17.106', 'H17.106.02']);
  assert.match(made.code, code_of_today('H17.106'));
});

test('an owner with the same matter still open is pointed out', async () => {
  const owner = citizen(), first = await intake({ owner }), second = await intake({ owner });

  assert.deepStrictEqual(second.open_dossiers, [first.code]);
});

test('a levy paid at the desk is paid', async () => {
  const made = await intake({ payment_method: 'CASH' });

  assert.strictEqual(made.fee_owed, 0);
  assert.deepStrictEqual([made.fees[0].is_paid, made.fees[0].method, made.fees[0].paid_at], [true, 'CASH', made.accepted_at]);
});

test('two desks take in sixty at once: sixty codes, no line of a register twice', async () => {
  const count = 30, desks = [await as('tiepnhan'), await as('tiepnhan2')];
  const replies = await Promise.all(desks.flatMap((desk) => Array.from({ length: count }, () => desk.post(dossiers, household()))));

  replies.forEach((reply) => { assert.strictEqual(reply.status, 201, reply.text); secret(reply.body.lookup_secret); });
  assert.strictEqual(new Set(replies.map(({ body }) => body.code)).size, 2 * count);
  assert.strictEqual(new Set(replies.map(({ body }) => body.lookup_secret)).size, 2 * count);
  for (const unit of ['H17.105.01', 'H17.106.01']) {
    const lines = replies.filter(({ body }) => body.receiving_unit.code === unit).map(({ body }) => body.register_no);
    assert.strictEqual(new Set(lines).size, count);
  }
});
