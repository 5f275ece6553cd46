// A clerk at the counter: eight hours a day, by keyboard.
import assert from 'node:assert';
import { after, afterEach, before, test } from 'node:test';
import { ask, dossier, new_id } from './api.mjs';
import { address, close_browser, leave_all, open_browser, shot, sit_down, violations } from './browser.mjs';

before(open_browser);
after(close_browser);
afterEach(leave_all);

const card = (id, name = 'Nguyễn Thị Hoa') => `${id}|201234567|${name}|01011990|Nữ|Thôn 1, xã Tam Kỳ|01012022`;
const at = (person, pointer) =>
  person.page.waitForFunction((wanted) => document.activeElement?.dataset?.pointer === wanted, pointer);
const value = (person, pointer) => person.page.locator(`[data-pointer="${pointer}"]`).inputValue();
const accepted = async (person) => {
  await person.page.getByRole('heading', { name: /^Đã tiếp nhận/ }).waitFor();
  return /H\d\S+/.exec(await person.page.locator('h1').textContent())[0];
};
async function begin(person) {
  await at(person, '/procedure');
  await person.type('ho kinh doanh');
  await person.press('Enter');
  await at(person, '/owner/name');
}

test('a simple dossier with a scanned card: at most 25 keys and 60 seconds, no mouse, the print within a second', async (t) => {
  const clerk = await sit_down('tiepnhan');
  const started = Date.now(), id = new_id();

  await begin(clerk);
  await clerk.type(card(id));
  await clerk.press('Enter'); /* the reader's own */
  await at(clerk, '/owner/phone');
  await clerk.type('0905000123');
  await clerk.press('Alt+d');
  await clerk.page.getByText(/27\/11|thứ (Hai|Ba|Tư|Năm|Sáu)/).first().waitFor();
  await shot(clerk, 'counter-filled');
  assert.match(await clerk.page.locator('.side').innerText(), /Tính theo ngày làm việc, không tính ngày nhận[^]*100\.000 đ/);
  const sent = Date.now();
  await clerk.press('Control+Enter');
  const code = await accepted(clerk);
  await clerk.page.waitForFunction(() => window.printed?.length === 1);
  const print_ms = Date.now() - sent;
  const made = await dossier(code);

  assert.strictEqual(made.owner.name, 'Nguyễn Thị Hoa');
  assert.strictEqual(made.owner.personal_id, id);
  assert.strictEqual(made.owner.address, 'Thôn 1, xã Tam Kỳ');
  assert.deepStrictEqual(made.components.map((one) => [one.code, one.originals, one.plain_copies]),
    [['FORM_HOUSEHOLD', 1, 0], ['ID_PAPER', 0, 1]]);
  assert.ok(clerk.keys <= 25, `${clerk.keys} keys`);
  assert.ok(Date.now() - started < 60_000);
  assert.ok(print_ms < 1000, `${print_ms} ms from Ctrl+Enter to the print`);
  t.diagnostic(`${clerk.keys} keys, ${print_ms} ms from Ctrl+Enter to the print dialog`);
  await shot(clerk, 'counter-accepted');
  await clerk.press('F4');
  await clerk.page.waitForFunction(() => window.printed?.length === 2);
  assert.deepStrictEqual(clerk.faults, []);
});

test('"Tiếp nhận và thêm mới" keeps the procedure, clears the person and prints', async () => {
  const clerk = await sit_down('tiepnhan');

  await begin(clerk);
  await clerk.type(card(new_id()));
  await at(clerk, '/owner/phone');
  await clerk.press('Alt+d', 'Alt+Enter');
  await clerk.page.getByText(/giấy hẹn đang in/).waitFor();
  await at(clerk, '/owner/name');
  assert.strictEqual(await value(clerk, '/owner/name'), '');
  assert.match(await clerk.page.locator('.chosen').innerText(), /1\.001612/);
  assert.strictEqual(await clerk.page.locator('.papers input:checked').count(), 0);
  await clerk.page.waitForFunction(() => window.printed?.length === 1);
  assert.deepStrictEqual(clerk.faults, []);
});

test('a card is read in any field, and that field gets back what it had', async () => {
  const clerk = await sit_down('tiepnhan'), id = new_id();

  await begin(clerk);
  await clerk.page.locator('[data-pointer="/note"]').fill('đã dặn');
  await clerk.page.locator('[data-pointer="/owner/name"]').focus();
  await clerk.page.locator('[data-pointer="/note"]').focus();
  await clerk.type(card(id));
  await at(clerk, '/owner/phone');
  assert.strictEqual(await value(clerk, '/note'), 'đã dặn');
  assert.strictEqual(await value(clerk, '/owner/personal_id'), id);
});

