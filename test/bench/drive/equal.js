// Equality first: whoever does less work than the others is not measured against them.
'use strict';
const crypto = require('node:crypto');
const fs = require('node:fs');
const samples = require('./samples');

const SAMPLED = 1000, PEOPLE = 20;

async function get(contender, path, token) {
  const reply = await fetch(contender.url + path, token ? { headers: { Authorization: `Bearer ${token}` } } : {});
  if (reply.status !== 200)
    throw new Error(`${contender.name}: ${path} ${reply.status} ${await reply.text()}`);
  return { text: await reply.text(), etag: reply.headers.get('etag') };
}

async function post(contender, path, token, headers, body) {
  const reply = await fetch(contender.url + path, { method: 'POST', body: JSON.stringify(body), headers: {
    Authorization: `Bearer ${token}`, 'Content-Type': 'application/json', 'Idempotency-Key': crypto.randomUUID(), ...headers } });
  const text = await reply.text();
  if (!reply.ok)
    throw new Error(`${contender.name}: ${path} ${reply.status} ${text}`);
  return { status: reply.status, etag: reply.headers.get('etag'), body: JSON.parse(text) };
}

async function lookups(contender, codes) {
  const hash = crypto.createHash('md5');
  for (const code of codes) {
    const { text, etag } = await get(contender, `/api/v1/lookup/${code}`);
    hash.update(text).update(etag);
  }
  return hash.digest('hex');
}

/* Worked minutes left change with the clock. */
async function inboxes(contender, tokens) {
  const hash = crypto.createHash('md5');
  for (const token of tokens)
    hash.update((await get(contender, '/api/v1/inbox', token)).text.replace(/"remaining_minutes":-?\d+/g, ''));
  return hash.digest('hex');
}

/* Names of members all the way down, and every value that does not depend on the dossier or the instant. */
function shape(value, path = '') {
  if (Array.isArray(value))
    return value.flatMap((one, i) => shape(one, `${path}/${i}`));
  if (value !== null && typeof value === 'object')
    return Object.entries(value).flatMap(([name, one]) => shape(one, `${path}/${name}`));
  const is_own = /^\/code$|_no$|secret$/.test(path) || /^\d{4}-\d\d-\d\dT/.test(value) || /open_dossiers/.test(path);
  return [`${path} ${is_own ? typeof value : JSON.stringify(value)}`];
}

/* The rows of one dossier as text: what is drawn or counted is left out, the instants at which it was asked are NOW;
 * every other instant, name, fee and paper must be the same. */
async function written(database, code) {
  const [{ id, month, asked }] = await database.rows(`SELECT d.id, d.month, array_agg(to_jsonb(e.at)::text) AS asked
    FROM motcua.dossier d JOIN motcua.event e ON e.month = d.month AND e.dossier = d.id WHERE d.code = $1
    GROUP BY d.id`, [code]);
  const tables = { dossier: `id = ${id}`, dossier_content: `dossier = ${id}`, work: `dossier = ${id}`, timer: `dossier = ${id}`,
    event: `dossier = ${id} AND month = $1`, idempotency: `location = '${code}'` };
  const lines = [];
  for (const [table, where] of Object.entries(tables)) {
    const rows = await database.rows(`SELECT to_jsonb(t) AS row FROM motcua.${table} t
      WHERE ${where} AND $1::date IS NOT NULL ORDER BY to_jsonb(t) ->> 'seq', to_jsonb(t) ->> 'version'`, [month]);
    for (const { row } of rows)
      lines.push(...Object.entries(row)
        .filter(([name]) => !/^(id|dossier|code|location|key|body_hash|answer|register_no|lookup_secret)$/.test(name))
        .map(([name, value]) => `${table}.${name} ${table + name === 'idempotencyat' ? '' : JSON.stringify(value)}`));
  }
  return asked.reduce((text, at) => text.replaceAll(at, 'NOW'), lines.join('\n')).replaceAll(code.toLowerCase(), 'CODE');
}

async function changes(contender, database, token) {
  const made = await post(contender, '/api/v1/dossiers', token, {}, samples.body);
  const moved = await post(contender, `/api/v1/dossiers/${made.body.code}/actions`, token, { 'If-Match': made.etag },
    { action: 'transfer' });
  const lines = (answer) => [`${answer.status} ${answer.etag}`, ...shape(answer.body)
    .filter((line) => !line.startsWith('/open_dossiers') && !line.startsWith('/blocked'))]; // README: the daemon does more
  return [...lines(made), ...lines(moved), await written(database, made.body.code)].join('\n');
}

/* Deadlines count from the minute: all are asked within one. */
async function early_in_a_minute() {
  const second = () => new Date().getSeconds();
  while (second() > 40)
    await new Promise((go) => { setTimeout(go, 500); });
}

function same(contenders, what, results) {
  results.forEach((result, i) => {
    if (result === results[0])
      return;
    const [a, b] = [results[0], result].map((text) => text.split('\n'));
    const at = a.findIndex((line, n) => line !== b[n]);
    throw new Error(`${what}: ${contenders[0].name} says "${a[at] ?? a[0]}", ${contenders[i].name} "${b[at] ?? b[0]}"`);
  });
}

async function equal(bench, contenders) {
  const servers = contenders.filter((contender) => contender.kind === 'http');
  const read = (file) => fs.readFileSync(file, 'utf8').trim().split('\n');
  const codes = read(bench.lists.codes).slice(0, SAMPLED), people = read(bench.lists.people).slice(0, PEOPLE);
  const token = read(bench.lists.clerks)[0];
  const each = async (ask) => { const all = []; for (const server of servers) all.push(await ask(server)); return all; };

  same(servers, 'lookup', await each((server) => lookups(server, codes)));
  same(servers, 'inbox', await each((server) => inboxes(server, people)));
  await early_in_a_minute();
  same(servers, 'intake and transfer', await each((server) => changes(server, bench.database, token)));
}

module.exports = { equal };
