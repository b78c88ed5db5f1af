// SPDX-License-Identifier: MIT
'use strict';

// Learns from the timestamps of rows how far apart their samples are, so that the page polls no faster than rows come.

const recentSteps = []; // ms between samples that followed each other, the shortest of each poll
const lastTimes = new Map(); // key of a worker or router -> its last timestamp

// The ms since the last sample of a worker or router; NaN the first time.
function stepOf(row) {
  const key = keyOf(row.key ?? row.routerId, row.host), before = lastTimes.get(key);
  lastTimes.set(key, row.timestamp);
  return row.timestamp - before;
}

// If polls skip samples, a step is several intervals long. app/polling.js now and then waits longer than usual. Then
// steps differ by one interval or by a few, which tells the interval without polling too fast at any time.
function learnInterval(steps) {
  if (steps.length === 0) return;
  recentSteps.push(steps.reduce((least, one) => Math.min(least, one)));
  if (recentSteps.length > 8) recentSteps.shift();
  const differences = recentSteps.flatMap((a) => recentSteps.map((b) => a - b)).filter((ms) => ms > 1500);
  polling.interval = Math.min(...recentSteps, ...differences);
}

// A failed poll leaves a gap, which says nothing about the interval.
function forgetSteps() {
  recentSteps.length = 0;
}
