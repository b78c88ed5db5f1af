// SPDX-License-Identifier: MIT
'use strict';

const limits = require('../common/limits');

// States of a request.
const WAITING = 0;
const ANSWERED = 1;
const REFUSED = 2;
// Sent, and not answered when the deadline passed.
const LATE = 3;
// The channel was given up.
const ENDED = 4;
// Not sent when the deadline passed.
const UNSENT = 5;

// Requests to one worker whose answers are rendered together. Their ids follow each other, and they
// are sent in pieces, in order.
class Batch {
  // `first` is the first id, `frames` are the requests as { bytes, idAt }, and `requests` is the
  // worker's Requests, which counts what is overdue. `resolve` is called with the batch once it is
  // settled: all are answered, the deadline has passed or the channel has ended. lose(batch) is called
  // when its late answers have been lost, to write it off.
  constructor(first, frames, requests, resolve, lose = (batch) => batch.writeOff()) {
    this.first = first;
    this.frames = frames;
    this.requests = requests;
    this.resolve = resolve;
    this.lose = lose;
    // A state for each request.
    this.states = new Uint8Array(frames.length);
    this.waiting = frames.length;
    this.sent = 0;
    // Where the answers' bytes are, as [{ chunk, start, end }]. Most answers follow each other in a
    // chunk and make one run.
    this.runs = [];
    this.timer = undefined;
    this.settled = false;
    // How many are late.
    this.overdue = 0;
  }

  // Whether an answer under this id would be one to this batch.
  has(id) {
    const index = id - this.first;
    if (index < 0 || index >= this.sent) return false;
    const state = this.states[index];
    return state === WAITING || state === LATE;
  }

  get unsent() {
    return this.frames.length - this.sent;
  }

  // How many may be sent next: a whole piece or nothing, as far as the window has room.
  get piece() {
    const room = limits.RAW_WINDOW - (this.waiting - this.unsent);
    return room >= limits.RAW_PIECE ? Math.min(limits.RAW_PIECE, this.unsent) : 0;
  }

  // Returns the next `count` requests as one Buffer, with their ids written, and counts them as sent.
  take(count) {
    const { frames, first, sent } = this;
    const end = sent + count;
    let length = 0;
    for (let i = sent; i < end; i += 1) length += frames[i].bytes.length;
    const joined = Buffer.allocUnsafe(length);
    let at = 0;
    for (let i = sent; i < end; i += 1) {
      const { bytes, idAt } = frames[i];
      joined.set(bytes, at);
      joined.writeUInt32LE(first + i, at + idAt);
      at += bytes.length;
    }
    this.sent = end;
    return joined;
  }

  // Puts the requests that are not sent yet into this state for good.
  drop(state) {
    this.states.fill(state, this.sent);
    this.waiting -= this.unsent;
    this.frames.length = this.sent;
  }

  // The answer to request `id` is at chunk[start..end), and the worker has accepted the request or
  // not. One that comes late is swallowed.
  answer(id, accepted, chunk, start, end) {
    const index = id - this.first;
    this.waiting -= 1;
    if (this.states[index] === LATE) {
      this.overdue -= 1;
      this.requests.overdue -= 1;
      this.states[index] = ANSWERED;
      return;
    }
    this.states[index] = accepted ? ANSWERED : REFUSED;
    const last = this.runs[this.runs.length - 1];
    if (last !== undefined && last.chunk === chunk && last.end === start) last.end = end;
    else this.runs.push({ chunk, start, end });
  }

  // The deadline has passed: what is still to come will be swallowed.
  miss() {
    if (this.settled) return;
    this.drop(UNSENT);
    for (let i = 0; i < this.sent; i += 1) {
      if (this.states[i] !== WAITING) continue;
      this.states[i] = LATE;
      this.overdue += 1;
    }
    if (this.overdue > 0) this.requests.owe({ writeOff: () => this.lose(this) });
    this.requests.overdue += this.overdue;
    this.settle();
  }

  // What is late has been lost.
  writeOff() {
    for (let i = 0; i < this.sent; i += 1) {
      if (this.states[i] !== LATE) continue;
      this.states[i] = ENDED;
      this.waiting -= 1;
    }
    this.requests.overdue -= this.overdue;
    this.overdue = 0;
  }

  // The channel has ended: nothing is still to come.
  end() {
    if (!this.settled) this.states = this.states.map((state) => (state === WAITING ? ENDED : state));
    this.requests.overdue -= this.overdue;
    this.overdue = 0;
    this.settle();
  }

  settle() {
    if (this.settled) return;
    this.settled = true;
    clearTimeout(this.timer);
    this.resolve(this);
  }

  // Returns the answers as the worker sent them, one behind the other, in memory of their own. To be
  // called once.
  bytes() {
    const length = this.runs.reduce((sum, { start, end }) => sum + end - start, 0);
    const bytes = Buffer.allocUnsafeSlow(length);
    let at = 0;
    for (const { chunk, start, end } of this.runs) at += chunk.copy(bytes, at, start, end);
    this.runs = [];
    return bytes;
  }
}

module.exports = { ANSWERED, Batch, ENDED, LATE, REFUSED, UNSENT };
