// Bad calendars and limits are refused at load, each with file, line and rule; nothing of them is taken.
import assert from 'node:assert';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';

const config = new URL('../../config/', import.meta.url).pathname;

/* The shipped catalogue with one file changed: what `motcua catalogue check` says of it. */
function check(file, change) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'motcua-load-'));
  try {
    fs.cpSync(`${config}catalogue`, `${folder}/catalogue`, { recursive: true });
    fs.cpSync(`${config}calendars`, `${folder}/calendars`, { recursive: true });
    const where = path.join(folder, file), before = fs.readFileSync(where, 'utf8'), after = change(before);
    assert.notStrictEqual(after, before, 'the file was not changed');
    fs.writeFileSync(where, after);
    const done = spawnSync(path.join(process.env.MOTCUA_TEST_BUILD, 'motcua'), ['catalogue', 'check', `${folder}/catalogue`], { encoding: 'utf8' });
    return { status: done.status, out: done.stdout + done.stderr, after };
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}
const line_of = (text, part) => text.slice(0, text.indexOf(part)).split('\n').length;
const day = (date, kind, more = '') => `{"date": "${date}", "kind": "${kind}", "name": "Thử"${more}}`;
const with_day = (...days) => (text) => text.replace('"days": [\n        {', `"days": [\n${days.map((one) => `        ${one},\n`).join('')}        {`);
const vn = 'calendars/vn.json';

const cases = [
  ['a session that ends before it starts', vn, (text) => text.replace('"07:00"', '"12:00"'), 'session-ends-before-start', '"12:00"'],
  ['overlapping sessions', vn, (text) => text.replace('"13:30"', '"11:15"'), 'sessions-overlap', '"11:15"'],
  ['a make-up day on a holiday', vn, with_day(day('2026-04-30', 'MAKEUP_WORK')), 'makeup-on-holiday', '2026-04-30'],
  ['a day with two meanings', vn, with_day(day('2026-05-12', 'HOLIDAY'), day('2026-05-12', 'CLOSED')), 'duplicate-day', '"CLOSED"'],
  ['a gap behind the last week', vn, (text) => text.replace('"valid_to": null', '"valid_to": "2026-06-30"'), 'weeks-gap', null],
  ['a gap before the first week', vn, (text) => text.replace('"valid_from": null', '"valid_from": "2020-01-01"'), 'weeks-gap', null],
  ['a make-up day for nothing', vn, with_day(day('2026-05-09', 'MAKEUP_WORK', ', "makes_up_for": "2026-05-08"')), 'makeup-for-nothing', '2026-05-09'],
  ['a date that is none', vn, with_day(day('2026-02-30', 'HOLIDAY')), 'bad-date', '2026-02-30'],
  ['no JSON at all', vn, (text) => text.replace('"name"', 'name'), null, 'name:'],
];

for (const [what, file, change, rule, part] of cases) {
  test(what, () => {
    const { status, out, after } = check(file, change);
    const fault = out.split('\n').find((line) => line.includes(rule ?? 'vn.json')) ?? '';
    assert.strictEqual(status, 65, out);
    const [, line] = /vn\.json:(\d+): /.exec(fault) ?? assert.fail(out);
    if (part !== null)
      assert.ok(after.split('\n').slice(Number(line) - 2, Number(line) + 1).join('\n').includes(part), `${fault}: ${part} is not there`);
  });
}

test('a limit of zero', () => {
  const file = fs.readdirSync(`${config}catalogue/procedures`).map((name) => `catalogue/procedures/${name}`)
    .find((name) => /"time_limit": \{\s*"quantity": \d+/.test(fs.readFileSync(config + name, 'utf8')));
  const { status, out, after } = check(file, (text) => text.replace(/("time_limit": \{\s*"quantity": )\d+/, '$10'));
  const fault = out.split('\n').find((line) => line.includes('/time_limit/quantity')) ?? '';

  assert.strictEqual(status, 65, out);
  assert.match(fault, new RegExp(`${path.basename(file)}:${line_of(after, /"quantity": 0/.exec(after)[0])}: `));
});
