// SPDX-License-Identifier: MIT
'use strict';

// The shipped dashboards by themselves: that Grafana can show them, that their panels say what they show, and that their
// links lead somewhere. What their queries find is in tests/e2e/dashboards.test.js.

const assert = require('node:assert/strict');
const { describe, test } = require('node:test');
const { dashboards, queriesOf } = require('../lib/dashboards.js');

const CORE = ['timeseries', 'stat', 'table', 'heatmap', 'bargauge']; // panels that every Grafana has
const COLUMNS = 24;

const uids = dashboards.map(({ dashboard }) => dashboard.uid);
const overlap = (a, b) => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
const unique = (list) => assert.equal(new Set(list).size, list.length, list.join());

test('there are four, with a uid of their own each', () => {
  assert.deepEqual(dashboards.map(({ file }) => file), ['fleet.json', 'host.json', 'room.json', 'worst.json']);
  unique(uids);
});

test('fleet, host and room say whose fault it is: streams by cause, stacked', () => {
  for (const { file, dashboard } of dashboards.filter(({ file: name }) => name !== 'worst.json')) {
    const panel = dashboard.panels.find(({ targets }) => targets.some(({ expr }) => expr.includes('streams_cause_')));
    assert.ok(panel, file);
    assert.equal(panel.fieldConfig.defaults.custom.stacking.mode, 'normal', file);
  }
});

for (const { file, text, dashboard } of dashboards) {
  describe(file, () => {
    const { panels, templating } = dashboard;

    test('is of Grafana 10 or 11, and small', () => {
      assert.ok(dashboard.schemaVersion >= 38 && dashboard.schemaVersion <= 41);
      assert.ok(text.length < 25000, `${text.length} bytes`);
      assert.ok(text.split('\n').every((line) => line.length < 400), 'a line that nobody reads');
    });

    test('has panels of their own ids, of core types, that do not overlap', () => {
      unique(panels.map(({ id }) => id));
      unique(panels.map(({ title }) => title));
      for (const { type, title, gridPos: place } of panels) {
        assert.ok(CORE.includes(type), `${title} is a ${type}`);
        assert.ok(place.x >= 0 && place.x + place.w <= COLUMNS, title);
      }
      panels.forEach((one, index) => panels.slice(index + 1).forEach((other) =>
        assert.ok(!overlap(one.gridPos, other.gridPos), `${one.title} and ${other.title}`)));
    });

    test('has a unit and a description for each panel', () => {
      for (const { title, description, fieldConfig } of panels) {
        assert.ok(description?.length > 15, title);
        assert.ok(fieldConfig.defaults.unit, title);
      }
    });

    test('asks the Prometheus that is chosen, for what its variables say', () => {
      assert.equal(templating.list[0].type, 'datasource');
      const known = [...templating.list.map(({ name }) => name), '__rate_interval', '__range', '__url_time_range', '__value', '__field', '__all'];
      for (const [, name] of text.matchAll(/\$\{?([A-Za-z_]\w*)/g)) assert.ok(known.includes(name), name);
      assert.ok(text.match(/"uid": "\$\{datasource\}"/g).length >= panels.length);
      for (const panel of panels) assert.equal(panel.datasource.uid, '${datasource}', panel.title);
      for (const { name, expression } of queriesOf(dashboard)) {
        if (!name.startsWith('variable instance')) assert.match(expression, /instance=~"\$instance"/, name);
      }
    });

    test('links to dashboards and variables that are there', () => {
      assert.ok(dashboard.tags.includes('mediasoup'));
      assert.ok(dashboard.links.some(({ type, tags, includeVars, keepTime }) => type === 'dashboards' && tags.includes('mediasoup') && includeVars && keepTime));
      for (const [, uid, parameters] of text.matchAll(/"\/d\/([\w-]+)\?([^"]*)"/g)) {
        const target = dashboards.find((one) => one.dashboard.uid === uid);
        assert.ok(target, uid);
        const names = target.dashboard.templating.list.map(({ name }) => name);
        for (const [, name] of parameters.matchAll(/var-(\w+)=/g)) assert.ok(names.includes(name), `${uid} has no variable ${name}`);
      }
    });
  });
}
