// CPU time and memory from /proc: of process trees, of a PostgreSQL cluster with the backends that came and went, of
// our own children, and of everybody else.
'use strict';
const fs = require('node:fs');

const TICKS = 100; // USER_HZ of Linux, whatever the kernel's own

function stat(pid) {
  try {
    const text = fs.readFileSync(`/proc/${pid}/stat`, 'latin1'), f = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { ppid: Number(f[1]), own: (Number(f[11]) + Number(f[12])) / TICKS,
      reaped: (Number(f[13]) + Number(f[14])) / TICKS };
  } catch {
    return null; // gone meanwhile
  }
}

function tree(root) {
  const children = new Map();
  for (const name of fs.readdirSync('/proc')) {
    const s = /^\d+$/.test(name) && stat(name);
    if (s)
      children.set(s.ppid, [...(children.get(s.ppid) ?? []), Number(name)]);
  }
  const all = [root];
  for (let i = 0; i < all.length; i++)
    all.push(...(children.get(all[i]) ?? []));
  return all;
}

/* Seconds of a tree so far; those that ended are in what their parent has reaped. */
function tree_seconds(root) {
  return tree(root).reduce((sum, pid) => { const s = stat(pid); return s ? sum + s.own + s.reaped : sum; }, 0);
}

/* Seconds of children that this process has waited for. */
function reaped_seconds() { return stat(process.pid).reaped; }
function own_seconds() { return stat(process.pid).own; }

function busy_seconds() {
  const f = fs.readFileSync('/proc/stat', 'latin1').split('\n')[0].trim().split(/\s+/).slice(1).map(Number);
  return (f[0] + f[1] + f[2] + f[5] + f[6] + f[7]) / TICKS;
}

/* KiB of each process of a tree that matches: { rss, pss }. */
function memory(root, is_wanted) {
  return tree(root).filter(is_wanted).flatMap((pid) => {
    try {
      const text = fs.readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1');
      const field = (name) => Number(new RegExp(`^${name}: +(\\d+)`, 'm').exec(text)[1]);
      return [{ rss: field('Rss'), pss: field('Pss') }];
    } catch {
      return [];
    }
  });
}

module.exports = { busy_seconds, memory, own_seconds, reaped_seconds, tree, tree_seconds };
