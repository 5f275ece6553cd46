// News: who has a page open hears of changes that are his business, soon, and of nothing else.
import assert from 'node:assert';
import http from 'node:http';
import { after, test } from 'node:test';
import { Daemon } from '../process/daemon.js';
import { as, base, dossier_at, intake, password, refused, someone, sql, walk } from './harness.mjs';

const open_ones = [];

/* Listens; `heard` grows. */
function listen(person, query = '', at = new URL('/api/v1/', base)) {
  return new Promise((resolve, reject) => {
    const request = http.get(new URL(`live${query}`, at), { agent: new http.Agent(),
      headers: { authorization: `Bearer ${person.token}` } }, (response) => {
      const stream = { heard: [], status: response.statusCode, headers: response.headers, is_over: false, end: () => request.destroy() };
      let rest = '';

      response.setEncoding('utf8');
      response.on('data', (part) => {
        const events = (rest + part).split('\n\n');
        rest = events.pop();
        for (const event of events) {
          const name = /^event: (.*)$/m.exec(event)?.[1], data = /^data: (.*)$/m.exec(event)?.[1];
          if (name)
            stream.heard.push({ name, ...JSON.parse(data) });
        }
      });
      response.on('close', () => { stream.is_over = true; });
      open_ones.push(stream);
      resolve(stream);
    });
    request.on('error', reject);
  });
}
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
async function until(what, is_so) {
  for (let i = 0; i < 100; i++) {
    if (is_so())
      return;
    await wait(100);
  }
  assert.fail(what);
}
const names = (stream) => stream.heard.map(({ name }) => name);

test('the page of a dossier hears of its new version, the inboxes of the old holder and of the new one that they changed', async () => {
  const dossier = await intake(), desk = await as('tiepnhan'), head = await as('truongphong');
  const page = await listen(desk, `?dossier=${dossier.code}`), old_one = await listen(desk), new_one = await listen(head);
  const stranger = await listen(await as('tiepnhan2')), leader = await listen(await as('lanhdao'));

  assert.strictEqual(page.status, 200);
  assert.match(page.headers['content-type'], /^text\/event-stream/);
  await until('the stream opens', () => page.heard.length === 1 && stranger.heard.length === 1);
  assert.deepStrictEqual(page.heard[0], { name: 'begin', version: 1 });
  await walk(dossier, [['tiepnhan', 'transfer', {}, 'IN_TRANSFER']]);
  await until('the page hears', () => names(page).includes('dossier'));
  assert.deepStrictEqual(page.heard.find(({ name }) => name === 'dossier'), { name: 'dossier', code: dossier.code, version: 2 });
  await until('both inboxes hear', () => names(old_one).includes('work') && names(new_one).includes('work'));
  await wait(1500);
  assert.deepStrictEqual(page.heard.filter(({ name }) => name === 'dossier').length, 1, 'told once');
  assert.deepStrictEqual(names(stranger), ['begin']);
  assert.deepStrictEqual(names(leader), ['begin'], 'it does not lie with him');
  assert.ok(!JSON.stringify([old_one.heard, new_one.heard]).includes(dossier.code));
});

test('a handler hears of what is given to him, his colleague does not', async () => {
  const dossier = await dossier_at('assigning');
  const his = await listen(await as('chuyenvien')), other = await listen(await as(someone('handler', 'H17.105.02')));

  await until('open', () => his.heard.length === 1 && other.heard.length === 1);
  await walk(dossier, [['truongphong', 'assign', { handler: 'chuyenvien' }, 'PROCESSING']]);
  await until('he hears', () => names(his).includes('work'));
  await wait(1200);
  assert.deepStrictEqual(names(other), ['begin']);
});

test('a dossier that stopped being his business is not announced; a strange one cannot be listened to', async () => {
  const dossier = await dossier_at('processing'), step = dossier.steps.find(({ state }) => state === 'CURRENT');
  const asked = await walk(dossier, [['chuyenvien', 'consult', { unit: 'H17.22', question: 'Đã đóng chưa?', step_due: step.due_at }, 'CONSULTING']]);
  const guest = await as('bhxh'), stream = await listen(guest, `?dossier=${dossier.code}`);

  await until('open', () => stream.heard.length === 1);
  const back = await walk(asked, [['bhxh', 'answer_consultation', { opinion: 'Đã đóng' }, 'PROCESSING']]);
  await walk(back, [['chuyenvien', 'submit_for_review', { note: 'Xong' }, 'REVIEW']]);
  await wait(2500);
  assert.ok(!names(stream).includes('dossier'), 'gone from his business, gone from his ears');
  refused(await guest.get(`/api/v1/live?dossier=${dossier.code}`), 404, 'no-such-dossier');
  refused(await (await as('tiepnhan')).get('/api/v1/live?dossier=H17.105-200101-0001'), 404, 'no-such-dossier');
});

test('who has signed out hears nothing more', async () => {
  const username = someone('dept_head', 'H17.105.02'), person = await as(username), stream = await listen(person);

  await until('open', () => stream.heard.length === 1);
  sql(`DELETE FROM motcua.session s USING motcua.person p WHERE p.id = s.person AND p.username = '${username}'`);
  await walk(await intake(), [['tiepnhan', 'transfer', {}, 'IN_TRANSFER']]);
  await wait(2500);
  assert.deepStrictEqual(names(stream), ['begin']);
});

test('a browser that opens ever more pages loses its oldest stream', async () => {
  const person = await as(someone('receiver', 'H17.105.01')), streams = [];

  for (let i = 0; i < 24; i++) /* two workers, eight of each at most */
    streams.push(await listen(person));
  await until('eight of each are left', () => streams.filter(({ is_over }) => !is_over).length <= 16);
  assert.ok(streams[0].is_over);
  assert.ok(!streams.at(-1).is_over);
});

test('at SIGTERM a daemon ends its streams and itself', async () => {
  const daemon = await new Daemon(['--set', 'http.secure_cookie=false']).ready(), at = `http://127.0.0.1:${daemon.port}/api/v1/`;

  try {
    const session = await fetch(`${at}sessions`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ username: 'chuyenvien', password }) });
    const stream = await listen({ token: (await session.json()).token }, '', at);
    await until('open', () => stream.heard.length === 1);
    daemon.kill('SIGTERM');
    await until('the stream is over', () => stream.is_over);
    assert.strictEqual(await daemon.end_status(), 0);
    assert.strictEqual(daemon.said('not drained'), 0);
  } finally {
    await daemon.end();
  }
});

after(() => open_ones.forEach((stream) => stream.end()));
