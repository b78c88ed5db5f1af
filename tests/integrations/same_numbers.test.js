// SPDX-License-Identifier: MIT
'use strict';

// VictoriaMetrics and Debian 13's Prometheus scrape the same collectd as this machine's Prometheus, with the same file: the
// same series, the same numbers.

const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { after, before, describe, test } = require('node:test');
const { SHIPPED } = require('../lib/prometheus.js');
const { until } = require('../lib/wait.js');
const { Stack } = require('../e2e/stack.js');
const { NewerPrometheus } = require('./newer_prometheus.js');
const { query, startVictoriaMetrics } = require('./victoria_metrics.js');

const ALL = '{__name__=~"mediasoup_.+"}';
const COUNTED = '{__name__=~"mediasoup_(producers|consumers)_(byte|packet)_count|mediasoup_(routers|producers|consumers)_num"}';

// Made by rules, which VictoriaMetrics leaves to vmalert.
const RECORDED = new Set([...fs.readFileSync(path.join(SHIPPED, 'prometheus.rules.yml'), 'utf8').matchAll(/record: (\S+)/g)].map(([, name]) => name));

const nameOf = ({ name, labels }) => `${name}${JSON.stringify(Object.entries(labels).sort())}`;
const names = (samples) => samples.filter(({ name }) => !RECORDED.has(name)).map(nameOf).sort();
const values = (samples) => Object.fromEntries(samples.map((sample) => [nameOf(sample), sample.value]));
// A Prometheus forgets what is unknown now; VictoriaMetrics stores no unknown values, so it still shows what it knew.
const known = async (prometheus) => (await prometheus.history(ALL, '5m')).filter(({ values: list }) => list.some((value) => !Number.isNaN(value)));

// How each starts, what series it has, and the samples of an instant query.
const OTHERS = {
  VictoriaMetrics: { start: startVictoriaMetrics, series: (server) => query(server, ALL), ask: query },
  'Debian 13\'s Prometheus': {
    start: (options) => NewerPrometheus.start(options),
    series: known,
    ask: (server, expression) => server.query(expression),
  },
};

let stack;
const servers = new Map();

before(async () => {
  stack = await Stack.start({ workers: 2, shipped: true, views: true });
  for (const roomId of ['one', 'two']) {
    const room = await stack.sfu.addRoom(roomId);
    for (const kind of ['audio', 'video']) {
      const { producer } = await room.publish(kind, { peerId: 'alice' });
      await room.subscribe(producer, { peerId: 'bob' });
    }
  }
  for (const [name, { start }] of Object.entries(OTHERS)) servers.set(name, await start({ target: `127.0.0.1:${stack.port}` }));
  stack.sfu.start();
  await stack.until('mediasoup_consumers_byte_count > 10000', (samples) => samples.length === 4, 'four consumers that receive');
});

after(async () => {
  for (const server of servers.values()) await server.stop();
  await stack?.stop();
});

describe('while media flows', () => {
  for (const [name, { series }] of Object.entries(OTHERS))
    test(`${name} has the same series, with the same names and labels`, async () => {
      let theirs, ours;
      await until(async () => {
        [ours, theirs] = [names(await known(stack.prometheus)), names(await series(servers.get(name)))];
        return ours.length > 200 && JSON.stringify(ours) === JSON.stringify(theirs);
      }, { what: 'the same series', timeout: 60000, every: 500, detail: () => {
        const missing = ours.filter((one) => !theirs.includes(one)), more = theirs.filter((one) => !ours.includes(one));
        return JSON.stringify({ ours: ours.length, theirs: theirs.length, missing: missing.slice(0, 9), more: more.slice(0, 9) });
      } });
    });
});

describe('once nothing flows, so that counters stand still', () => {
  before(() => stack.sfu.stop());
  for (const [name, { ask }] of Object.entries(OTHERS))
    test(`${name} has the same numbers`, async () => {
      let theirs, ours;
      await until(async () => {
        [ours, theirs] = [values(await stack.query(COUNTED)), values(await ask(servers.get(name), COUNTED))];
        return JSON.stringify(Object.entries(ours).sort()) === JSON.stringify(Object.entries(theirs).sort());
      }, { what: 'the same numbers', timeout: 60000, every: 500, detail: () => JSON.stringify([ours, theirs], null, 1) });
      assert.equal(Object.keys(ours).length, 3 + 2 * 4 + 2 * 4);
      assert.ok(Object.values(ours).every((value) => value > 0));
    });
});

test('Debian 13\'s Prometheus is another version than this machine\'s', async () => {
  const versions = await Promise.all([stack.prometheus, servers.get('Debian 13\'s Prometheus')].map((server) => server.json('/api/v1/status/buildinfo')));
  const [ours, theirs] = versions.map(({ data }) => data.version);
  assert.match(theirs, /^2\.53\./);
  assert.notEqual(ours, theirs);
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
