// Bundles src/ into FOLDER (default: dist): index.html, assets/NAME-HASH.{js,css}, and each asset packed once with
// brotli and once with gzip, so that the daemon never packs. Prints the weights; budget.json says
// what may not be passed. The types of the API are made anew first (types.mjs).
import { build } from 'esbuild';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { write_types } from './types.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const folder = path.resolve(process.argv[2] ?? path.join(here, 'dist'));
const { staff_first_load: BUDGET_BYTES } = JSON.parse(fs.readFileSync(path.join(here, 'budget.json'), 'utf8'));

write_types();

const bundled = await build({
  absWorkingDir: here,
  entryPoints: { staff: 'src/main.tsx', pages: 'src/pages.css' },
  bundle: true,
  splitting: true, // what only some people open (import()) is a chunk of its own
  metafile: true,
  write: false,
  outdir: 'out',
  entryNames: '[name]-[hash]',
  chunkNames: '[name]-[hash]',
  format: 'esm',
  target: ['es2022'],
  minify: true,
  legalComments: 'none',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  charset: 'utf8',
  logLevel: 'warning',
});

const assets = path.join(folder, 'assets');
fs.rmSync(folder, { recursive: true, force: true });
fs.mkdirSync(assets, { recursive: true });

const outputs = bundled.metafile.outputs;
/* An output with all that it imports before it runs: what the first load brings. */
function with_imports(name, seen = new Set()) {
  if (!seen.has(name)) {
    seen.add(name);
    for (const one of outputs[name].imports.filter(({ kind }) => kind === 'import-statement'))
      with_imports(one.path, seen);
  }
  return seen;
}
const names = {}, first = new Set();
for (const [name, output] of Object.entries(outputs))
  if (/^src\/(main\.tsx|pages\.css)$/.test(output.entryPoint ?? '')) {
    names[path.extname(name)] = path.basename(name);
    for (const one of with_imports(name))
      first.add(path.basename(one));
  }
let packed = 0;
for (const file of bundled.outputFiles) {
  const name = path.basename(file.path);
  const brotli = brotliCompressSync(file.contents, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: file.contents.length },
  });

  fs.writeFileSync(path.join(assets, name), file.contents);
  fs.writeFileSync(path.join(assets, `${name}.br`), brotli);
  fs.writeFileSync(path.join(assets, `${name}.gz`), gzipSync(file.contents, { level: 9 }));
  packed += first.has(name) ? brotli.length : 0;
  console.log(`${name}: ${file.contents.length} bytes, ${brotli.length} as brotli${first.has(name) ? ', first load' : ''}`);
}
const index = fs.readFileSync(path.join(here, 'src/index.html'), 'utf8')
  .replace('{css}', `/assets/${names['.css']}`).replace('{js}', `/assets/${names['.js']}`);
fs.writeFileSync(path.join(folder, 'index.html'), index);
packed += Buffer.byteLength(index);
console.log(`first load: ${packed} of ${BUDGET_BYTES} bytes`);
if (packed > BUDGET_BYTES)
  process.exitCode = 1;
