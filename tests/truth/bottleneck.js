// SPDX-License-Identifier: MIT
'use strict';

// A narrow line between the worker and a browser: UDP goes through a queue that lets so many bits a second out, and drops what
// does not fit. That is what a real line does, and what congestion control is made for. (Dropping without a queue is another
// thing, and tc's queues are not in every kernel.) Only the way down is narrow.

const dgram = require('node:dgram');

const IP = '127.0.0.1';
const QUEUE = 0.3; // seconds of the line's rate that may wait
const TICK = 5; // ms
const HEADERS = 28; // bytes of IP and UDP, which a line carries too

function open() {
  const socket = dgram.createSocket('udp4');
  return new Promise((done, fail) => socket.once('error', fail).bind(0, IP, () => done(socket.on('error', () => {}))));
}

class Bottleneck {
  static async open() {
    const line = new Bottleneck();
    Object.assign(line, { near: await open(), far: await open(), rate: Infinity, queue: [], waiting: 0, credit: 0, dropped: 0, at: performance.now() });
    line.near.on('message', (packet, from) => {
      line.client = from;
      line.far.send(packet, line.workerPort, IP);
    });
    line.far.on('message', (packet) => line.#down(packet));
    line.timer = setInterval(() => line.#drain(), TICK);
    return line;
  }

  // A transport's description for a client, who is to take the line.
  between({ iceCandidates: [candidate], ...rest }) {
    this.workerPort = candidate.port;
    return { ...rest, iceCandidates: [{ ...candidate, port: this.near.address().port }] };
  }

  // Bits a second from now on; Infinity is a wide line.
  limit(rate) {
    this.rate = rate;
    this.credit = 0;
    this.at = performance.now();
  }

  #deliver(packet) {
    this.near.send(packet, this.client.port, this.client.address);
  }

  #down(packet) {
    if (this.rate === Infinity && this.queue.length === 0) this.#deliver(packet);
    else if (this.waiting + packet.length > (QUEUE * this.rate) / 8) this.dropped += 1;
    else {
      this.queue.push(packet);
      this.waiting += packet.length;
    }
  }

  #drain() {
    const now = performance.now();
    // A line that was idle has saved nothing up but the tick.
    const most = this.queue.length > 0 ? Infinity : (this.rate * TICK) / 8000;
    this.credit = Math.min(most, this.credit + (this.rate * (now - this.at)) / 8000);
    this.at = now;
    while (this.queue.length > 0 && this.credit >= this.queue[0].length + HEADERS) {
      const packet = this.queue.shift();
      this.credit -= packet.length + HEADERS;
      this.waiting -= packet.length;
      this.#deliver(packet);
    }
  }

  close() {
    clearInterval(this.timer);
    this.near.close();
    this.far.close();
  }
}

module.exports = { Bottleneck };
