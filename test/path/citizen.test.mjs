// The citizen's pages without a script: procedures to browse and read, a status asked for without its secret in an address.
import assert from 'node:assert';
import { test } from 'node:test';
import { ask, intake, refused, walk } from './harness.mjs';

const page = async (where, options) => {
  const reply = await ask('GET', where, options);
  assert.ok(reply.bytes.length < 30 * 1024, `${where}: ${reply.bytes.length} bytes`);
  assert.match(reply.headers['content-security-policy'], /^default-src 'none'; style-src 'sha256-[^']+'; script-src 'sha256-[^']+';/);
  return reply;
};
const codes = (html) => [...html.matchAll(/href="\/thu-tuc\/([^"]+)"/g)].map(([, code]) => code);
const typed = (fields, options = {}) => ask('POST', '/tra-cuu', { ...options, raw: new URLSearchParams(fields).toString(),
  headers: { 'content-type': 'application/x-www-form-urlencoded', ...options.headers } });

test('every published procedure is found by browsing, by name with and without marks, by code and by field', async () => {
  const published = (await ask('GET', '/api/v1/procedures?limit=200')).body.items;
  const all = [];

  for (let where = '/thu-tuc'; where;) {
    const { text } = await page(where);
    all.push(...codes(text));
    where = /href="(\/thu-tuc\?[^"]*cursor[^"]*)"/.exec(text)?.[1].replaceAll('&amp;', '&');
  }
  assert.deepStrictEqual(all, published.map(({ code }) => code));
  const one = published.find(({ code }) => code === '1.001612');
  for (const q of ['hộ kinh doanh', 'ho kinh doanh', 'HO KINH', 'hộ kinh doanh'.normalize('NFD'), '1.001612'])
    assert.ok(codes((await page(`/thu-tuc?q=${encodeURIComponent(q)}`)).text).includes(one.code), q);
  const of_field = codes((await page(`/thu-tuc?field=${one.field}`)).text);
  assert.deepStrictEqual(of_field, published.filter(({ field }) => field === one.field).map(({ code }) => code));
  for (const where of ['q=khongcothutucnao', `q=${'a'.repeat(3000)}`, `field=${'A'.repeat(3000)}`])
    assert.match((await page(`/thu-tuc?${where}`)).text, /Không có thủ tục nào khớp/);
  assert.strictEqual((await page('/thu-tuc?cursor=@&fbclid=x')).status, 200);
});

test('a procedure tells its papers, limit, fees, steps and result, each as the catalogue has it', async () => {
  for (const { code } of (await ask('GET', '/api/v1/procedures?limit=200')).body.items) {
    const procedure = (await ask('GET', `/api/v1/procedures/${code}`)).body, { text } = await page(`/thu-tuc/${code}`);
    const plain = text.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&');
    const words = [procedure.name, procedure.result, ...procedure.components.map(({ name }) => name), ...procedure.fees.map(({ name }) => name),
      ...procedure.order ?? [], ...(procedure.steps ?? []).map(({ name }) => name), ...(procedure.legs ?? []).map(({ name }) => name)];

    for (const word of words.filter(Boolean))
      assert.ok(plain.includes(word), `${code}: ${word}`);
    for (const { amount } of procedure.fees.filter((fee) => fee.amount))
      assert.ok(plain.includes(`${String(amount).replace(/\B(?=(\d{3})+$)/g, '.')} đ`), `${code}: ${amount}`);
  }
  assert.match((await page('/thu-tuc/1.001612')).text, /3 ngày làm việc/);
});

test('what anybody types comes back as text, never as markup', async () => {
  const evil = '"><script>alert(1)</script>';
  const { text } = await page(`/thu-tuc?q=${encodeURIComponent(evil)}&field=${encodeURIComponent('"><b>')}`);

  assert.ok(!text.includes('<script>alert') && !text.includes('"><b>'));
  assert.ok(!(await typed({ code: evil, secret: evil })).text.includes('<script>alert'));
  const none = await ask('GET', `/thu-tuc/${encodeURIComponent('<b>x')}`);
  assert.deepStrictEqual([none.status, none.text.includes('<b>x')], [404, false]);
});

test('who has the page is told so; a page made with a secret is kept by nobody', async () => {
  for (const where of ['/thu-tuc', '/thu-tuc/1.001612']) {
    const first = await page(where), again = await ask('GET', where, { headers: { 'if-none-match': first.etag } });
    assert.strictEqual(first.headers['cache-control'], 'public, no-cache');
    assert.deepStrictEqual([again.status, again.bytes.length], [304, 0]);
  }
  const made = await intake(), shown = await typed({ code: made.code, secret: made.lookup_secret });
  assert.deepStrictEqual([shown.status, shown.headers['cache-control']], [200, 'no-store']);
});

test('the secret is typed into a body: milestones and what is missing, papers by their names', async () => {
  const made = await intake(), other = await intake();
  const waiting = await walk(made, [['tiepnhan', 'transfer', {}, 'IN_TRANSFER'], ['truongphong', 'acknowledge', {}, 'ASSIGNING'],
    ['truongphong', 'assign', { handler: 'chuyenvien' }, 'PROCESSING'],
    ['chuyenvien', 'request_supplement', { items: [{ component: 'ID_PAPER', reason: 'Bản chụp bị mờ' }], ground: 'NĐ 01/2021' }, 'SUPPLEMENT_WAIT']]);
  const form = (await page('/tra-cuu')).text;

  assert.match(form, /<form action="\/tra-cuu" method="post">/);
  const short = await typed({ code: waiting.code, secret: '' });
  assert.ok(short.status === 200 && !/Cần bổ sung<\/h2>|Các bước đã qua/.test(short.text));
  assert.strictEqual((await typed({ code: waiting.code, secret: other.lookup_secret })).status, 404);
  const open = await typed({ code: made.code.toLowerCase(), secret: made.lookup_secret.toLowerCase() });
  assert.match(open.text, /Cần bổ sung<\/h2><ul><li>[^<]*(?<!ID_PAPER): Bản chụp bị mờ[^]*Các bước đã qua[^]*Đã tiếp nhận/);
  for (const word of [made.owner.name, made.owner.personal_id, made.lookup_secret])
    assert.ok(!open.text.includes(word));
});

test('a form is a form: JSON is refused, an empty one is the page', async () => {
  refused(await ask('POST', '/tra-cuu', { raw: '{}', headers: { 'content-type': 'application/json' } }), 415, 'media-type');
  assert.strictEqual((await typed({ code: 'x', ho_ten: 'y' })).status, 404);
  assert.strictEqual((await typed({})).status, 200);
});
