// SPDX-License-Identifier: MIT
'use strict';

// How many requests to one worker are under way at once: the window that was asked for while both the
// worker and the application's event loop are quick, and less and less while one of them is busy, as
// long as the snapshot still comes in time.

const limits = require('../common/limits');

class Pace {
  // `widest` is the option window.
  constructor(widest) {
    this.widest = widest;
    this.window = widest;
  }

  // Adapts `window` after one is answered. `answersMs` is how long its answers took, `turnMs` how long
  // the event loop's next turn took, `left` how many objects are still to be asked for, and `leftMs`
  // how much time there is for them.
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
