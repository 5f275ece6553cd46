// The table. A round in which others used too much of the machine is left out, for everybody; where too few are left, or
// a base varies too much, the run is called noisy and gives no ratio.
'use strict';

const OTHERS_MAX = 1.3, SPREAD_MAX = 1.5, ROUNDS_MIN = 3;

function median(values) {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b), half = sorted.length >> 1;
  if (sorted.length === 0)
    return NaN;
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

const spread = (values) => (Math.max(...values) - Math.min(...values)) / median(values);
const rate = (round) => (round.requests - round.refused) / round.seconds;

/* Per-round ratios to a base of the same round, and the same by CPU without the load generator. */
function ratio(rows, row, base) {
  const own = row.rounds.map((round, i) => rate(round) / rate(base.rounds[i]));
  return { name: base.name, rate: median(own),
    cpu: median(row.rounds.map((r, i) => {
      const b = base.rounds[i];
      return (b.us_server + b.us_pg) / (r.us_server + r.us_pg);
    })) };
}

/* Numbers of the rounds that nobody disturbed. */
function quiet(measured) {
  return measured[0].rounds.map((_, i) => i).filter((i) => measured.every(({ rounds }) => rounds[i].others <= OTHERS_MAX));
}

function summary(measured) {
  const kept = quiet(measured), played = measured[0].rounds.length, is_enough = kept.length >= Math.min(ROUNDS_MIN, played);
  const of = (rounds) => (is_enough ? kept.map((i) => rounds[i]) : rounds);
  const rows = measured.map(({ contender, rounds: all, memory }) => {
    const rounds = of(all), middle = (value) => median(rounds.map(value));
    return { name: contender.name, family: contender.family, rounds, all, memory, rate: middle(rate),
      spread: spread(rounds.map(rate)), others: Math.max(...rounds.map((r) => r.others)),
      p50_ms: middle((r) => r.p50_ms), p99_ms: middle((r) => r.p99_ms), us_server: middle((r) => r.us_server),
      us_pg: middle((r) => r.us_pg), us_load: middle((r) => r.us_load) };
  });
  const bases = rows.filter((row) => row.family !== 'motcuad');
  const noise = is_enough ? [] : [`others used more than ${OTHERS_MAX} cores in ${played - kept.length} of ${played} rounds`];
  for (const row of bases)
    if (row.spread > SPREAD_MAX)
      noise.push(`${row.name} varied by ${Math.round(row.spread * 100)} %`);
  for (const row of rows)
    row.ratios = noise.length > 0 ? [] : bases.filter((base) => base !== row).map((base) => ratio(rows, row, base));
  return { rows, noise, played, kept: kept.length };
}

const mib = (kib) => (kib / 1024).toFixed(1);

function table(title, { rows, noise, played, kept }) {
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
  const rounds = kept < played && noise.length === 0 ? [`${kept} of ${played} rounds; others disturbed the rest`, ''] : [];
  return [`### ${title}`, '', ...rounds, ...(noise.length > 0 ? [`noisy, so no ratios: ${noise.join('; ')}`, ''] : []), ...text, ''].join('\n');
}

module.exports = { summary, table };
