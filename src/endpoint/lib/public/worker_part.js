// SPDX-License-Identifier: MIT
'use strict';

// One worker's part of a snapshot through mediasoup's public API. Its objects are asked for their
// statistics in two half windows that take turns: while one is answered, the rows of the other are
// made. So the worker always has something to do. A worker that runs out of requests goes to sleep,
// and each request that wakes it costs the main thread a microsecond or two. In between, the
// application has its event loop.

const { performance } = require('perf_hooks');
const { isTurnOver, turn } = require('../common/event_loop');
const limits = require('../common/limits');
const { CLASS_OF, isAsked } = require('../snapshot/classes');
const { prefixOf } = require('../snapshot/prefix');
const { answeredRows, refusedRow, silentRow } = require('../snapshot/rows');

// The request for one node's statistics. `state` is `unasked`, `ready` to be asked, or what
// Requests.ask() makes of it.
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

function rowsOf({ node, state, value }, prefix) {
  if (state === 'answered') return answeredRows(node.kind, prefix, value);
  if (state === 'failed') return [refusedRow(prefix, value)];
  return [state === 'late' ? refusedRow(prefix, 'deadline') : silentRow(prefix)];
}

class PublicPart {
  constructor(collector, snapshot, worker) {
    this.collector = collector;
    this.snapshot = snapshot;
    this.worker = worker;
  }

  // Adds the rows of these nodes, parents first, and resolves when all are in the snapshot.
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
      for (const request of window.requests) {
        this.addRows(request);
        if (isTurnOver()) await turn();
      }
      const done = performance.now();
      await turn();
      if (window.isFull) this.adapt(pace, answered - window.sent, performance.now() - done);
    }
  }

  // Brings the windows under way to two, which together are as wide as the pace allows.
  send(underWay, pace) {
    while (underWay.length < 2 && this.next < this.nodes.length && !this.snapshot.abandoned) {
      const sum = underWay.reduce((asked, window) => asked + window.asked.length, 0);
      const size = Math.min(Math.ceil(pace.window / 2), pace.window - sum);
      if (size <= 0) return;
      underWay.push(this.window(size));
    }
  }

  // Asks the next nodes, at most `size` of them; those that are not asked come along for their place
  // in the order. `answered` resolves with the time of the last answer.
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
    if (!isAsked(node, this.snapshot.classes)) return new Request(node, 'unasked');
    const { responsive, isOutOfTime } = this.worker.requests;
    if (responsive && isOutOfTime) this.snapshot.unanswered += 1;
    return new Request(node, responsive && !isOutOfTime ? 'ready' : 'late');
  }

  // Sends requests that are ready, and resolves when each is answered, refused or late.
  async ask(requests) {
    if (requests.length === 0) return;
    await this.worker.requests.ask(requests, this.collector.options.deadline);
    this.snapshot.unanswered += requests.filter(({ state }) => state === 'late').length;
    // A worker refuses a request for an object that it has just closed. Its notification of that
    // reaches us through mediasoup a turn later; then the object is gone, not in error.
    if (requests.some(({ state }) => state === 'failed')) {
      await turn();
      await turn();
    }
  }

  // Has the raw lane answer the same requests, so that it may be trusted for the next snapshot.
  async prove(asked) {
    const { collector, snapshot } = this;
    if (collector.raw === undefined || snapshot.isRaw || snapshot.abandoned) return;
    await collector.raw.prove(this.worker, asked.map(({ node }) => node), collector.options.deadline);
  }

  adapt(pace, answersMs, turnMs) {
    const leftMs = limits.SNAPSHOT_MS - (performance.now() - this.began);
    pace.adapt({ answersMs, turnMs, left: this.nodes.length - this.next, leftMs });
  }

  // Adds the rows of a request's node. `more` is an object of further members.
  addRows(request, more) {
    const { snapshot } = this;
    const options = { allow: this.collector.options.appData, more };
    snapshot.describe(request.node, (node) => {
      snapshot.add(CLASS_OF[node.kind], rowsOf(request, prefixOf(node, options)));
    });
  }
}

module.exports = { PublicPart };
