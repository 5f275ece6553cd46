// The calendar changes after promises were made: proposed, seen beforehand, approved by another, applied once, told to
// whoever must know, and taken back to the minute.
import assert from 'node:assert';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { test, before } from 'node:test';
import { daemon, sql, until } from './daemons.mjs';
import { as, ask, dossier_at, intake, refused, someone, walk } from '../path/harness.mjs';

const changes = '/api/v1/calendar-changes';
let admin, chair, leader;

before(async () => {
  admin = await as('quantri');
  chair = await as(someone('leader', 'H17'));
  leader = await as('lanhdao');
});

const local = (at) => new Date(Date.parse(at) + 7 * 3600e3);
const day_of = (at) => local(at).toISOString().slice(0, 10);
/* So many days on, never a week-end. */
function weekday_after(at, days) {
  const day = new Date(Date.parse(`${day_of(at)}T00:00:00Z`) + days * 86400e3);
  while ([0, 6].includes(day.getUTCDay()))
    day.setUTCDate(day.getUTCDate() + 1);
  return day.toISOString().slice(0, 10);
}
/* A worked day before the dossier is due, so that it must move; none of the country's own days off. */
function day_inside(dossier) {
  for (let at = 1; at < 10; at++) {
    const day = weekday_after(dossier.accepted_at, at);
    if (!['2026-11-24', '2027-01-01'].includes(day) && day <= day_of(dossier.due_at))
      return day;
  }
  throw new Error('no worked day inside');
}
const paper = { ground: 'Công điện về ứng phó bão số 13', document: '1234/QĐ-UBND', document_date: '2026-11-20' };
const storm = (day, agency = 'H17.105') => ({ agency, days: [{ date: day, kind: 'CLOSED', name: 'Bão số 13' }], ...paper });
const show = async (id) => (await admin.get(`${changes}/${id}`)).body;

async function propose(body) {
  const reply = await admin.post(changes, body);
  assert.strictEqual(reply.status, 201, reply.text);
  assert.strictEqual(reply.headers.location, `${changes}/${reply.body.id}`);
  return reply.body.id;
}
const previewed = (id) => until(`${id} is previewed`, async () => { const found = await show(id); return found.state === 'PREVIEWED' && found; }, 90);
const applied = (id) => until(`${id} is applied`, async () => { const found = await show(id); return found.state === 'APPLIED' && found; }, 120);
async function approve(id, who = chair) {
  await previewed(id);
  const reply = await who.post(`${changes}/${id}/approve`);
  assert.strictEqual(reply.status, 200, reply.text);
  return applied(id);
}
async function moves_of(id) {
  const all = [];
  for (let next = ''; next !== null;) {
    const { body } = await admin.get(`${changes}/${id}/dossiers?limit=7${next && `&cursor=${next}`}`);
    all.push(...body.items);
    ({ next } = body);
  }
  return all;
}
const again = async (dossier, who = 'tiepnhan') => (await (await as(who)).get(`/api/v1/dossiers/${dossier.code}`)).body;

