'use strict';

// A worker's part of a snapshot through the raw lane: batches of objects are asked, the answers go to the
// decoding thread with what the main thread knows of each row, and the rows come back as bytes, in
// order. Up to two batches are being decoded while the next is asked.

const limits = require('../limits');
const { errorText, sharedText } = require('../rows');
const { ENDED, LATE, REFUSED } = require('./channel');
const { KINDS, UNANSWERED, UNASKED } = require('./decoder');

const turn = () => new Promise((resolve) => setImmediate(resolve));

class RawSweep {
  constructor(collector, sweep, worker) {
    this.collector = collector;
    this.raw = collector.raw;
    this.sweep = sweep;
    this.worker = worker;
    this.allow = collector.options.appData;
    // The batches that are being decoded, the last one's end and that of the one before it.
    this.said = Promise.resolve();
    this.saidBefore = Promise.resolve();
  }

  // Resolves with the number of nodes it has dealt with: not all when the lane goes off or the worker
  // hangs.
  async run(nodes) {
    let next = 0;
    while (next < nodes.length && this.goesOn()) {
      const batch = nodes.slice(next, next + limits.RAW_WINDOW);
      const asked = batch.filter((node) => this.collector.isAsked(this.sweep, node) && !node.closed);
      const { deadline } = this.collector.options;
      if (!(await this.raw.prove(this.worker, asked, deadline))) break;
      if (!(await this.batch(batch, asked))) break;
      next += batch.length;
      await this.saidBefore;
      await turn();
    }
    await this.said;
    return next;
  }

  goesOn() {
    return !this.sweep.abandoned && this.raw.trusted && this.worker.lane.responsive;
  }

  // Returns false when it is to be asked for otherwise.
  async batch(nodes, asked) {
    const channel = this.raw.channelOf(this.worker);
    if (channel === undefined) return false;
    const requests = asked.map((node) => node.request);
    const { deadline } = this.collector.options;
    const answers = await channel.ask(requests, deadline, this.worker.lane);
    if (answers.states.includes(ENDED) && !this.worker.closed) return false;
    // What a worker has closed just now is gone a turn later.
    if (answers.states.includes(REFUSED)) {
      await turn();
      await turn();
    }
    const message = this.message(nodes, asked, answers.states);
    const decoded = this.raw.decode(answers, message);
    this.saidBefore = this.said;
    this.said = this.said.then(() => this.say(decoded, nodes));
    return true;
  }

  async say(decoded, nodes) {
    const { rows, counts } = await decoded;
    if (this.sweep.abandoned) return;
    if (rows !== undefined) this.sweep.addBytes(counts, Buffer.from(rows.buffer));
    else await this.collector.sweepPublicly(this.sweep, this.worker, nodes);
  }

  // What the thread needs beside the answers: a kind, a decoder's code and a line of text for each node.
  message(nodes, asked, states) {
    const codes = new Uint8Array(nodes.length).fill(UNASKED);
    const kinds = new Uint8Array(nodes.length);
    let texts = '';
    let next = 0;
    for (let i = 0; i < nodes.length; i += 1) {
      const node = nodes[i];
      kinds[i] = KINDS.indexOf(node.kind);
      let isLate = false;
      if (node === asked[next]) {
        isLate = states[next] === LATE;
        codes[i] = isLate ? UNANSWERED : node.request.code;
        next += 1;
      }
      if (isLate) this.sweep.unanswered += 1;
      if (i > 0) texts += '\n';
      texts += this.text(node, isLate);
    }
    return { codes, kinds, texts };
  }

  // A node's row up to its statistics; '' leaves it out.
  text(node, isLate) {
    const { allow } = this;
    const make = () => sharedText(node, { allow }) + (isLate ? errorText('deadline') : '');
    return this.collector.tell(this.sweep, node, make) || '';
  }
}

module.exports = { RawSweep };
