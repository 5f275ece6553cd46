// What the tests of the forms stand on: the real motcuad-render, printed once, read back with poppler.
'use strict';
const { execFileSync, spawnSync } = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');

const render = path.resolve(process.argv[2] || 'build/motcuad-render');
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'forms-'));
const base = JSON.parse(fs.readFileSync(path.join(__dirname, 'receipt.json'), 'utf8'));
const env = { ...process.env, ASAN_OPTIONS: 'detect_leaks=0' };
const MM = 72 / 25.4;

const samples = JSON.parse(fs.readFileSync(path.join(__dirname, 'samples.json'), 'utf8'));
const request = (facts = {}, format = 'pdf') => ({ ...base, format, facts: { ...base.facts, ...facts } });
const once = (body, more = {}) => spawnSync(render, ['--once'],
  { input: typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body),
    env: { ...env, ...more }, maxBuffer: 1 << 26 });
const tool = (name, ...args) => execFileSync(name, args, { maxBuffer: 1 << 26, stdio: ['ignore', 'pipe', 'ignore'] }).toString();
const must = (claim, what) => { if (!claim) throw new Error(what); };
const same = (got, wanted, what) => must(got === wanted, `${what}: got ${got}, wanted ${wanted}`);
const flat = (s) => s.replace(/\s+/g, ' ');

let files = 0;
function print(facts = {}, form = {}) {
  const made = once({ ...request(facts), ...form });
  same(made.status, 0, made.stderr.toString() || 'status');
  return kept(made.stdout);
}
function kept(bytes) {
  const file = path.join(folder, `${files++}.pdf`);
  fs.writeFileSync(file, bytes);
  const info = tool('pdfinfo', file);
  return { file, bytes, info, pages: Number(/^Pages:\s+(\d+)/m.exec(info)[1]) };
}
const pageText = (pdf, page, ...how) => tool('pdftotext', ...how, '-f', page, '-l', page, pdf.file, '-');

function inOrder(text, labels) {
  let at = 0;
  for (const label of labels) {
    const found = text.indexOf(label, at);
    must(found >= 0, `not in its place: ${label}`);
    at = found + label.length;
  }
}

// Words with their boxes in millimetres.
function boxes(pdf, page) {
  const xml = tool('pdftotext', '-bbox', '-f', page, '-l', page, pdf.file, '-');
  return [...xml.matchAll(/<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">([^<]*)</g)]
    .map(([, left, top, right, bottom, word]) =>
      ({ left: left / MM, top: top / MM, right: right / MM, bottom: bottom / MM, word }));
}

// As print(), of one of samples.json.
function print_sample(kind, facts = {}, format = 'pdf') {
  const body = { ...samples[kind], format, facts: { ...samples[kind].facts, ...facts } };
  const made = once(body);
  same(made.status, 0, `${kind}: ${made.stderr}`);
  if (format !== 'pdf') return { bytes: made.stdout };
  return kept(made.stdout);
}

module.exports = { render, folder, base, env, MM, samples, request, once, tool, must, same, flat, print, print_sample, pageText, inOrder, boxes,
  next_file: () => path.join(folder, `${files++}`) };
