// SPDX-License-Identifier: MIT
'use strict';

// A snapshot as its readers get it, chunk by chunk. All chunks are kept for as long as somebody holds
// the snapshot, so a reader that joins late gets it from the beginning, and a slow reader holds up
// nobody. When the last reader leaves, the rest need not be made.

class Chunks {
  constructor() {
    // Buffers, from the beginning.
    this.chunks = [];
    this.bytes = 0;
    // `running`, `done`, or `failed`: then it ends without its `end` row, which tells readers that it
    // is no snapshot.
    this.state = 'running';
    // Whether readers get everything at once, and not in large chunks.
    this.isHasty = false;
    // The readers' `wake` functions.
    this.readers = new Set();
  }

  // Whether nobody wants more of it, or there is no more.
  get abandoned() {
    return this.state !== 'running' || this.readers.size === 0;
  }

  // Calls wake() whenever there is more to read, and at the end.
  join(wake) {
    this.readers.add(wake);
  }

  leave(wake) {
    this.readers.delete(wake);
  }

  put(bytes) {
    this.chunks.push(bytes);
    this.bytes += bytes.length;
    this.wakeAll();
  }

  // Ends it as `done` or `failed`; it ends only once.
  end(state) {
    if (this.state !== 'running') return;
    this.state = state;
    this.wakeAll();
  }

  wakeAll() {
    for (const wake of [...this.readers]) wake();
  }
}

module.exports = { Chunks };
