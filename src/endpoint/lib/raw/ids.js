// SPDX-License-Identifier: MIT
'use strict';

// The ids of our requests on a worker's channel, which mediasoup numbers too. Ids are 32-bit numbers
// that go round: ours stay half the ring away from mediasoup's, which are known by the answers to them.

const RING = 2 ** 32;

// How far apart two ids are on the ring.
function distance(a, b) {
  const ahead = (a - b + RING) % RING;
  return Math.min(ahead, RING - ahead);
}

class Ids {
  constructor() {
    this.next = RING / 2;
    // mediasoup's latest.
    this.foreign = 0;
  }

  // Returns the first of `count` ids that follow each other. None is 0.
  reserve(count) {
    if (this.next + count > RING) this.next = 1;
    if (distance(this.next, this.foreign) < RING / 4) {
      this.next = (this.foreign + RING / 2) % RING || 1;
      if (this.next + count > RING) this.next = 1;
    }
    const first = this.next;
    this.next += count;
    return first;
  }

  // Whether an id lies where only ours are.
  isNear(id) {
    return id !== 0 && distance(id, this.next) < RING / 8;
  }
}

module.exports = { Ids };
