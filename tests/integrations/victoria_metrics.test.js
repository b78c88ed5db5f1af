// SPDX-License-Identifier: MIT
'use strict';

// VictoriaMetrics scrapes the same collectd as Prometheus, with the same file: the same series, the same numbers.

const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { after, before, test } = require('node:test');
const { SHIPPED } = require('../lib/prometheus.js');
const { until } = require('../lib/wait.js');
const { Stack } = require('../e2e/stack.js');
const { query, startVictoriaMetrics } = require('./victoria_metrics.js');

const ALL = '{__name__=~"mediasoup_.+"}';
const COUNTED = '{__name__=~"mediasoup_(producers|consumers)_(byte|packet)_count|mediasoup_(routers|producers|consumers)_num"}';

let stack;
let victoria;

const nameOf = ({ name, labels }) => `${name}${JSON.stringify(Object.entries(labels).sort())}`;
// VictoriaMetrics stores no unknown values, so it still shows what Prometheus has ceased to know.
const wasKnown = ({ values: list }) => list.some((value) => !Number.isNaN(value));
const names = (samples) => samples.map(nameOf).sort();
const values = (samples) => Object.fromEntries(samples.map((sample) => [nameOf(sample), sample.value]));

before(async () => {
  stack = await Stack.start({ workers: 2, shipped: true, views: true });
  for (const roomId of ['one', 'two']) {
    const room = await stack.sfu.addRoom(roomId);
    for (const kind of ['audio', 'video']) {
      const { producer } = await room.publish(kind, { peerId: 'alice' });
      await room.subscribe(producer, { peerId: 'bob' });
    }
  }
  stack.sfu.start();
  victoria = await startVictoriaMetrics({ target: `127.0.0.1:${stack.port}` });
  await stack.until('mediasoup_consumers_byte_count > 10000', (samples) => samples.length === 4, 'four consumers that receive');
  await stack.sfu.stop(); // from here on, counters stand still
});

after(async () => {
  await victoria?.stop();
  await stack?.stop();
});

test('it has the series of Prometheus, with the same names and labels', async () => {
  let theirs;
  let ours;
  await until(async () => {
    [ours, theirs] = [names((await stack.prometheus.history(ALL, '5m')).filter(wasKnown)), names(await query(victoria, ALL))];
    return ours.length > 200 && JSON.stringify(ours) === JSON.stringify(theirs);
  }, { what: 'the same series', timeout: 60000, every: 500, detail: () => `${ours.length} in Prometheus, ${theirs.length} in VictoriaMetrics` });
});

test('it has the numbers of Prometheus', async () => {
  let theirs;
  let ours;
  await until(async () => {
    [ours, theirs] = [values(await stack.query(COUNTED)), values(await query(victoria, COUNTED))];
    return JSON.stringify(Object.entries(ours).sort()) === JSON.stringify(Object.entries(theirs).sort());
  }, { what: 'the same numbers', timeout: 60000, every: 500, detail: () => JSON.stringify([ours, theirs], null, 1) });
  assert.equal(Object.keys(ours).length, 3 + 2 * 4 + 2 * 4);
  assert.ok(Object.values(ours).every((value) => value > 0));
});

test('vmalert takes the rules and alerts', () => {
  const rules = ['prometheus.rules.yml', 'prometheus.alerts.yml'].map((name) => `-rule=${path.join(SHIPPED, name)}`);
  execFileSync('vmalert', ['-dryRun', ...rules], { stdio: 'pipe' });
});

test('the address that docs/integrations.md gives to programs that do not relabel has summaries with labels', async () => {
  const document = fs.readFileSync(path.join(__dirname, '../../docs/integrations.md'), 'utf8');
  const addresses = [...document.matchAll(/\?class=[\w,]+/g)].map(([query]) => query);
  assert.equal(addresses.length, 2);
  assert.equal(addresses[0], addresses[1]);
  const response = await fetch(`http://127.0.0.1:${stack.viewsPort}/metrics${addresses[0]}`);
  const text = await response.text();
  for (const found of [/^mediasoup_endpoint_up\{.*\} 1$/m, /^mediasoup_workers_cpu_/m, /^mediasoup_groups_\w+\{/m,
    /^mediasoup_group_producers_\w+\{.*roomId="one"/m, /^mediasoup_group_consumers_\w+\{.*roomId="two"/m]) assert.match(text, found);
  assert.doesNotMatch(text, /consumerId=/);
});
