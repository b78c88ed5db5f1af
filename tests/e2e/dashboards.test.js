// SPDX-License-Identifier: MIT
'use strict';

// Every query of the shipped dashboards finds numbers in a Prometheus that has scraped a collectd that reads the demo's
// application, all three as they are shipped.

const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');
const { dashboards, queriesOf, substituted } = require('../lib/dashboards.js');
const { until } = require('../lib/wait.js');
const { Demo } = require('./demo.js');

const VALUES = { instance: 'testhost', endpoint: '.*', roomId: 'room-1', __rate_interval: '20s', __range: '5m' };

// Queries that find nothing in the demo.
const NOTHING = [
  { matches: /ALERTS/, because: 'none of its alerts is pending or firing' },
  { matches: /transport_connect_time/, because: 'its participants send over plain transports, which do not connect' },
];
// Queries that find series, but of figures that nobody knows there.
const UNKNOWN = [
  { matches: /producers_round_trip_time/, because: 'its senders answer no receiver reports' },
  { matches: /consumers_jitter/, because: 'mediasoup tells it since 3.19.10' },
];
const listed = (list, expression) => list.find(({ matches }) => matches.test(expression));

let demo;
let prometheus;

before(async () => {
  demo = await Demo.start();
  ({ prometheus } = demo);
});

after(() => demo?.stop());

for (const { file, dashboard } of dashboards) {
  describe(file, () => {
    for (const { name, expression } of queriesOf(dashboard)) {
      test(name, async () => {
        const query = substituted(expression, VALUES);
        if (listed(NOTHING, query)) {
          await prometheus.query(query); // which throws where it is none
          return;
        }
        const isWanted = listed(UNKNOWN, query) ? () => true : ({ value }) => Number.isFinite(value);
        let found;
        await until(async () => {
          found = await prometheus.query(query);
          return found.some(isWanted);
        }, { what: `numbers for ${query}`, timeout: 60000, every: 250, detail: () => `${JSON.stringify(found)}\n${demo.collectd.log.join('\n')}` });
      });
    }
  });
}

test('a room\'s figures are those of its consumers', async () => {
  const [{ value: streams }] = await prometheus.query('mediasoup_group_consumers_streams{group="room",roomId="room-2"}');
  const [{ value: paused }] = await prometheus.query('mediasoup_group_consumers_streams_paused{group="room",roomId="room-2"}');
  const [{ value: consumers }] = await prometheus.query('count(mediasoup_consumers_score{roomId="room-2"})');
  assert.ok(streams >= 8, `${streams} streams`);
  assert.equal(streams + paused, consumers);
});

test('collectd has nothing to complain of', () => assert.deepEqual(demo.collectd.complaints(), []));
