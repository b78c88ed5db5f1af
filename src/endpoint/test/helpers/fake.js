// SPDX-License-Identifier: MIT
'use strict';

// A fake mediasoup, for faults that no real worker shows on demand: answers that come late or never,
// objects that throw or close at the worst moment. Whatever a real worker can show is tested with one.

const { EventEmitter } = require('events');
const { sleep } = require('./application');

let nextId = 1;

class FakeObject {
  constructor(kind, members) {
    this.observer = new EventEmitter();
    this.observer.setMaxListeners(Infinity);
    this.id = `${kind}-${nextId}`;
    nextId += 1;
    this.closed = false;
    this.appData = {};
    this.children = new Set();
    this.getStats = async () => [{ type: 'fake' }];
    Object.assign(this, members);
  }

  // Closes what is below it first, as mediasoup does.
  close() {
    if (this.closed) return;
    this.closed = true;
    for (const child of this.children) child.close();
    this.children.clear();
    this.observer.emit('close');
  }

  adopt(event, child) {
    this.children.add(child);
    child.observer.on('close', () => this.children.delete(child));
    this.observer.emit(event, child);
    return child;
  }
}

const rtpParameters = {
  codecs: [{ mimeType: 'audio/opus', clockRate: 48000 }],
  encodings: [{ ssrc: 1 }],
};

function rtpStats(type, members) {
  return {
    type,
    ssrc: 1,
    kind: 'audio',
    mimeType: 'audio/opus',
    timestamp: 1,
    packetCount: 1,
    byteCount: 1,
    bitrate: 0,
    score: 10,
    ...members,
  };
}

const answers = {
  transport: (id) => [{ transportId: id, timestamp: 1, bytesReceived: 1, bytesSent: 2 }],
  producer: () => [rtpStats('inbound-rtp')],
  consumer: () => [rtpStats('outbound-rtp'), rtpStats('inbound-rtp')],
};

class FakeWorker extends EventEmitter {
  constructor(pid, appData) {
    super();
    Object.assign(this, new FakeObject('worker', { pid, appData }));
    this.getResourceUsage = async () => ({ ru_utime: 1, ru_stime: 2, ru_maxrss: 3 });
  }

  router(members) {
    return this.adopt('newrouter', new FakeObject('router', members));
  }

  // As in mediasoup 3.7.
  die(error = new Error('died')) {
    this.close();
    this.emit('died', error);
  }

  // As in 3.13 and later.
  dieAsLater(error = new Error('died')) {
    this.closed = true;
    for (const child of this.children) child.close();
    this.emit('died', error);
    this.observer.emit('close');
  }
}
FakeWorker.prototype.close = FakeObject.prototype.close;
FakeWorker.prototype.adopt = FakeObject.prototype.adopt;

function answering(kind, object) {
  object.getStats = async () => answers[kind](object.id);
  return object;
}

function transport(router, members) {
  const object = answering('transport', new FakeObject('transport', { type: 'plain', ...members }));
  return router.adopt('newtransport', object);
}

// A WebRTC transport; tell() stands for what its worker tells of it, and ask() for the application's connect().
function webRtcTransport(router, members) {
  const object = transport(router, { type: 'webrtc', dtlsParameters: { role: 'auto' }, ...members });
  object.ask = () => {
    object.dtlsParameters.role = 'server';
  };
  object.tell = (...states) => {
    for (const [about, state] of states.map((text) => text.split(' '))) object.observer.emit(`${about}statechange`, state);
  };
  return object;
}

function producer(parent, members) {
  const media = { kind: 'audio', type: 'simple', paused: false, rtpParameters };
  const object = answering('producer', new FakeObject('producer', { ...media, ...members }));
  return parent.adopt('newproducer', object);
}

function consumer(parent, members) {
  const media = { kind: 'audio', type: 'simple', paused: false, producerPaused: false, rtpParameters };
  const object = new FakeObject('consumer', { ...media, producerId: 'p', ...members });
  return parent.adopt('newconsumer', answering('consumer', object));
}

class FakeMediasoup {
  constructor(version = '3.19.0') {
    this.version = version;
    this.observer = new EventEmitter();
    this.nextPid = 1000000000;
  }

  createWorker(appData = {}) {
    this.nextPid += 1;
    const worker = new FakeWorker(this.nextPid, appData);
    this.observer.emit('newworker', worker);
    return worker;
  }

  // Makes a worker with a router, a transport and this many consumers.
  room(consumers) {
    const worker = this.createWorker();
    const router = worker.router();
    const parent = transport(router);
    const list = Array.from({ length: consumers }, () => consumer(parent));
    return { worker, router, transport: parent, consumers: list };
  }
}

// Counts the calls of the functions that it wraps, and how many are under way at once.
function gauge() {
  const state = { now: 0, most: 0, calls: 0 };
  state.wrap = (fn) => async () => {
    state.calls += 1;
    state.now += 1;
    state.most = Math.max(state.most, state.now);
    await sleep(1);
    state.now -= 1;
    return fn();
  };
  return state;
}

module.exports = { consumer, FakeMediasoup, FakeObject, gauge, producer, transport, webRtcTransport };
