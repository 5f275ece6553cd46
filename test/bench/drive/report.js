// The table. No ratio is printed of a run that others disturbed: it is called noisy.
'use strict';

const OTHERS_MAX = 1.3, SPREAD_MAX = 1.5;

function median(values) {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b), half = sorted.length >> 1;
  if (sorted.length === 0)
    return NaN;
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

const spread = (values) => (Math.max(...values) - Math.min(...values)) / median(values);
const rate = (round) => (round.requests - round.refused) / round.seconds;
const cpu = (round) => round.us_server + round.us_pg + round.us_load;

/* Per-round ratios to a base of the same round, and the same by CPU without the load generator. */
function ratio(rows, row, base) {
  const own = row.rounds.map((round, i) => rate(round) / rate(base.rounds[i]));
  return { name: base.name, rate: median(own),
    cpu: median(row.rounds.map((r, i) => {
      const b = base.rounds[i];
      return (b.us_server + b.us_pg) / (r.us_server + r.us_pg);
    })) };
}

function summary(measured) {
  const rows = measured.map(({ contender, rounds, memory }) => ({ name: contender.name, family: contender.family, rounds,
    rate: median(rounds.map(rate)), spread: spread(rounds.map(rate)), others: Math.max(...rounds.map((r) => r.others)),
    p50_ms: median(rounds.map((r) => r.p50_ms)), p99_ms: median(rounds.map((r) => r.p99_ms)),
    us_server: median(rounds.map((r) => r.us_server)), us_pg: median(rounds.map((r) => r.us_pg)),
    us_load: median(rounds.map((r) => r.us_load)), refused: rounds.reduce((sum, r) => sum + r.refused + r.broken, 0),
    memory }));
  const bases = rows.filter((row) => row.family !== 'motcuad');
  const noise = [];
  for (const row of rows)
    if (row.others > OTHERS_MAX)
      noise.push(`others used ${row.others.toFixed(2)} cores beside ${row.name}`);
  for (const row of bases)
    if (row.spread > SPREAD_MAX)
      noise.push(`${row.name} varied by ${Math.round(row.spread * 100)} %`);
  for (const row of rows)
    row.ratios = noise.length > 0 ? [] : bases.filter((base) => base !== row).map((base) => ratio(rows, row, base));
  return { rows, noise };
}

const mib = (kib) => (kib / 1024).toFixed(1);

function table(title, { rows, noise }) {
  const bases = rows.filter((row) => row.family !== 'motcuad').map((row) => row.name);
  const head = ['', 'req/s', '±', 'p50 ms', 'p99 ms', 'µs server', 'µs PG', 'µs load', 'others', 'RSS / PSS MiB a worker',
    ...(noise.length > 0 ? [] : bases.map((base) => `× ${base}`))];
  const lines = rows.map((row) => [row.name, Math.round(row.rate), `${Math.round(row.spread * 100)} %`, row.p50_ms.toFixed(2),
    row.p99_ms.toFixed(2), row.us_server.toFixed(1), row.us_pg.toFixed(1), row.us_load.toFixed(1), row.others.toFixed(2),
    row.memory.map((m) => `${mib(m.rss)} / ${mib(m.pss)}`).join(', ') || '–',
    ...(noise.length > 0 ? [] : bases.map((base) => {
      const found = row.ratios.find((one) => one.name === base);
      return found ? `${found.rate.toFixed(2)} (CPU ${found.cpu.toFixed(2)})` : '1';
    }))]);
  const text = [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`);
  return [`### ${title}`, '', ...(noise.length > 0 ? [`noisy, so no ratios: ${noise.join('; ')}`, ''] : []), ...text, ''].join('\n');
}

module.exports = { cpu, summary, table };
