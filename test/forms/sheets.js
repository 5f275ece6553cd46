// Every form of both sets: what it says (test/forms/golden), and where it stands on the paper, in millimetres (NĐ 30/2020).
//   UPDATE=1 test/forms/run … writes the golden pages anew.
'use strict';
const fs = require('fs');
const path = require('path');
const { base, folder, samples, once, tool, must, same, flat, print, print_sample, pageText, inOrder, boxes, MM, next_file } = require('./kit.js');

const SETS = { TT03_2025: 'Thông tư số 03/2025/TT-VPCP', TT01_2018: 'Thông tư số 01/2018/TT-VPCP' };
const NUMBERS = {
  supplement: { TT03_2025: '02', TT01_2018: '02' }, refusal: { TT03_2025: '03', TT01_2018: '03' }, apology: { TT03_2025: '04', TT01_2018: '04' },
  stop_notice: { TT03_2025: '05' }, control_slip: { TT03_2025: '06', TT01_2018: '05' }, register_book: { TT03_2025: '07', TT01_2018: '06' },
};
const TITLES = {
  supplement: 'PHIẾU YÊU CẦU BỔ SUNG, HOÀN THIỆN HỒ SƠ', refusal: 'PHIẾU TỪ CHỐI TIẾP NHẬN GIẢI QUYẾT HỒ SƠ', stop_notice: 'THÔNG BÁO DỪNG GIẢI QUYẾT HỒ SƠ',
  control_slip: 'PHIẾU KIỂM SOÁT QUÁ TRÌNH GIẢI QUYẾT HỒ SƠ', register_book: 'SỔ THEO DÕI HỒ SƠ',
  apology: 'VĂN BẢN XIN LỖI VÀ ĐỀ NGHỊ GIA HẠN THỜI GIAN GIẢI QUYẾT', result_handover: 'PHIẾU BÀN GIAO KẾT QUẢ GIẢI QUYẾT THỦ TỤC HÀNH CHÍNH',
};
const UPRIGHT = ['supplement', 'refusal', 'apology', 'stop_notice', 'control_slip'];
const each = (check) => { for (const [kind, sets] of Object.entries(NUMBERS)) for (const [set, number] of Object.entries(sets)) check(kind, set, number); };

// The words of a page that stand next to each other and make up `text`: their common box.
function place(words, text) {
  const parts = text.split(' ');
  for (let at = 0; at + parts.length <= words.length; at++)
    if (parts.every((part, i) => words[at + i].word.normalize('NFC') === part)) {
      const found = words.slice(at, at + parts.length);
      return { left: Math.min(...found.map((w) => w.left)), right: Math.max(...found.map((w) => w.right)),
        top: Math.min(...found.map((w) => w.top)), bottom: Math.max(...found.map((w) => w.bottom)) };
    }
  throw new Error(`not on the page: ${text}`);
}

// Horizontal strokes of page 1 in millimetres, from the page as SVG.
function rules(pdf) {
  const svg = `${next_file()}.svg`;
  tool('pdftocairo', '-svg', '-f', 1, '-l', 1, pdf.file, svg);
  const strokes = [];
  for (const [, attributes] of fs.readFileSync(svg, 'utf8').matchAll(/<path ([^>]*stroke-width[^>]*)\/>/g)) {
    const [, a, b, c, d, e, f] = /transform="matrix\(([^,]+), ?([^,]+), ?([^,]+), ?([^,]+), ?([^,]+), ?([^)]+)\)"/.exec(attributes) ?? [null, 1, 0, 0, 1, 0, 0];
    const line = /d="M ([-\d.]+) ([-\d.]+) L ([-\d.]+) ([-\d.]+) ?"/.exec(attributes);
    if (!line) continue;
    const at = (x, y) => [(+a * x + +c * y + +e) / MM, (+b * x + +d * y + +f) / MM];
    const [[x1, y1], [x2, y2]] = [at(+line[1], +line[2]), at(+line[3], +line[4])];
    if (Math.abs(y1 - y2) < 0.1) strokes.push({ left: Math.min(x1, x2), right: Math.max(x1, x2), y: y1 });
  }
  return strokes;
}

// Points and weight of the letters of a text on page 1. A font of the PDF holds some letters of a word only, so the
// pieces are put together again without blanks.
function letters(pdf, wanted) {
  const xml = tool('pdftohtml', '-xml', '-stdout', '-i', '-zoom', '1', '-f', 1, '-l', 1, pdf.file);
  const fonts = Object.fromEntries([...xml.matchAll(/<fontspec id="(\d+)" size="(\d+)"/g)].map(([, id, size]) => [id, Number(size)]));
  const bare = (text) => text.replace(/<[^>]+>/g, '').normalize('NFC').replace(/\s+/g, '');
  const pieces = [...xml.matchAll(/<text [^>]*font="(\d+)"[^>]*>(.*?)<\/text>/g)]
    .map(([, font, text]) => ({ size: fonts[font], bold: text.includes('<b>'), italic: text.includes('<i>'), text: bare(text) }));
  let at = 0;
  const from = pieces.map(({ text }) => text).join('').indexOf(bare(wanted)), to = from + bare(wanted).length;
  must(from >= 0, `no "${wanted}"`);
  return pieces.filter(({ text }) => { const here = at; at += text.length; return text !== '' && here < to && at > from; });
}

