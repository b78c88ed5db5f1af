// SPDX-License-Identifier: MIT
'use strict';

// Learns from the rows' timestamps how far apart samples are, so that the page polls no faster than they come.

const recentSteps = []; // ms between two samples of a row, the shortest of each poll
const lastTimes = new Map(); // key of a worker or router -> its last timestamp

// The ms since the last sample of a worker or router; NaN the first time.
function stepOf(row) {
  const key = keyOf(row.key ?? row.routerId, row.host), before = lastTimes.get(key);
  lastTimes.set(key, row.timestamp);
  return row.timestamp - before;
}

// A step is one interval long, or several if polls skip samples. Therefore app/polling.js sometimes waits longer than
// usual: then steps differ by whole intervals. The shortest step or difference is taken as the interval. So the page
// learns that it polls too slowly, and never has to poll too fast for it.
function learnInterval(steps) {
  if (steps.length === 0) return;
  recentSteps.push(steps.reduce((least, one) => Math.min(least, one)));
  if (recentSteps.length > 8) recentSteps.shift();
  const differences = recentSteps.flatMap((a) => recentSteps.map((b) => a - b)).filter((ms) => ms > 1500);
  polling.interval = Math.min(...recentSteps, ...differences);
}

// A step across a failed poll says nothing about the interval.
function forgetSteps() {
  recentSteps.length = 0;
}
