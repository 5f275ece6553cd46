// The register book of a desk and the lists as spreadsheets: the same rows to the same people in every shape, text
// never a formula.
import assert from 'node:assert';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { as, citizen, dossier_at, intake, pointers, refused, secret, today, walk } from './harness.mjs';

const register = '/api/v1/register', day = today();
const xlsx = { headers: { accept: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' } };
const pdf = { headers: { accept: 'application/pdf' } }, html = { headers: { accept: 'text/html' } };

async function all(who, query) {
  const person = await as(who), items = [];

  for (let next = ''; next !== null;) {
    const { body } = await person.get(`${register}?${query}&limit=200${next && `&cursor=${next}`}`);
    items.push(...body.items);
    ({ next } = body);
  }
  return items;
}

/* What a spreadsheet holds: rows of {type, value, format}, and its plain parts. */
function opened(bytes) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'xlsx-')), file = path.join(folder, 'a.xlsx');
  const part = (name) => spawnSync('unzip', ['-p', file, name], { maxBuffer: 1 << 26 }).stdout.toString();
  const plain = (xml) => xml.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&quot;/g, '"').replace(/&amp;/g, '&');

  fs.writeFileSync(file, bytes);
  assert.strictEqual(spawnSync('unzip', ['-tq', file]).status, 0, 'not a whole zip');
  const sheet = part('xl/worksheets/sheet1.xml'), styles = part('xl/styles.xml');
  const strings = [...part('xl/sharedStrings.xml').matchAll(/<si><t[^>]*>(.*?)<\/t><\/si>/gs)].map(([, text]) => plain(text));
  const formats = Object.fromEntries([...styles.matchAll(/<numFmt numFmtId="(\d+)" formatCode="([^"]*)"/g)].map(([, id, code]) => [id, plain(code)]));
  const cell_formats = [.../<cellXfs.*?<\/cellXfs>/s.exec(styles)[0].matchAll(/<xf numFmtId="(\d+)"/g)].map(([, id]) => formats[id]);
  const rows = [...sheet.matchAll(/<row r="(\d+)".*?<\/row>/gs)].map(([row, number]) => ({ number: Number(number),
    cells: [...row.matchAll(/<c r="[A-Z]+\d+"(?: s="(\d+)")?(?: t="(\w+)")?(?:\/>|><v>(.*?)<\/v><\/c>)/g)]
      .map(([, style, type, value]) => ({ type, value: type === 's' ? strings[value] : value, format: cell_formats[style] })) }));
  fs.rmSync(folder, { recursive: true });
  return { sheet, rows, head: rows.find(({ number }) => number === 4), lines: rows.filter(({ number }) => number > 4) };
}

const serial = (instant) => (Math.floor(Date.parse(instant) / 60e3) * 60 + 7 * 3600) / 86400 + 25569;

test('the book of the day has every dossier accepted at the desk, in order', async () => {
  const made = [await intake(), await intake(), await intake()];
  const lines = await all('tiepnhan', `from=${day}&to=${day}`);

  /* By the second of acceptance: of two desks at the same instant the higher number may stand first. */
  assert.deepStrictEqual(lines.map(({ accepted_at }) => accepted_at), [...lines.map(({ accepted_at }) => accepted_at)].sort());
  assert.strictEqual(new Set(lines.map(({ register_no }) => register_no)).size, lines.length);
  for (const { code, register_no, owner, due_at, accepted_at } of made) {
    const line = lines.find((one) => one.code === code);
    assert.deepStrictEqual([line.register_no, line.owner_name, line.due_at, line.accepted_at, line.clerk_name],
      [register_no, owner.name, due_at, accepted_at, (await as('tiepnhan')).user.name]);
  }
  assert.deepStrictEqual((await (await as('tiepnhan')).get(register)).body.items.length, Math.min(50, lines.length), 'today, own desk, without asking');
  const paged = [];
  for (let next = ''; next !== null && paged.length < 9;) {
    const { body } = await (await as('tiepnhan')).get(`${register}?limit=3${next && `&cursor=${next}`}`);
    paged.push(...body.items);
    ({ next } = body);
  }
  assert.deepStrictEqual(paged.map(({ code }) => code), lines.slice(0, paged.length).map(({ code }) => code));
});

