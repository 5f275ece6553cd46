// A leader: what waits for his signature, looked at and signed, several at once, a result for each.
import assert from 'node:assert';
import { after, afterEach, before, test } from 'node:test';
import { act, ask, bring_to, dossier } from './api.mjs';
import { close_browser, leave_all, open_browser, shot, sit_down, violations } from './browser.mjs';

before(open_browser);
after(close_browser);
afterEach(leave_all);

const row = (person, code) => person.page.locator(`#line-${code.replaceAll('.', '\\.')}`);

test('to sign: the proposal beside the list, two signed at once, one of them gone meanwhile is told', async () => {
  const [first, second, third] = [await bring_to('submit_for_signature', 'Châu Thị Ký'),
    await bring_to('submit_for_signature', 'Châu Thị Duyệt'), await bring_to('submit_for_signature', 'Châu Thị Vội')];
  const leader = await sit_down('lanhdao');

  await leader.page.waitForURL('**/ky');
  await row(leader, first.code).click();
  await leader.page.locator('.preview', { hasText: first.code }).waitFor();
  const preview = await leader.page.locator('.preview').innerText();
  assert.match(preview, /Châu Thị Ký[^]*Đủ điều kiện, đề nghị cấp\.[^]*Đồng ý trình ký\./);
  assert.deepStrictEqual(await violations(leader), []);
  await shot(leader, 'signing');

  for (const { code } of [first, second, third])
    await row(leader, code).getByRole('checkbox').check();
  await leader.page.locator('h1').click(); /* out of the box, so that letters are keys */
  await leader.press('s');
  await leader.page.getByText('Đã chọn 3 hồ sơ').waitFor();
  await leader.page.locator('.batch button.main').waitFor();
  await act('lanhdao', await ask('lanhdao', `dossiers/${third.code}`), { action: 'rework', reason: 'Trả từ máy khác' });
  await leader.press('Control+Enter');
  await leader.page.locator('.results li').nth(2).waitFor();
  await shot(leader, 'signed');
  assert.deepStrictEqual(await violations(leader), []);
  const results = (await leader.page.locator('.results').innerText()).split('\n');
  assert.strictEqual((await dossier(first.code)).state, 'ISSUING');
  assert.strictEqual((await dossier(second.code)).state, 'ISSUING');
  assert.ok(results.some((line) => line.includes(third.code) && /không ở bước|không thuộc quyền|vừa thay đổi/.test(line)), results.join('\n'));
  await leader.page.getByRole('button', { name: /Thử lại 1 hồ sơ/ }).waitFor();
  assert.deepStrictEqual(leader.faults, []);
});

test('returned with a reason, which the handler reads', async () => {
  const one = await bring_to('submit_for_signature', 'Hứa Văn Trả');
  const leader = await sit_down('lanhdao');

  await row(leader, one.code).click();
  await leader.press('r');
  await leader.page.locator('.batch textarea').first().waitFor();
  await leader.press('Control+Enter');
  await leader.page.getByText('Cần nhập').waitFor();
  await leader.page.getByLabel(/^Lý do/).fill('Sai tên ngành nghề');
  await leader.press('Control+Enter');
  await leader.page.locator('.results li').waitFor();
  assert.strictEqual((await dossier(one.code)).state, 'PROCESSING');

  const officer = await sit_down('chuyenvien');
  await officer.page.goto(`${leader.page.url().replace('/ky', '')}/ho-so/${one.code}`);
  await officer.page.locator('.timeline', { hasText: 'Sai tên ngành nghề' }).waitFor();
});
