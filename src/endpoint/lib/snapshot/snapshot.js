// SPDX-License-Identifier: MIT
'use strict';

// One snapshot in the making: rows come in as text, chunks of bytes go out to whoever reads it.

const { Chunks } = require('./chunks');
const limits = require('../limits');
const { plainRow } = require('./rows');

class Sweep extends Chunks {
  constructor(classes) {
    super();
    // The Set of selected classes.
    this.classes = classes;
    this.unanswered = 0;
    this.counts = {};
    this.text = '';
    // Nodes whose rows could not be made.
    this.unsaid = new Set();
    // Its number in the raw lane's thread, where that is its reader.
    this.number = undefined;
  }

  // `rows` are complete lines of one class.
  add(rowClass, rows) {
    this.counts[rowClass] = (this.counts[rowClass] || 0) + rows.length;
    for (const row of rows) this.text += row;
    if (this.text.length >= limits.CHUNK_CHARS) this.flush();
  }

  // Rows that have reached the reader otherwise: how many of which class.
  count(counts) {
    for (const rowClass of Object.keys(counts)) {
      this.counts[rowClass] = (this.counts[rowClass] || 0) + counts[rowClass];
    }
  }

  flush() {
    if (this.text === '') return;
    const bytes = Buffer.from(this.text);
    this.text = '';
    this.put(bytes);
  }

  finish(durationMs) {
    const { counts, unanswered } = this;
    this.text += plainRow('end', { counts, unanswered, duration: durationMs });
    this.flush();
    this.end('done');
  }

  fail() {
    this.text = '';
    this.end('failed');
  }
}

module.exports = { Sweep };
