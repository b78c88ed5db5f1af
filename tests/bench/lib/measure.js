// SPDX-License-Identifier: MIT
'use strict';

// What the figures are made of: CPU time as the kernel's scheduler counts it, and medians of pairs.

const fs = require('node:fs');

const sorted = (values) => [...values].sort((a, b) => a - b);

function quantile(values, share) {
  const list = sorted(values);
  return list[Math.min(list.length - 1, Math.floor(share * list.length))];
}

function median(values) {
  const list = sorted(values);
  const middle = list.length >> 1;
  return list.length % 2 ? list[middle] : (list[middle - 1] + list[middle]) / 2;
}

const extremes = (values) => [Math.min(...values), Math.max(...values)];

// Microseconds on a CPU of the threads whose name `counts`, of all without it. A thread that runs at this moment lacks
// what it has run since the last tick.
function cpuOf(pid, counts) {
  let nanoseconds = 0;
  for (const thread of fs.readdirSync(`/proc/${pid}/task`)) {
    const folder = `/proc/${pid}/task/${thread}`;
    if (counts && !counts(fs.readFileSync(`${folder}/comm`, 'utf8').trim())) continue;
    nanoseconds += Number(fs.readFileSync(`${folder}/schedstat`, 'utf8').split(' ')[0]);
  }
  return nanoseconds / 1000;
}

// Microseconds on a CPU of a process' first thread; of a Node, the one with the event loop.
const cpuOfMainThread = (pid) => Number(fs.readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1000;

// The medians and extremes of two series of runs, each with the other's run of the same moment. `ratio`: how many times less ours is.
function compare(ours, peer) {
  const ratios = ours.map((value, n) => peer[n] / value);
  return { ours: median(ours), peer: median(peer), ratio: median(ratios), runs: ours.length, spread: { ours: extremes(ours), peer: extremes(peer) } };
}

// Measures ours and the peer in turns, who is first changing; `warmUp` rounds are left out.
async function pairs({ runs, warmUp = 1, ours, peer }) {
  const values = { ours: [], peer: [] };
  for (let run = -warmUp; run < runs; run += 1) {
    const round = {};
    for (const side of run % 2 ? ['peer', 'ours'] : ['ours', 'peer']) round[side] = await { ours, peer }[side]();
    if (run < 0) continue;
    values.ours.push(round.ours);
    values.peer.push(round.peer);
  }
  return compare(values.ours, values.peer);
}

module.exports = { compare, cpuOf, cpuOfMainThread, median, pairs, quantile };
