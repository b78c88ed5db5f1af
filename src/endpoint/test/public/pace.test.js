// SPDX-License-Identifier: MIT
'use strict';

// How wide the window of requests is while the worker or the event loop is busy, and afterwards.

const test = require('node:test');
const assert = require('node:assert');
const limits = require('../../lib/common/limits');
const { Pace } = require('../../lib/public/pace');

const WIDEST = 16;
const idle = { answersMs: 1, turnMs: 0.1, left: 1000, leftMs: limits.SNAPSHOT_MS };
const busyWorker = { ...idle, answersMs: limits.BUSY_ANSWERS_MS + 1, left: 100 };
const busyLoop = { ...idle, turnMs: limits.BUSY_TURN_MS + 1, left: 100 };

function windows(pace, ...seen) {
  return seen.map((measured) => {
    pace.adapt(measured);
    return pace.window;
  });
}

test('the window begins at its widest and stays so', () => {
  const pace = new Pace(WIDEST);
  assert.strictEqual(pace.window, WIDEST);
  assert.deepStrictEqual(windows(pace, idle, idle), [WIDEST, WIDEST]);
});

for (const [who, busy] of [['worker', busyWorker], ['event loop', busyLoop]])
  test(`a busy ${who} halves the window, down to one; then it widens one by one`, () => {
    const pace = new Pace(WIDEST);
    assert.deepStrictEqual(windows(pace, busy, busy, busy, busy, busy), [8, 4, 2, 1, 1]);
    assert.deepStrictEqual(windows(pace, idle, idle, idle), [2, 3, 4]);
  });

test('the window is not narrowed when the snapshot would come too late', () => {
  const pace = new Pace(WIDEST);
  assert.deepStrictEqual(windows(pace, { ...busyWorker, left: 100000 }), [WIDEST]);
  assert.deepStrictEqual(windows(pace, { ...busyWorker, leftMs: 0 }), [WIDEST]);
  assert.deepStrictEqual(windows(pace, { ...busyWorker, left: 0, leftMs: 0 }), [8]);
});
