// Forms on paper and screen: the receipt, the same bytes each time, as PDF and as HTML, never for a stranger.
import assert from 'node:assert';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { as, citizen, intake, household, refused, secret, walk } from './harness.mjs';

const receipt = (code) => `/api/v1/dossiers/${code}/forms/receipt`;
const pdf = { headers: { accept: 'application/pdf' } }, html = { headers: { accept: 'text/html' } };

test('the receipt is a PDF whose bytes do not change, whatever happens to the dossier', async () => {
  const made = await intake(), desk = await as('tiepnhan');
  const first = await desk.get(receipt(made.code), pdf);

  assert.deepStrictEqual([first.status, first.type, first.bytes.subarray(0, 5).toString()], [200, 'application/pdf', '%PDF-']);
  assert.strictEqual(first.headers['cache-control'], 'private, no-store');
  for (let i = 0; i < 3; i++)
    assert.ok((await desk.get(receipt(made.code), { ...pdf, is_new_connection: true })).bytes.equals(first.bytes));
  await new Promise((resolve) => setTimeout(resolve, 1100)); // what is paid in the second of acceptance counts as paid with it
  await walk(made, [['tiepnhan', 'transfer', {}, 'IN_TRANSFER'], ['tiepnhan', 'collect_fee', { method: 'CASH' }, 'IN_TRANSFER']]);
  assert.ok((await desk.get(receipt(made.code), pdf)).bytes.equals(first.bytes));
});

test('the receipt says what the dossier is: code, owner, papers, due time, the secret', async () => {
  const owner = citizen(), made = await intake({ owner }), desk = await as('tiepnhan');
  const paper = spawnSync('pdftotext', ['-layout', '-', '-'], { input: (await desk.get(receipt(made.code), pdf)).bytes }).stdout.toString().replace(/\s+/g, ' ').normalize('NFC');
  const screen = (await desk.get(receipt(made.code), html)).text;
  const [, year, month, day, hour, minute] = /^(\d+)-(\d+)-(\d+)T(\d+):(\d+)/.exec(made.due_at);

  for (const word of [made.code, owner.name, owner.phone, 'Giấy đề nghị đăng ký thành lập hộ kinh doanh', made.lookup_secret, 'Đăng ký thành lập hộ kinh doanh']) {
    assert.ok(paper.includes(word), `the paper has ${word}`);
    assert.ok(screen.includes(word), `the screen has ${word}`);
  }
  assert.match(paper, new RegExp(`${hour} giờ ${minute}.{0,30}${Number(day)}.{0,12}${Number(month)}.{0,8}${year}`), paper);
});

test('the HTML form is UTF-8 Vietnamese, with a policy that lets no script run', async () => {
  const made = await intake(), reply = await (await as('tiepnhan')).get(receipt(made.code), html);

  assert.strictEqual(reply.type, 'text/html; charset=utf-8');
  assert.match(reply.headers['content-security-policy'], /^default-src 'none'/);
  assert.doesNotMatch(reply.text, /<script|\bon\w+=/i);
});

test('markup in a name is text on the form', async () => {
  const owner = { ...citizen(), name: '<b onmouseover=x>Nguyễn & "Con"</b>' }, made = await intake({ owner });
  const { text } = await (await as('tiepnhan')).get(receipt(made.code), html);

  assert.ok(!text.includes('<b onmouseover'));
  assert.ok(text.includes('&lt;b onmouseover=x&gt;Nguyễn &amp;'));
});

test('what Accept weighs most decides; anything else gets PDF; what there is not is refused', async () => {
  const { code } = await intake(), desk = await as('tiepnhan');
  const type = async (accept) => (await desk.get(receipt(code), { headers: { accept } })).type;

  assert.strictEqual(await type(undefined), 'application/pdf');
  assert.strictEqual(await type('*/*'), 'application/pdf');
  assert.strictEqual(await type('text/html,application/xhtml+xml,application/pdf;q=0.9'), 'text/html; charset=utf-8');
  for (const [accept, wanted] of [['text/html;q=0.1, application/pdf;q=0.9', 'application/pdf'], ['application/pdf;q=0.1, text/html;q=0.2', 'text/html; charset=utf-8'],
    ['application/pdf;q=0, */*', 'text/html; charset=utf-8'], ['text/*', 'text/html; charset=utf-8'], ['text/html;q=0, */*;q=0.1', 'application/pdf'],
    ['text/html ; level=1 ; q=0.3 , */* ; q=0.2', 'text/html; charset=utf-8'], ['application/*;q=0.5, text/html;q=0.5', 'application/pdf']])
    assert.strictEqual(await type(accept), wanted, accept);
  for (const accept of ['image/png', 'text/html;q=0', 'application/pdf;q=0.000, text/html;q=0', '*/*;q=0'])
    refused(await desk.get(receipt(code), { headers: { accept } }), 406, 'not-acceptable');
});

test('there is no receipt before acceptance, no form nobody knows, and none for a stranger', async () => {
  const desk = await as('tiepnhan'), made = await intake();
  const submitted = (await desk.post('/api/v1/dossiers', household({ decision: 'SUBMIT' }))).body;

  secret(submitted.lookup_secret);
  refused(await desk.get(receipt(submitted.code), pdf), 404, 'no-such-form');
  refused(await desk.get(`/api/v1/dossiers/${made.code}/forms/ballad`, pdf), 404, 'no-such-form');
  refused(await (await as('tiepnhan2')).get(receipt(made.code), pdf), 404, 'no-such-dossier');
});
