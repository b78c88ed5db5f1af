// SPDX-License-Identifier: MIT
'use strict';

// The answers that are being read, oldest first, and how much memory they hold. Readers of one snapshot hold
// it once.

class Readings {
  // `bounds` has HELD_BYTES and PROGRESS_MS.
  constructor(bounds) {
    this.bounds = bounds;
    this.all = new Set();
  }

  // Adds a Reading; it leaves when its response closes.
  add(reading) {
    this.all.add(reading);
    reading.res.on('close', () => this.all.delete(reading));
  }

  get heldBytes() {
    const snapshots = new Set([...this.all].map(({ snapshot }) => snapshot));
    return [...snapshots].reduce((sum, { bytes }) => sum + bytes, 0);
  }

  // Whether a further snapshot may be made. Drops the oldest readers that have taken nothing for a while
  // where their snapshots hold too much.
  hasRoom() {
    const isFull = () => this.heldBytes >= this.bounds.HELD_BYTES;
    for (const reading of this.all) {
      if (!isFull()) return true;
      if (!reading.isStuck(this.bounds.PROGRESS_MS)) continue;
      this.all.delete(reading);
      reading.res.destroy();
    }
    return !isFull();
  }
}

module.exports = { Readings };
