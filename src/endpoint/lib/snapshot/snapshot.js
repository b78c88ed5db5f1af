// SPDX-License-Identifier: MIT
'use strict';

// One snapshot in the making: rows come in as text, chunks of bytes go out to its readers.

const { reason, warn } = require('../common/errors');
const limits = require('../common/limits');
const { Chunks } = require('./chunks');
const { plainRow } = require('./rows');

class Snapshot extends Chunks {
  // `classes` is the Set of selected classes; `events` is the number after which events of connections are
  // wanted, or undefined.
  constructor(classes, events) {
    super();
    this.classes = classes;
    this.events = events;
    // Whether statistics are read through the raw lane.
    this.isRaw = false;
    // Its number in the raw lane's thread, when it is read there.
    this.number = undefined;
    // Requests to workers without an answer.
    this.unanswered = 0;
    // Rows so far, by class.
    this.counts = {};
    this.text = '';
    // Nodes whose rows could not be made.
    this.leftOut = new Set();
  }

  // Adds rows of one class: complete lines.
  add(rowClass, rows) {
    this.counts[rowClass] = (this.counts[rowClass] || 0) + rows.length;
    for (const row of rows) this.text += row;
    if (this.isHasty || this.text.length >= limits.CHUNK_CHARS) this.flush();
  }

  // Counts rows that the raw lane's thread has handed to the readers: { class: how many }.
  count(counts) {
    for (const rowClass of Object.keys(counts)) {
      this.counts[rowClass] = (this.counts[rowClass] || 0) + counts[rowClass];
    }
  }

  // Returns make(node), or undefined when the node has no rows here: it has closed, nobody reads any
  // more, make() threw, or its parent was left out. No row may come without its parent's before it.
  describe(node, make) {
    if (node.closed || this.abandoned) return undefined;
    if (this.leftOut.size > 0 && this.leftOut.has(node.parent)) {
      this.leftOut.add(node);
      return undefined;
    }
    try {
      return make(node);
    } catch (error) {
      this.leftOut.add(node);
      warn(
        'WARN_ROW',
        `a ${node.kind} and all below it are missing from snapshots: reading its members threw ` +
          `"${reason(error)}"; look for getters of the application on that object`
      );
      return undefined;
    }
  }

  // Hands the text so far to the readers.
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

module.exports = { Snapshot };
