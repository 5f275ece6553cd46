// Bundles src/ into FOLDER (default: dist): index.html, assets/NAME-HASH.{js,css}, and each asset packed once with
// brotli and once with gzip, so that the daemon never packs. Prints the weights; budget.json says
// what may not be passed. The types of the API are made anew first (types.mjs).
import { build } from 'esbuild';
import { createHash } from 'node:crypto';
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
  write: false,
  outdir: 'out',
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

const names = {};
let packed = 0;
for (const file of bundled.outputFiles) {
  const { name, ext } = path.parse(file.path);
  const hash = createHash('sha256').update(file.contents).digest('base64url').replace(/[-_]/g, '').slice(0, 10);
  const brotli = brotliCompressSync(file.contents, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: file.contents.length },
  });

  names[ext] = `${name}-${hash}${ext}`;
  fs.writeFileSync(path.join(assets, names[ext]), file.contents);
  fs.writeFileSync(path.join(assets, `${names[ext]}.br`), brotli);
  fs.writeFileSync(path.join(assets, `${names[ext]}.gz`), gzipSync(file.contents, { level: 9 }));
  packed += brotli.length;
  console.log(`${names[ext]}: ${file.contents.length} bytes, ${brotli.length} as brotli`);
}
const index = fs.readFileSync(path.join(here, 'src/index.html'), 'utf8')
  .replace('{css}', `/assets/${names['.css']}`).replace('{js}', `/assets/${names['.js']}`);
fs.writeFileSync(path.join(folder, 'index.html'), index);
packed += Buffer.byteLength(index);
console.log(`first load: ${packed} of ${BUDGET_BYTES} bytes`);
if (packed > BUDGET_BYTES)
  process.exitCode = 1;
