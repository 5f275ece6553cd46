// Figures of timeliness: what they count, who may read them, and that each list adds up to its figure.
import assert from 'node:assert';
import { test } from 'node:test';
import { as, dossier_at, intake, pointers, refused, someone, sql, steps_to, walk } from './harness.mjs';

const report = async (who, agency, more = '') => (await as(who)).get(`/api/v1/reports/timeliness?agency=${agency}${more}`);

/* As if the dossier had been accepted so many days earlier: triggers that keep promises are told not to look. */
const age = (dossier, days) => sql(`SET session_replication_role = replica;
  UPDATE motcua.dossier SET due_clock = due_clock - interval '${days} days', due_eod = due_eod - interval '${days} days',
         step_due = step_due - interval '${days} days' WHERE code = '${dossier.code}';
  UPDATE motcua.work w SET risk_at = risk_at - interval '${days} days' FROM motcua.dossier d WHERE d.id = w.dossier AND d.code = '${dossier.code}'`);
const step_late = (dossier) => sql(`SET session_replication_role = replica;
  UPDATE motcua.dossier SET step_due = now() - interval '1 hour', due_clock = now() + interval '30 days', due_eod = now() + interval '30 days' WHERE code = '${dossier.code}';
  UPDATE motcua.work w SET risk_at = now() - interval '1 hour' FROM motcua.dossier d WHERE d.id = w.dossier AND d.code = '${dossier.code}'`);

async function whole_list(who, where, limit = 2) {
  const person = await as(who), codes = [];
  for (let next = ''; next !== null;) {
    const reply = await person.get(`${where}&limit=${limit}${next && `&cursor=${next}`}`);
    assert.strictEqual(reply.status, 200, reply.text);
    codes.push(...reply.body.items.map(({ code }) => code));
    ({ next } = reply.body);
  }
  return codes;
}

/* Every figure of a report with its list; what stands in two lists of one kind is counted twice. */
async function adds_up(who, body) {
  let figures = 0;
  for (const part of [body.open, body.finished]) {
    const measures = Object.keys(part.total);
    for (const measure of measures) {
      const all = await whole_list(who, part.total[measure].list);
      assert.strictEqual(all.length, part.total[measure].dossiers, part.total[measure].list);
      assert.strictEqual(new Set(all).size, all.length);
      const of_lines = [];
      for (const line of part.lines) {
        const codes = await whole_list(who, line[measure].list);
        assert.strictEqual(codes.length, line[measure].dossiers, line[measure].list);
        of_lines.push(...codes);
        figures++;
      }
      assert.deepStrictEqual(of_lines.sort(), all.sort(), measure);
    }
  }
  return figures;
}

test('late, step late, soon: each dossier in one figure, at its unit and step, and every list adds up', async () => {
  const late = await dossier_at('processing'), step = await dossier_at('assigning'), soon = await dossier_at('signing');
  age(late, 60);
  step_late(step);
  const until = new Date(Date.now() + 60 * 86400e3).toISOString();
  const { body, status, text } = await report('giamsat', 'H17.105', `&until=${until}`);
  assert.strictEqual(status, 200, text);
  const listed = async (measure, unit, phase) => {
    const line = body.open.lines.find((one) => one.unit.code === unit && one.phase === phase);
    return whole_list('giamsat', line[measure].list);
  };

  assert.ok((await listed('late', 'H17.105.02', 'PROCESS')).includes(late.code));
  assert.ok((await listed('step_late', 'H17.105.02', 'ASSIGN')).includes(step.code));
  assert.ok((await listed('soon', 'H17.105', 'SIGN')).includes(soon.code));
  assert.ok(await adds_up('giamsat', body) >= 9);
  const line = (await (await as('giamsat')).get(body.open.total.late.list)).body.items.find(({ code }) => code === late.code);
  assert.ok(line.minutes_over > 8 * 60 * 20 && line.handler_name !== null, JSON.stringify(line));
});

