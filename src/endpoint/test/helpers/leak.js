// SPDX-License-Identifier: MIT
'use strict';

// To be run with --expose-gc. 100,000 transports with a consumer each come and go below one router. Prints
// how much memory that has taken, and the tree's counts afterwards.

const trees = require('../../lib/tree/trees');
const { consumer, FakeMediasoup, transport } = require('./fake');

const CYCLES = 100000;

function cycles(router, count) {
  for (let i = 0; i < count; i += 1) {
    const parent = transport(router, { type: 'webrtc' });
    consumer(parent);
    parent.close();
  }
}

function used() {
  global.gc();
  global.gc();
  return process.memoryUsage().heapUsed;
}

const mediasoup = new FakeMediasoup();
const tree = trees.acquire(mediasoup);
const worker = mediasoup.createWorker();
const router = worker.router();
cycles(router, 1000);
const before = used();
cycles(router, CYCLES);
const grown = used() - before;
worker.close();
console.log(JSON.stringify({ grown, counts: tree.counts }));
