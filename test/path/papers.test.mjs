// The forms of a dossier's way, each where it makes sense and nowhere else; what was printed is counted, and printing
// changes nothing.
import assert from 'node:assert';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { as, citizen, dossier_at, household, intake, refused, secret, sql, steps_to, walk } from './harness.mjs';

const pdf = { headers: { accept: 'application/pdf' } }, html = { headers: { accept: 'text/html' } };
const form = (code, kind, more = '') => `/api/v1/dossiers/${code}/forms/${kind}${more}`;
const items = [{ component: 'FORM_HOUSEHOLD', reason: 'Chưa ghi mã ngành nghề' }, { component: 'Hợp đồng thuê nhà', reason: 'Thiếu trang 2' }];
const flat = (text) => text.replace(/\s+/g, ' ').normalize('NFC');
const read = (reply) => flat(spawnSync('pdftotext', ['-raw', '-', '-'], { input: reply.bytes }).stdout.toString());

async function paper(who, code, kind, more = '') {
  const reply = await (await as(who)).get(form(code, kind, more), pdf);

  assert.strictEqual(reply.status, 200, `${kind}: ${reply.text}`);
  return { ...reply, words: read(reply) };
}

function in_order(words, labels) {
  let at = 0;

  for (const label of labels) {
    const found = words.indexOf(label, at);
    assert.ok(found >= 0, `not in its place: ${label}\n${words}`);
    at = found + label.length;
  }
}

/* As if it had been accepted long ago; nobody can do that but who owns the cluster. */
const accepted_at = (code, instant) => sql(`SET session_replication_role = replica; UPDATE motcua.dossier SET accepted_at = '${instant}' WHERE code = '${code}'`);

async function at_the_desk(decision, more) {
  const owner = citizen(), desk = await as('tiepnhan');
  const reply = await desk.post('/api/v1/dossiers', household({ owner, decision, components: [], ...more }));

  assert.strictEqual(reply.status, 201, reply.text);
  secret(reply.body.lookup_secret);
  return { owner, dossier: reply.body, desk };
}

test('asked for more at the desk: Mẫu 02 and no other form', async () => {
  const { owner, dossier, desk } = await at_the_desk('REQUEST_MORE', { items, reason: 'Giấy tờ chưa đủ' });
  const { words } = await paper('tiepnhan', dossier.code, 'supplement');

  in_order(words, ['Mẫu số 02 (Thông tư số 03/2025/TT-VPCP)', '/HDHS', dossier.code, 'PHIẾU YÊU CẦU BỔ SUNG, HOÀN THIỆN HỒ SƠ',
    `Hồ sơ của: ${owner.name}`, 'Nội dung yêu cầu giải quyết:', 'Địa chỉ:', 'Số điện thoại:', 'Yêu cầu hoàn thiện hồ sơ gồm những nội dung sau:',
    'Giấy đề nghị đăng ký thành lập hộ kinh doanh', 'Chưa ghi mã ngành nghề', 'Hợp đồng thuê nhà', 'Thiếu trang 2', 'Lý do: Giấy tờ chưa đủ',
    'Trong quá trình hoàn thiện hồ sơ nếu có vướng mắc, Ông/Bà liên hệ với', 'NGƯỜI HƯỚNG DẪN', '(Ký và ghi rõ họ tên)', desk.user.name]);
  for (const kind of ['receipt', 'refusal', 'apology', 'stop_notice', 'control_slip'])
    refused(await desk.get(form(dossier.code, kind), pdf), 404, 'no-such-form');
});

test('refused at the desk: Mẫu 03; a refusal after appraisal is a letter, not this form', async () => {
  const { owner, dossier, desk } = await at_the_desk('REFUSE', { reason: 'Hồ sơ không thuộc thẩm quyền', ground: 'Điều 14 NĐ 118/2025/NĐ-CP' });
  const { words } = await paper('tiepnhan', dossier.code, 'refusal');

  in_order(words, ['Mẫu số 03', 'PHIẾU TỪ CHỐI TIẾP NHẬN GIẢI QUYẾT HỒ SƠ', `Tiếp nhận hồ sơ của: ${owner.name}`,
    'Nội dung yêu cầu giải quyết:', 'Qua xem xét,', 'thông báo không tiếp nhận, giải quyết hồ sơ này với lý do cụ thể như sau:',
    'Hồ sơ không thuộc thẩm quyền', 'Căn cứ: Điều 14 NĐ 118/2025/NĐ-CP', 'Xin thông báo cho Ông/Bà được biết và thực hiện./.',
    'NGƯỜI NỘP HỒ SƠ', 'NGƯỜI TIẾP NHẬN HỒ SƠ', desk.user.name]);
  const signing = await walk(await intake(), [...steps_to.assigning, ...steps_to.processing,
    ['chuyenvien', 'submit_for_review', { note: 'Dự thảo từ chối', is_refusal: true }, 'REVIEW'], ['truongphong', 'submit_for_signature', {}, 'SIGNING'],
    ['lanhdao', 'refuse', { reason: 'Không đủ điều kiện', ground: 'Luật Doanh nghiệp' }, 'REFUSED_WITH_REASON']]);
  const none = await desk.get(form(signing.code, 'refusal'), pdf);
  refused(none, 404, 'no-such-form');
  assert.match(none.body.detail, /tại quầy/);
});

