// What anyone may read: agencies, procedures, and the working-time engine against the published cases.
import assert from 'node:assert';
import fs from 'node:fs';
import { test } from 'node:test';
import { ask, pointers, refused } from './harness.mjs';

const get = (where, parameters) => ask('GET', `/api/v1/${where}${parameters ? `?${new URLSearchParams(parameters)}` : ''}`);

async function pages(where, parameters, limit) {
  const all = [];
  for (let cursor = undefined; cursor !== null;) {
    const { body } = await get(where, { ...parameters, limit, ...(cursor && { cursor }) });
    all.push(...body.items);
    cursor = body.next;
  }
  return all;
}

for (const where of ['agencies', 'procedures']) {
  test(`${where}: one at a time or all at once is the same list`, async () => {
    const whole = (await get(where, { limit: 200 })).body;

    assert.strictEqual(whole.next, null);
    assert.ok(whole.items.length >= 20);
    for (const limit of [1, 7])
      assert.deepStrictEqual(await pages(where, {}, limit), whole.items);
  });
}

test('an agency tells what is below it, and what came after it', async () => {
  const commune = (await get('agencies/H17.105')).body, old = (await get('agencies/H47.16')).body;

  assert.deepStrictEqual(commune.children.map(({ code }) => code), ['H17.105.01', 'H17.105.02', 'H17.105.03', 'H17.105.04', 'H17.105.05']);
  assert.strictEqual(old.valid_to, '2025-06-30');
  refused(await get('agencies/H99'), 404, 'no-such-agency');
});

test('a procedure tells everything its dossier needs, and has a version that a reader can keep', async () => {
  const reply = await get('procedures/1.001612');

  assert.strictEqual(reply.body.version, 2);
  assert.deepStrictEqual(reply.body.time_limit, { quantity: 3, unit: 'WORK_DAY' });
  assert.deepStrictEqual(reply.body.components.filter(({ is_required }) => is_required).map(({ code }) => code), ['FORM_HOUSEHOLD', 'ID_PAPER']);
  assert.deepStrictEqual(reply.body.steps.map(({ phase }) => phase), ['DESK', 'ASSIGN', 'PROCESS', 'SIGN', 'ISSUE', 'RETURN']);
  const again = await ask('GET', '/api/v1/procedures/1.001612', { headers: { 'if-none-match': reply.etag } });
  assert.deepStrictEqual([again.status, again.bytes.length], [304, 0]);
  refused(await get('procedures/9.999999'), 404, 'no-such-procedure');
});

const household = 'Đăng ký thành lập hộ kinh doanh';
for (const [what, q] of [['with diacritics', 'hộ kinh doanh'], ['without', 'ho kinh doanh'], ['decomposed', 'hộ kinh doanh'.normalize('NFD')],
  ['in capitals', 'HỘ KINH DOANH'], ['with đ as d', 'dang ky thanh lap ho'], ['by code', '1.001612'], ['by part of a word', 'inh doan']]) {
  test(`a procedure is found ${what}`, async () => {
    const names = (await get('procedures', { q })).body.items.map(({ name }) => name);
    assert.ok(names.includes(household), names.join('; '));
    assert.ok(names.length < 10);
  });
}

test('a search for what nobody offers finds nothing, and signs of patterns are letters', async () => {
  for (const q of ['khong co thu tuc nay', '%', '_', '\\', '100%'])
    assert.deepStrictEqual((await get('procedures', { q })).body.items, [], q);
});

test('procedures are filtered by field and by who decides', async () => {
  const codes = async (parameters) => (await get('procedures', { limit: 200, ...parameters })).body.items.map(({ code }) => code);

  assert.deepStrictEqual(await codes({ field: 'HO_KINH_DOANH' }), ['1.001612']);
  assert.deepStrictEqual(await codes({ field: 'NONE' }), []);
  const commune = await codes({ agency: 'H17.105' });
  assert.ok(commune.includes('1.001612') && commune.includes('1.004222') && !commune.includes('2.000488'));
  assert.deepStrictEqual(await codes({ agency: 'H17.105.01' }), commune); // its desk
  assert.deepStrictEqual(await codes({ agency: 'H17.13' }), ['2.000488']);
});

