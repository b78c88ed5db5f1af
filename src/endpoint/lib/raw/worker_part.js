// SPDX-License-Identifier: MIT
'use strict';

// A worker's part of a snapshot through the raw lane: batches of objects are asked, the answers go to the
// thread with what the main thread knows of each row, and the thread hands the rows to who reads the
// snapshot. Up to two batches are being rendered while the next is asked.

const { turn } = require('../requests');
const limits = require('../limits');
const { isAsked, sharedText } = require('../snapshot/rows');
const { ENDED, LATE, REFUSED, UNSENT } = require('./channel');
const { KINDS, UNANSWERED, UNASKED } = require('./thread/decoder');

// A kind's number in messages to the thread.
const NUMBER_OF = Object.fromEntries(KINDS.map((kind, number) => [kind, number]));

class RawSweep {
  constructor(collector, sweep, worker) {
    this.collector = collector;
    this.raw = collector.raw;
    this.sweep = sweep;
    this.worker = worker;
    const options = { allow: collector.options.appData };
    this.make = (node) => sharedText(node, options);
    // The batches that are being rendered, the last one's end and that of the one before it.
    this.said = Promise.resolve();
    this.saidBefore = Promise.resolve();
  }

  // Resolves with the number of nodes it has dealt with: not all when the lane goes off or the worker
  // hangs.
  async run(nodes) {
    const { classes } = this.sweep;
    let next = 0;
    let hasAsked = false;
    while (next < nodes.length && this.goesOn()) {
      let batch = nodes.slice(next, next + limits.RAW_BATCH);
      let asked = batch.filter((node) => !node.closed && isAsked(node, classes));
      // The first goes alone, so that a worker that hangs costs one request.
      if (!hasAsked && asked.length > 1) {
        asked = asked.slice(0, 1);
        batch = batch.slice(0, batch.indexOf(asked[0]) + 1);
      }
      hasAsked = hasAsked || asked.length > 0;
      if (!(await this.prove(asked)) || !(await this.ask(batch, asked))) break;
      next += batch.length;
      await this.saidBefore;
    }
    await this.said;
    return next;
  }

  goesOn() {
    return !this.sweep.abandoned && this.raw.trusted && this.worker.lane.responsive;
  }

  prove(asked) {
    const channel = this.raw.channelOf(this.worker);
    if (channel === undefined) return false;
    if (asked.every((node) => this.raw.isProven(channel, node))) return true;
    return this.raw.prove(this.worker, asked, this.collector.options.deadline);
  }

  // Returns false when the nodes are to be asked otherwise.
  async ask(nodes, asked) {
    const channel = this.raw.channelOf(this.worker);
    if (channel === undefined) return false;
    const requests = asked.map((node) => this.raw.requestOf(node));
    const { deadline } = this.collector.options;
    const answers = await channel.ask(requests, deadline, this.worker.lane);
    if (answers.states.includes(ENDED) && !this.worker.closed) return false;
    // What a worker has closed just now is gone a turn later.
    if (asked.length === 0 || answers.states.includes(REFUSED)) {
      await turn();
      await turn();
    }
    const message = this.message(nodes, asked, answers.states);
    this.sweep.flush(); // parents before children
    const rendered = this.raw.render(answers, message);
    this.saidBefore = this.said;
    this.said = this.said.then(() => this.say(rendered, nodes));
    this.said.catch(() => {}); // run() waits for it later
    return true;
  }

  async say(rendered, nodes) {
    const { counts } = await rendered;
    if (this.sweep.abandoned) return;
    if (counts !== undefined) this.sweep.count(counts);
    else await this.collector.sweepPublicly(this.sweep, this.worker, nodes);
  }

  // What the thread needs beside the answers: a decoder's code, a kind and a number for each node, and
  // the texts it does not have yet. A node without a number is left out.
  message(nodes, asked, states) {
    const codes = new Uint8Array(nodes.length).fill(UNASKED);
    const kinds = new Uint8Array(nodes.length);
    const numbers = new Uint32Array(nodes.length);
    const changed = [];
    const lines = [];
    let next = 0;
    for (let i = 0; i < nodes.length; i += 1) {
      const node = nodes[i];
      kinds[i] = NUMBER_OF[node.kind];
      if (node === asked[next]) {
        const isAnswered = states[next] !== LATE && states[next] !== UNSENT;
        codes[i] = isAnswered ? node.raw.code : UNANSWERED;
        if (states[next] === LATE) this.sweep.unanswered += 1;
        next += 1;
      }
      const text = this.collector.tell(this.sweep, node, this.make);
      if (text === undefined) continue;
      const record = this.raw.recordOf(node);
      numbers[i] = record.number;
      if (text === record.sent) continue;
      record.sent = text;
      changed.push(numbers[i]);
      lines.push(text);
    }
    return { snapshot: this.sweep.number, codes, kinds, numbers, changed, lines: lines.join('\n') };
  }
}

module.exports = { RawSweep };
