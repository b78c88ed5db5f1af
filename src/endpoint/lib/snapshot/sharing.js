// SPDX-License-Identifier: MIT
'use strict';

// Readers that ask for the same classes while a snapshot of them is being made share that snapshot.

class SharedSnapshots {
  // `begin(classes, over)` returns a new snapshot (a Chunks) of these classes, and calls over() when it
  // has ended or nobody reads it any more.
  constructor(begin) {
    this.begin = begin;
    // The snapshots that are being made, by their classes.
    this.underWay = new Map();
  }

  // Returns the snapshot of these classes (a Set) that is being made, or begins one. The caller joins
  // it at once.
  snapshot(classes) {
    const key = [...classes].sort().join();
    const shared = this.underWay.get(key);
    if (shared !== undefined && !shared.abandoned) return shared;
    const begun = this.begin(classes, () => {
      if (this.underWay.get(key) === begun) this.underWay.delete(key);
    });
    this.underWay.set(key, begun);
    return begun;
  }
}

module.exports = { SharedSnapshots };
