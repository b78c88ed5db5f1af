// SPDX-License-Identifier: MIT
'use strict';

// A real Prometheus with the shipped configuration, as a child on a loopback port of its own. Of the
// configuration only the address to scrape and the two intervals are replaced.
//
//   PROMETHEUS, PROMTOOL   the programs, when they are not on PATH

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { freePort } = require('./free_port.js');
const { ServerProcess } = require('./server_process.js');
const { until } = require('./wait.js');

const SHIPPED = path.resolve(__dirname, '../../collectd.conf.d');
const RULE_FILES = ['prometheus.rules.yml', 'prometheus.alerts.yml'];
const PROMETHEUS = process.env.PROMETHEUS || 'prometheus';
const PROMTOOL = process.env.PROMTOOL || 'promtool';

function replaceAll(text, from, to) {
  if (!text.includes(from)) throw new Error(`the shipped prometheus.yml has no "${from}" to replace`);
  return text.replaceAll(from, to);
}

// Puts the shipped files into `folder`, for `target` (host:port); answers the configuration's path. `edit` may change
// the configuration's text; `changeRules` is given the text of each file of rules.
function writeConfiguration(folder, { target, interval, edit = (text) => text, changeRules = (rules) => rules }) {
  let text = fs.readFileSync(path.join(SHIPPED, 'prometheus.yml'), 'utf8');
  text = replaceAll(text, '127.0.0.1:9103', target);
  if (interval) text = replaceAll(text, '_interval: 10s', `_interval: ${interval}`);
  fs.mkdirSync(folder, { recursive: true });
  const file = path.join(folder, 'prometheus.yml');
  fs.writeFileSync(file, edit(text));
  for (const name of RULE_FILES)
    fs.writeFileSync(path.join(folder, name), changeRules(fs.readFileSync(path.join(SHIPPED, name), 'utf8')));
  return file;
}

class Prometheus extends ServerProcess {
  // Starts Prometheus for the exporter at `target` (host:port); resolves when it is ready to answer.
  static async start({ target, interval = '1s', edit, changeRules }) {
    const address = `127.0.0.1:${await freePort()}`;
    const words = (folder) => [PROMETHEUS, `--config.file=${writeConfiguration(folder, { target, interval, edit, changeRules })}`,
      `--storage.tsdb.path=${path.join(folder, 'data')}`, `--web.listen-address=${address}`];
    return super.start({ words, url: `http://${address}`, ready: '/-/ready' });
  }

  async #get(pathname) {
    const answer = await this.json(pathname);
    if (answer.status !== 'success') throw new Error(`${pathname}: ${answer.error}`);
    return answer.data;
  }

  // The samples of an instant query: [{ name, labels, value }], without the label `job`, which is always the same.
  async query(expression) {
    const { result } = await this.#get(`/api/v1/query?query=${encodeURIComponent(expression)}`);
    return result.map(({ metric: { __name__: name, job, ...labels }, value }) => ({ name, labels, value: Number(value[1]) }));
  }

  // Waits until `expression` finds something; answers it.
  async until(expression, what = expression) {
    return until(async () => {
      const samples = await this.query(expression);
      return samples.length > 0 && samples;
    }, { what, timeout: 60000, every: 250, detail: () => this.log });
  }

  // The samples of a range vector: [{ name, labels, values }], oldest first.
  async history(selector, range = '1h') {
    const { result } = await this.#get(`/api/v1/query?query=${encodeURIComponent(`${selector}[${range}]`)}`);
    return result.map(({ metric: { __name__: name, job, ...labels }, values }) =>
      ({ name, labels, values: values.map(([, value]) => Number(value)) }));
  }

  // The alerts that are pending or firing: [{ name, state, labels, annotations }].
  async alerts() {
    const { alerts } = await this.#get('/api/v1/alerts');
    return alerts.map(({ labels: { alertname: name, job, ...labels }, annotations, state }) => ({ name, state, labels, annotations }));
  }

  // What Prometheus says of its one target: { health, lastError, ... }.
  async target() {
    return (await this.#get('/api/v1/targets')).activeTargets[0];
  }
}

// Runs promtool; throws with its words when it is not content.
const promtool = (...args) => execFileSync(PROMTOOL, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

module.exports = { Prometheus, RULE_FILES, SHIPPED, promtool, writeConfiguration };