test('a garbled card is explained, and nothing is filled from it', async () => {
  const clerk = await sit_down('tiepnhan');

  await begin(clerk);
  await clerk.type(card('0491900001é3'));
  await clerk.page.getByText(/bộ gõ tiếng Việt/).first().waitFor();
  assert.strictEqual(await value(clerk, '/owner/personal_id'), '');
});

test('what is wrong stands at its field, the summary takes the focus, nothing typed is lost', async () => {
  const clerk = await sit_down('tiepnhan');

  await begin(clerk);
  await clerk.page.locator('[data-pointer="/owner/name"]').fill('Lê Văn Sai');
  await clerk.page.locator('[data-pointer="/owner/personal_id"]').fill('123');
  await clerk.press('Control+Enter');
  await clerk.page.locator('.summary:focus').waitFor();
  await shot(clerk, 'counter-faults');
  assert.deepStrictEqual(await violations(clerk), []);
  assert.match(await clerk.page.locator('.summary').innerText(), /Số định danh: .*12 chữ số/);
  assert.strictEqual(await clerk.page.locator('[data-pointer="/owner/personal_id"]').getAttribute('aria-invalid'), 'true');
  assert.strictEqual(await value(clerk, '/owner/name'), 'Lê Văn Sai');
  await clerk.page.locator('.summary a', { hasText: 'Số định danh' }).click();
  await at(clerk, '/owner/personal_id');
});

test('missing papers are told at their rows', async () => {
  const clerk = await sit_down('tiepnhan');

  await begin(clerk);
  await clerk.type(card(new_id()));
  await at(clerk, '/owner/phone');
  await clerk.press('Control+Enter');
  await clerk.page.locator('.summary').waitFor();
  await shot(clerk, 'counter-papers');
  assert.match(await clerk.page.locator('.summary').innerText(), /Thành phần hồ sơ chưa đủ/);
});

test('a session that ended signs in again in place, and what was sent is sent once', async () => {
  const clerk = await sit_down('tiepnhan'), id = new_id();

  await begin(clerk);
  await clerk.type(card(id));
  await at(clerk, '/owner/phone');
  await clerk.press('Alt+d');
  await clerk.page.evaluate(() => fetch('/api/v1/sessions/current', { method: 'DELETE' }));
  await clerk.press('Control+Enter');
  await clerk.page.getByRole('dialog', { name: 'Đăng nhập lại' }).waitFor();
  await shot(clerk, 'sign-in-again');
  assert.deepStrictEqual(await violations(clerk), []);
  await clerk.type('motcua-demo');
  await clerk.press('Enter');
  const code = await accepted(clerk);
  assert.strictEqual((await dossier(code)).owner.personal_id, id);
});

test('a power cut loses nothing; signing out leaves nothing', async () => {
  const clerk = await sit_down('tiepnhan'), id = new_id();

  await begin(clerk);
  await clerk.type(card(id));
  await at(clerk, '/owner/phone');
  await clerk.page.reload();
  await clerk.page.getByText('Đã lấy lại bản đang nhập dở').waitFor();
  assert.strictEqual(await value(clerk, '/owner/personal_id'), id);
  await clerk.page.getByRole('button', { name: 'Đăng xuất' }).click();
  await clerk.page.getByLabel('Mật khẩu').waitFor();
  assert.strictEqual(await clerk.page.evaluate(() => localStorage.length), 0);
});

test('an answer that never arrived: sent again it is one dossier', async () => {
  const clerk = await sit_down('tiepnhan'), name = `Phạm Mất Mạng ${Date.now()}`;
  let posts = 0;

  await clerk.page.route('**/api/v1/dossiers', async (route) => {
    if (route.request().method() !== 'POST' || ++posts > 1)
      return route.continue();
    await route.fetch(); /* the server has done it; nobody hears of it */
    return route.abort('connectionreset');
  });
  await begin(clerk);
  await clerk.type(card(new_id(), name.replace(/\d/g, (digit) => 'abcdefghij'[Number(digit)])));
  await at(clerk, '/owner/phone');
  await clerk.press('Alt+d', 'Control+Enter');
  await clerk.page.getByText(/Chưa rõ máy chủ đã ghi hay chưa/).waitFor();
  await shot(clerk, 'counter-unsent');
  await clerk.press('Control+Enter');
  const code = await accepted(clerk);
  const { owner } = await dossier(code);
  const found = await ask('tiepnhan', `dossiers?q=${encodeURIComponent(owner.name)}`);
  assert.deepStrictEqual(found.items.map((one) => one.code), [code]);
});

test('somebody with an open dossier of the same procedure is told of', async () => {
  const clerk = await sit_down('tiepnhan'), id = new_id();

  for (const wanted of [0, 1]) {
    await begin(clerk);
    await clerk.type(card(id));
    await at(clerk, '/owner/phone');
    await clerk.press('Alt+d', 'Control+Enter');
    await accepted(clerk);
    assert.strictEqual(await clerk.page.locator('.warning').count(), wanted);
    await clerk.press('Alt+n');
  }
});

