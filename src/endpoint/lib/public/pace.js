// SPDX-License-Identifier: MIT
'use strict';

// How many requests to a worker are under way at once. While the worker answers soon and the application's event loop
// turns soon, it is the window that was asked for; where one of them is busy, less and less, as long as the snapshot still
// comes in time.

const limits = require('../limits');

class Pace {
  constructor(widest) {
    this.widest = widest;
    this.window = widest;
  }

  // After a window: how long its answers took, how long the loop's next turn, how many objects are still to be asked for, and
  // how much time there is for them. All in milliseconds.
  adapt({ answersMs, turnMs, left, leftMs }) {
    if (answersMs <= limits.BUSY_ANSWERS_MS && turnMs <= limits.BUSY_TURN_MS) {
      this.window = Math.min(this.widest, this.window + 1);
      return;
    }
    const narrower = Math.max(1, Math.floor(this.window / 2));
    const neededMs = Math.ceil(left / narrower) * (answersMs + turnMs);
    if (neededMs <= leftMs) this.window = narrower;
    else this.window = Math.min(this.widest, this.window + 1);
  }
}

module.exports = { Pace };