test('a storm shuts the offices of one commune: seen beforehand, approved by its leader, moved, told, taken back', async () => {
  const dossier = await intake(), processing = await dossier_at('processing'), ready = await dossier_at('ready');
  const waiting = await walk(await dossier_at('processing'), [['chuyenvien', 'request_supplement', { items: [{ component: 'ID_PAPER', reason: 'Mờ' }], ground: 'NĐ 01/2021/NĐ-CP' }, 'SUPPLEMENT_WAIT']]);
  const other = await intake({}, 'tiepnhan2');
  const day = day_inside(dossier), id = await propose(storm(day));
  const preview = await previewed(id), seen = await moves_of(id);

  assert.ok(preview.preview.moves >= 3 && preview.preview.later === preview.preview.moves && preview.preview.looked_at > preview.preview.moves, JSON.stringify(preview));
  const line = seen.find(({ code }) => code === dossier.code);
  assert.deepStrictEqual([line.due_from, line.moved_by_event], [dossier.due_at, null]);
  assert.ok(line.due_to > line.due_from && line.due_eod_to > line.due_eod_from && line.due_to.slice(10) === line.due_from.slice(10), JSON.stringify(line));
  assert.ok([ready.code, other.code].every((code) => !seen.some((one) => one.code === code)), 'finished ones and the other commune stay');
  assert.strictEqual((await again(dossier)).version, 1, 'a preview moves nothing');

  refused(await admin.post(`${changes}/${id}/approve`), 403, 'second-person-required');
  refused(await (await as('lanhdao2')).post(`${changes}/${id}/approve`), 403, 'not-allowed');
  const done = await approve(id, leader);
  assert.ok(done.moved >= 3 && done.approved_unit === 'H17.105' && done.approved_by === leader.user.name, JSON.stringify(done));
  assert.strictEqual((await leader.post(`${changes}/${id}/approve`)).body.state, 'APPLIED', 'approved twice is approved once');

  const moved = await again(dossier), desk = await as('tiepnhan');
  assert.deepStrictEqual([moved.due_at, moved.version, moved.state], [line.due_to, 2, 'ACCEPTED']);
  refused(await desk.act(dossier, 'transfer'), 412, 'version-stale');
  const events = (await desk.get(`/api/v1/dossiers/${dossier.code}/history`)).body.items, event = events.at(-1);
  assert.deepStrictEqual([event.action, event.actor, event.actor_role, event.actor_unit, event.clock, event.ground, event.document, event.from, event.to],
    ['calendar_change', null, 'system', 'H17.105', 'MOVE', paper.ground, paper.document, 'ACCEPTED', 'ACCEPTED']);
  assert.deepStrictEqual([event.input.approved_by, event.input.due_from, event.input.due_to, event.input.calendar_change], [leader.user.name, line.due_from, line.due_to, id]);
  const clock = (await desk.get(`/api/v1/dossiers/${dossier.code}/clock`)).body, entry = clock.entries.at(-1);
  assert.deepStrictEqual(clock.skipped.filter((one) => one.kind === 'CLOSED'), [{ date: day, kind: 'CLOSED', name: 'Bão số 13', source: paper.document }]);
  assert.ok(entry.kind === 'MOVE' && entry.reason.includes('Bão số 13') && entry.reason.includes('1234/QĐ-UBND') && entry.reason.includes(day.split('-').reverse().join('/')), JSON.stringify(entry));
  assert.strictEqual((await ask('GET', `/api/v1/lookup/${dossier.code}`)).body.due_at, line.due_to, 'the citizen sees it');
  const notices = (await desk.get('/api/v1/notices?limit=200')).body.items.filter((one) => one.code === dossier.code && one.kind === 'DUE_CHANGED');
  assert.deepStrictEqual(notices.map((one) => [one.to_role, one.at]), [['receiver', line.due_to]], 'holder and receiver are one here');
  assert.deepStrictEqual(JSON.parse(sql(`SELECT m.body FROM motcua.citizen_message m JOIN motcua.dossier d ON d.id = m.dossier WHERE d.code = '${dossier.code}'`)),
    { code: dossier.code, due_from: line.due_from, due_to: line.due_to, supplement_due_from: null, supplement_due_to: null, reason: entry.reason });
  assert.ok((await again(waiting)).clock.due_at > waiting.clock.due_at, 'a stopped one too');
  assert.ok((await again(waiting)).clock.supplement_due_at > waiting.clock.supplement_due_at);
  assert.deepStrictEqual([(await again(other, 'tiepnhan2')).version, (await again(ready)).version], [1, ready.version]);
  const fresh = await intake();
  assert.ok(day_of(fresh.due_at) >= day_of(moved.due_at), 'new intakes count by it');
  assert.notStrictEqual(sql(`SELECT t.ats FROM motcua.timer t JOIN motcua.dossier d ON d.id = t.dossier WHERE d.code = '${dossier.code}'`).includes(day_of(line.due_to)), '');

  // a step on, then the opposite: what nobody touched goes back to the minute
  await walk(await again(processing), [['chuyenvien', 'submit_for_review', { note: 'Dự thảo' }, 'REVIEW']]);
  const back = await propose({ reverses: id, ...paper, ground: 'Bão không vào' });
  assert.deepStrictEqual((await show(back)).days, [{ date: day, kind: 'PLAIN' }]);
  refused(await admin.post(changes, { reverses: id, ...paper }), 409, 'calendar-change-state');
  await approve(back, leader);
  for (const one of [dossier, processing, waiting]) {
    const now = await again(one);
    assert.deepStrictEqual([now.due_at, now.due_eod ?? null], [one.due_at, one.due_eod ?? null], one.code);
  }
  const restored = await again(dossier);
  assert.deepStrictEqual([restored.steps.find((step) => step.state === 'CURRENT').due_at, restored.version], [dossier.steps.find((step) => step.state === 'CURRENT').due_at, 3]);
  assert.ok(fresh.due_at > (await again(fresh)).due_at, 'what was promised by the storm moves back as the law counts');
});