test('a stranger’s book of this desk is empty; who belongs to no desk says which', async () => {
  await intake();
  const unit = (await intake()).receiving_unit.code;

  assert.ok((await all('giamsat', `unit=${unit}`)).length > 0);
  assert.deepStrictEqual(await all('tiepnhan2', `unit=${unit}`), []);
  const without = await (await as('lanhdao')).get(register);
  refused(without, 422, 'invalid');
  assert.deepStrictEqual(pointers(without), ['?unit']);
  refused(await (await as('lanhdao')).get(`${register}?unit=H99.999`), 404, 'no-such-agency');
  refused(await (await as('tiepnhan')).get(`${register}?from=2026-01-01&to=2026-02-01`), 422, 'invalid');
  refused(await (await as('tiepnhan')).get(`${register}?from=2026-01-02&to=2026-01-01`), 422, 'invalid');
  refused(await (await as('tiepnhan')).get(`${register}?cursor=abc`), 422, 'invalid');
  refused(await (await as('tiepnhan')).get(register, { headers: { accept: 'image/png' } }), 406, 'not-acceptable');
});

test('the book lies across on paper, with the columns of Mẫu 07, and is the one of 2018 before 15/09/2025', async () => {
  const made = await intake(), desk = await as('tiepnhan'), paper = await desk.get(register, pdf);
  const text = (how) => spawnSync('pdftotext', [...how, '-', '-'], { input: paper.bytes }).stdout.toString().normalize('NFC');

  assert.strictEqual(paper.status, 200, paper.text);
  assert.match(spawnSync('pdfinfo', ['-'], { input: paper.bytes }).stdout.toString(), /Page size:\s+841\.89 x 595\.276/);
  assert.match(text(['-raw']).replace(/\s+/g, ' '), /Mẫu số 07 \(Thông tư số 03\/2025\/TT-VPCP\).*SỔ THEO DÕI HỒ SƠ.*Quyển số: 01\//);
  const screen = (await desk.get(register, html)).text;
  for (const label of ['STT', 'Mã hồ sơ', 'Tên thủ tục hành chính', 'Số lượng hồ sơ (bộ)', 'Tên cá nhân, tổ chức', 'Địa chỉ, số điện thoại', 'Cơ quan chủ trì giải quyết',
    'Nhận hồ sơ', 'Hẹn trả kết quả', 'Chuyển hồ sơ đến cơ quan giải quyết', 'Nhận kết quả từ cơ quan giải quyết', 'Phương thức nhận kết quả', 'Ký nhận', 'Ghi chú', made.code, made.owner.name])
    assert.ok(screen.includes(label), label);
  assert.match((await desk.get(`${register}?from=2025-09-14`, html)).text, /Mẫu số 06 \(Thông tư số 01\/2018\/TT-VPCP\)/);
});

test('results that came to the desk are handed over on one sheet', async () => {
  const ready = await dossier_at('ready'), open = await intake(), desk = await as('tiepnhan');
  const lines = await all('tiepnhan', 'list=RESULTS'), line = lines.find(({ code }) => code === ready.code);

  assert.ok(!lines.some(({ code }) => code === open.code));
  assert.strictEqual(line.document_number, '12/GCN');
  assert.ok(line.transferred_at && line.finished_at && line.returned_at === null);
  const screen = (await desk.get(`${register}?list=RESULTS`, html)).text;
  for (const label of ['PHIẾU BÀN GIAO KẾT QUẢ GIẢI QUYẾT THỦ TỤC HÀNH CHÍNH', 'Kết quả giải quyết TTHC', 'Phí, lệ phí (X là có)', 'NGƯỜI GIAO', 'NGƯỜI NHẬN', ready.code, '12/GCN'])
    assert.ok(screen.includes(label), label);
});

test('as a spreadsheet: frozen head, a filter, dates and money as numbers, text never a formula', async () => {
  const formula = '=HYPERLINK("http://x.example","bấm")', owner = { ...citizen(), name: formula, address: '@SUM(1+1)*cmd|calc' };
  const made = await intake({ owner }), reply = await (await as('tiepnhan')).get(register, xlsx);

  assert.strictEqual(reply.status, 200, reply.text);
  assert.strictEqual(reply.headers['content-disposition'], `attachment; filename="so-theo-doi-ho-so-${day}.xlsx"`);
  const book = opened(reply.bytes), lines = await all('tiepnhan', `from=${day}`);
  assert.match(book.sheet, /<pane ySplit="4" topLeftCell="A5" activePane="bottomLeft" state="frozen"\/>/);
  assert.match(book.sheet, new RegExp(`<autoFilter ref="A4:U${4 + lines.length}"/>`));
  assert.doesNotMatch(book.sheet, /<f>|<f |<hyperlink/);
  assert.strictEqual(book.lines.length, lines.length);
  const at = (title) => book.head.cells.findIndex(({ value }) => value === title);
  const row = book.lines.find(({ cells }) => cells[at('Mã hồ sơ')].value === made.code).cells;
  assert.deepStrictEqual(row[at('Tên cá nhân, tổ chức')], { type: 's', value: formula, format: undefined });
  assert.deepStrictEqual(row[at('Địa chỉ')], { type: 's', value: owner.address, format: undefined });
  const accepted = row[at('Nhận hồ sơ')];
  assert.deepStrictEqual([accepted.type, accepted.format], [undefined, 'dd/mm/yyyy hh:mm']);
  assert.ok(Math.abs(Number(accepted.value) - serial(made.accepted_at)) < 1.5 / 1440, `${accepted.value} ${serial(made.accepted_at)}`);
  assert.deepStrictEqual([row[at('Phí, lệ phí (đồng)')].type, row[at('Phí, lệ phí (đồng)')].format], [undefined, '#,##0\\ "₫"']);
  assert.strictEqual(Number(row[at('Phí, lệ phí (đồng)')].value), made.fees.reduce((sum, { amount }) => sum + amount, 0));
});

test('the list of dossiers as a spreadsheet has the rows of the list, by its filters and for its asker', async () => {
  const made = await intake(), desk = await as('tiepnhan');
  const listed = async (who, query) => {
    const person = await as(who), codes = [];

    for (let next = ''; next !== null;) {
      const { body } = await person.get(`/api/v1/dossiers?limit=200${query}${next && `&cursor=${next}`}`);
      codes.push(...body.items.map(({ code }) => code));
      ({ next } = body);
    }
    return codes;
  };
  const sheet = async (who, query) => {
    const reply = await (await as(who)).get(`/api/v1/dossiers?${query}`, xlsx);
    assert.strictEqual(reply.status, 200, reply.text);
    return opened(reply.bytes);
  };

  for (const [who, query] of [['tiepnhan', '&state=ACCEPTED'], ['tiepnhan', `&q=${made.code}`], ['tiepnhan2', ''], ['lanhdao', '&procedure=1.001612']]) {
    const book = await sheet(who, query.slice(1));
    assert.deepStrictEqual(book.lines.map(({ cells }) => cells[0].value), await listed(who, query), `${who} ${query}`);
  }
  assert.ok(!(await sheet('tiepnhan2', '')).lines.some(({ cells }) => cells[0].value === made.code));
  const filtered = await sheet('tiepnhan', 'state=ACCEPTED&procedure=1.001612');
  assert.match(filtered.rows[1].cells[0].value, /^Lập lúc .*; trạng thái: Đã tiếp nhận; thủ tục: 1\.001612$/);
  assert.strictEqual((await desk.get('/api/v1/dossiers', { headers: { accept: 'text/html' } })).type, 'application/json; charset=utf-8', 'a list stays JSON for all others');
  secret(made.owner.name);
});
