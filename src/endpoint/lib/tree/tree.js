// SPDX-License-Identifier: MIT
'use strict';

// The tree of living mediasoup objects, kept through mediasoup's observers: nobody has to be asked
// what exists, and nothing is dumped. In: observer events. Out: nodes, the counts of objects below
// each of them, and the counts of what happened.
//
// A node goes when its object's observer says `close`, and takes what is still below it along. All
// our listeners go with it, so that an application that keeps a closed object keeps nothing of ours.

const { guard } = require('./errors');
const { Lane } = require('./requests');

// kind: the events of its observer that bring children, and the children's kinds
const CHILDREN = {
  worker: { newrouter: 'router', newwebrtcserver: 'webRtcServer' },
  router: { newtransport: 'transport', newrtpobserver: 'rtpObserver' },
  transport: {
    newproducer: 'producer',
    newconsumer: 'consumer',
    newdataproducer: 'dataProducer',
    newdataconsumer: 'dataConsumer',
  },
};

const COUNTED = [
  'router',
  'transport',
  'producer',
  'consumer',
  'dataProducer',
  'dataConsumer',
  'webRtcServer',
  'rtpObserver',
];

function noCounts() {
  const counts = {};
  for (const kind of COUNTED) counts[kind] = 0;
  return counts;
}

class Node {
  constructor(kind, object, parent) {
    this.kind = kind;
    this.object = object;
    this.parent = parent;
    this.children = CHILDREN[kind] ? new Set() : undefined;
    this.counts = kind === 'worker' || kind === 'router' ? noCounts() : undefined;
    this.closed = false;
    this.listeners = [];
    // Producers: the RTP observers that watch them. RTP observers: the producers they watch.
    this.watched = undefined;
    // What rows.js makes of the members that never change, its last text, and the appData in it.
    this.head = undefined;
    this.shared = undefined;
    this.memory = undefined;
    // What the raw lane keeps of it.
    this.raw = undefined;
  }

  listen(emitter, event, handler) {
    const guarded = guard(handler);
    emitter.on(event, guarded);
    this.listeners.push([emitter, event, guarded]);
  }

  unlisten() {
    for (const [emitter, event, handler] of this.listeners) emitter.removeListener(event, handler);
    this.listeners = [];
  }
}

class Tree {
  constructor(mediasoup) {
    this.mediasoup = mediasoup;
    this.root = new Node('mediasoup', mediasoup, undefined);
    this.root.children = new Set();
    this.root.counts = noCounts();
    // By the object, for events that name another object than their own.
    this.producers = new WeakMap();
    // The raw lane, if an endpoint of this tree has asked for it.
    this.raw = undefined;
    this.workerDeaths = 0;
    this.webRtcTransportsCreated = 0;
    this.iceFailures = 0;
    this.dtlsFailures = 0;
    this.root.listen(mediasoup.observer, 'newworker', (worker) => this.addWorker(worker));
  }

  get workers() {
    return this.root.children;
  }

  get counts() {
    return this.root.counts;
  }

  // Stops watching and forgets everything.
  detach() {
    for (const worker of [...this.root.children]) this.remove(worker);
    this.root.unlisten();
  }

  addWorker(object) {
    const node = this.add('worker', object, this.root);
    if (node === undefined) return;
    node.slot = this.freeSlot();
    node.lane = new Lane();
    // `died` is an event of the worker itself. In mediasoup 3.7 it follows `close`, so it is not
    // among the listeners that go with the node.
    const died = guard(() => {
      this.workerDeaths += 1;
      this.remove(node);
    });
    object.once('died', died);
    node.forgetDeath = () => object.removeListener('died', died);
  }

  freeSlot() {
    const taken = new Set([...this.root.children].map((worker) => worker.slot));
    let slot = 0;
    while (taken.has(slot)) slot += 1;
    return slot;
  }

  // Returns undefined for an object that is closed already: its `close` has been, or never comes.
  add(kind, object, parent) {
    if (parent.closed || object.closed) return undefined;
    const node = new Node(kind, object, parent);
    try {
      this.watch(node);
    } catch (error) {
      node.unlisten();
      throw error;
    }
    parent.children.add(node);
    count(node, 1);
    return node;
  }