test('a late holiday decree for the whole country: the province\'s chair approves, every commune moves', async () => {
  const one = await intake(), two = await intake({}, 'tiepnhan2'), day = day_inside(one);
  const id = await propose({ calendar: 'VN', days: [{ date: day, kind: 'HOLIDAY', name: 'Ngày nghỉ mới' }], ...paper });

  await previewed(id);
  refused(await leader.post(`${changes}/${id}/approve`), 403, 'not-allowed'); // a commune's leader, the country's calendar
  refused(await leader.get(`${changes}/${id}/dossiers`), 403, 'not-allowed');
  await approve(id);
  assert.ok((await again(one)).due_at > one.due_at && (await again(two, 'tiepnhan2')).due_at > two.due_at);
  const deadline = (await ask('GET', `/api/v1/deadlines?received_at=${encodeURIComponent(one.accepted_at)}&quantity=3&unit=WORK_DAY&agency=H17.105`)).body;
  assert.ok(deadline.skipped.some((skip) => skip.date === day && skip.kind === 'HOLIDAY' && skip.name === 'Ngày nghỉ mới'));
  await approve(await propose({ reverses: id, ...paper }));
  assert.deepStrictEqual([(await again(one)).due_at, (await again(two, 'tiepnhan2')).due_at], [one.due_at, two.due_at]);
});

test('what no calendar can be made of is refused with its place and rule', async () => {
  const bad = async (body, where, code) => {
    const reply = await admin.post(changes, { ...paper, ...body });
    refused(reply, 422, 'invalid');
    assert.ok(reply.body.errors.some((error) => error.pointer === where && error.code === code), reply.text);
  };
  await bad({ calendar: 'VN', days: [{ date: '2027-01-01', kind: 'MAKEUP_WORK', name: 'x' }, { date: '2027-01-01', kind: 'HOLIDAY', name: 'x' }] }, '/days/1', 'makeup-on-holiday');
  await bad({ agency: 'H17.105', days: [{ date: '2027-01-01', kind: 'MAKEUP_WORK', name: 'x' }] }, '/days/0', 'makeup-on-holiday');
  await bad({ agency: 'H17.105', days: [{ date: '2027-01-05', kind: 'OWN_HOURS', name: 'x', sessions: [{ opens: '08:00', closes: '07:00' }] }] }, '/days/0/sessions/0', 'session-ends-before-start');
  await bad({ agency: 'H17.105', days: [{ date: '2027-01-05', kind: 'CLOSED' }] }, '/days/0/name', 'missing-member');
  await bad({ agency: 'H17.999', days: [{ date: '2027-01-05', kind: 'CLOSED', name: 'x' }] }, '/agency', 'unknown');
  await bad({ calendar: 'XX', days: [{ date: '2027-01-05', kind: 'CLOSED', name: 'x' }] }, '/calendar', 'unknown');
  await bad({ calendar: 'VN', agency: 'H17', days: [{ date: '2027-01-05', kind: 'CLOSED', name: 'x' }] }, '/calendar', 'required');
  await bad({ calendar: 'VN' }, '/days', 'required');
  await bad({ reverses: 999999 }, '/reverses', 'unknown');
  refused(await (await as('giamsat')).post(changes, storm('2027-01-05')), 403, 'not-allowed');
  const key = { headers: { 'idempotency-key': randomUUID() } }, first = await admin.post(changes, storm('2027-02-01'), key);
  assert.strictEqual((await admin.post(changes, storm('2027-02-01'), key)).text, first.text);
  refused(await admin.post(changes, storm('2027-02-02'), key), 422, 'idempotency-key-reused');
  const gone = await admin.post(`${changes}/${first.body.id}/withdraw`);
  assert.deepStrictEqual([gone.status, gone.body.state], [200, 'WITHDRAWN']);
  refused(await leader.post(`${changes}/${first.body.id}/approve`), 409, 'calendar-change-state');
  assert.ok((await leader.get(`${changes}?limit=200`)).body.items.some((one) => one.id === first.body.id && one.state === 'WITHDRAWN'));
});

test('the calendar moved between preview and approval: looked at again', async () => {
  const dossier = await intake(), day = day_inside(dossier), id = await propose(storm(day, 'H17.106'));

  await previewed(id);
  sql('UPDATE motcua.catalogue_epoch SET epoch = epoch + 1');
  refused(await (await as('lanhdao2')).post(`${changes}/${id}/approve`), 409, 'calendar-change-stale');
  await previewed(id);
  assert.strictEqual((await admin.post(`${changes}/${id}/withdraw`)).status, 200);
});

