// SPDX-License-Identifier: MIT
'use strict';

// docs/migration.md names everything that mediasoup-exporter has, and what it names in its place is there. What the exporter
// has is known from its recorded output in exporter/ (0.0.4 with mediasoup 3.7.19), from its source, and from its prom-client.

const { test } = require('node:test');
const assert = require('node:assert');
const { execFileSync } = require('node:child_process');
const path = require('node:path');
const yaml = require('js-yaml');
const { ROOT, read, run } = require('./tree.js');

const BUILD = path.resolve(process.env.MEDIASOUP_PLUGIN_DIR ?? path.join(ROOT, 'build/plugin/.libs'), '..');
const EXPORTER = path.join(ROOT, 'tests/node_modules/mediasoup-exporter');
const RECORDED = 'tests/docs/exporter';

const unique = (list) => [...new Set(list)];
const namesIn = (text) => [...text.matchAll(/`([^`]*)`/g)].map((match) => match[1]);

// The rows of all tables below a heading: their cells.
function rowsOf(heading) {
  const chapter = read('docs/migration.md').split(/^## /m).find((text) => text.startsWith(`${heading}\n`));
  assert.ok(chapter, heading);
  return chapter.split('\n').filter((line) => /^\| .*`/.test(line)).map((line) => line.split(/(?<!\\)\|/).slice(1, -1).map((cell) => cell.trim()));
}

const namedIn = (heading) => rowsOf(heading).flatMap(([first]) => namesIn(first));

function assertNamed(heading, wanted, least) {
  assert.ok(wanted.length >= least, `${wanted.length} names`);
  assert.deepEqual(unique(wanted).filter((name) => !namedIn(heading).includes(name)), []);
}

const familiesIn = (text) => [...text.matchAll(/^# TYPE (\S+)/gm)].map((match) => match[1]);
const labelsIn = (text) => [...text.matchAll(/^\w+\{(.*)\} \S+$/gm)].flatMap(([, list]) => [...list.matchAll(/(\w+)=/g)].map((match) => match[1]));

test('it names every metric and label of the recorded output', () => {
  const metrics = read(`${RECORDED}/metrics.txt`);
  const samples = [...metrics.matchAll(/^(\w+)[ {]/gm)].map((match) => match[1]);
  assertNamed('Metrics', [...familiesIn(metrics), ...samples], 40);
  assertNamed('Labels', labelsIn(metrics), 9);
});

test('it names every metric and every route of the source', () => {
  const source = read(path.relative(ROOT, path.join(EXPORTER, 'libs/exporter.js')));
  assertNamed('Metrics', [...source.matchAll(/const (mediasoup_\w+) =/g)].map((match) => match[1]), 33);
  assertNamed('Routes', [...source.matchAll(/app\.get\('(\/\w+)'/g)].map((match) => `GET ${match[1]}`), 6);
});

test('it names every member of the recorded JSON', () => {
  const members = ['workers', 'routers', 'consumers', 'usage'].flatMap((view) => JSON.parse(read(`${RECORDED}/${view}.json`)).flatMap(Object.keys));
  assertNamed('Members of the JSON views', members, 40);
});

test('it names every default metric of prom-client, and their labels', () => {
  const program = `const { collectDefaultMetrics, Registry } = require(${JSON.stringify(require.resolve('prom-client', { paths: [EXPORTER] }))});
    const register = new Registry();
    collectDefaultMetrics({ register });
    // While it listens there is an active handle, which has a label of its own.
    require('net').createServer().listen(0, '127.0.0.1', () => register.getMetricsAsJSON()
      .then((all) => { process.stdout.write(JSON.stringify(all), () => process.exit()); }));`;
  const families = JSON.parse(execFileSync(process.execPath, ['-e', program], { encoding: 'utf8' }));
  assertNamed('Metrics of prom-client', families.map(({ name }) => name), 25);
  assertNamed('Metrics of prom-client', families.flatMap(({ values }) => values.flatMap(({ labels }) => Object.keys(labels))), 4);
});

// The metrics that Prometheus has after the shipped relabelling and rules.
function served() {
  const [{ metric_relabel_configs: rules }] = yaml.load(read('collectd.conf.d/prometheus.yml')).scrape_configs;
  const renames = rules.filter(({ target_label, replacement }) => target_label === '__name__' && replacement !== undefined);
  assert.ok(renames.length > 3);
  const fields = JSON.parse(run(path.join(BUILD, 'print-fields'), 'json', 'fields')).filter(({ kind }) => ['counter', 'gauge'].includes(kind));
  const names = fields.map((field) => renames.reduce((name, { regex, replacement }) =>
    name.replace(new RegExp(`^(?:${regex})$`), replacement.replace(/\$\{?(\d)\}?/g, '$$$1')), `collectd_mediasoup_${field.class}_${field.name}`));
  const records = yaml.load(read('collectd.conf.d/prometheus.rules.yml')).groups.flatMap(({ rules: list }) => list.map(({ record }) => record));
  return new Set([...names, ...records]);
}

test('the metrics that stand in for others are there, and so are those that stay', () => {
  const there = served();
  const cells = ['Metrics', 'Metrics of prom-client'].flatMap(rowsOf);
  const replacements = cells.flatMap((row) => row.slice(1).flatMap(namesIn)).filter((name) => name.startsWith('mediasoup_'));
  const stay = cells.filter(([, here]) => here.startsWith('the same')).flatMap(([first]) => namesIn(first));
  assert.ok(replacements.length > 25 && stay.length > 35, `${replacements.length} ${stay.length}`);
  assert.deepEqual(unique([...replacements, ...stay]).filter((name) => !there.has(name)), []);
});

test('each metric is the same, served by another, or gone', () => {
  for (const [name, here] of ['Metrics', 'Metrics of prom-client'].flatMap(rowsOf))
    assert.match(here, /^(the same|gone|as above|`mediasoup_\w+`|the member `)/, name);
});
