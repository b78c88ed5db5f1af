// SPDX-License-Identifier: MIT
'use strict';

// The connections of a tree's WebRTC transports: mediasoup's observers and one timer drive their state
// machines (connection.js), and what happens is counted and told to listeners.
//
// No event says that the application has asked a transport to connect, so `dtlsParameters.role`, which is
// `auto` before that, is read until it is known: once a second while the transport is young, and at each
// snapshot. mediasoup copies all parameters for that, so there is a bound on the looks at one time.

const { performance } = require('perf_hooks');
const { guard } = require('../common/errors');
const limits = require('../common/limits');
const { Connection } = require('./connection');

const PROTOCOLS = ['udp', 'tcp'];

const CLOCK = {
  now: () => performance.now(),
  // Calls fn() after `ms`, unless stop() is called with what this returns. Does not keep the process alive.
  start: (fn, ms) => setTimeout(fn, ms).unref(),
  stop: (timer) => clearTimeout(timer),
};

function hasRole({ object }) {
  try {
    const { role } = object.dtlsParameters;
    return typeof role === 'string' && role !== 'auto';
  } catch (error) {
    return false;
  }
}

// The connection of one transport's node.
class Watch {
  constructor(node, connections) {
    this.node = node;
    this.connections = connections;
    this.bornAt = connections.clock.now();
    this.connection = new Connection();
  }

  // Looks whether the transport has been asked to connect, if that is not known yet.
  look(now) {
    const { connection } = this;
    if (!connection.isAsked && hasRole(this.node)) connection.ask(now);
    return connection.isAsked;
  }

  // Returns the state that a snapshot shows.
  state() {
    const now = this.connections.clock.now();
    this.look(now);
    return this.connection.state(now);
  }

  // Milliseconds, or undefined before the transport has connected.
  get connectTime() {
    return this.connection.connectTime;
  }

  // `udp`, `tcp` or undefined.
  get protocol() {
    return this.connection.protocol;
  }

  // The transport has been closed. When its worker dies, it is closed before mediasoup says so, in the same
  // turn, and then it has no end.
  close() {
    const worker = this.node.parent.parent;
    const now = this.connections.clock.now();
    const conclude = () => {
      if (!worker.hasDied) this.connections.happen(this, this.connection.close(now));
    };
    if (worker.object.closed) queueMicrotask(guard(conclude));
    else conclude();
  }
}

class Connections {
  constructor(clock = CLOCK) {
    this.clock = clock;
    // How many WebRTC transports have been created, and what has happened to them.
    this.created = 0;
    this.counts = { connected: 0, left: 0, lost: 0, dtls_failed: 0, never_connected: 0 };
    // Each is called with a transport's node and what has happened to its connection.
    this.listeners = new Set();
    // Watches of young transports that have not been asked as far as is known; the latest to be looked at are last.
    this.young = new Set();
    this.lookAt = Infinity;
    // Watches of transports that will be lost, the first ones first.
    this.cut = new Set();
    this.timer = undefined;
    this.timerAt = Infinity;
  }

  // Follows a WebRTC transport from its creation on.
  watch(node) {
    const watch = new Watch(node, this);
    const { observer } = node.object;
    const { connection } = watch;
    const change = (method, state) => {
      this.happen(watch, connection[method](state, this.clock.now()));
      this.follow(watch);
    };
    node.connection = watch;
    node.listen(observer, 'icestatechange', (state) => change('changeIce', state));
    node.listen(observer, 'dtlsstatechange', (state) => change('changeDtls', state));
    node.listen(observer, 'iceselectedtuplechange', (tuple) => {
      if (tuple && PROTOCOLS.includes(tuple.protocol)) connection.protocol = tuple.protocol;
    });
    this.created += 1;
    if (this.young.size === 0) this.lookAt = watch.bornAt + limits.LOOK_MS;
    this.young.add(watch);
    this.arm(watch.bornAt);
  }

  // The node has gone.
  forget({ connection: watch }) {
    this.young.delete(watch);
    this.cut.delete(watch);
  }

  stop() {
    this.young.clear();
    this.cut.clear();
    this.clock.stop(this.timer);
    this.timerAt = Infinity;
  }

  happen({ node }, event) {
    if (event === undefined) return;
    this.counts[event] += 1;
    for (const listener of this.listeners) listener(node, event);
  }

  // A state has changed: keeps what is still to be looked at.
  follow(watch) {
    if (watch.connection.isAsked) this.young.delete(watch);
    if (watch.connection.lostAt === undefined) this.cut.delete(watch);
    else this.cut.add(watch);
    this.arm(this.clock.now());
  }

  // Sets the timer to what is due next. One that is due earlier does it again.
  arm(now) {
    const [first] = this.cut;
    const lookAt = this.young.size > 0 ? this.lookAt : Infinity;
    const at = Math.min(lookAt, first === undefined ? Infinity : first.connection.lostAt);
    if (at >= this.timerAt) return;
    this.clock.stop(this.timer);
    this.timerAt = at;
    this.timer = this.clock.start(guard(() => this.tick()), Math.max(1, at - now));
  }

  tick() {
    this.timerAt = Infinity;
    const now = this.clock.now();
    for (const watch of this.cut) {
      if (watch.connection.lostAt > now) break;
      this.cut.delete(watch);
      this.happen(watch, watch.connection.expire(now));
    }
    if (now >= this.lookAt) this.lookAtYoung(now);
    this.arm(now);
  }

  lookAtYoung(now) {
    this.lookAt = now + limits.LOOK_MS;
    let left = Math.min(limits.LOOKS, this.young.size);
    for (const watch of this.young) {
      if (left === 0) break;
      left -= 1;
      this.young.delete(watch);
      if (now - watch.bornAt < limits.YOUNG_MS && !watch.look(now)) this.young.add(watch);
    }
  }
}

module.exports = { Connections };
