// SPDX-License-Identifier: MIT
'use strict';

// A line plot as SVG: how a cost grows with the number of consumers, both axes logarithmic.

const WIDTH = 640;
const LEFT = 80, RIGHT = 72, TOP = 56, BASE = 340; // the base line; the names stand below
const LINE = 18;
const COLOURS = ['#1f6f43', '#b5482a', '#2c5aa0', '#7a4fa3', '#8a6d1b', '#2b8a9e', '#c2568f', '#555'];

const escape = (text) => String(text).replace(/[<>&"]/g, (c) => `&#${c.charCodeAt(0)};`);
const rounded = (value) => Number(value.toPrecision(3));
const shown = (value) => (value >= 1000 ? Math.round(value).toLocaleString('en') : String(rounded(value)));

// From the power of ten below the least to the one above the greatest.
function decades(values) {
  const logarithms = values.map(Math.log10);
  const from = Math.floor(Math.min(...logarithms));
  return { from, to: Math.max(Math.ceil(Math.max(...logarithms)), from + 1) };
}

function text(x, y, content, { anchor = 'middle', size = 12, colour = '#222', more = '' } = {}) {
  return `<text x="${rounded(x)}" y="${rounded(y)}" text-anchor="${anchor}" font-size="${size}" fill="${colour}" ${more}>${escape(content)}</text>`;
}

const line = (x1, y1, x2, y2, colour) =>
  `<line x1="${rounded(x1)}" y1="${rounded(y1)}" x2="${rounded(x2)}" y2="${rounded(y2)}" stroke="${colour}"/>`;

function axes({ across, up, sizes, vertical, unit }) {
  const parts = [];
  for (let power = vertical.from; power <= vertical.to; power += 1) {
    parts.push(line(LEFT, up(10 ** power), WIDTH - RIGHT, up(10 ** power), '#ddd'),
      text(LEFT - 8, up(10 ** power) + 4, shown(10 ** power), { anchor: 'end' }));
  }
  for (const size of sizes) {
    parts.push(line(across(size), TOP, across(size), BASE, '#ddd'), text(across(size), BASE + 18, shown(size)));
  }
  parts.push(line(LEFT, TOP, LEFT, BASE, '#444'), line(LEFT, BASE, WIDTH - RIGHT, BASE, '#444'),
    text((LEFT + WIDTH - RIGHT) / 2, BASE + 38, 'consumers'),
    text(20, (TOP + BASE) / 2, unit, { more: `transform="rotate(-90 20 ${(TOP + BASE) / 2})"` }));
  return parts;
}

// Where the labels of the last points go: beside them, but no two on one another.
function labels(series, { across, up }) {
  const ends = series.map(({ points }, n) => ({ n, ...points.at(-1) })).sort((one, other) => other.value - one.value);
  let last = -Infinity;
  return ends.map(({ n, size, value }) => {
    last = Math.max(up(value) + 4, last + 14);
    return text(across(size) + 8, last, shown(value), { anchor: 'start', size: 11, colour: COLOURS[n % COLOURS.length] });
  });
}

function drawn(series, { across, up }) {
  return series.flatMap(({ name, points }, n) => {
    const colour = COLOURS[n % COLOURS.length];
    const path = points.map(({ size, value }) => `${rounded(across(size))},${rounded(up(value))}`).join(' ');
    const y = BASE + 62 + LINE * n;
    return [`<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2"/>`,
      ...points.map((point) => `<circle cx="${rounded(across(point.size))}" cy="${rounded(up(point.value))}" r="3.5" fill="${colour}"/>`),
      `<rect x="${LEFT}" y="${y - 9}" width="14" height="4" fill="${colour}"/>`, text(LEFT + 20, y - 2, name, { anchor: 'start' })];
  });
}

// `series`: [{ name, points: [{ size, value }] }], values above 0.
function plot({ title, unit, series }) {
  const points = series.flatMap((one) => one.points);
  const sizes = [...new Set(points.map(({ size }) => size))].sort((a, b) => a - b);
  const vertical = decades(points.map(({ value }) => value));
  const [first, last] = [Math.log10(sizes[0]), Math.log10(sizes.at(-1))];
  const across = (size) => LEFT + 20 + ((Math.log10(size) - first) / (last - first || 1)) * (WIDTH - LEFT - RIGHT - 20);
  const up = (value) => BASE - ((Math.log10(value) - vertical.from) / (vertical.to - vertical.from)) * (BASE - TOP);
  const height = BASE + 62 + LINE * series.length;
  return [`<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif">`,
    '<rect width="100%" height="100%" fill="#fff"/>', text(WIDTH / 2, 28, title, { size: 15 }),
    ...axes({ across, up, sizes, vertical, unit }), ...drawn(series, { across, up }), ...labels(series, { across, up }), '</svg>', ''].join('\n');
}

module.exports = { plot, shown };
