// A citizen with a phone of 320 px, with and without a script: finds a procedure, reads it, asks for his dossier.
import assert from 'node:assert';
import { after, before, test } from 'node:test';
import { ask, intake } from './api.mjs';
import { address, close_browser, open_browser, sit_down, violations } from './browser.mjs';

before(open_browser);
after(close_browser);

const is_narrow = (person) => person.page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth);
const keep = async (person, name) => {
  if (process.env.SHOTS)
    await person.page.screenshot({ path: `${process.env.SHOTS}/${name}.png`, fullPage: true });
};

test('without a script, on 320 px: a procedure is found, read, and everything of a page is below 30 KB', async () => {
  const citizen = await sit_down(null, { width: 320, height: 640, javaScriptEnabled: false });
  let bytes = 0;
  citizen.page.on('response', (answer) => { bytes += Number(answer.headers()['content-length'] ?? 0); });

  await citizen.page.goto(`${address}/thu-tuc`);
  await citizen.page.getByLabel(/Tên hoặc mã thủ tục/).fill('ho kinh doanh');
  await citizen.page.getByRole('button', { name: 'Tìm' }).click();
  await citizen.page.waitForURL('**/thu-tuc?q=*');
  await keep(citizen, 'citizen-browse');
  bytes = 0;
  await citizen.page.getByRole('link', { name: /hộ kinh doanh/i }).first().click();
  await citizen.page.getByRole('heading', { name: 'Giấy tờ cần nộp' }).waitFor();
  assert.ok(bytes > 1000 && bytes <= 30 * 1024, `${bytes} bytes`);
  await keep(citizen, 'citizen-procedure');
  assert.strictEqual(await citizen.page.getByRole('button', { name: 'In trang này' }).count(), 0);
});

test('every page of the citizen: no violation, nothing wider than the screen, from 320 px to a desktop', async () => {
  const made = await intake('Trần Văn Điện Thoại');
  for (const width of [320, 390, 1366]) {
    const citizen = await sit_down(null, { width, height: 700 });
    for (const where of ['/thu-tuc', '/thu-tuc?q=zzzz', '/thu-tuc/1.001612', '/thu-tuc/2.002913', '/thu-tuc/khong.co', '/tra-cuu', `/tra-cuu/${made.code}`]) {
      await citizen.page.goto(address + where);
      assert.deepStrictEqual(await violations_with_script(citizen), [], `${where} at ${width}`);
      assert.ok(await is_narrow(citizen), `${where} is wider than ${width}`);
      await citizen.page.getByRole('button', { name: 'In trang này' }).waitFor();
      if (width !== 390)
        await keep(citizen, `citizen-${width}${where.replaceAll(/[/?=.]/g, '-')}`);
    }
    assert.deepStrictEqual(citizen.faults, []);
  }
});

/* The page allows its own script alone, so axe comes in by the debugger's world, as violations() does. */
const violations_with_script = (person) => violations(person);

test('the secret is typed, opens milestones, and stands in no address', async () => {
  const made = await intake('Trần Văn Tra Cứu');
  const citizen = await sit_down(null, { width: 390, height: 700 }), asked = [];
  citizen.page.on('request', (request) => asked.push(request.url()));

  await citizen.page.goto(`${address}/tra-cuu`);
  await citizen.page.getByLabel('Mã hồ sơ trên giấy hẹn').fill(made.code);
  await citizen.page.getByLabel(/Mã tra cứu/).fill(made.lookup_secret);
  await citizen.page.keyboard.press('Enter');
  await citizen.page.getByRole('heading', { name: 'Các bước đã qua' }).waitFor();
  await keep(citizen, 'citizen-status');
  assert.deepStrictEqual(await violations_with_script(citizen), []);
  assert.ok(asked.every((url) => !url.includes(made.lookup_secret)), asked.join('\n'));
  assert.ok(!(await citizen.page.content()).includes(made.lookup_secret));
});

test('who comes back to the page is told that the dossier has moved', async () => {
  const made = await intake('Trần Văn Quay Lại');
  const citizen = await sit_down(null, { width: 390, height: 700 });

  await citizen.page.clock.install();
  await citizen.page.goto(`${address}/tra-cuu/${made.code}`);
  await ask('tiepnhan', `dossiers/${made.code}/actions`, { body: { action: 'transfer' }, version: made.version });
  await citizen.page.clock.fastForward(60_000);
  await citizen.page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  await citizen.page.getByText('Hồ sơ vừa có thay đổi.').waitFor();
});
