// SPDX-License-Identifier: MIT
'use strict';

// One living mediasoup object in the tree: its parent, its children, how many objects of each kind
// are below it, and our listeners on it.

const { guard } = require('../common/errors');

// The events of an object's observer that announce its children, and the children's kinds, by the
// object's kind.
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

// Returns a count of zero for each kind.
function noCounts() {
  const counts = {};
  for (const kind of COUNTED) counts[kind] = 0;
  return counts;
}

class Node {
  // `object` is mediasoup's; `parent` is undefined for the root only.
  constructor(kind, object, parent) {
    this.kind = kind;
    this.object = object;
    this.parent = parent;
    this.children = CHILDREN[kind] ? new Set() : undefined;
    // Objects below it by kind; undefined where nobody needs them.
    this.counts = kind === 'worker' || kind === 'router' ? noCounts() : undefined;
    this.closed = false;
    this.listeners = [];
    // A producer's RTP observers; an RTP observer's producers.
    this.watched = undefined;
    // A WebRTC transport's connection (connections.js); a consumer's layers (layers.js).
    this.connection = undefined;
    this.layers = undefined;
    // What snapshot/prefix.js and snapshot/app_data.js remember of it from snapshot to snapshot.
    this.head = undefined;
    this.prefix = undefined;
    this.memory = undefined;
    // The raw lane's record of it (raw/lane.js).
    this.raw = undefined;
  }

  // Listens until unlisten(). An exception in the handler becomes a warning.
  listen(emitter, event, handler) {
    const guarded = guard(handler);
    emitter.on(event, guarded);
    this.listeners.push([emitter, event, guarded]);
  }

  unlisten() {
    for (const [emitter, event, handler] of this.listeners) emitter.removeListener(event, handler);
    this.listeners = [];
  }

  // Adds `change` to the count of its kind in every node above it. Workers are counted by the root's
  // `children` instead.
  count(change) {
    if (this.kind === 'worker') return;
    for (let above = this.parent; above; above = above.parent) {
      if (above.counts) above.counts[this.kind] += change;
    }
  }
}

module.exports = { CHILDREN, Node, noCounts };
