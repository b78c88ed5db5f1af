// SPDX-License-Identifier: MIT
'use strict';

// How much later than due the application's event loop calls its timers: what signalling waits for. Node
// measures it with a timer of its own, which never keeps the process alive.

const perfHooks = require('perf_hooks');
const limits = require('../common/limits');
const { milliseconds } = require('../common/milliseconds');

const NS_IN_MS = 1e6;

// Node's histogram, or undefined where the runtime has none.
function newHistogram() {
  try {
    const histogram = perfHooks.monitorEventLoopDelay({ resolution: limits.LOOP_DELAY_MS });
    histogram.enable();
    return histogram;
  } catch (error) {
    return undefined;
  }
}

// The histogram holds the times between its timer's calls. What is more than the interval is delay.
const delay = (ms) => milliseconds(Math.max(0, ms - limits.LOOP_DELAY_MS));

class EventLoopDelay {
  // Measures from the first call of figures() on, so that an endpoint that nobody reads costs nothing.
  constructor() {
    this.histogram = undefined;
    this.isBegun = false;
    this.isClosed = false;
    // The first interval since the last figures.
    this.firstMs = 0;
  }

  // Returns a row's members, of the time since the previous call; none of them where that is unknown.
  figures() {
    if (!this.isBegun) this.histogram = newHistogram();
    this.isBegun = true;
    if (this.histogram === undefined || this.isClosed) return {};
    const { mean, max } = this.histogram;
    const members = Number.isNaN(mean) ? {} : this.members(mean / NS_IN_MS, max / NS_IN_MS);
    this.histogram.reset();
    this.watchFirst();
    return members;
  }

  members(meanMs, maxMs) {
    return {
      eventLoopDelayMean: delay(meanMs),
      eventLoopDelayP99: delay(this.histogram.percentile(99) / NS_IN_MS),
      eventLoopDelayMax: delay(Math.max(maxMs, this.firstMs)),
    };
  }

  // After a reset Node leaves out what is under way, and with it whatever blocks the loop just then. So the
  // first interval is measured here.
  watchFirst() {
    const began = perfHooks.performance.now();
    this.firstMs = 0;
    const timer = setTimeout(() => {
      this.firstMs = perfHooks.performance.now() - began;
    }, limits.LOOP_DELAY_MS);
    if (timer.unref) timer.unref();
  }

  close() {
    this.isClosed = true;
    if (this.histogram !== undefined) this.histogram.disable();
  }
}

module.exports = { EventLoopDelay };
