// SPDX-License-Identifier: MIT
'use strict';

// Readers that ask for the same classes, and for events after the same number, while such a snapshot is
// being made share that snapshot.

class SharedSnapshots {
  // `begin(classes, events, over)` returns a new snapshot (a Chunks) of these, and calls over() when it has
  // ended or nobody reads it any more.
  constructor(begin) {
    this.begin = begin;
    // The snapshots that are being made, by what was asked for.
    this.underWay = new Map();
  }

  // Returns the snapshot of these classes (a Set), with the events after this number unless it is undefined,
  // that is being made, or begins one. The caller joins it at once.
  snapshot(classes, events) {
    const key = [...classes].sort().concat(events === undefined ? [] : events).join();
    const shared = this.underWay.get(key);
    if (shared !== undefined && !shared.abandoned) return shared;
    const begun = this.begin(classes, events, () => {
      if (this.underWay.get(key) === begun) this.underWay.delete(key);
    });
    this.underWay.set(key, begun);
    return begun;
  }
}

module.exports = { SharedSnapshots };