test('daemons killed again and again while it is applied: each dossier moved exactly once, and exactly back', async () => {
  const dossiers = [];
  for (let i = 0; i < 40; i++)
    dossiers.push(await intake());
  const day = day_inside(dossiers[0]), id = await propose(storm(day));
  const preview = await previewed(id);
  let kills = 0;

  /* slow enough to be met: each move waits a little */
  sql(`CREATE FUNCTION motcua.test_slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.03); RETURN NEW; END $$;
       CREATE TRIGGER test_slow BEFORE INSERT ON motcua.citizen_message FOR EACH ROW EXECUTE FUNCTION motcua.test_slow()`);
  assert.strictEqual((await chair.post(`${changes}/${id}/approve`)).status, 200);
  const count = () => Number(sql(`SELECT count(*) FROM motcua.calendar_move WHERE change = ${id} AND seq IS NOT NULL`));
  while ((await show(id)).state !== 'APPLIED' && kills < 8) {
    const other = await daemon('0s');
    sql(`UPDATE motcua.calendar_change SET lease_until = NULL, lease_owner = NULL WHERE id = ${id}`); // let it have a part
    const was = count();
    await until('it goes on', async () => count() > was || (await show(id)).state === 'APPLIED', 90);
    assert.strictEqual(await other.kill(), 'SIGKILL');
    kills++;
  }
  await applied(id);
  sql('DROP TRIGGER test_slow ON motcua.citizen_message; DROP FUNCTION motcua.test_slow()');
  assert.ok(kills >= 1, `${kills} kills`);
  const events = `FROM motcua.event e WHERE e.action = 'calendar_change' AND (e.input ->> 'calendar_change')::bigint = ${id}`;
  assert.strictEqual(sql(`SELECT count(*) || ' ' || count(DISTINCT dossier) ${events}`), `${count()} ${count()}`);
  assert.ok(count() >= preview.preview.moves, 'all that was foreseen, and what came in since');
  assert.strictEqual(sql(`SELECT count(*) FROM motcua.calendar_move m JOIN motcua.dossier d ON d.id = m.dossier
    WHERE m.change = ${id} AND m.seq IS NOT NULL AND (d.due_clock, d.due_eod) <> (m.new_due_clock, m.new_due_eod)`), '0');
  await approve(await propose({ reverses: id, ...paper }), leader);
  for (const dossier of dossiers)
    assert.strictEqual((await again(dossier)).due_at, dossier.due_at);
});

test('who began before the approval may still count by the old calendar: the moves wait for him', async () => {
  const dossier = await intake(), id = await propose(storm(day_inside(dossier)));

  await previewed(id);
  const old = spawn('psql', ['-Xq', '-d', process.env.MOTCUA_TEST_CONNINFO, '-c', 'BEGIN; SELECT 1; SELECT pg_sleep(600)'], { stdio: 'ignore' });
  await until('it has begun', () => sql("SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(600)%' AND usename = 'motcua_daemon'") === '1');
  assert.strictEqual((await leader.post(`${changes}/${id}/approve`)).status, 200);
  await until('it is waited for', () => sql(`SELECT cardinality(waits_for) > 0 FROM motcua.calendar_change WHERE id = ${id}`) === 't');
  await new Promise((resolve) => setTimeout(resolve, 3000));
  assert.deepStrictEqual([(await show(id)).state, (await again(dossier)).version], ['APPROVED', 1]);
  sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(600)%' AND usename = 'motcua_daemon'");
  await new Promise((resolve) => (old.exitCode === null ? old.once('exit', resolve) : resolve()));
  await applied(id);
  assert.strictEqual((await again(dossier)).version, 2);
  await approve(await propose({ reverses: id, ...paper }), leader);
});

test('files loaded later that leave no place for a change: it is left out, the others count, and nothing stops', async () => {
  const kinds = async () => (await ask('GET', `/api/v1/deadlines?received_at=${encodeURIComponent('2027-03-01T08:00:00+07:00')}&quantity=5&unit=WORK_DAY&agency=H17.106`)).body
    .skipped.filter((one) => one.kind !== 'WEEKEND').map((one) => `${one.date} ${one.kind}`);
  const load = (change) => sql(`UPDATE motcua.calendar SET body = ${change} WHERE code = 'VN'; UPDATE motcua.catalogue_epoch SET epoch = epoch + 1`);
  const expect = (what) => until(what, async () => (await kinds()).join() === what, 30);

  for (const day of ['2027-03-02', '2027-03-03'])
    await approve(await propose(storm(day, 'H17.106')));
  await expect('2027-03-02 CLOSED,2027-03-03 CLOSED');
  load(`jsonb_insert(body, '{days,0}', '{"date": "2027-03-02", "kind": "HOLIDAY", "name": "Thử"}')`);
  await expect('2027-03-02 HOLIDAY,2027-03-03 CLOSED');
  load(`body #- '{days,0}'`);
  await expect('2027-03-02 CLOSED,2027-03-03 CLOSED');
});

test('nobody moves a promise past its clock', () => {
  const code = sql("SELECT code FROM motcua.dossier WHERE due_clock IS NOT NULL AND finished_at IS NULL LIMIT 1");
  assert.throws(() => sql(`UPDATE motcua.dossier SET due_clock = due_clock + interval '1 day', version = version + 1 WHERE code = '${code}'`), /entry of the clock/);
});
