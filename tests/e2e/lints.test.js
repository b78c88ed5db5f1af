// SPDX-License-Identifier: MIT
'use strict';

// What `promtool check metrics` finds of all that the demo makes: in write_prometheus' own words, and after the shipped
// relabelling, as Prometheus gives it to another Prometheus. Each thing that it minds is listed here with the reason why it
// stays; anything else is a mistake.

const assert = require('node:assert/strict');
const { spawnSync } = require('node:child_process');
const { after, before, test } = require('node:test');
const { Demo } = require('./demo.js');

const BITS = { lint: 'use base unit "bytes" instead of "bits"', of: /_bitrate_bits_per_second$/,
  because: 'bitrates are in bits, mediasoup\'s and everybody\'s' };
const BEFORE = [BITS,
  { lint: 'non-histogram and non-summary metrics should not have "_sum" suffix', of: /^collectd_mediasoup_stream_\w+_sum$/,
    because: 'they are histograms, which write_prometheus has no type for' },
  { lint: 'metric name should not include type \'counter\'', of: /^collectd_protocols_protocol_counter_total$/,
    because: 'collectd\'s own plugin is called so' },
];
const AFTER = [BITS,
  { lint: 'label names should be written in \'snake_case\' not \'camelCase\'', of: /^mediasoup_/,
    because: 'roomId, consumerId, mimeType are mediasoup\'s names, and mediasoup-exporter\'s' },
  { lint: 'no help text', of: /^mediasoup_/, because: '/federate leaves it out' },
];

let demo;
before(async () => {
  demo = await Demo.start();
  await demo.prometheus.until('mediasoup_stream_round_trip_time_seconds_count', 'all that a stream has');
});
after(() => demo?.stop());

const textOf = async (url) => (await fetch(url)).text();

// What promtool minds: [{ name, lint }].
function lintsOf(metrics) {
  const { stderr, error } = spawnSync(process.env.PROMTOOL || 'promtool', ['check', 'metrics'], { input: metrics, encoding: 'utf8' });
  assert.ifError(error);
  return stderr.split('\n').filter(Boolean).map((line) => ({ name: line.split(' ', 1)[0], lint: line.slice(line.indexOf(' ') + 1) }));
}

function onlyListed(metrics, list) {
  const found = lintsOf(metrics);
  const isListed = ({ name, lint }) => list.some((one) => one.lint === lint && one.of.test(name));
  assert.deepEqual(found.filter((one) => !isListed(one)), []);
  for (const { lint } of list) assert.ok(found.some((one) => one.lint === lint), `nobody minds "${lint}" any more`);
}

test('write_prometheus\' metrics', async () => onlyListed(await textOf(`http://127.0.0.1:${demo.port}/metrics`), BEFORE));

test('the relabelled metrics', async () => {
  const metrics = await textOf(`${demo.prometheus.url}/federate?match[]={__name__=~"mediasoup_.*"}`);
  assert.match(metrics, /^mediasoup_consumers_byte_count\{/m);
  onlyListed(metrics, AFTER);
});