test('asked for more in process: the paper stays the same when the supplement has come', async () => {
  const waiting = await walk(await dossier_at('processing'), [['chuyenvien', 'request_supplement', { items, ground: 'khoản 2 Điều 87 NĐ 01/2021/NĐ-CP' }, 'SUPPLEMENT_WAIT']]);
  const first = await paper('tiepnhan', waiting.code, 'supplement');

  in_order(first.words, ['Mẫu số 02', 'Lý do: hồ sơ chưa đáp ứng quy định tại khoản 2 Điều 87 NĐ 01/2021/NĐ-CP.', 'NGƯỜI HƯỚNG DẪN', (await as('chuyenvien')).user.name]);
  await walk(waiting, [['tiepnhan', 'receive_supplement', {}, 'PROCESSING']]);
  assert.ok((await paper('chuyenvien', waiting.code, 'supplement')).bytes.equals(first.bytes));
});

test('withdrawn: Mẫu 05 of 2025 says what was asked for, when, and in which state', async () => {
  const asked = await walk(await dossier_at('processing'), [['tiepnhan', 'request_withdrawal', { reason: 'Chuyển nơi kinh doanh' }, 'WITHDRAW_REQUESTED']]);
  const early = await (await as('tiepnhan')).get(form(asked.code, 'stop_notice'), pdf);

  refused(early, 404, 'no-such-form');
  assert.match(early.body.detail, /chưa dừng/);
  await walk(asked, [['tiepnhan', 'confirm_withdrawal', {}, 'WITHDRAWN']]);
  const { words } = await paper('tiepnhan', asked.code, 'stop_notice');
  in_order(words, ['Mẫu số 05 (Thông tư số 03/2025/TT-VPCP)', 'THÔNG BÁO DỪNG GIẢI QUYẾT HỒ SƠ', 'Kính gửi:', asked.owner.name, `Mã hồ sơ: ${asked.code}`,
    'Thời gian nhận hồ sơ:', 'Thời gian đề nghị dừng giải quyết:', 'Tình trạng giải quyết khi dừng: Đang xử lý', 'Lý do: Chuyển nơi kinh doanh',
    'Theo đề nghị của Ông/Bà/Tổ chức, hồ sơ nêu trên dừng giải quyết từ', 'Giấy tờ đã nộp được trả lại', 'Phí, lệ phí đã nộp:']);
});

test('stopped for want of an answer: Mẫu 05 tells of that, not of a withdrawal turned down before', async () => {
  const { dossier } = await at_the_desk('REQUEST_MORE', { items, reason: 'Giấy tờ chưa đủ' });
  sql(`SET session_replication_role = replica; UPDATE motcua.dossier SET supplement_due = now() - interval '1 day' WHERE code = '${dossier.code}'`);
  await walk(dossier, [['tiepnhan', 'stop', { reason: 'Hết hạn bổ sung', ground: 'NĐ 118/2025/NĐ-CP' }, 'STOPPED']]);
  const { words } = await paper('tiepnhan', dossier.code, 'stop_notice');
  in_order(words, ['Mẫu số 05', 'THÔNG BÁO DỪNG GIẢI QUYẾT HỒ SƠ', 'Tình trạng giải quyết khi dừng: Chờ công dân bổ sung trước khi tiếp nhận',
    'Lý do: Hết hạn bổ sung', 'Căn cứ: NĐ 118/2025/NĐ-CP', 'Hồ sơ nêu trên dừng giải quyết từ']);
  assert.ok(!words.includes('đề nghị dừng') && !words.includes('Thời gian nhận hồ sơ:'));
  const waiting = await walk(await dossier_at('processing'), [['tiepnhan', 'request_withdrawal', { reason: 'Muốn rút' }, 'WITHDRAW_REQUESTED'],
    ['tiepnhan', 'turn_down_withdrawal', { reason: 'Công dân đổi ý' }, 'PROCESSING'],
    ['chuyenvien', 'request_supplement', { items, ground: 'NĐ 01/2021/NĐ-CP' }, 'SUPPLEMENT_WAIT']]);
  sql(`SET session_replication_role = replica; UPDATE motcua.dossier SET supplement_due = now() - interval '1 day' WHERE code = '${waiting.code}'`);
  await walk(waiting, [['lanhdao', 'stop', { reason: 'Quá hạn bổ sung' }, 'STOPPED']]);
  const second = (await paper('tiepnhan', waiting.code, 'stop_notice')).words;
  in_order(second, ['Tình trạng giải quyết khi dừng: Chờ công dân bổ sung hồ sơ', 'Lý do: Quá hạn bổ sung', 'THỦ TRƯỞNG CƠ QUAN, ĐƠN VỊ']);
  assert.ok(!second.includes('Muốn rút') && !second.includes('Theo đề nghị'));
});

