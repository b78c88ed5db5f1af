// SPDX-License-Identifier: MIT
'use strict';

// A worker's part of a snapshot through mediasoup's public API: its objects are asked for their statistics in two half windows
// that take turns. While one is answered the rows of the other are made, so that the worker always has something to do: one that
// has not goes to sleep, and each request that wakes it costs the main thread a microsecond or two. In between the application
// has its event loop.

const { performance } = require('perf_hooks');
const { turn } = require('../requests');
const limits = require('../limits');
const { CLASS_OF, isAsked, objectRows } = require('../snapshot/rows');

// A node and what its worker says of it: `state` is `unasked`, `ready` to be asked, or what Lane makes of it.
class Request {
  constructor(node, state) {
    this.node = node;
    this.state = state;
    this.value = undefined;
  }

  call() {
    const { kind, object } = this.node;
    return kind === 'worker' ? object.getResourceUsage() : object.getStats();
  }
}

class PublicSweep {
  constructor(collector, sweep, worker) {
    this.collector = collector;
    this.sweep = sweep;
    this.worker = worker;
  }

  async run(nodes) {
    this.began = performance.now();
    this.nodes = nodes;
    this.next = 0;
    const pace = this.collector.paceOf(this.worker);
    const underWay = [];
    this.send(underWay, pace);
    while (underWay.length > 0) {
      const window = underWay.shift();
      const answered = await window.answered;
      await this.prove(window.asked);
      this.send(underWay, pace);
      for (const request of window.requests) this.addRows(request);
      const done = performance.now();
      await turn();
      if (window.isFull) this.adapt(pace, answered - window.sent, performance.now() - done);
    }
  }

  // Fills up to two windows under way, which together are as wide as the pace allows.
  send(underWay, pace) {
    while (underWay.length < 2 && this.next < this.nodes.length && !this.sweep.abandoned) {
      const sum = underWay.reduce((asked, window) => asked + window.asked.length, 0);
      const size = Math.min(Math.ceil(pace.window / 2), pace.window - sum);
      if (size <= 0) return;
      underWay.push(this.window(size));
    }
  }

  // Asks the next nodes, up to so many. `answered` resolves with the time of the last answer.
  window(size) {
    const requests = [];
    const asked = [];
    while (this.next < this.nodes.length && requests.length < limits.ROWS_A_TURN && asked.length < size) {
      const node = this.nodes[this.next];
      this.next += 1;
      if (node.closed) continue;
      const request = this.request(node);
      requests.push(request);
      if (request.state === 'ready') asked.push(request);
    }
    const sent = performance.now();
    const answered = this.ask(asked).then(() => performance.now());
    return { requests, asked, isFull: asked.length === size, sent, answered };
  }

  request(node) {
    if (!isAsked(node, this.sweep.classes)) return new Request(node, 'unasked');
    return new Request(node, this.worker.lane.responsive ? 'ready' : 'late');
  }

  async ask(requests) {
    if (requests.length === 0) return;
    await this.worker.lane.ask(requests, this.collector.options.deadline);
    this.sweep.unanswered += requests.filter(({ state }) => state === 'late').length;
    // A worker refuses what it has closed just now, and says so in a notification that mediasoup
    // hands on a turn later: then the object is not in error, it is gone.
    if (requests.some(({ state }) => state === 'failed')) {
      await turn();
      await turn();
    }
  }

  // Has the raw lane answer the same, for the next snapshot to go through it.
  async prove(asked) {
    const { collector, sweep } = this;
    if (collector.raw === undefined || sweep.lane === 'raw' || sweep.abandoned) return;
    await collector.raw.prove(this.worker, asked.map(({ node }) => node), collector.options.deadline);
  }

  adapt(pace, answersMs, turnMs) {
    const leftMs = limits.SWEEP_MS - (performance.now() - this.began);
    pace.adapt({ answersMs, turnMs, left: this.nodes.length - this.next, leftMs });
  }

  // `more` are further members of the row.
  addRows({ node, state, value }, more) {
    const result = { more, allow: this.collector.options.appData };
    if (state === 'answered') result.answer = value;
    if (state === 'failed') result.error = value;
    if (state === 'late') result.error = 'deadline';
    this.collector.tell(this.sweep, node, () => this.sweep.add(CLASS_OF[node.kind], objectRows(node, result)));
  }
}

module.exports = { PublicSweep };
