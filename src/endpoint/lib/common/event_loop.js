// SPDX-License-Identifier: MIT
'use strict';

// Turns of Node's event loop.

const { guard } = require('./errors');

// Resolves in the next turn of the event loop.
const turn = () => new Promise((resolve) => setImmediate(resolve));

// Calls fn() once the loop has read what is waiting in its sockets. An application that was busy
// for longer than a deadline finds its timer due before it has read the answers that arrived in
// time. The loop polls sockets between timers and immediates; the second round is for an answer
// that takes several reads.
function afterReading(fn) {
  setImmediate(() => setImmediate(guard(fn)));
}

module.exports = { afterReading, turn };