test('the day of acceptance chooses the set: its numbers, and no stop notice in the one of 2018', async () => {
  const made = await walk(await dossier_at('processing'), [['tiepnhan', 'request_withdrawal', { reason: 'Thôi' }, 'WITHDRAW_REQUESTED'], ['tiepnhan', 'confirm_withdrawal', {}, 'WITHDRAWN']]);
  const slip = 'PHIẾU KIỂM SOÁT QUÁ TRÌNH GIẢI QUYẾT HỒ SƠ';

  accepted_at(made.code, '2025-09-15 00:00:00+07');
  in_order((await paper('tiepnhan', made.code, 'control_slip')).words, ['Mẫu số 06 (Thông tư số 03/2025/TT-VPCP)', slip]);
  in_order((await paper('tiepnhan', made.code, 'stop_notice')).words, ['Mẫu số 05 (Thông tư số 03/2025/TT-VPCP)', 'THÔNG BÁO DỪNG']);
  accepted_at(made.code, '2025-09-14 23:59:59+07');
  in_order((await paper('tiepnhan', made.code, 'control_slip')).words, ['Mẫu số 05 (Thông tư số 01/2018/TT-VPCP)', slip]);
  in_order((await paper('tiepnhan', made.code, 'receipt')).words, ['Mẫu số 01 (Thông tư số 01/2018/TT-VPCP)', 'Mã số hồ sơ:']);
  const none = await (await as('tiepnhan')).get(form(made.code, 'stop_notice'), pdf);
  refused(none, 404, 'no-such-form');
  assert.match(none.body.detail, /01\/2018/);
});

test('the apology: a draft before anybody apologised, then as it was given, in the words of its set', async () => {
  const made = await dossier_at('processing'), draft = await paper('lanhdao', made.code, 'apology');

  in_order(draft.words, ['Mẫu số 04', 'Số: …', 'VĂN BẢN XIN LỖI VÀ ĐỀ NGHỊ GIA HẠN THỜI GIAN GIẢI QUYẾT', 'Kính gửi:', 'Lý do: …', 'Nơi nhận:', 'THỦ TRƯỞNG CƠ QUAN, ĐƠN VỊ']);
  const due = new Date(Date.parse(made.due_at) + 5 * 86400e3).toISOString();
  await walk(made, [['lanhdao', 'apologise', { reason: 'Chờ ý kiến cơ quan thuế', new_due_at: due }, 'PROCESSING']]);
  in_order((await paper('tiepnhan', made.code, 'apology')).words, ['Lý do: Chờ ý kiến cơ quan thuế', 'Đề nghị gia hạn và hẹn trả kết quả vào:', 'Số lần gia hạn: 01', (await as('lanhdao')).user.name]);
  accepted_at(made.code, '2025-08-04 08:00:00+07');
  const { words } = await paper('tiepnhan', made.code, 'apology');
  in_order(words, ['Mẫu số 04 (Thông tư số 01/2018/TT-VPCP)', 'PHIẾU XIN LỖI VÀ HẸN LẠI NGÀY TRẢ KẾT QUẢ', 'Chúng tôi sẽ trả kết quả vào:', 'THỦ TRƯỞNG CƠ QUAN, ĐƠN VỊ', '(Ký tên, đóng dấu)']);
  assert.ok(!words.includes('gia hạn'));
});