test('procedures come as Vietnamese sorts their names', async () => {
  const names = (await get('procedures', { limit: 200 })).body.items.map(({ name }) => name);

  assert.deepStrictEqual(names, [...names].sort(new Intl.Collator('vi').compare));
});

/* --- deadlines --- */

const at = (minute) => (minute === '' ? null : `${minute.replace(' ', 'T')}:00+07:00`);

/* The lines of the file that a single question can ask; the others are asked of the engine itself (test/rules). */
function vectors() {
  const [head, ...lines] = fs.readFileSync(new URL('../vectors/deadline_vectors.csv', import.meta.url), 'utf8').trim().split('\n');
  const names = head.split(',');

  return lines.map((line) => Object.fromEntries(line.split(',').map((cell, at_column) => [names[at_column], cell])))
    .filter(({ rule }) => ['due', 'same_day_15h', 'calendar_days', 'step_split'].includes(rule));
}

for (const { id, unit, qty, received, expect_clock, expect_eod } of vectors()) {
  test(`${id}: ${qty} ${unit} from ${received}`, async () => {
    const asked = unit === 'SAME_DAY' ? { unit: 'SAME_DAY_15' } : { unit, quantity: qty };
    const { status, text, body } = await get('deadlines', { received_at: at(received), ...asked });

    assert.strictEqual(status, 200, text);
    assert.deepStrictEqual([body.received_at, body.due_clock, body.due_eod], [at(received), at(expect_clock), at(expect_eod)]);
  });
}

test('none of the published cases was left out by mistake', () => {
  const count = (rule) => vectors().filter((line) => line.rule === rule).length;

  assert.deepStrictEqual(['due', 'same_day_15h', 'calendar_days', 'step_split'].map(count), [49, 9, 6, 6]);
});

test('a due time says which days were skipped and why', async () => {
  const { body } = await get('deadlines', { received_at: '2026-02-12T14:00:00+07:00', quantity: 5, unit: 'WORK_DAY' });

  assert.deepStrictEqual([...new Set(body.skipped.map(({ kind }) => kind))].sort(), ['HOLIDAY', 'WEEKEND']);
  assert.deepStrictEqual([body.skipped[0].date, body.skipped.length], ['2026-02-14', 9]);
  assert.ok(body.explanation.count);
});

for (const [what, parameters, where] of [['no moment', { quantity: 1, unit: 'WORK_DAY' }, '?received_at'], ['no unit', { received_at: '2026-03-02T09:00:00+07:00', quantity: 1 }, '?unit'],
  ['no quantity', { received_at: '2026-03-02T09:00:00+07:00', unit: 'WORK_DAY' }, '?quantity'], ['an unknown unit', { received_at: '2026-03-02T09:00:00+07:00', quantity: 1, unit: 'WEEK' }, '?unit'],
  ['four decimals', { received_at: '2026-03-02T09:00:00+07:00', quantity: '0.1234', unit: 'WORK_DAY' }, '?quantity'], ['a negative quantity', { received_at: '2026-03-02T09:00:00+07:00', quantity: -1, unit: 'WORK_DAY' }, '?quantity'],
  ['no zone', { received_at: '2026-03-02T09:00:00', quantity: 1, unit: 'WORK_DAY' }, '?received_at'], ['a day there is not', { received_at: '2026-02-30T09:00:00+07:00', quantity: 1, unit: 'WORK_DAY' }, '?received_at'],
  ['a year beyond the calendar', { received_at: '2399-03-02T09:00:00+07:00', quantity: 1, unit: 'WORK_DAY' }, '?received_at'],
  ['an unknown agency', { received_at: '2026-03-02T09:00:00+07:00', quantity: 1, unit: 'WORK_DAY', agency: 'H99' }, '?agency']]) {
  test(`a deadline with ${what} is refused`, async () => {
    const reply = await get('deadlines', parameters);

    refused(reply, 422, 'invalid');
    assert.deepStrictEqual(pointers(reply), [where]);
  });
}

test('the same moment in another zone is the same moment', async () => {
  const ask_for = async (received_at) => (await get('deadlines', { received_at, quantity: 1, unit: 'WORK_DAY' })).body;

  assert.deepStrictEqual(await ask_for('2026-03-02T02:30:00Z'), await ask_for('2026-03-02T09:30:00+07:00'));
});
