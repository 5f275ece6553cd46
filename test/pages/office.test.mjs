// Who answers for others and who administers: figures that open their lists, people, agencies, procedures, an import
// tried before it is done; a first password that must be changed.
import assert from 'node:assert';
import fs from 'node:fs';
import { after, before, test } from 'node:test';
import { bring_to } from './api.mjs';
import { address, close_browser, open_browser, shot, sit_down, violations } from './browser.mjs';

before(open_browser);
after(close_browser);

const heading = (person, words) => person.page.getByRole('heading', { level: 1, name: words }).waitFor();
const sound = async (person, name, full = true) => {
  assert.deepStrictEqual(await violations(person), [], name);
  if (process.env.SHOTS)
    await person.page.screenshot({ path: `${process.env.SHOTS}/${name}.png`, fullPage: full });
};

test('the monitor: each number opens its list, and the list is as long as the number', async () => {
  await bring_to('assign', 'Lê Thị Tiến Độ');
  await bring_to('submit_for_signature', 'Lê Thị Chờ Ký');
  const monitor = await sit_down('giamsat');

  await monitor.page.waitForURL('**/tien-do');
  await monitor.page.getByLabel('Sắp đến hạn tính đến').selectOption('30');
  const figures = monitor.page.locator('button.figure');
  await figures.first().waitFor();
  const count = await figures.count();
  assert.ok(count >= 2, `${count} figures`);
  for (let at = 0; at < count; at++) {
    const figure = figures.nth(at), dossiers = Number(await figure.innerText());
    await figure.click();
    await monitor.page.getByRole('status').filter({ hasText: new RegExp(`^${dossiers} hồ sơ$`) }).waitFor();
    assert.strictEqual(await monitor.page.locator('table.list tbody tr').count(), dossiers);
  }
  await sound(monitor, 'report-monitor');
  await monitor.page.locator('button.link').first().click(); // down into a unit
  await monitor.page.waitForFunction(() => !/H17$/.test(document.querySelector('select')?.value ?? 'H17'));
  await monitor.page.setViewportSize({ width: 320, height: 700 });
  await figures.first().waitFor();
  assert.ok(await monitor.page.evaluate(() => document.documentElement.scrollWidth <= 320), 'wider than 320 px');
  await sound(monitor, 'report-narrow');
  assert.deepStrictEqual(monitor.faults, []);
});

test('the leader looks at his own agency; a clerk has no such page in his way', async () => {
  const leader = await sit_down('lanhdao');
  await leader.page.getByRole('link', { name: 'Tiến độ' }).click();
  await heading(leader, /^Tiến độ giải quyết: /);
  await leader.page.locator('.figures').first().waitFor();
  await sound(leader, 'report-leader');
  const clerk = await sit_down('tiepnhan');
  assert.strictEqual(await clerk.page.getByRole('link', { name: /Tiến độ|Quản trị/ }).count(), 0);
});

test('the administrator makes somebody, who must choose his own password before anything else', async () => {
  const admin = await sit_down('quantri'), username = `moi.${Date.now().toString(36)}`;

  await admin.page.waitForURL('**/quan-tri');
  await heading(admin, 'Người dùng');
  await admin.page.getByRole('link', { name: 'Phạm Thu Trang' }).waitFor();
  await sound(admin, 'admin-people');
  await admin.page.getByRole('button', { name: 'Thêm người dùng' }).click();
  await admin.page.getByLabel('Họ và tên').fill('Trần Thị Mới');
  await admin.page.getByLabel('Tên đăng nhập', { exact: false }).last().fill(username);
  await admin.page.getByLabel(/Mã cơ quan quản lý/).fill('H17.999');
  await admin.page.getByRole('button', { name: 'Thêm', exact: true }).click();
  await admin.page.getByText('Không có cơ quan này').first().waitFor();
  await admin.page.getByLabel(/Mã cơ quan quản lý/).fill('H17.105.02');
  await admin.page.getByRole('button', { name: 'Thêm', exact: true }).click();
  await heading(admin, `Trần Thị Mới (${username})`);
  await admin.page.getByLabel(/Căn cứ/).fill('Quyết định 12/QĐ-UBND');
  await admin.page.getByRole('button', { name: 'Giao vai trò' }).click();
  await admin.page.getByRole('cell', { name: 'Người xử lý', exact: true }).waitFor();
  await admin.page.getByRole('button', { name: 'Đặt mật khẩu tạm' }).click();
  const word = await admin.page.locator('.notice .big').innerText();
  await sound(admin, 'admin-person');

  const newcomer = await sit_down(null);
  await newcomer.page.goto(`${address}/`);
  await newcomer.page.getByLabel('Tên đăng nhập').fill(username);
  await newcomer.page.getByLabel('Mật khẩu').fill(word);
  await newcomer.page.keyboard.press('Enter');
  await heading(newcomer, 'Đổi mật khẩu');
  await sound(newcomer, 'password-first');
  await newcomer.page.getByLabel('Mật khẩu hiện tại').fill(word);
  await newcomer.page.getByLabel('Mật khẩu mới', { exact: false }).first().fill('mot cau de nho lam');
  await newcomer.page.getByLabel('Nhập lại mật khẩu mới').fill('mot cau de nho la');
  await newcomer.page.getByRole('button', { name: 'Đổi mật khẩu' }).click();
  await newcomer.page.getByText('Hai lần nhập không giống nhau').waitFor();
  await newcomer.page.getByLabel('Nhập lại mật khẩu mới').fill('mot cau de nho lam');
  await newcomer.page.getByRole('button', { name: 'Đổi mật khẩu' }).click();
  await newcomer.page.getByRole('link', { name: 'Việc của tôi' }).waitFor();

  await admin.page.reload();
  await admin.page.getByRole('button', { name: /^Kết thúc phiên/ }).first().click();
  await admin.page.getByText('Không có phiên nào.').waitFor();
  await newcomer.page.reload();
  await heading(newcomer, 'Đăng nhập');
  assert.deepStrictEqual([...admin.faults, ...newcomer.faults], []);
});

