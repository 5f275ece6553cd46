// JSON that means harm, as the body of an intake that is otherwise in order: a clean refusal, nothing stored, no time.
'use strict';
const assert = require('node:assert');
const { test, before } = require('node:test');
const { say, answers, stored, token_of, intake, dossier, port } = require('./wire.js');

const MIB = 1024 * 1024, ANSWER_MS_MAX = 1000; // of a busy machine with sanitizers; the figure itself is told

let token;
before(async () => { token = await token_of(port); });

const good = JSON.stringify(dossier()), with_note = (note) => good.replace('"note":""', `"note":${note}`);
const fill = (begin, unit, end, bytes = MIB) => begin + unit.repeat(Math.floor((bytes - begin.length - end.length) / unit.length)) + end;

const bodies = [
  ['nothing', ''], ['trailing bytes', `${good}x`], ['a second value', `${good}{}`], ['a trailing NUL', `${good}\0`], ['a byte order mark', `\ufeff${good}`],
  ['an escaped NUL', with_note('"a\\u0000b"')], ['a lone high surrogate', with_note('"\\ud800"')], ['a lone low surrogate', with_note('"\\udc00x"')],
  ['surrogates the wrong way round', with_note('"\\udc00\\ud800"')], ['a raw line end in a string', with_note('"a\nb"')], ['an unknown escape', with_note('"\\x41"')],
  ['1e400', good.replace('"originals":1', '"originals":1e400')], ['-0', good.replace('"originals":1', '"originals":-0')], ['01', good.replace('"originals":1', '"originals":01')],
  ['1.0', good.replace('"originals":1', '"originals":1.0')], ['2^53+1', good.replace('"originals":1', '"originals":9007199254740993')],
  ['a negative count', good.replace('"originals":1', '"originals":-1')], ['NaN', good.replace('"originals":1', '"originals":NaN')],
  ['a key twice', good.replace('"note":""', '"note":"a","note":"b"')], ['a key twice in disguise', good.replace('"note":""', '"note":"a","n\\u006fte":"b"')],
  ['a key twice deep inside', good.replace('"address":', '"name":"Khác","address":')],
  ['an unknown key', good.replace('"note":""', '"note":"","state":"RETURNED"')], ['a fee of his own', good.replace('"note":""', '"note":"","fee_owed":0')],
  ['__proto__', good.replace('"note":""', '"note":"","__proto__":{}')], ['a text for a number', good.replace('"originals":1', '"originals":"1"')],
  ['an array for an object', good.replace(/"owner":\{[^}]*\}/, '"owner":[]')], ['a number for a name', good.replace('"name":"Nguyễn Văn Thử"', '"name":1')],
  ['bytes that are not UTF-8', Buffer.concat([Buffer.from(good.slice(0, -2)), Buffer.from([0xff]), Buffer.from('"}')])],
  ['an overlong slash', Buffer.concat([Buffer.from('{"note":"'), Buffer.from([0xc0, 0xaf]), Buffer.from('"}')])],
  ['an encoded surrogate', Buffer.concat([Buffer.from('{"note":"'), Buffer.from([0xed, 0xa0, 0x80]), Buffer.from('"}')])],
  ['a million levels', '['.repeat(MIB)], ['half a million objects', fill('', '{"a":', '')], ['a MiB of numbers', fill('[', '1,', '1]')],
  ['a MiB of small objects', fill('[', '{},', '{}]')], ['a MiB of keys', `{${Array.from({ length: 60000 }, (_, i) => `"k${i}":1`)}}`],
  ['a MiB in one string', fill('{"note":"', 'a', '"}')], ['a MiB of escapes', fill('{"note":"', '\\u0041', '"}')], ['a MiB of blanks', fill('', ' ', '')],
  ['a MiB of digits', fill('[', '1', ']')], ['a MiB of backslashes', fill('{"note":"', '\\\\', '"}')], ['a long note', with_note(`"${'ạ'.repeat(5000)}"`)],
  ['a thousand papers', good.replace(/"components":\[/, `"components":[${'{"code":"ID_PAPER","originals":1,"certified_copies":0,"plain_copies":0},'.repeat(1000)}`)],
];

for (const [what, body] of bodies) {
  test(`${what} is refused, and nothing is stored`, async (t) => {
    const before_it = stored(), begin = process.hrtime.bigint();
    const bytes = intake(token, body), seen = await say(port, bytes, 1500), list = answers(seen.text);
    const took_ms = Number(process.hrtime.bigint() - begin) / 1e6 - (seen.is_closed ? 0 : 1500);

    assert.deepStrictEqual(list.map((one) => one.is_cut), [false], seen.text.slice(0, 500));
    assert.ok([400, 413, 422].includes(list[0].status), seen.text.slice(0, 500));
    assert.match(list[0].head, /\r\nContent-Type: application\/problem\+json/i);
    assert.strictEqual(JSON.parse(list[0].body).status, list[0].status);
    assert.doesNotMatch(list[0].body, /SELECT|server\/|\.c:|psql|cJSON/);
    assert.strictEqual(stored(), before_it);
    t.diagnostic(`${list[0].status} in ${took_ms.toFixed(1)} ms, ${bytes.length} bytes`);
    assert.ok(took_ms < ANSWER_MS_MAX, `${took_ms} ms`);
  });
}

test('the same without harm is taken in', async () => {
  const seen = await say(port, intake(token, good));
  assert.strictEqual(answers(seen.text)[0].status, 201, seen.text);
});