test('who waits for the citizen is not late, whatever his due', async () => {
  const waiting = await walk(await dossier_at('processing'),
    [['chuyenvien', 'request_supplement', { items: [{ component: 'ID_PAPER', reason: 'Mờ' }], ground: 'NĐ 01/2021' }, 'SUPPLEMENT_WAIT']]);
  age(waiting, 60);
  const { body } = await report('giamsat', 'H17.105');

  for (const { list } of Object.values(body.open.total))
    assert.ok(!(await whole_list('giamsat', list, 200)).includes(waiting.code));
});

test('what is finished moves from one figure to the other by its law: early, on time, overdue', async () => {
  const of = (body) => Object.fromEntries(Object.entries(body.finished.total).map(([measure, { dossiers }]) => [measure, dossiers]));
  const before = of((await report('giamsat', 'H17.105')).body);
  const early = await dossier_at('signing'), overdue = await dossier_at('signing');

  age(overdue, 60);
  for (const one of [early, overdue])
    await walk(one, steps_to.ready);
  const { body } = await report('giamsat', 'H17.105'), now = of(body);
  assert.deepStrictEqual(now, { ...before, early: before.early + 1, overdue: before.overdue + 1 });
  assert.ok((await whole_list('giamsat', body.finished.total.overdue.list)).includes(overdue.code));
  await adds_up('giamsat', body);
  /* The kept figures equal what a count over all dossiers says. */
  assert.strictEqual(sql(`SELECT (SELECT sum(dossiers) FROM motcua.finished_count)
    - (SELECT count(*) FROM motcua.dossier WHERE timeliness IS NOT NULL AND finished_at IS NOT NULL)`), '0');
  const nothing = (await report('giamsat', 'H17.105', '&from=2020-01-01&to=2020-12-31')).body;
  assert.deepStrictEqual([nothing.finished.lines, of(nothing)], [[], { early: 0, on_time: 0, overdue: 0 }]);
});

test('each sees his own part, and nobody a figure without its list', async () => {
  const dossier = await dossier_at('processing');
  age(dossier, 60);
  for (const [who, agency, sees] of [['lanhdao', 'H17.105', true], ['truongphong', 'H17.105.02', true], ['giamsat', 'H17', true]]) {
    const { body } = await report(who, agency);
    await adds_up(who, body);
    assert.strictEqual((await whole_list(who, body.open.total.late.list, 200)).includes(dossier.code), sees, who);
  }
  refused(await report('lanhdao2', 'H17.105'), 403, 'not-allowed');
  refused(await report('truongphong', 'H17.105'), 403, 'not-allowed');
  refused(await report('chuyenvien', 'H17.105.02'), 403, 'not-allowed');
  refused(await report('giamsat', 'H17.999'), 404, 'no-such-agency');
  refused(await (await as('lanhdao2')).get('/api/v1/reports/timeliness/dossiers?agency=H17.105&measure=LATE'), 403, 'not-allowed');
  /* A leader of the other commune who is given the province by name sees nothing of this one. */
  const stranger = someone('leader', 'H17.106');
  assert.strictEqual((await report(stranger, 'H17.106')).status, 200);
});

test('what makes no sense is said at its place', async () => {
  const monitor = await as('giamsat');
  const wrong = async (more) => { const reply = await monitor.get(`/api/v1/reports/timeliness${more}`); refused(reply, 422, 'invalid'); return pointers(reply); };

  assert.deepStrictEqual(await wrong(''), ['?agency']);
  assert.deepStrictEqual(await wrong('?agency=H17&until=2020-01-01T00:00:00Z'), ['?until']);
  assert.deepStrictEqual(await wrong('?agency=H17&from=2026-02-01&to=2026-01-01'), ['?to']);
  assert.deepStrictEqual(await wrong('?agency=H17&from=1999-02-01'), ['?to']);
  refused(await monitor.get('/api/v1/reports/timeliness/dossiers?agency=H17&measure=LATE&cursor=abc'), 422, 'invalid');
  refused(await monitor.get('/api/v1/reports/timeliness/dossiers?agency=H17&measure=ALL'), 422, 'invalid');
  assert.ok(await intake());
});
