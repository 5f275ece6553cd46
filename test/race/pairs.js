#!/usr/bin/env node
// Every command that writes against every other (and itself) upon one dossier, in every order of doing and ending.
//   pairs.js CONNINFO      prints one line a permutation: what each was told, who had to wait, whether all is sound
// a and b do, A and B commit, X and Y roll back; the lines are held against expected/pairs.txt.
'use strict';
const { spawnSync } = require('node:child_process');

const tester = '/usr/lib/postgresql/15/lib/pgxs/src/test/isolation/isolationtester';

/* What one side does; `other` is the person of the other side. Sessions a and b are tiepnhan and tiepnhan2, who
 * receives at the same desk by a delegation. */
const commands = {
  accept: (who) => `race.act('${who}', '${who}', 'accept')`,
  ask_more: (who) => `race.act('${who}', '${who}', 'ask_more')`,
  refuse: (who) => `race.act('${who}', '${who}', 'refuse')`,
  collect_fee: (who) => `race.act('${who}', '${who}', 'collect_fee')`,
  intake: (who) => `race.intake('${who}', '${who}')`,
  guess: () => `race.look_up(1, 'wrong')`,
  look_up: () => `race.look_up(1, 'secret')`,
  delegate: (who) => `race.delegate('${who}', '${who}')`,
  take_back: () => `race.delegation_end('tiepnhan')`,
  end_session: (who, other) => `race.session_end('${other}')`,
  touch: (who) => `race.session_touch('${who}')`,
  housekeeping: () => 'race.housekeeping()',
  load: (who) => `race.catalogue_load('${who.toUpperCase()}')`,
};
const names = Object.keys(commands);

/* a A b B: one after the other. a b A B: at once. X, Y: the first comes to nothing. */
const always = ['a A b B', 'b B a A', 'a b A B', 'b a B A', 'a b X B', 'b a Y A'];
/* Possible only where the second did not have to wait for the first: it ends before it. */
const overtaking = { 'a b A B': 'a b B A', 'b a B A': 'b a A B' };

function session(side, who, other) {
  const done = side.toUpperCase(), undone = side === 'a' ? 'X' : 'Y';
  const steps = names.map((name) => `step ${side}_${name} { BEGIN; SELECT ${commands[name](who, other)} AS told; }`);

  return `session ${side}\n${steps.join('\n')}\nstep ${done} { COMMIT; }\nstep ${undone} { ROLLBACK; }\n`;
}

const head = `setup { CALL race.begin(); }\n${session('a', 'tiepnhan', 'tiepnhan2')}${session('b', 'tiepnhan2', 'tiepnhan')}` +
  'session c\nstep c { SELECT sound.word(race.dossier(1)) AS told; }\n';

function line_of(pair, order) {
  const steps = order.split(' ').map((one) => ({ a: `a_${pair[0]}`, b: `b_${pair[1]}` })[one] ?? one);
  return `permutation ${steps.join(' ')} c`;
}

/* What the tester printed of one permutation → { told: {a, b, c}, waited: {a, b} } */
function read(text) {
  const seen = { told: {}, waited: {} };

  for (const part of text.split(/^step /m).slice(1)) {
    const side = part[0];
    if (/<waiting \.\.\.>/.test(part))
      seen.waited[side] = true;
    const told = /^told *\n-+\n(.*?) *\n/m.exec(part) ?? /^ERROR: +(.*)$/m.exec(part);
    if (told)
      seen.told[side] = told[1];
  }
  return seen;
}

/* Runs permutations [{pair, order}]; gives what was seen of each, in the same order. */
function run(conninfo, permutations) {
  const spec = head + permutations.map(({ pair, order }) => line_of(pair, order)).join('\n') + '\n';
  const done = spawnSync(tester, [conninfo], { input: spec, encoding: 'utf8', maxBuffer: 1 << 28,
    env: { ...process.env, PGISOLATIONTIMEOUT: '20' } });
  const parts = done.stdout.split(/^starting permutation: .*$/m).slice(1);

  if (done.status !== 0 || parts.length !== permutations.length)
    throw new Error(`isolationtester ended with ${done.status}:\n${done.stdout.slice(-2000)}${done.stderr.slice(-4000)}`);
  return parts.map(read);
}

function main(conninfo) {
  const pairs = names.flatMap((first, at) => names.slice(at).map((second) => [first, second]));
  const first = pairs.flatMap((pair) => always.map((order) => ({ pair, order })));
  const seen = run(conninfo, first);
  const second = first.flatMap(({ pair, order }, at) =>
    (overtaking[order] && !seen[at].waited.a && !seen[at].waited.b ? [{ pair, order: overtaking[order] }] : []));
  const all = [...first.map((one, at) => ({ ...one, seen: seen[at] })),
    ...run(conninfo, second).map((one, at) => ({ ...second[at], seen: one }))];

  for (const pair of pairs) {
    console.log(`${pair[0]} × ${pair[1]}`);
    for (const one of all.filter((other) => other.pair === pair)) {
      const word = (side) => `${side}${one.seen.waited[side] ? ' waits,' : ''} ${one.seen.told[side]}`;
      console.log(`  ${one.order}   ${word('a').padEnd(24)} ${word('b').padEnd(24)} ${one.seen.told.c}`);
    }
  }
}

main(process.argv[2]);
