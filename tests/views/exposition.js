// SPDX-License-Identifier: MIT
'use strict';

// Reads what Prometheus reads, strictly: text format 0.0.4 and OpenMetrics. Throws at the first line that is wrong, a
// label or series that is there twice, a family in two places, a sample of no family.

const SAMPLE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)\{(.*)\} (\S+)$/s; // a label may hold any character but a line feed
const LABEL = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(?:,(?=.)|$)/;
const SUFFIXES = { histogram: ['_bucket', '_sum', '_count'], counter: ['_total'] };

const unescaped = (text) => text.replace(/\\(.)/g, (_, letter) => (letter === 'n' ? '\n' : letter));

function labelsOf(text) {
  const labels = {};
  for (let rest = text; rest;) {
    const found = LABEL.exec(rest);
    if (!found) throw new Error(`not a label: ${rest}`);
    const [whole, name, value] = found;
    if (name in labels || name.startsWith('__')) throw new Error(`the label ${name} cannot be there: ${text}`);
    if (value === '') throw new Error(`the label ${name} is empty: ${text}`);
    labels[name] = unescaped(value);
    rest = rest.slice(whole.length);
  }
  return labels;
}

const valueOf = (text) => ({ '+Inf': Infinity, '-Inf': -Infinity })[text] ?? Number(text);

// In the text format a counter's family has its samples' name; in OpenMetrics these end in _total.
function belongs(name, family, openmetrics) {
  const suffixes = family.type === 'histogram' || openmetrics ? SUFFIXES[family.type] ?? [''] : [''];
  return suffixes.some((suffix) => name === family.name + suffix);
}

class Exposition {
  constructor(text, { openmetrics = false } = {}) {
    this.families = new Map();
    this.series = new Set();
    this.openmetrics = openmetrics;
    if (!text.endsWith(openmetrics ? '# EOF\n' : '\n') && (openmetrics || text !== '')) throw new Error(`ends with ${JSON.stringify(text.slice(-30))}`);
    for (const line of text.slice(0, openmetrics ? -'# EOF\n'.length : undefined).split('\n').slice(0, -1)) this.#take(line);
  }

  #take(line) {
    const [, word, name, rest] = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line) ?? [];
    if (word === 'HELP') {
      if (this.families.has(name)) throw new Error(`a second ${name}`);
      this.family = { name, help: rest, samples: [] };
      this.families.set(name, this.family);
    } else if (word === 'TYPE') {
      if (name !== this.family.name || this.family.type) throw new Error(`out of place: ${line}`);
      this.family.type = rest;
    } else {
      this.#sample(line);
    }
  }

  #sample(line) {
    const [, name, text, value] = SAMPLE.exec(line) ?? [];
    if (!name || Number.isNaN(valueOf(value))) throw new Error(`not a sample: ${line}`);
    if (!belongs(name, this.family, this.openmetrics)) throw new Error(`not of ${this.family.name}: ${line}`);
    const labels = labelsOf(text), key = JSON.stringify([name, Object.entries(labels).sort()]);
    if (this.series.has(key)) throw new Error(`twice: ${line}`);
    this.series.add(key);
    this.family.samples.push({ name, labels, value: valueOf(value) });
  }

  // The samples of a family.
  of(name) {
    return this.families.get(name)?.samples ?? [];
  }
}

module.exports = { Exposition };
