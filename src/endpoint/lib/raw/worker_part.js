// SPDX-License-Identifier: MIT
'use strict';

// One worker's part of a snapshot through the raw lane. Objects are asked in batches; the answers go to
// the raw lane's thread together with the prefixes of their rows, and the thread hands the rows to the
// snapshot's readers. While the next batch is asked, up to two are being rendered.

const { isTurnOver, turn } = require('../common/event_loop');
const limits = require('../common/limits');
const { isAsked } = require('../snapshot/classes');
const { prefixOf } = require('../snapshot/prefix');
const { ENDED, LATE, REFUSED, UNSENT } = require('./batch');
const { NUMBER_OF_KIND, UNANSWERED, UNASKED } = require('./codes');

class RawPart {
  constructor(collector, snapshot, worker) {
    this.collector = collector;
    this.raw = collector.raw;
    this.snapshot = snapshot;
    this.worker = worker;
    const options = { allow: collector.options.appData };
    this.prefix = (node) => prefixOf(node, options);
    // Resolve when the latest batch has been rendered, and the one before it.
    this.rendered = Promise.resolve();
    this.renderedBefore = Promise.resolve();
  }

  // Adds the rows of these nodes, parents first. Resolves with the number of nodes that have been dealt
  // with: not all when the lane goes off or the worker hangs.
  async run(nodes) {
    const { classes } = this.snapshot;
    let next = 0;
    let hasAsked = false;
    while (next < nodes.length && this.goesOn()) {
      let batch = nodes.slice(next, next + limits.RAW_BATCH);
      let asked = batch.filter((node) => !node.closed && isAsked(node, classes));
      // The first request goes alone, so a worker that hangs costs one request.
      if (!hasAsked && asked.length > 1) {
        asked = asked.slice(0, 1);
        batch = batch.slice(0, batch.indexOf(asked[0]) + 1);
      }
      hasAsked = hasAsked || asked.length > 0;
      if (!(await this.prove(asked)) || !(await this.ask(batch, asked))) break;
      next += batch.length;
      await this.renderedBefore;
    }
    await this.rendered;
    return next;
  }

  goesOn() {
    const { responsive, isOutOfTime } = this.worker.requests;
    return !this.snapshot.abandoned && this.raw.trusted && responsive && !isOutOfTime;
  }

  prove(asked) {
    const channel = this.raw.channelOf(this.worker);
    if (channel === undefined) return false;
    if (asked.every((node) => this.raw.isProven(channel, node))) return true;
    return this.raw.prove(this.worker, asked, this.collector.options.deadline);
  }

  // Asks a batch and has it rendered. Returns false when its nodes must be asked through the public API.
  async ask(nodes, asked) {
    const channel = this.raw.channelOf(this.worker);
    if (channel === undefined) return false;
    const frames = asked.map((node) => this.raw.requestOf(node));
    const { deadline } = this.collector.options;
    const answers = await channel.ask(frames, deadline, this.worker.requests);
    if (answers.states.includes(ENDED) && !this.worker.closed) return false;
    // mediasoup tells of an object that the worker has just closed a turn later.
    if (asked.length === 0 || answers.states.includes(REFUSED)) {
      await turn();
      await turn();
    }
    const codes = this.codes(nodes, asked, answers.states);
    const prefixes = await this.prefixes(nodes);
    this.snapshot.flush(); // parents before children
    const result = this.raw.render(answers, this.message(nodes, codes, prefixes));
    this.renderedBefore = this.rendered;
    this.rendered = this.rendered.then(() => this.conclude(result, nodes));
    this.rendered.catch(() => {}); // run() waits for it later
    return true;
  }

  // Counts the rows of a batch that the thread has rendered; without them, asks its nodes publicly.
  async conclude(result, nodes) {
    const { counts } = await result;
    if (this.snapshot.abandoned) return;
    if (counts !== undefined) this.snapshot.count(counts);
    else await this.collector.addPublicly(this.snapshot, this.worker, nodes);
  }

  // Returns the code of each node's decoder.
  codes(nodes, asked, states) {
    const codes = new Uint8Array(nodes.length).fill(UNASKED);
    let next = 0;
    for (let i = 0; i < nodes.length && next < asked.length; i += 1) {
      if (nodes[i] !== asked[next]) continue;
      const isAnswered = states[next] !== LATE && states[next] !== UNSENT;
      codes[i] = isAnswered ? nodes[i].raw.code : UNANSWERED;
      if (states[next] === LATE) this.snapshot.unanswered += 1;
      next += 1;
    }
    return codes;
  }

  // Resolves with the prefix of each node, undefined for one that is left out.
  async prefixes(nodes) {
    const prefixes = new Array(nodes.length);
    for (let i = 0; i < nodes.length; i += 1) {
      prefixes[i] = this.snapshot.describe(nodes[i], this.prefix);
      if (isTurnOver()) await turn();
    }
    return prefixes;
  }

  // Returns what the thread needs besides the answers: for each node the code of its decoder, its kind
  // and its number, 0 for a node that is left out; and the prefixes that the thread does not have yet.
  // To be sent at once: of nodes that close later the thread is told later.
  message(nodes, codes, prefixes) {
    const kinds = new Uint8Array(nodes.length);
    const numbers = new Uint32Array(nodes.length);
    const changed = [];
    const texts = [];
    for (let i = 0; i < nodes.length; i += 1) {
      const node = nodes[i];
      const prefix = prefixes[i];
      kinds[i] = NUMBER_OF_KIND[node.kind];
      if (prefix === undefined || node.closed) continue;
      const record = this.raw.recordOf(node);
      numbers[i] = record.number;
      if (prefix === record.sent) continue;
      record.sent = prefix;
      changed.push(numbers[i]);
      texts.push(prefix);
    }
    return { snapshot: this.snapshot.number, codes, kinds, numbers, changed, prefixes: texts.join('\n') };
  }
}

module.exports = { RawPart };
