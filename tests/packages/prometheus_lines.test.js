// SPDX-License-Identifier: MIT
'use strict';

// prometheus-lines, as it is installed: with the lines that it prints, a prometheus.yml that was there before keeps its jobs
// and rules, and gets ours. Prometheus itself says so, in the version that is on this machine.

const { test, before } = require('node:test');
const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { Prometheus, promtool } = require('../lib/prometheus.js');
const { withLines } = require('../lib/prometheus_yml.js');
const { until } = require('../lib/wait.js');

const ROOT = path.resolve(__dirname, '../..');
const BUILD = path.resolve(process.env.MEDIASOUP_PLUGIN_DIR ?? path.join(ROOT, 'build/plugin/.libs'), '..');
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mediasoup-lines-'));
process.on('exit', () => fs.rmSync(folder, { recursive: true, force: true }));
const shared = path.join(folder, 'usr/local/share/collectd-mediasoup');
const OWN_RULES = 'groups:\n  - name: own\n    rules:\n      - {record: own, expr: vector(1)}\n';

before(() => {
  const env = { ...process.env };
  delete env.MAKEFLAGS;
  execFileSync('make', ['-C', BUILD, 'install', `DESTDIR=${folder}`], { stdio: 'ignore', env });
  fs.writeFileSync(path.join(folder, 'own.rules.yml'), OWN_RULES);
});

const lines = (...args) => execFileSync(path.join(shared, 'prometheus-lines'), args, { encoding: 'utf8' });

const installedVersion = () => /version (\d+)\.(\d+)/.exec(promtool('--version')).slice(1).map(Number);
const canInclude = () => { const [major, minor] = installedVersion(); return major > 2 || minor >= 43; };

// Debian's own configuration has these keys; the job and the rules are the operator's.
const OWN = `global:
  scrape_interval: 15s
rule_files:
  - ${folder}/own.rules.yml
scrape_configs:
  - job_name: own
    static_configs:
      - targets: ['127.0.0.1:1']
`;
const STOCK = '/usr/share/doc/prometheus/examples/prometheus.yml';

test('from 2.43 on the job is included, before that printed', () => {
  for (const version of ['2.43.0', '2.53.3', '3.5.0']) {
    assert.match(lines(version), /^scrape_config_files:\n {2}- .*\/prometheus\.scrape\.yml$/m);
    assert.doesNotMatch(lines(version), /job_name/);
  }
  for (const version of ['2.42.0', '2.9.1', '1.8.2', '']) {
    assert.match(lines(version), /^scrape_configs:\n {2}- job_name: collectd$/m);
    assert.doesNotMatch(lines(version), /scrape_config_files/);
  }
  assert.equal(lines(), lines(canInclude() ? '2.43' : '2.42'));
});

test('the job that is included is the job of prometheus.yml', () => {
  const whole = fs.readFileSync(path.join(shared, 'prometheus.yml'), 'utf8');
  const [, job] = /^(scrape_configs:\n[^]*)$/m.exec(whole);
  assert.equal(fs.readFileSync(path.join(shared, 'prometheus.scrape.yml'), 'utf8').replace(/^#.*\n/, ''), job);
});

test('Debian\'s own prometheus.yml with the lines is one that promtool accepts, with our rules', () => {
  const file = path.join(folder, 'stock.yml');
  fs.writeFileSync(file, withLines(fs.readFileSync(STOCK, 'utf8'), lines()));
  assert.match(promtool('check', 'config', file), /SUCCESS: 2 rule files found/);
});

test('a Prometheus with jobs and rules of its own keeps them and gets ours', async () => {
  const prometheus = await Prometheus.start({ target: '127.0.0.1:9103', edit: () => withLines(OWN, lines()) });
  try {
    const get = async (what) => (await (await fetch(`${prometheus.url}/api/v1/${what}`)).json()).data;
    await until(async () => (await get('targets')).activeTargets.length === 2, { what: 'both jobs', timeout: 30000 });
    assert.deepEqual((await get('targets')).activeTargets.map((one) => one.scrapePool).sort(), ['collectd', 'own']);
    const files = (await get('rules')).groups.map((group) => path.basename(group.file));
    assert.deepEqual([...new Set(files)].sort(), ['own.rules.yml', 'prometheus.alerts.yml', 'prometheus.rules.yml']);
  } finally {
    await prometheus.stop();
  }
});
