// SPDX-License-Identifier: MIT
'use strict';

const { performance } = require('perf_hooks');
const { guard } = require('../common/errors');

// Hands the chunks of a snapshot to a response, at its reader's pace. A reader that takes nothing for
// `stallMs` is dropped. A snapshot that fails ends in a cut connection.
class Reading {
  // Joins the snapshot (a Chunks); wake() begins.
  constructor(snapshot, res, stallMs) {
    this.snapshot = snapshot;
    this.res = res;
    this.stallMs = stallMs;
    this.next = 0;
    this.blocked = false;
    this.stall = undefined;
    this.watchedSince = 0;
    this.wake = guard(() => this.pump());
    res.on('drain', guard(() => this.drained()));
    res.on('close', guard(() => this.stop()));
    res.on('error', guard(() => this.stop()));
    snapshot.join(this.wake);
  }

  pump() {
    const { snapshot, res } = this;
    while (!this.blocked && this.next < snapshot.chunks.length) {
      this.blocked = !res.write(snapshot.chunks[this.next]);
      this.next += 1;
    }
    if (this.blocked) {
      this.watch();
      return;
    }
    if (snapshot.state === 'failed') res.destroy();
    if (snapshot.state !== 'done') return;
    this.leave();
    res.end();
    // The reader has to take in time what the kernel did not.
    if (!res.writableFinished) this.watch();
  }

  watch() {
    if (this.stall !== undefined) return;
    this.watchedSince = performance.now();
    this.stall = setTimeout(guard(() => this.res.destroy()), this.stallMs);
    this.stall.unref();
  }

  drained() {
    this.blocked = false;
    clearTimeout(this.stall);
    this.stall = undefined;
    this.pump();
  }

  // Whether the reader has taken nothing for so many milliseconds although there is something to take.
  isStuck(ms) {
    return this.stall !== undefined && performance.now() - this.watchedSince >= ms;
  }

  leave() {
    this.snapshot.leave(this.wake);
  }

  stop() {
    clearTimeout(this.stall);
    this.leave();
  }
}

module.exports = { Reading };