  watch(node) {
    const { kind, object } = node;
    node.listen(object.observer, 'close', () => this.remove(node));
    for (const [event, childKind] of Object.entries(CHILDREN[kind] || {})) {
      node.listen(object.observer, event, (child) => this.add(childKind, child, node));
    }
    if (kind === 'transport') this.watchTransport(node);
    if (kind === 'producer') this.producers.set(object, node);
    if (kind === 'rtpObserver') this.watchRtpObserver(node);
  }

  remove(node) {
    if (node.closed) return;
    node.closed = true;
    node.unlisten();
    if (node.children) for (const child of [...node.children]) this.remove(child);
    if (node.watched) for (const other of node.watched) other.watched.delete(node);
    node.watched = undefined;
    node.parent.children.delete(node);
    count(node, -1);
    if (this.raw !== undefined) this.raw.forget(node);
    // Not before mediasoup 3.7 has emitted `died`, in this same turn.
    if (node.forgetDeath) setImmediate(guard(node.forgetDeath)).unref();
  }

  watchTransport(node) {
    const { object } = node;
    if (transportType(object) !== 'webrtc') return;
    this.webRtcTransportsCreated += 1;
    let iceFailed = false;
    let dtlsFailed = false;
    node.listen(object.observer, 'icestatechange', (state) => {
      if (state !== 'disconnected' || iceFailed) return;
      iceFailed = true;
      this.iceFailures += 1;
    });
    node.listen(object.observer, 'dtlsstatechange', (state) => {
      if (state !== 'failed' || dtlsFailed) return;
      dtlsFailed = true;
      this.dtlsFailures += 1;
    });
  }

  watchRtpObserver(node) {
    node.watched = new Set();
    const { observer } = node.object;
    node.listen(observer, 'addproducer', (object) => {
      const producer = this.producers.get(object);
      if (producer === undefined || producer.closed) return;
      if (producer.watched === undefined) producer.watched = new Set();
      producer.watched.add(node);
      node.watched.add(producer);
    });
    node.listen(observer, 'removeproducer', (object) => {
      const producer = this.producers.get(object);
      if (producer === undefined || producer.watched === undefined) return;
      producer.watched.delete(node);
      node.watched.delete(producer);
    });
  }
}

// Everything above a node knows how many of its kind are below.
function count(node, change) {
  if (node.kind === 'worker') return;
  for (let above = node.parent; above; above = above.parent) {
    if (above.counts) above.counts[node.kind] += change;
  }
}

const TYPE_BY_CLASS = {
  WebRtcTransport: 'webrtc',
  PlainTransport: 'plain',
  PlainRtpTransport: 'plain',
  PipeTransport: 'pipe',
  DirectTransport: 'direct',
};

// `transport.type` exists from mediasoup 3.15 on; before, the class tells, or, where a bundler has
// renamed it, the members that only one class has.
function transportType(transport) {
  if (typeof transport.type === 'string') return transport.type;
  const known = TYPE_BY_CLASS[transport.constructor.name];
  if (known) return known;
  if ('iceState' in transport) return 'webrtc';
  if ('rtcpTuple' in transport) return 'plain';
  return 'tuple' in transport ? 'pipe' : 'direct';
}

// One tree for each mediasoup, shared by the endpoints of the process, gone with the last of them.
const trees = new Map();

function acquire(mediasoup) {
  let shared = trees.get(mediasoup.observer);
  if (shared === undefined) {
    shared = { tree: new Tree(mediasoup), users: 0 };
    trees.set(mediasoup.observer, shared);
  }
  shared.users += 1;
  return shared.tree;
}

function release(tree) {
  const { observer } = tree.mediasoup;
  const shared = trees.get(observer);
  if (shared === undefined || shared.tree !== tree) return;
  shared.users -= 1;
  if (shared.users > 0) return;
  trees.delete(observer);
  tree.detach();
}

// The workers any tree of this process knows, by their pids.
function knownPids() {
  const pids = new Set();
  for (const { tree } of trees.values()) {
    for (const { object } of tree.workers) pids.add(object.pid);
  }
  return pids;
}

module.exports = { acquire, knownPids, release, transportType };
