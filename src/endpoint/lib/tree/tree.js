// SPDX-License-Identifier: MIT
'use strict';

// The tree of living mediasoup objects, kept up to date by mediasoup's observers: no worker has to
// be asked what exists, and nothing is dumped. In: observer events. Out: nodes, the counts of objects
// below each of them, and the counts of what has happened.
//
// A node is removed when its object's observer says `close`, together with everything below it. All
// our listeners go with it, so an application that keeps a closed object keeps nothing of ours.

const { guard, reason } = require('../common/errors');
const { Connections } = require('./connections');
const { watchLayers } = require('./layers');
const { CHILDREN, Node, noCounts } = require('./node');
const { Requests } = require('./requests');
const { transportType } = require('./transport_type');

// What mediasoup says of a worker that has ended by itself and in order. A SIGTERM or SIGINT for the whole
// process group makes it do so, before the application can close it.
const NO_DEATH = /\bcode:0, signal:null\b/;

class Tree {
  // Watches from now on. mediasoup's observers do not replay: objects that exist already stay unseen.
  constructor(mediasoup) {
    this.mediasoup = mediasoup;
    this.root = new Node('mediasoup', mediasoup, undefined);
    this.root.children = new Set();
    this.root.counts = noCounts();
    // Nodes of producers by their objects, for the events that name another object than their own.
    this.producers = new WeakMap();
    // The raw lane, while an endpoint of this tree uses it.
    this.raw = undefined;
    // Snapshots of this tree are made one after the other, whichever endpoint wants them.
    this.lastSnapshot = Promise.resolve();
    this.workerDeaths = 0;
    this.connections = new Connections();
    this.root.listen(mediasoup.observer, 'newworker', (worker) => this.addWorker(worker));
  }

  // The nodes of the living workers, a Set. Each has a `slot` and its `requests` besides.
  get workers() {
    return this.root.children;
  }

  // The living objects by kind.
  get counts() {
    return this.root.counts;
  }

  // Stops watching and forgets everything.
  detach() {
    for (const worker of [...this.root.children]) this.remove(worker);
    this.root.unlisten();
    this.connections.stop();
  }

  addWorker(object) {
    const node = this.add('worker', object, this.root);
    if (node === undefined) return;
    node.slot = this.freeSlot();
    node.requests = new Requests();
    node.hasDied = false;
    // `died` is an event of the worker itself, not of its observer. In mediasoup 3.7 it follows
    // `close`, so it cannot be among the listeners that go with the node.
    const died = guard((error) => {
      node.hasDied = true;
      if (!NO_DEATH.test(reason(error))) this.workerDeaths += 1;
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

  // Returns the new node, or undefined for an object that is closed already: its `close` has been
  // emitted before, or never will be.
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
    node.count(1);
    return node;
  }

  watch(node) {
    const { kind, object } = node;
    node.listen(object.observer, 'close', () => this.close(node));
    for (const [event, childKind] of Object.entries(CHILDREN[kind] || {})) {
      node.listen(object.observer, event, (child) => this.add(childKind, child, node));
    }
    if (kind === 'transport' && transportType(object) === 'webrtc') this.connections.watch(node);
    if (kind === 'consumer') watchLayers(node);
    if (kind === 'producer') this.producers.set(object, node);
    if (kind === 'rtpObserver') this.watchRtpObserver(node);
  }

  // The node's object has been closed. A transport's observer says so before its router's and worker's do.
  close(node) {
    if (node.closed) return;
    this.remove(node);
    if (node.connection !== undefined) node.connection.close();
  }

  remove(node) {
    if (node.closed) return;
    node.closed = true;
    node.unlisten();
    if (node.children) for (const child of [...node.children]) this.remove(child);
    if (node.watched) for (const other of node.watched) other.watched.delete(node);
    node.watched = undefined;
    node.parent.children.delete(node);
    node.count(-1);
    if (node.connection !== undefined) this.connections.forget(node);
    if (this.raw !== undefined) this.raw.forget(node);
    // mediasoup 3.7 emits `died` later in this same turn.
    if (node.forgetDeath) setImmediate(guard(node.forgetDeath)).unref();
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

module.exports = { Tree };
