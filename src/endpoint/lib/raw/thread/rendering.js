// SPDX-License-Identifier: MIT
'use strict';

// A batch's answers become rows, beside the texts that the main thread has of the nodes.

const { answeredRows, CLASS_OF, refusedRow, silentRow } = require('../../snapshot/rows');
const { KINDS, UNANSWERED, UNASKED } = require('./decoder');

class Rendering {
  constructor(decoder) {
    this.decoder = decoder;
    // The type of answer by decoder, as it was when the answers were compared.
    this.bodyTypes = new Map();
    // What the main thread knows of the nodes' rows, by their numbers.
    this.texts = new Map();
    this.isDoubted = false;
  }

  // A single answer as JSON, to be compared with getStats().
  async prove({ code, bytes }) {
    const [[, response]] = this.decoder.answers(bytes);
    this.bodyTypes.set(code, response.bodyType());
    return { stats: JSON.stringify(await this.decoder.stats(code, response)) };
  }

  // Resolves with { rows, counts }: text, and how many of which class. After a batch that was in doubt all are: their
  // rows would come before its own.
  async render(message) {
    if (this.isDoubted) throw new Error('an answer before it was in doubt');
    this.learn(message);
    try {
      return await this.renderAll(message);
    } catch (error) {
      this.isDoubted = true;
      throw error;
    }
  }

  // The lane is off. A batch that was under way has no texts, and is as one in doubt: its nodes are asked otherwise.
  forgetAll() {
    this.texts.clear();
    this.isDoubted = true;
  }

  learn({ gone, changed, lines }) {
    for (const number of gone) this.texts.delete(number);
    if (changed.length === 0) return;
    const list = lines.split('\n');
    // Copies: a part of a string keeps the whole alive.
    changed.forEach((number, i) => this.texts.set(number, Buffer.from(list[i]).toString()));
  }

  // The ids of those that were asked follow each other, beginning with `first`. A node without a number is left out.
  async renderAll({ first, codes, kinds, numbers, bytes }) {
    const answers = new Map(this.decoder.answers(bytes));
    const counts = {};
    let text = '';
    let id = first;
    for (let i = 0; i < codes.length; i += 1) {
      const response = answers.get(id);
      if (codes[i] !== UNASKED) id += 1;
      if (numbers[i] === 0) continue;
      const kind = KINDS[kinds[i]];
      const rows = await this.rowsOf(kind, codes[i], this.texts.get(numbers[i]), response);
      counts[CLASS_OF[kind]] = (counts[CLASS_OF[kind]] || 0) + rows.length;
      for (const row of rows) text += row;
    }
    return { rows: text, counts };
  }

  async rowsOf(kind, code, shared, response) {
    if (code === UNASKED) return [silentRow(shared)];
    if (code === UNANSWERED) return [refusedRow(shared, 'deadline')];
    if (response === undefined) throw new Error('an answer is missing');
    if (!response.accepted()) return [refusedRow(shared, response.reason())];
    if (response.bodyType() !== this.bodyTypes.get(code)) throw new Error('an answer is of another type');
    return answeredRows(kind, shared, await this.decoder.stats(code, response));
  }
}

module.exports = { Rendering };
