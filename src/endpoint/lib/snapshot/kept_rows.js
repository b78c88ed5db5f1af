// SPDX-License-Identifier: MIT
'use strict';

// The newest rows of a numbered series, for readers that say up to which number they have had them. There
// is a bound on how many are kept and on their bytes.

const limits = require('../common/limits');

class KeptRows {
  constructor({ EVENTS, EVENTS_BYTES } = limits) {
    this.most = EVENTS;
    this.mostBytes = EVENTS_BYTES;
    // The number of the newest row so far, 0 before there is one, and of the oldest that is kept.
    this.newest = 0;
    this.oldest = 1;
    this.bytes = 0;
    // Each at its number modulo `most`.
    this.rows = [];
  }

  // Keeps the text of the next row, '' for one that could not be made.
  add(row) {
    if (this.newest - this.oldest >= this.most - 1) this.drop();
    this.newest += 1;
    this.rows[this.newest % this.most] = row;
    this.bytes += Buffer.byteLength(row);
    while (this.bytes > this.mostBytes) this.drop();
  }

  drop() {
    const place = this.oldest % this.most;
    this.bytes -= Buffer.byteLength(this.rows[place]);
    this.rows[place] = '';
    this.oldest += 1;
  }

  // Returns the rows that are kept and have a greater number, the oldest first.
  after(number) {
    const rows = [];
    for (let i = Math.max(number + 1, this.oldest); i <= this.newest; i += 1) {
      const row = this.rows[i % this.most];
      if (row !== '') rows.push(row);
    }
    return rows;
  }
}

module.exports = { KeptRows };
