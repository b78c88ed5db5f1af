// SPDX-License-Identifier: MIT
'use strict';

// Makes rows of a batch's answers and of the prefixes that the main thread has sent.

const { CLASS_OF } = require('../../snapshot/classes');
const { answeredRows, refusedRow, silentRow } = require('../../snapshot/rows');
const { KINDS, UNANSWERED, UNASKED } = require('../codes');

class Rendering {
  constructor(decoder) {
    this.decoder = decoder;
    // The type of answer by decoder, as it was when the answers were compared.
    this.bodyTypes = new Map();
    // The prefixes of the nodes' rows, by the nodes' numbers.
    this.prefixes = new Map();
    this.isDoubted = false;
  }

  // Resolves with { stats }: a single answer as JSON, to be compared with getStats().
  async prove({ code, bytes }) {
    const [[, response]] = this.decoder.answers(bytes);
    this.bodyTypes.set(code, response.bodyType());
    return { stats: JSON.stringify(await this.decoder.stats(code, response)) };
  }

  // Resolves with { rows, counts }: the text, and how many rows of which class. Rejects when an answer
  // is not as expected, and for every batch after that: its rows would come before those of the batch in
  // doubt, which may be their parents.
  async render(message) {
    if (this.isDoubted) throw new Error('an earlier answer was in doubt');
    this.learn(message);
    try {
      return await this.renderAll(message);
    } catch (error) {
      this.isDoubted = true;
      throw error;
    }
  }

  // The lane is off. A batch that is still to come has no prefixes here, so it counts as one in doubt, and
  // its nodes are asked through the public API.
  forgetAll() {
    this.prefixes.clear();
    this.isDoubted = true;
  }

  learn({ gone, changed, prefixes }) {
    for (const number of gone) this.prefixes.delete(number);
    if (changed.length === 0) return;
    const list = prefixes.split('\n');
    // Copies, because a part of a string keeps the whole string in memory.
    changed.forEach((number, i) => this.prefixes.set(number, Buffer.from(list[i]).toString()));
  }

  // The ids of the requests follow each other from `first` on. A node without a number is left out.
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
      const rows = await this.rowsOf(kind, codes[i], this.prefixes.get(numbers[i]), response);
      counts[CLASS_OF[kind]] = (counts[CLASS_OF[kind]] || 0) + rows.length;
      for (const row of rows) text += row;
    }
    return { rows: text, counts };
  }

  async rowsOf(kind, code, prefix, response) {
    if (code === UNASKED) return [silentRow(prefix)];
    if (code === UNANSWERED) return [refusedRow(prefix, 'deadline')];
    if (response === undefined) throw new Error('an answer is missing');
    if (!response.accepted()) return [refusedRow(prefix, response.reason())];
    if (response.bodyType() !== this.bodyTypes.get(code)) throw new Error('an answer is of another type');
    return answeredRows(kind, prefix, await this.decoder.stats(code, response));
  }
}

module.exports = { Rendering };
