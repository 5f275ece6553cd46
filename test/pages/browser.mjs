// A person at a browser: Debian's Chromium, one fresh profile a person, every key counted, every request to another host a
// fault. Printing is noted instead of done.
import axe from 'axe-core';
import { chromium } from 'playwright-core';

export const address = process.env.MOTCUA_TEST_URL;
export const api = `${address}/api/v1`;
const flags = ['--no-sandbox', '--headless', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync'];

let browser;
export async function open_browser() {
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: flags });
}
export const close_browser = () => browser.close();

export async function sit_down(username, { width = 1366, height = 768, ...more } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, locale: 'en-US', timezoneId: 'UTC', ...more });
  const faults = [];
  await context.addInitScript(() => { window.print = () => { top.printed = [...top.printed ?? [], performance.now()]; }; });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  page.on('request', (request) => {
    if (!request.url().startsWith(address) && !/^(data|blob|about):/.test(request.url()))
      faults.push(`asked another host: ${request.url()}`);
  });
  page.on('pageerror', (error) => faults.push(`error in the page: ${error.message}`));
  page.on('console', (line) => {
    if (/Content.Security.Policy/i.test(line.text()))
      faults.push(line.text());
  });
  const person = { page, context, faults, keys: 0, letters: 0 };
  /* A key that is pressed, and text that is typed freely. */
  person.press = async (...names) => {
    for (const name of names) {
      person.keys++;
      await page.keyboard.press(name);
    }
  };
  person.type = async (text) => {
    person.letters += [...text].length;
    await page.keyboard.type(text);
  };
  if (username) {
    await page.goto(`${address}/`);
    await page.getByLabel('Tên đăng nhập').fill(username);
    await page.getByLabel('Mật khẩu').fill('motcua-demo');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Đăng xuất' }).waitFor();
  }
  return person;
}

/* WCAG 2.2 AA, as far as a machine can say. */
export async function violations({ page }) {
  await page.evaluate((source) => { if (!window.axe) (0, eval)(source); }, axe.source);
  const found = await page.evaluate(() => window.axe.run(document, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  }));
  return found.violations.map(({ id, impact, nodes }) => `${id} (${impact}): ${nodes.map((one) => one.target.join(' ')).join(', ')}`);
}

/* SHOTS=FOLDER keeps what was seen, for people to look at. */
export async function shot({ page }, name) {
  if (process.env.SHOTS)
    await page.screenshot({ path: `${process.env.SHOTS}/${name}.png` });
}
