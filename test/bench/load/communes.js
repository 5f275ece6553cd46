#!/usr/bin/env node
// A catalogue with many communes: config/catalogue, and so many copies of its first commune.
//   communes.js CATALOGUE OUT COUNT
'use strict';
const fs = require('node:fs');
const path = require('node:path');

const [catalogue, out, count] = [process.argv[2], process.argv[3], Number(process.argv[4])];
const FIRST = 200, MODEL = 'H17.105', PLACE = 'Tam Kỳ';

fs.rmSync(out, { recursive: true, force: true });
fs.cpSync(catalogue, path.join(out, 'catalogue'), { recursive: true });
fs.cpSync(path.join(catalogue, '..', 'calendars'), path.join(out, 'calendars'), { recursive: true });

const file = path.join(out, 'catalogue', 'agencies.json');
const document = JSON.parse(fs.readFileSync(file, 'utf8'));
const model = JSON.stringify(document.agencies.filter((a) => a.code === MODEL || a.code.startsWith(`${MODEL}.`)));

for (let i = 0; i < count; i++) {
  const number = String(FIRST + i);
  const copy = model.replaceAll(MODEL, `H17.${number}`).replaceAll(PLACE, `Số ${number}`)
    .replaceAll(PLACE.toUpperCase(), `SỐ ${number}`);
  document.agencies.push(...JSON.parse(copy));
}
fs.writeFileSync(file, JSON.stringify(document));