test('no violation of WCAG on the door and on the counter; first load of at most 60 KB', async (t) => {
  const stranger = await sit_down(null);
  let bytes = 0;
  stranger.page.on('response', (answer) => { bytes += Number(answer.headers()['content-length'] ?? 0); });
  await stranger.page.goto(`${address}/`);
  await stranger.page.getByLabel('Mật khẩu').waitFor();
  await shot(stranger, 'door');
  assert.deepStrictEqual(await violations(stranger), []);
  assert.ok(bytes > 10_000 && bytes <= 60 * 1024, `${bytes} bytes`);
  t.diagnostic(`first load ${bytes} bytes`);

  const clerk = await sit_down('tiepnhan');
  await begin(clerk);
  await clerk.page.locator('.papers').waitFor();
  assert.deepStrictEqual(await violations(clerk), []);
});

test('index.html is asked for anew, assets are kept a year, packed as asked', async () => {
  const index = await fetch(`${address}/quay`);
  const names = [...(await index.text()).matchAll(/\/assets\/[^"]+/g)].map(String);

  assert.match(index.headers.get('content-security-policy'), /^default-src 'self';(?!.*unsafe)/);
  assert.strictEqual(index.headers.get('cache-control'), 'no-cache');
  const again = await fetch(`${address}/ho-so/H1-2`, { headers: { 'If-None-Match': index.headers.get('etag') } });
  assert.strictEqual(again.status, 304);
  assert.strictEqual(names.length, 2);
  for (const [wanted, got] of [['br', 'br'], ['gzip', 'gzip'], ['br;q=0, gzip', 'gzip'], ['identity', null]]) {
    const asset = await fetch(address + names[0], { headers: { 'Accept-Encoding': wanted } });
    assert.strictEqual(asset.headers.get('content-encoding'), got, wanted);
    assert.match(asset.headers.get('cache-control'), /max-age=31536000, immutable/);
    assert.ok((await asset.text()).length > 5000);
  }
  for (const name of ['..%2findex.html', 'none.js', 'index.html'])
    assert.strictEqual((await fetch(`${address}/assets/${name}`)).status, 404, name);
});

test('a count that is no number is told at its row', async () => {
  const clerk = await sit_down('tiepnhan');

  await begin(clerk);
  await clerk.type(card(new_id()));
  await at(clerk, '/owner/phone');
  await clerk.press('Alt+d');
  await clerk.page.getByLabel(/^Bản chụp: Giấy tờ pháp lý/).fill('một');
  await clerk.press('Control+Enter');
  await clerk.page.locator('.summary').waitFor();
  assert.match(await clerk.page.locator('.papers tr', { hasText: 'Giấy tờ pháp lý' }).locator('.fault').innerText(), /số nguyên/);
});

test('without the network nobody is told to be signed out', async () => {
  const clerk = await sit_down('tiepnhan');

  await clerk.context.setOffline(true);
  await clerk.page.getByRole('button', { name: 'Đăng xuất' }).click();
  await clerk.page.getByRole('alert').filter({ hasText: 'Chưa đăng xuất được' }).waitFor();
  await clerk.context.setOffline(false);
  await clerk.page.getByRole('button', { name: 'Đăng xuất' }).click();
  await clerk.page.getByLabel('Mật khẩu').waitFor();
});

test('papers that a database holds are replaced by it', async () => {
  const clerk = await sit_down('tiepnhan');

  await begin(clerk);
  await clerk.type(card(new_id()));
  await at(clerk, '/owner/phone');
  await clerk.press('Alt+d');
  await clerk.page.getByLabel('Giấy tờ pháp lý của chủ hộ và thành viên: thay bằng CSDL quốc gia về dân cư').check();
  await clerk.press('Control+Enter');
  const made = await dossier(await accepted(clerk));
  assert.deepStrictEqual(made.components.map((one) => [one.code, one.plain_copies, one.reused_from]),
    [['FORM_HOUSEHOLD', 0, undefined], ['ID_PAPER', 0, 'DAN_CU']]);
});

test('the fee shown before is the fee owed after: three copies of four pages', async () => {
  const clerk = await sit_down('tiepnhan');

  await at(clerk, '/procedure');
  await clerk.type('2.000815');
  await clerk.press('Enter');
  await at(clerk, '/owner/name');
  await clerk.type(card(new_id()));
  await at(clerk, '/owner/phone');
  await clerk.press('Alt+d');
  await clerk.page.getByLabel('Số bản').fill('3');
  await clerk.page.getByLabel('Số trang mỗi bản').fill('4');
  assert.match(await clerk.page.locator('.side tfoot').innerText(), /18\.000 đ/);
  await clerk.press('Control+Enter');
  assert.strictEqual((await dossier(await accepted(clerk))).fee_owed, 18000);
});