const many = (kind, count, make) => ({ [kind === 'control_slip' ? 'handoffs' : 'lines']: Array.from({ length: count }, (_, i) => make(i + 1)) });
const handoff = (i) => ({ ...samples.control_slip.facts.handoffs[0], giving_unit: `Đầu${i} Phòng Kinh tế, Hạ tầng và Đô thị`, note: `${'chờ ý kiến cơ quan thuế '.repeat(i % 4)}cuối${i}.` });
const line = (i) => ({ ...samples.register_book.facts.lines[i % 12], line: i, code: `Đầu${i}`, note: `cuối${i}.` });

module.exports = {
  'every form of both sets carries the number and the title of its set'() {
    each((kind, set, number) => {
      const text = flat(pageText(print_sample(kind, { form_set: set }), 1, '-raw'));
      const title = kind === 'apology' && set === 'TT01_2018' ? 'PHIẾU XIN LỖI VÀ HẸN LẠI NGÀY TRẢ KẾT QUẢ' : TITLES[kind];
      inOrder(text, [`Mẫu số ${number} (${SETS[set]})`]);
      must(text.includes(title), `${kind} ${set}: ${text}`);
    });
    const sheet = flat(pageText(print_sample('result_handover'), 1, '-raw'));
    must(sheet.includes(TITLES.result_handover) && !sheet.includes('Mẫu số'), 'the sheet of results is in no set');
  },
  'what every form says is what was read and approved'() {
    const pages = [];
    each((kind, set) => pages.push([`${kind}.${set}`, print_sample(kind, { form_set: set }, 'html')]));
    pages.push(['result_handover', print_sample('result_handover', {}, 'html')]);
    for (const set of Object.keys(SETS))
      pages.push([`receipt.${set}`, { bytes: once({ ...base, format: 'html', facts: { ...base.facts, form_set: set, copies: 'CUSTOMER' } }).stdout }]);
    for (const [name, { bytes }] of pages) {
      const file = path.join(__dirname, 'golden', `${name}.html`);
      const said = bytes.toString().replace(/<style>.*?<\/style>/s, '').replace(/<svg.*?<\/svg>/gs, '<svg/>').replace(/(<\/(?:p|div|tr|h1|thead)>)/g, '$1\n');
      if (process.env.UPDATE) { fs.mkdirSync(path.dirname(file), { recursive: true }); fs.writeFileSync(file, said); }
      must(fs.existsSync(file) && fs.readFileSync(file, 'utf8') === said, `${name} says something else; look, then UPDATE=1`);
    }
    same(fs.readdirSync(path.join(__dirname, 'golden')).length, pages.length, 'golden pages');
  },
  'every form has the same bytes in any zone and locale'() {
    for (const kind of Object.keys(samples))
      must(print_sample(kind).bytes.equals(once(samples[kind], { TZ: 'America/New_York', LC_ALL: 'C', HOME: '/' }).stdout), kind);
  },
  'margins: left 30–35, right 15–20, top and bottom 20–25 mm, on sheets that stand and that lie'() {
    for (const kind of Object.keys(samples)) {
      const pdf = print_sample(kind), wide = UPRIGHT.includes(kind) ? 210 : 297, high = UPRIGHT.includes(kind) ? 297 : 210;
      for (let page = 1; page <= pdf.pages; page++) {
        const words = boxes(pdf, page).filter((box) => box.top >= 19);
        const left = Math.min(...words.map((box) => box.left)), right = wide - Math.max(...words.map((box) => box.right));
        must(left >= 30 && left <= 35, `${kind} left ${left}`);
        must(right >= 15 && (!UPRIGHT.includes(kind) || right <= 20), `${kind} right ${right}`);
        const top = Math.min(...words.map((box) => box.top)), bottom = high - Math.max(...words.map((box) => box.bottom));
        must(top >= 19.9 && top <= 25, `${kind} top ${top}`);
        must(bottom >= 20, `${kind} bottom ${bottom}`);
      }
    }
  },
  'the name of the state stands in the right half, its motto centred under it with a line of its own length'() {
    for (const kind of Object.keys(samples)) {
      const pdf = print_sample(kind), words = boxes(pdf, 1), middle = UPRIGHT.includes(kind) ? 105 : 148.5;
      const state = place(words, 'CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM'), motto = place(words, 'Độc lập - Tự do - Hạnh phúc');
      must(state.left >= middle, `${kind}: starts at ${state.left} mm`);
      must(Math.abs((state.left + state.right) - (motto.left + motto.right)) / 2 < 0.5, `${kind}: motto not centred`);
      must(motto.top > state.top && motto.top - state.top < 8, `${kind}: motto not under it`);
      const under = rules(pdf).filter((rule) => rule.y > motto.top + 2 && rule.y < motto.bottom + 2 && rule.left > middle);
      same(under.length, 1, `${kind}: lines under the motto`);
      must(Math.abs(under[0].left - motto.left) < 0.7 && Math.abs(under[0].right - motto.right) < 0.7, `${kind}: line ${JSON.stringify(under[0])} of ${JSON.stringify(motto)}`);
    }
  },
  'the agency is centred above a line of a third to a half of its length'() {
    for (const kind of Object.keys(samples)) {
      const pdf = print_sample(kind, { issuing_agency: 'TRUNG TÂM HÀNH CHÍNH CÔNG' }), own = place(boxes(pdf, 1), 'TRUNG TÂM HÀNH CHÍNH CÔNG');
      const under = rules(pdf).filter((rule) => rule.y > own.top + 2 && rule.y < own.bottom + 2 && rule.right < own.right);
      same(under.length, 1, `${kind}: lines under the agency`);
      const part = (under[0].right - under[0].left) / (own.right - own.left);
      must(part > 1 / 3 && part < 1 / 2, `${kind}: ${part} of its length`);
      must(Math.abs((under[0].left + under[0].right) - (own.left + own.right)) / 2 < 0.5, `${kind}: not centred`);
    }
  },
  'the title is centred between the margins; letters have the sizes of the decree'() {
    for (const kind of UPRIGHT) {
      const pdf = print_sample(kind), title = place(boxes(pdf, 1), TITLES[kind]);
      must(Math.abs((title.left + title.right) / 2 - (30.5 + 194.5) / 2) < 0.5, `${kind}: ${JSON.stringify(title)}`);
      for (const [text, least, most, bold, italic] of [['CỘNG HÒA XÃ HỘI', 12, 13, true, false], ['Độc lập - Tự do', 13, 14, true, false],
        [', ngày', 13, 14, false, true], [TITLES[kind].slice(0, 12), 13, 14, true, false], ['PHƯỜNG TAM KỲ', 12, 13, false, false],
        [kind === 'control_slip' ? 'Ngày nhận:' : 'NGUYỄN THỊ', 13, 14, kind !== 'control_slip', false]]) {
        for (const found of letters(pdf, text)) {
          must(found.size >= least && found.size <= most, `${kind} "${text}" has ${found.size} pt`);
          same(found.bold, bold, `${kind} "${text}" bold`);
          same(found.italic, italic, `${kind} "${text}" italic`);
        }
      }
    }
    for (const line of ['Nơi nhận:', '- Như trên;'])
      must(letters(print_sample('apology'), line).every(({ size, bold }) => bold === (line === 'Nơi nhận:') && size === (bold ? 12 : 11)), line);
  },
  'long names stay within the margins of every form'() {
    const name = 'TỔNG CÔNG TY TRÁCH NHIỆM HỮU HẠN ĐƯỜNG QUẢNG NGÃI '.repeat(6).slice(0, 299).trim();
    for (const [kind, { facts }] of Object.entries(samples)) {
      const long = Object.fromEntries(Object.entries(facts).filter(([key]) => /name|agency|unit|reason|address/.test(key)).map(([key]) => [key, name]));
      const right = UPRIGHT.includes(kind) ? 195.1 : 282.1, bottom = UPRIGHT.includes(kind) ? 277.1 : 190.1;
      const rows = Object.fromEntries(Object.entries(facts).filter(([, value]) => Array.isArray(value)).map(([key, value]) => [key,
        value.map((row) => Object.fromEntries(Object.entries(row).map(([k, v]) => [k, /name|unit|agency|address|note/.test(k) ? name : v])))]));
      const pdf = print_sample(kind, { ...long, ...rows });
      for (let page = 1; page <= pdf.pages; page++)
        for (const box of boxes(pdf, page))
          must(box.left >= 30 && box.right <= right && box.bottom <= bottom, `${kind} ${JSON.stringify(box)}`);
    }
  },
  'the control slip of forty hand-offs repeats its head row and parts no block'() {
    const pdf = print_sample('control_slip', many('control_slip', 40, handoff));
    must(pdf.pages >= 4, `pages ${pdf.pages}`);
    const pages = Array.from({ length: pdf.pages }, (_, i) => flat(pageText(pdf, i + 1, '-raw')));
    for (let i = 1; i <= 40; i++) {
      const holder = pages.findIndex((text) => text.includes(`Đầu${i} `));
      must(holder >= 0 && pages[holder].includes(`cuối${i}.`), `block ${i} is parted or lost`);
    }
    for (const text of pages) inOrder(text, ['TÊN CƠ QUAN', 'THỜI GIAN GIAO, NHẬN HỒ SƠ', '1. Giao:', '2. Nhận:']);
    same(pages.join(' ').match(/Người giao/g).length, 40, 'givers');
  },
  'a register of a thousand lines has its head row on every page, no line parted'() {
    const pdf = print_sample('register_book', many('register_book', 1000, line));
    const pages = tool('pdftotext', '-raw', pdf.file, '-').split('\f').map(flat).filter((text) => text.trim() !== '');
    same(pages.length, pdf.pages, 'pages');
    pages.forEach((text, at) => {
      inOrder(text, ['Mã hồ sơ', 'Trả kết quả']);
      for (const [, i] of text.matchAll(/Đầu(\d+)\b/g)) must(text.includes(`cuối${i}.`), `line ${i} is parted`);
      must(at === 0 || new RegExp(`^ ?${at + 1} `).test(text), `page ${at + 1} has no number`);
    });
    same(pages.join(' ').match(/Đầu\d+/g).length, 1000, 'lines');
    const too_many = once({ ...samples.register_book, facts: { ...samples.register_book.facts, ...many('register_book', 1001, line) } });
    same(too_many.status, 1, 'status');
  },
  'A5 is the sheet of A4 at three quarters, the roll is cut where it ends; both QR codes lead to the dossier'() {
    const small = print({ paper: 'A5', copies: 'CUSTOMER' }), roll = print({ paper: '80MM', copies: 'CUSTOMER' });
    must(/Page size:\s+419.528 x 595.276/.test(small.info), small.info);
    same(small.pages, 1, 'pages of A5');
    const words = boxes(small, 1), state = place(words, 'CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM');
    must(Math.min(...words.map((box) => box.left)) >= 14.9 && 148 - Math.max(...words.map((box) => box.right)) >= 9.9, 'margins');
    must(state.left >= 71, `the name of the state starts at ${state.left} mm`);
    const [, wide, high] = /Page size:\s+([\d.]+) x ([\d.]+)/.exec(roll.info).map(Number), bottom = Math.max(...boxes(roll, 1).map((box) => box.bottom));
    must(Math.abs(wide / MM - 80) < 0.1, roll.info);
    must(high / MM - bottom > 4 && high / MM - bottom < 12, `${high / MM - bottom} mm after the last line`);
    must(boxes(roll, 1).every((box) => box.left >= 3.9 && box.right <= 76.1), 'beside the roll');
    for (const pdf of [small, roll]) {
      const png = path.join(folder, 'small');
      tool('pdftoppm', '-r', 300, '-singlefile', '-png', pdf.file, png);
      same(tool('zbarimg', '--raw', '-q', `${png}.png`).trim(), base.facts.lookup_url, 'QR');
    }
  },
  'a spreadsheet has the same bytes each time and takes no text for anything else'() {
    const facts = { title: 'Danh sách', about: '=1+1', columns: [{ title: '+A', kind: 'TEXT', width: 9 }, { title: 'B', kind: 'MONEY', width: 9 }], rows: [['=cmd|x', 5], ['http://x.example', null]] };
    const body = { form: 'sheet', format: 'xlsx', facts }, first = once(body), file = `${next_file()}.xlsx`;
    same(first.status, 0, first.stderr.toString());
    must(first.stdout.equals(once(body, { TZ: 'America/New_York', LC_ALL: 'C' }).stdout), 'bytes differ');
    fs.writeFileSync(file, first.stdout);
    const sheet = tool('unzip', '-p', file, 'xl/worksheets/sheet1.xml');
    must(!/<f|hyperlink/.test(sheet), sheet);
    inOrder(tool('unzip', '-p', file, 'xl/sharedStrings.xml'), ['<t>=1+1</t>', '<t>+A</t>', '<t>=cmd|x</t>', '<t>http://x.example</t>']);
    for (const [wrong, reason] of [[{ rows: [['a']] }, /rows: each/], [{ rows: [['a', 'b']] }, /must be a number/], [{ rows: [[1, 2]] }, /must be a string/],
      [{ rows: Array(5001).fill(['a', 1]) }, /rows: must be/], [{ columns: [] }, /columns: has too few/], [{ title: '' }, /title: is empty/]]) {
      const made = once({ ...body, facts: { ...facts, ...wrong } });
      same(made.status, 1, 'status');
      must(reason.test(made.stderr.toString()), made.stderr.toString());
    }
  },
};
