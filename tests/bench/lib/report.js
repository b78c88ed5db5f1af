// SPDX-License-Identifier: MIT
'use strict';

// Where measured points go: a JSON line on standard output for each figure, a table and a plot of each in a folder.

const fs = require('node:fs');
const path = require('node:path');
const { plot, shown } = require('./plot.js');

const rounded = (value) => (value === undefined || !Number.isFinite(value) ? null : Number(value.toPrecision(4)));

class Report {
  constructor({ folder, headline }) {
    Object.assign(this, { folder, headline, points: [] });
    fs.mkdirSync(folder, { recursive: true });
  }

  say(text) {
    process.stderr.write(`bench: ${text}\n`);
  }

  // { figure, size, name, ours, peer, peerName, unit, ratio, runs }: a figure's value at a number of consumers. Those of the same
  // figure with `aside`, its name, stand in the table and the plot only.
  add(point) {
    this.points.push(point);
    const { figure, size, aside, ours, peer, peerName, unit, ratio, runs } = point;
    this.say(`${figure}${aside ? ` (${aside})` : ''}, ${size} consumers: ${shown(ours)} ${unit}, ${peerName} ${shown(peer)}`);
    if (aside || size !== (point.headline ?? this.headline)) return;
    process.stdout.write(`${JSON.stringify({ figure, ours: rounded(ours), peer: rounded(peer), peer_name: peerName, unit,
      ratio: rounded(ratio), runs, consumers: size })}\n`);
  }

  #table() {
    const lines = ['| figure | consumers | ours (from, to) | peer (from, to) | times less | runs |', '|---|---|---|---|---|---|'];
    for (const { figure, aside, size, ours, peer, peerName, unit, ratio, runs, spread } of this.points) {
      const range = (side) => (spread && runs > 1 ? ` (${spread[side].map(shown).join(', ')})` : '');
      lines.push(`| ${figure}${aside ? `: ${aside}` : ''} | ${size.toLocaleString('en')} | ${shown(ours)} ${unit}${range('ours')} | ${shown(peer)} ${unit}${range('peer')}, ${peerName} | ${Number.isFinite(ratio) ? shown(ratio) : ''} | ${runs} |`);
    }
    return `${lines.join('\n')}\n`;
  }

  // One line for each series' name, in the order of their first points.
  #series(points) {
    const series = new Map();
    const put = (name, size, value) => {
      if (!series.has(name)) series.set(name, []);
      if (value > 0 && !series.get(name).some((point) => point.size === size)) series.get(name).push({ size, value });
    };
    for (const { aside, oursName = aside ?? 'ours', size, ours, peer, peerName, total = (value) => value } of points) {
      put(oursName, size, total(ours, size));
      put(peerName, size, total(peer, size));
    }
    return [...series].map(([name, list]) => ({ name, points: list.sort((a, b) => a.size - b.size) })).filter(({ points: list }) => list.length > 0);
  }

  write() {
    fs.writeFileSync(path.join(this.folder, 'table.md'), this.#table());
    for (const figure of new Set(this.points.map((point) => point.figure))) {
      const points = this.points.filter((point) => point.figure === figure);
      const series = this.#series(points);
      if (series.length === 0) continue;
      const { title = figure, totalUnit, unit } = points[0];
      fs.writeFileSync(path.join(this.folder, `${figure}.svg`), plot({ title, unit: totalUnit ?? unit, series }));
    }
  }
}

module.exports = { Report };
