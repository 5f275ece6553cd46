// Names and labels as the server has them, read from its tables in server/dossier/dossier.h and server/identity/role.h.
'use strict';
const fs = require('node:fs');
const path = require('node:path');

const header = (file) => fs.readFileSync(path.join(__dirname, '..', '..', '..', 'server', file), 'utf8');

function rows(text, macro, pattern) {
  const found = [...text.matchAll(new RegExp(`^\\s+${macro}\\(${pattern}\\)`, 'gm'))];
  if (found.length === 0)
    throw new Error(`no ${macro}(…) rows`);
  return found;
}

const dossier = header('dossier/dossier.h');
module.exports = {
  states: new Map(rows(dossier, 'STATE', '(\\w+), \\d+, (\\w+), "([^"]+)"')
    .map(([, name, clock, label]) => [name, { clock, label }])),
  actions: new Map(rows(dossier, 'ACTION', '\\w+, "(\\w+)", "([^"]+)"').map(([, name, label]) => [name, label])),
  roles: new Map(rows(header('identity/role.h'), 'ROLE', '\\w+, (\\d+), "(\\w+)", "([^"]+)"')
    .map(([, bit, name, label]) => [name, { mask: 1 << Number(bit), label }])),
  units: { WORK_DAY: 'ngày làm việc', CAL_DAY: 'ngày', MONTH: 'tháng', WORK_HOUR: 'giờ làm việc' },
  phases: ['DESK', 'ASSIGN', 'PROCESS', 'REVIEW', 'SIGN', 'ISSUE', 'RETURN'],
};