test('the control slip tells of every unit the dossier went through, who gave and who took', async () => {
  const done = await walk(await dossier_at('ready'), [['tiepnhan', 'collect_fee', { method: 'CASH' }, 'RESULT_READY']]);
  const returned = await walk(done, [['tiepnhan', 'return_result', { receiver_name: done.owner.name }, 'RETURNED']]);
  const name = async (who) => (await as(who)).user.name;
  const { words } = await paper('giamsat', returned.code, 'control_slip');

  in_order(words, ['Mẫu số 06', 'PHIẾU KIỂM SOÁT QUÁ TRÌNH GIẢI QUYẾT HỒ SƠ', 'Quyển số: 01/', 'Số thứ tự:', 'Kèm theo hồ sơ của:', returned.owner.name,
    'Ngày nhận:', 'Ngày, giờ hẹn trả kết quả:', 'Cơ quan (bộ phận) giải quyết hồ sơ:', 'Cơ quan phối hợp giải quyết hồ sơ: Không',
    'TÊN CƠ QUAN', 'THỜI GIAN GIAO, NHẬN HỒ SƠ', 'GHI CHÚ']);
  const page = (await (await as('giamsat')).get(form(returned.code, 'control_slip'), html)).text;
  const blocks = [...page.matchAll(/<tbody class="keep-in">(.*?)<\/tbody>/g)].map(([, block]) => flat(block.replace(/<[^>]+>/g, ' ')));
  assert.strictEqual(blocks.length, 4, blocks.join('\n'));
  in_order(blocks[0], ['1. Giao:', '2. Nhận:', 'Trước hạn', 'Người giao', await name('tiepnhan'), 'Người nhận', await name('truongphong')]);
  in_order(blocks[1], ['1. Giao:', 'Trước hạn', 'Trình ký', 'Người giao', await name('truongphong'), 'Người nhận', '(Ký)']);
  in_order(blocks[2], ['Phát hành kết quả số 12/GCN', 'Người giao', await name('vanthu')]);
  in_order(blocks[3], ['2. Nhận: Người nhận kết quả', 'Trả kết quả', 'Người giao', 'Người nhận', returned.owner.name]);
});

test('each print is counted with the digest of its bytes; the dossier does not change', async () => {
  const made = await intake(), desk = await as('tiepnhan'), etag = (await desk.get(`/api/v1/dossiers/${made.code}`)).etag;
  const rows = () => sql(`SELECT p.number || ' ' || p.media || ' ' || encode(p.digest, 'hex') || ' ' || w.username FROM motcua.print p
    JOIN motcua.person w ON w.id = p.person JOIN motcua.dossier d ON d.id = p.dossier WHERE d.code = '${made.code}' AND p.form = 'receipt' ORDER BY p.number`).split('\n');
  const first = await desk.get(form(made.code, 'receipt'), pdf), digest = (reply) => createHash('sha256').update(reply.bytes).digest('hex');

  assert.strictEqual(first.headers['print-number'], '1');
  const again = await (await as('giamsat')).get(form(made.code, 'receipt'), pdf), screen = await desk.get(form(made.code, 'receipt'), html);
  assert.deepStrictEqual([again.headers['print-number'], screen.headers['print-number']], ['2', '3']);
  assert.deepStrictEqual(rows(), [`1 PDF ${digest(first)} tiepnhan`, `2 PDF ${digest(first)} giamsat`, `3 HTML ${digest(screen)} tiepnhan`]);
  const many = await Promise.all(Array.from({ length: 12 }, () => desk.get(form(made.code, 'receipt'), pdf)));
  assert.deepStrictEqual(many.map(({ headers }) => Number(headers['print-number'])).sort((a, b) => a - b), Array.from({ length: 12 }, (_, i) => i + 4));
  assert.ok(many.every(({ bytes }) => bytes.equals(first.bytes)), 'a reprint is the same paper');
  refused(await desk.get(form(made.code, 'refusal'), pdf), 404, 'no-such-form');
  assert.strictEqual(rows().length, 15);
  assert.strictEqual((await desk.get(`/api/v1/dossiers/${made.code}`)).etag, etag);
  for (const statement of ['DELETE FROM motcua.print', 'UPDATE motcua.print SET number = number + 100', 'TRUNCATE motcua.print'])
    assert.throws(() => sql(statement), /never changed or deleted/);
});

test('the receipt also comes on A5 and on a roll of 80 mm; nothing else does', async () => {
  const made = await intake(), desk = await as('tiepnhan');
  const size = (reply) => /Page size:\s+([\d.]+) x ([\d.]+)/.exec(spawnSync('pdfinfo', ['-'], { input: reply.bytes }).stdout.toString()).slice(1, 3).map((points) => Math.round(points / 72 * 25.4));
  const small = await paper('tiepnhan', made.code, 'receipt', '?paper=A5'), roll = await paper('tiepnhan', made.code, 'receipt', '?paper=80MM');

  assert.deepStrictEqual(size(small), [148, 210]);
  assert.strictEqual(size(roll)[0], 80);
  for (const words of [small.words, roll.words])
    in_order(words, [made.code, made.lookup_secret, 'Thời gian trả kết quả giải quyết hồ sơ:']);
  assert.ok((await paper('tiepnhan', made.code, 'receipt', '?paper=A4')).bytes.equals((await paper('tiepnhan', made.code, 'receipt')).bytes));
  assert.match((await desk.get(form(made.code, 'receipt', '?paper=A5'), html)).text, /size:A5/);
  refused(await desk.get(form(made.code, 'receipt', '?paper=80MM'), html), 422, 'invalid');
  refused(await desk.get(form(made.code, 'control_slip', '?paper=A5'), pdf), 422, 'invalid');
  refused(await desk.get(form(made.code, 'receipt', '?paper=A3'), pdf), 422, 'invalid');
});
