// SPDX-License-Identifier: MIT
'use strict';

// A snapshot as its readers get it, chunk by chunk. It keeps all its chunks until it is forgotten, so a
// reader that joins late has it from the beginning, and a slow one holds up nobody. When the last reader
// leaves, the rest is not worth making.

class Chunks {
  constructor() {
    this.chunks = [];
    // `running`, `done`, or `failed`: it ends without its end row, and whoever read it knows that it is none.
    this.state = 'running';
    this.readers = new Set();
  }

  get abandoned() {
    return this.state !== 'running' || this.readers.size === 0;
  }

  // `wake` is called whenever there is more to read, or nothing more to come.
  join(wake) {
    this.readers.add(wake);
  }

  leave(wake) {
    this.readers.delete(wake);
  }

  put(bytes) {
    this.chunks.push(bytes);
    this.wakeAll();
  }

  end(state) {
    if (this.state !== 'running') return;
    this.state = state;
    this.wakeAll();
  }

  wakeAll() {
    for (const wake of [...this.readers]) wake();
  }
}

// The names of the classes as a key: who asks for the same while a snapshot is being made shares it.
function keyOf(classes) {
  return [...classes].sort().join();
}

module.exports = { Chunks, keyOf };
