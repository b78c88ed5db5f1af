// SPDX-License-Identifier: MIT
'use strict';

// What the benchmarks compute and write is right; what they measure is for reading.

const assert = require('node:assert/strict');
const { spawn, spawnSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { test } = require('node:test');
const { compare, cpuOf, cpuOfMainThread, median, pairs, quantile } = require('./lib/measure.js');
const { plot } = require('./lib/plot.js');
const { FIELDS, maps, snapshots } = require('./lib/rows.js');

test('medians and quantiles', () => {
  assert.equal(median([9, 1, 5]), 5);
  assert.equal(median([4, 1, 3, 100]), 3.5);
  const hundred = Array.from({ length: 100 }, (_, n) => 99 - n);
  assert.equal(quantile(hundred, 0.99), 99);
  assert.equal(quantile(hundred, 0.5), 50);
});

test('a ratio is how many times less ours is, the median of the pairs\' and not of the medians', () => {
  assert.deepEqual(compare([1, 10, 100], [10, 10, 10]), { ours: 10, peer: 10, ratio: 1, runs: 3, spread: { ours: [1, 100], peer: [10, 10] } });
  assert.equal(compare([1, 2, 4], [10, 10, 80]).ratio, 10);
});

test('of pairs, each side is first in turn, and the warm-up is left out', async () => {
  const order = [];
  const result = await pairs({ runs: 4, ours: () => order.push('ours'), peer: () => order.push('peer') });
  assert.deepEqual(order, ['peer', 'ours', 'ours', 'peer', 'peer', 'ours', 'ours', 'peer', 'peer', 'ours']);
  assert.equal(result.runs, 4);
  assert.equal(result.ours, median([3, 6, 7, 10]));
});

test('CPU time is that of the process, of its threads by their names', async (t) => {
  const busy = spawn(process.execPath, ['-e', 'for (const end = Date.now() + 300; Date.now() < end;); console.log(process.cpuUsage().user); setInterval(() => {}, 1000)']);
  t.after(() => busy.kill());
  const used = Number(await new Promise((done) => busy.stdout.once('data', done)));
  assert.ok(cpuOf(busy.pid) > used * 0.8, `${cpuOf(busy.pid)} of ${used}`);
  assert.ok(cpuOfMainThread(busy.pid) <= cpuOf(busy.pid));
  assert.equal(cpuOf(busy.pid, (name) => name === 'no such thread'), 0);
});

test('curl_json gets the fields of the same consumers', () => {
  const rows = snapshots(200).bodies[1].toString().trimEnd().split('\n').map((line) => JSON.parse(line)).filter(({ row }) => row === 'consumers');
  const map = JSON.parse(maps(200).bodies[1]);
  assert.equal(rows.length, 200);
  assert.deepEqual(Object.keys(map), rows.map(({ consumerId }) => consumerId));
  for (const { consumerId, stats } of rows) for (const [name] of FIELDS) assert.equal(map[consumerId][name], stats[name]);
  assert.notDeepEqual(JSON.parse(maps(200).bodies[0]), map, 'the next reading has other numbers');
});

// What a report of these points prints, and its files.
function reported(points) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mediasoup-bench-'));
  const script = `const { Report } = require(${JSON.stringify(require.resolve('./lib/report.js'))});
    const report = new Report({ folder: ${JSON.stringify(folder)}, headline: 5000 });
    for (const point of ${JSON.stringify(points)}) report.add(point);
    report.write();`;
  const { stdout, status } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' });
  assert.equal(status, 0);
  const files = Object.fromEntries(fs.readdirSync(folder).map((name) => [name, fs.readFileSync(path.join(folder, name), 'utf8')]));
  fs.rmSync(folder, { recursive: true });
  return { lines: stdout.trimEnd().split('\n').map((line) => JSON.parse(line)), files };
}

test('a line of JSON a figure; everything in the table and the plots', () => {
  const point = { figure: 'a_figure', peerName: 'another', unit: 'us', ours: 2, peer: 12.34567, ratio: 6.172835, runs: 5 };
  const { lines, files } = reported([{ ...point, size: 100 }, { ...point, size: 5000 }, { ...point, size: 5000, aside: 'by the way' },
    { ...point, figure: 'of_nothing', size: 5000, ours: 0, ratio: null }]);
  assert.deepEqual(lines, [
    { figure: 'a_figure', ours: 2, peer: 12.35, peer_name: 'another', unit: 'us', ratio: 6.173, runs: 5, consumers: 5000 },
    { figure: 'of_nothing', ours: 0, peer: 12.35, peer_name: 'another', unit: 'us', ratio: null, runs: 5, consumers: 5000 }]);
  assert.equal(files['table.md'].trimEnd().split('\n').length, 2 + 4);
  assert.deepEqual(Object.keys(files).sort(), ['a_figure.svg', 'of_nothing.svg', 'table.md']);
});

test('a plot has every point where its axes say, and every name', () => {
  const svg = plot({ title: 'A < B', unit: 'ms', series: [
    { name: 'ours', points: [{ size: 100, value: 1 }, { size: 10000, value: 100 }] }, { name: 'peer', points: [{ size: 100, value: 10 }] }] });
  const circles = [...svg.matchAll(/<circle cx="([\d.]+)" cy="([\d.]+)"/g)].map(([, x, y]) => [Number(x), Number(y)]);
  const [[x1, y1], [x2, y2], [x3, y3]] = circles;
  assert.equal(circles.length, 3);
  assert.ok(x1 < x2 && x1 === x3);
  assert.ok(Math.abs((y1 + y2) / 2 - y3) < 1, 'ten is halfway between one and a hundred');
  for (const name of ['ours', 'peer', 'consumers', 'ms', 'A &#60; B']) assert.ok(svg.includes(`>${name}</text>`), name);
  assert.doesNotMatch(svg, /NaN|undefined|Infinity/);
});
