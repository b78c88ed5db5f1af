// SPDX-License-Identifier: MIT
'use strict';

// Tells our messages from mediasoup's in what a worker sends. Bytes come in as the socket reads them;
// messages that `take` takes are removed, and all others are passed on unchanged and in order. The
// beginning of a message is held back until the rest of it has come, so only whole messages are passed
// on, and mediasoup can have its socket back between any two of them.

const { LENGTH_BYTES } = require('./frames');

class Sorter {
  // take(bytes, start, end) is called for each message, length included, and returns whether it is
  // ours. It throws when the message makes no sense. Messages have at most `messageBytes`.
  constructor(take, messageBytes) {
    this.take = take;
    this.messageBytes = messageBytes;
    this.held = [];
    this.heldBytes = 0;
    // How many bytes the message that is held back needs.
    this.wanted = 0;
  }

  // Returns the `runs` of bytes that are mediasoup's, and the `trouble` when something was not
  // understood: then everything from there on is passed on. Returns undefined while a message that is
  // held back is still incomplete.
  push(chunk) {
    let bytes = chunk;
    if (this.heldBytes > 0) {
      this.hold(chunk);
      if (this.heldBytes < this.wanted) return undefined;
      bytes = this.release();
    }
    return this.sort(bytes);
  }

  sort(bytes) {
    const runs = [];
    let passed = 0;
    let at = 0;
    let trouble;
    while (trouble === undefined && bytes.length - at >= LENGTH_BYTES) {
      const length = bytes.readUInt32LE(at);
      if (length > this.messageBytes) {
        trouble = `a message of ${length} bytes, and mediasoup's have at most ${this.messageBytes}`;
        break;
      }
      const end = at + LENGTH_BYTES + length;
      this.wanted = end - at;
      if (end > bytes.length) break;
      let ours = false;
      try {
        ours = this.take(bytes, at, end);
      } catch (error) {
        trouble = `a message that makes no sense (${error.message})`;
      }
      if (ours) {
        if (at > passed) runs.push(bytes.subarray(passed, at));
        passed = end;
      }
      at = end;
    }
    const rest = trouble === undefined ? at : bytes.length;
    if (rest > passed) runs.push(passed === 0 && rest === bytes.length ? bytes : bytes.subarray(passed, rest));
    if (rest < bytes.length) {
      if (bytes.length - rest < LENGTH_BYTES) this.wanted = LENGTH_BYTES;
      this.hold(bytes.subarray(rest));
    }
    return { runs, trouble };
  }

  hold(bytes) {
    this.held.push(bytes);
    this.heldBytes += bytes.length;
  }

  // Returns the bytes that were held back.
  release() {
    const bytes = Buffer.concat(this.held, this.heldBytes);
    this.held = [];
    this.heldBytes = 0;
    return bytes;
  }
}

module.exports = { Sorter };
