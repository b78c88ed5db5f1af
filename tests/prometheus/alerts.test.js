// SPDX-License-Identifier: MIT
'use strict';

// The shipped rules and alerts by themselves: promtool's opinion, its unit tests (alerts.yml), and that none is forgotten
// there or in docs/prometheus.md.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { describe, test } = require('node:test');
const { RULE_FILES, SHIPPED, promtool } = require('../lib/prometheus.js');

const CASES = path.join(__dirname, 'alerts.yml');
const DOCUMENT = path.resolve(__dirname, '../../docs/prometheus.md');

const one = (text, pattern) => pattern.exec(text)?.[1];
const ALERTS = fs.readFileSync(path.join(SHIPPED, 'prometheus.alerts.yml'), 'utf8').split(/^ +- alert: /m).slice(1).map((text) => ({
  name: one(text, /^(\w+)/),
  wait: one(text, /^ +for: (\w+)$/m) ?? '',
  severity: one(text, /severity: (\w+)/),
  summary: one(text, /summary: '(.*)'$/m),
  description: one(text, /description: >-\n +(\S[^]*)/),
}));

// { name: of the alert, fires, series: the metrics that it is fed, expected: the alerts of which it says that they fire }
const cases = fs.readFileSync(CASES, 'utf8').split(/^ +- name: /m).slice(1).map((text) => ({
  name: one(text, /^(\w+)/),
  fires: /^\w+ fires$/m.test(text.split('\n', 1)[0]),
  series: new Set([...text.matchAll(/series: '(\w+)\{/g)].map((match) => match[1])),
  expected: new Set([...text.matchAll(/alertname="(\w+)"/g)].map((match) => match[1])),
  checks: text.includes('ALERTS{alertstate="firing"}'),
}));

test('promtool accepts the rules and the alerts', () => {
  for (const name of RULE_FILES) assert.match(promtool('check', 'rules', '--lint-fatal', path.join(SHIPPED, name)), /SUCCESS: \d+ rules found/);
});

test('each alert fires when it should, and only then', () => {
  assert.match(promtool('test', 'rules', CASES), /SUCCESS/);
});

describe('each alert', () => {
  test('is there', () => assert.equal(ALERTS.length, 17));
  for (const { name, severity, summary, description } of ALERTS) {
    test(`${name} has a case that fires it and one, of the same series, that does not`, () => {
      const [firing] = cases.filter((one) => one.name === name && one.fires);
      const [silent] = cases.filter((one) => one.name === name && !one.fires);
      assert.ok(firing && silent, 'a case is missing');
      assert.deepEqual([...firing.expected], [name]);
      assert.deepEqual([...silent.expected], []);
      assert.ok(silent.checks);
      assert.ok([...silent.series].some((series) => firing.series.has(series)), 'the silent case is about something else');
    });

    test(`${name} says what is the matter and what to do`, () => {
      assert.match(name, /^Mediasoup[A-Z]/);
      assert.ok(['critical', 'warning'].includes(severity), severity);
      assert.match(summary, /\$labels\.instance/);
      assert.ok(description.length > 80, description);
    });
  }
});

test('docs/prometheus.md lists them with their times', () => {
  const listed = [...fs.readFileSync(DOCUMENT, 'utf8').matchAll(/^\| `(Mediasoup\w+)` \|.*\| (\w*) ?\| (\w+) \|$/gm)].map((match) => match.slice(1));
  assert.deepEqual(listed, ALERTS.map(({ name, wait, severity }) => [name, wait, severity]));
});
