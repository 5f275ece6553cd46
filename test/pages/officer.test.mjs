// The working day of those who process: a head of department, a handler, a records clerk, the desk again.
import assert from 'node:assert';
import { after, afterEach, before, test } from 'node:test';
import { act, ask, bring_to, dossier, intake } from './api.mjs';
import { address, close_browser, leave_all, open_browser, shot, sit_down, violations } from './browser.mjs';

before(open_browser);
after(close_browser);
afterEach(leave_all);

async function open(person, code) {
  await person.page.goto(`${address}/ho-so/${code}`);
  await person.page.locator('.timeline li').first().waitFor();
}
const button = (person, name) => person.page.locator('main').getByRole('button', { name }).first();
async function do_it(person, name, typed) {
  await button(person, name).click();
  await person.page.locator('form.action').waitFor();
  if (typed)
    await person.type(typed);
  await person.press('Control+Enter');
  await person.page.getByRole('status').filter({ hasText: 'đã xong' }).waitFor();
}
const line_of = (person, code) => person.page.locator(`#line-${code.replaceAll('.', '\\.')}`);

test('from the desk to the handler by keyboard: 1, Ctrl+Enter', async () => {
  const { code } = await intake('Bùi Văn Đường');
  const clerk = await sit_down('tiepnhan');

  await open(clerk, code);
  await clerk.press('1');
  await clerk.page.locator('form.action').waitFor();
  await clerk.press('Control+Enter');
  await clerk.page.getByRole('status').filter({ hasText: 'Chuyển hồ sơ đến nơi giải quyết: đã xong' }).waitFor();
  assert.strictEqual((await dossier(code)).state, 'IN_TRANSFER');

  const head = await sit_down('truongphong');
  await open(head, code);
  await do_it(head, /Xác nhận đã nhận/);
  await button(head, /Phân công xử lý/).click();
  await head.page.getByLabel(/^Người xử lý/).selectOption('chuyenvien');
  await shot(head, 'assign');
  assert.match(await head.page.getByLabel(/^Người xử lý/).innerText(), /Phạm Thu Trang \(đang giữ \d+ hồ sơ\)/);
  assert.deepStrictEqual(await violations(head), []);
  await head.press('Control+Enter');
  await head.page.getByRole('status').filter({ hasText: 'đã xong' }).waitFor();
  const after_all = await dossier(code);
  assert.strictEqual(after_all.state, 'PROCESSING');
  assert.strictEqual(after_all.handler.username, 'chuyenvien');
  assert.deepStrictEqual([...clerk.faults, ...head.faults], []);
});

test('the inbox: time left in words on every row, what is due first on top, j k Enter and ?', async () => {
  await bring_to('assign', 'Cao Thị Một');
  await bring_to('assign', 'Cao Thị Hai');
  const officer = await sit_down('chuyenvien');
  await officer.page.locator('.rows tbody tr').nth(1).waitFor();
  const words = await officer.page.locator('.rows tbody td:nth-child(2)').allInnerTexts();

  assert.ok(words.length >= 2 && words.every((one) => /^(. )?(Còn|Quá hạn) \d+ (ngày|giờ|phút)/.test(one.trim())), words.join());
  assert.deepStrictEqual(await violations(officer), []);
  await shot(officer, 'inbox');
  const second = await officer.page.locator('.rows tbody tr').nth(1).locator('a').innerText();
  await officer.press('j');
  await officer.page.locator('.rows tr.at', { hasText: second }).waitFor();
  await officer.press('?');
  await officer.page.getByRole('heading', { name: 'Phím tắt' }).waitFor();
  await shot(officer, 'keys');
  await officer.press('Escape');
  await officer.press('Enter');
  await officer.page.waitForURL(`**/ho-so/${second}`);
  await officer.page.locator('.timeline li').first().waitFor();
  assert.deepStrictEqual(await violations(officer), []);
  await shot(officer, 'dossier');
  await officer.page.goBack();
  await officer.page.locator('.rows').waitFor();
});

test('a supplement asked for per component stops the clock in sight; received, the clock goes on', async () => {
  const { code } = await bring_to('assign', 'Đoàn Thị Thiếu');
  const officer = await sit_down('chuyenvien');

  await open(officer, code);
  await button(officer, /Yêu cầu bổ sung/).click();
  await officer.page.getByLabel('Giấy tờ pháp lý của chủ hộ và thành viên', { exact: true }).check();
  await officer.page.getByLabel(/Cần bổ sung gì ở: Giấy tờ pháp lý/).fill('Bản chụp mờ, không đọc được số');
  await officer.page.getByLabel(/^Căn cứ/).fill('Nghị định 118/2025 điều 19');
  assert.deepStrictEqual(await violations(officer), []);
  await shot(officer, 'supplement');
  await officer.press('Control+Enter');
  await officer.page.locator('.timeline .clock.pause').waitFor();
  assert.match(await officer.page.locator('.timeline li').first().innerText(), /Bản chụp mờ[^]*Đồng hồ dừng/);
  assert.match(await officer.page.locator('.dossier').innerText(), /Đồng hồ đang dừng, chờ công dân/);
  await shot(officer, 'paused');

  const clerk = await sit_down('tiepnhan');
  await open(clerk, code);
  await do_it(clerk, /Nhận hồ sơ bổ sung/);
  await clerk.page.locator('.timeline .clock.resume').waitFor();
  assert.strictEqual((await dossier(code)).state, 'PROCESSING');
});