test('agencies as a tree, a procedure drawn, calendars, logs and health: each without a violation', async () => {
  const admin = await sit_down('quantri');
  for (const [part, words, waits, name] of [['co-quan', 'Cơ quan', '.tree li', 'admin-agencies'], ['thu-tuc', 'Thủ tục', 'tbody tr', 'admin-procedures'],
    ['thu-tuc/1.001612', /^1\.001612/, 'svg rect', 'admin-procedure'], ['thu-tuc/2.002913', /^2\.002913/, 'svg rect', 'admin-chain'], ['lich', 'Lịch làm việc', 'tbody tr', 'admin-calendar'],
    ['nhat-ky', 'Nhật ký quản trị', 'thead', 'admin-events'], ['may-chu', 'Máy chủ', 'tbody tr', 'admin-health'], ['nap', 'Nạp danh mục', 'input[type=file]', 'admin-import']]) {
    await admin.page.goto(`${address}/quan-tri/${part}`);
    await heading(admin, words);
    await admin.page.locator(waits).first().waitFor();
    await sound(admin, name);
  }
  await admin.page.goto(`${address}/quan-tri/doc`);
  await admin.page.getByLabel('hoặc tên đăng nhập').fill('chuyenvien');
  await admin.page.getByRole('button', { name: 'Xem', exact: true }).click();
  await admin.page.getByRole('status').waitFor();
  await sound(admin, 'admin-access');
  await admin.page.setViewportSize({ width: 320, height: 700 });
  await admin.page.goto(`${address}/quan-tri/nguoi-dung`);
  await admin.page.locator('tbody tr').first().waitFor();
  assert.ok(await admin.page.evaluate(() => document.documentElement.scrollWidth <= 320), 'wider than 320 px');
  await sound(admin, 'admin-narrow', false);
  assert.deepStrictEqual(admin.faults, []);
});

test('an import is tried, its faults are told, the sound one is loaded and its difference shown', async () => {
  const admin = await sit_down('quantri');
  const source = JSON.parse(fs.readFileSync(new URL('../../config/catalogue/procedures/1.900013.H17.json', import.meta.url), 'utf8'));
  const [first] = source.procedures, next = { ...first, version: first.version + 1, valid_from: '2027-06-01', name: `${first.name} (sửa đổi)`, result: 'Kết quả theo mẫu mới' };
  const choose = (document) => admin.page.locator('#files').setInputFiles({ name: 'phien-ban-2.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(document)) });

  await admin.page.goto(`${address}/quan-tri/nap`);
  await choose({ procedures: [next] });
  await admin.page.getByRole('button', { name: 'Thử nạp' }).click();
  await admin.page.getByRole('heading', { name: /lỗi, chưa nạp được/ }).waitFor();
  await sound(admin, 'admin-import-faults');
  await choose({ procedures: [{ ...first, valid_to: '2027-05-31' }, next] });
  await admin.page.getByRole('button', { name: 'Thử nạp' }).click();
  await admin.page.getByRole('button', { name: 'Nạp 2 thay đổi' }).waitFor();
  await sound(admin, 'admin-import-sound');
  await admin.page.getByRole('button', { name: 'Nạp 2 thay đổi' }).click();
  await admin.page.getByText(/^Đã nạp 2 dòng/).waitFor();
  await admin.page.goto(`${address}/quan-tri/thu-tuc/1.900013.H17`);
  await admin.page.getByRole('heading', { name: `Phiên bản ${next.version} so với ${first.version}` }).waitFor();
  await admin.page.locator('.added', { hasText: 'Kết quả theo mẫu mới' }).waitFor();
  await sound(admin, 'admin-difference');
  await admin.page.goto(`${address}/quan-tri/nhat-ky`);
  await admin.page.getByRole('cell', { name: 'Nạp danh mục' }).first().waitFor();
  assert.deepStrictEqual(admin.faults, []);
});
