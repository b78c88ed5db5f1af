// SPDX-License-Identifier: MIT
'use strict';

// Turns of Node's event loop.

const { performance } = require('perf_hooks');
const { guard } = require('./errors');
const limits = require('./limits');

// When our work in this turn began, undefined before there is any.
let began;
const forget = () => {
  began = undefined;
};
// Reading the clock for each row would cost a tenth of making it, so it is read for each eighth row and
// after work that may be long.
const ROWS_A_LOOK = 8;
let rows = 0;

// Tells that this row has taken longer than most.
function noteLongWork() {
  rows = ROWS_A_LOOK;
}

// Resolves in the next turn of the event loop.
const turn = () => new Promise((resolve) => setImmediate(resolve));

// Whether our work has taken its share of this turn, so that the rest has to wait for a turn to come. To be
// called after each row. All parts of a snapshot count together.
function isTurnOver() {
  rows += 1;
  if (rows < ROWS_A_LOOK) return false;
  rows = 0;
  const now = performance.now();
  if (began === undefined) {
    began = now;
    setImmediate(forget);
  }
  return now - began > limits.TURN_MS;
}

// Calls fn() once the loop has read what is waiting in its sockets. An application that was busy
// for longer than a deadline finds its timer due before it has read the answers that arrived in
// time. The loop polls sockets between timers and immediates; the second round is for an answer
// that takes several reads.
function afterReading(fn) {
  setImmediate(() => setImmediate(guard(fn)));
}

module.exports = { afterReading, isTurnOver, noteLongWork, turn };