test('two on one dossier: the second is told what the first did, and what he typed is still there', async () => {
  const one = await bring_to('assign', 'Lý Văn Hai');
  const officer = await sit_down('chuyenvien');
  await open(officer, one.code);
  await button(officer, /Trình lãnh đạo phòng/).click();
  await officer.page.locator('form.action').waitFor();
  await officer.type('Đã kiểm tra, đủ điều kiện');

  await act('tiepnhan', one, { action: 'collect_fee', method: 'TRANSFER' });
  await officer.press('Control+Enter');
  await officer.page.getByRole('alert').filter({ hasText: 'Nguyễn Thị Hạnh: Thu phí, lệ phí' }).waitFor();
  await shot(officer, 'stale');
  assert.strictEqual((await dossier(one.code)).state, 'PROCESSING');
  assert.strictEqual(await officer.page.locator('form.action textarea').first().inputValue(), 'Đã kiểm tra, đủ điều kiện');
  await officer.press('Control+Enter');
  await officer.page.getByRole('status').filter({ hasText: 'Trình lãnh đạo phòng: đã xong' }).waitFor();
  const { items } = await ask('chuyenvien', `dossiers/${one.code}/history`);
  assert.strictEqual(items.at(-1).input.note, 'Đã kiểm tra, đủ điều kiện');
});

test('several picked in the inbox go on together, with a result for each', async () => {
  const codes = [(await bring_to('submit_for_review', 'Mạc Thị Ba')).code, (await bring_to('submit_for_review', 'Mạc Thị Bốn')).code];
  const head = await sit_down('truongphong');

  await head.page.locator('.rows').waitFor();
  for (const code of codes)
    await line_of(head, code).getByRole('checkbox').check();
  await button(head, 'Trình ký').click();
  await head.page.locator('.batch textarea').waitFor();
  await shot(head, 'batch');
  assert.deepStrictEqual(await violations(head), []);
  await head.press('Control+Enter');
  await head.page.locator('.results li').nth(1).waitFor();
  for (const code of codes)
    assert.strictEqual((await dossier(code)).state, 'SIGNING');
});

test('the result is numbered, the fee collected, and handed over at the desk', async () => {
  let one = await bring_to('submit_for_signature', 'Văn Thị Nhận');
  one = await act('lanhdao', one, { action: 'sign' });
  const records = await sit_down('vanthu');

  await open(records, one.code);
  await button(records, /Phát hành/).click();
  await records.page.getByLabel(/^Số văn bản/).fill('123/GCN-UBND');
  assert.match(await records.page.getByLabel(/^Ngày văn bản/).inputValue(), /^\d\d\/\d\d\/\d{4}$/);
  await records.press('Control+Enter');
  await records.page.getByRole('status').filter({ hasText: 'đã xong' }).waitFor();

  const clerk = await sit_down('tiepnhan');
  await clerk.page.getByRole('searchbox').fill(`${address}/tra-cuu/${one.code}?secret=ABC`); /* the receipt's QR, scanned */
  await clerk.press('Enter');
  await clerk.page.locator('form.action', { hasText: 'Thu phí, lệ phí' }).waitFor(); /* what comes first is open already */
  assert.match(await clerk.page.locator('.blocked').first().innerText(), /Trả kết quả Còn phí, lệ phí chưa nộp, cần thu trước/);
  assert.deepStrictEqual(await violations(clerk), []);
  await shot(clerk, 'fee-first');
  await clerk.press('Control+Enter');
  await clerk.page.locator('form.action', { hasText: 'Người nhận kết quả' }).waitFor(); /* and then what comes next */
  assert.strictEqual((await dossier(one.code)).fee_owed, 0);
  assert.strictEqual(await clerk.page.getByLabel(/^Người nhận kết quả/).inputValue(), 'Văn Thị Nhận');
  await shot(clerk, 'hand-over');
  await clerk.page.getByLabel(/^Người nhận kết quả/).fill('Người Khác');
  await clerk.press('Control+Enter');
  await clerk.page.locator('.summary').filter({ hasText: 'giấy ủy quyền' }).waitFor();
  await clerk.page.getByLabel(/^Giấy ủy quyền/).fill('Số 5/UQ ngày 01/11/2026');
  await clerk.press('Control+Enter');
  await clerk.page.getByRole('status').filter({ hasText: 'Trả kết quả: đã xong' }).waitFor();
  const done = await dossier(one.code);
  assert.strictEqual(done.state, 'RETURNED');
  await shot(clerk, 'returned');
  assert.deepStrictEqual([...records.faults, ...clerk.faults], []);
});

test('who has nothing to do at this step reads where the dossier is', async () => {
  const { code } = await bring_to('assign', 'Kha Thị Xa');
  const clerk = await sit_down('vanthu');

  await open(clerk, code);
  assert.match(await clerk.page.locator('main').innerText(), /Bạn không có việc ở bước này: hồ sơ đang do .* giữ/);
});

test('dossiers are found by name without marks; at 200 % nothing runs out of the page', async () => {
  await intake('Tôn Nữ Tìm Thấy');
  const clerk = await sit_down('tiepnhan', { width: 683, height: 384 });

  await clerk.page.getByRole('searchbox').fill('tim thay');
  await clerk.press('Enter');
  await clerk.page.getByRole('link', { name: /^H17/ }).first().waitFor();
  assert.match(await clerk.page.locator('.rows').innerText(), /Tôn Nữ Tìm Thấy/);
  assert.deepStrictEqual(await violations(clerk), []);
  for (const where of ['/quay', '/viec']) {
    await clerk.page.goto(address + where);
    await clerk.page.locator('h1').waitFor();
    const { wide, seen } = await clerk.page.evaluate(() =>
      ({ wide: document.documentElement.scrollWidth, seen: document.documentElement.clientWidth }));
    assert.ok(wide <= seen, `${where}: ${wide} > ${seen}`);
    await shot(clerk, `zoom${where.replace('/', '-')}`);
  }
});
