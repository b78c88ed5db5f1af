// SPDX-License-Identifier: MIT
'use strict';

// A fake clock in place of that of tree/connections.js: time passes when a test says so.

class FakeClock {
  constructor() {
    this.time = 1000;
    this.timers = new Set();
    // How many timers have been started.
    this.started = 0;
  }

  now() {
    return this.time;
  }

  start(fn, ms) {
    const timer = { fn, at: this.time + ms };
    this.started += 1;
    this.timers.add(timer);
    return timer;
  }

  stop(timer) {
    this.timers.delete(timer);
  }

  // Lets time pass, and calls what is due at its time.
  pass(ms) {
    const end = this.time + ms;
    for (;;) {
      const [next] = [...this.timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (next === undefined) break;
      this.timers.delete(next);
      this.time = next.at;
      next.fn();
    }
    this.time = end;
  }
}

module.exports = { FakeClock };
