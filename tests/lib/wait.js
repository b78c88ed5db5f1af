// SPDX-License-Identifier: MIT
'use strict';

// Waiting in tests: for a condition, never for a guessed time.

const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

// Calls `condition` until it answers something true and answers that; after `timeout` ms it throws, and
// says `what` was awaited and, when `detail` is given, what there was instead.
async function until(condition, { what = 'a condition', timeout = 15000, every = 25, detail } = {}) {
  const deadline = Date.now() + timeout;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > deadline) {
      throw new Error(`waited ${timeout} ms in vain for ${what}${detail ? `; instead: ${detail()}` : ''}`);
    }
    await sleep(every);
  }
}

module.exports = { sleep, until };
