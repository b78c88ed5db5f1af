'use strict';

// One snapshot in the making: rows come in as text, chunks of bytes go out to whoever reads it. It
// keeps all its chunks until it is forgotten, so a reader that joins late has it from the beginning,
// and a slow one holds up nobody. When the last reader leaves, the rest is not worth asking for.

const limits = require('./limits');
const { plainRow } = require('./rows');

class Sweep {
  constructor(classes) {
    // The Set of selected classes.
    this.classes = classes;
    this.chunks = [];
    this.state = 'running';
    this.unanswered = 0;
    this.counts = {};
    this.text = '';
    this.readers = new Set();
    // Nodes whose rows could not be made.
    this.unsaid = new Set();
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

  // `rows` are complete lines of one class.
  add(rowClass, rows) {
    this.counts[rowClass] = (this.counts[rowClass] || 0) + rows.length;
    for (const row of rows) this.text += row;
    if (this.text.length >= limits.CHUNK_CHARS) this.flush();
  }

  // `bytes` are complete lines, `counts` says how many of which class.
  addBytes(counts, bytes) {
    for (const rowClass of Object.keys(counts)) {
      this.counts[rowClass] = (this.counts[rowClass] || 0) + counts[rowClass];
    }
    if (bytes.length === 0) return;
    this.flush();
    this.chunks.push(bytes);
    this.wakeAll();
  }

  flush() {
    if (this.text === '') return;
    this.chunks.push(Buffer.from(this.text));
    this.text = '';
    this.wakeAll();
  }

  finish(durationMs) {
    const { counts, unanswered } = this;
    this.text += plainRow('end', { counts, unanswered, duration: durationMs });
    this.state = 'done';
    this.flush();
  }

  // It ends here, without its end row: whoever read it knows that it is none.
  fail() {
    if (this.state !== 'running') return;
    this.state = 'failed';
    this.text = '';
    this.wakeAll();
  }

  wakeAll() {
    for (const wake of [...this.readers]) wake();
  }
}

module.exports = { Sweep };
