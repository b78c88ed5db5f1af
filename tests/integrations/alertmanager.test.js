// SPDX-License-Identifier: MIT
'use strict';

// Alertmanager with the shipped sample: which receiver gets which alert, and that the alert on a real room's loss arrives with
// the labels that name the room and the application.

const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const http = require('node:http');
const path = require('node:path');
const { after, before, test } = require('node:test');
const { hurried } = require('../e2e/hurried.js');
const { Stack } = require('../e2e/stack.js');
const { freePort } = require('../lib/free_port.js');
const { Prometheus, SHIPPED } = require('../lib/prometheus.js');
const { until } = require('../lib/wait.js');
const { ServerProcess } = require('../lib/server_process.js');

const SAMPLE = path.join(SHIPPED, 'alertmanager.yml');
const text = fs.readFileSync(SAMPLE, 'utf8');

const amtool = (...args) => execFileSync('amtool', args, { encoding: 'utf8', stdio: 'pipe' }).trim();

test('amtool accepts the sample', () => {
  assert.match(amtool('check-config', SAMPLE), /SUCCESS/);
});

const ROUTES = { 'alertname=MediasoupWorkerDied severity=critical': 'night', 'alertname=MediasoupRoomLossHigh severity=warning': 'morning',
  'alertname=Other severity=critical': 'morning' };
for (const [labels, receiver] of Object.entries(ROUTES))
  test(`${labels} goes to the receiver ${receiver}`, () => {
    assert.equal(amtool('config', 'routes', 'test', `--config.file=${SAMPLE}`, ...labels.split(' ')), receiver);
  });

// Remembers what is posted, by path.
class Webhook {
  constructor() {
    this.alerts = [];
    this.server = http.createServer((request, response) => {
      const chunks = [];
      request.on('data', (chunk) => chunks.push(chunk)).on('end', () => {
        for (const alert of JSON.parse(Buffer.concat(chunks)).alerts) this.alerts.push({ receiver: request.url, ...alert });
        response.end();
      });
    });
  }

  async listen() {
    await new Promise((done) => this.server.listen(0, '127.0.0.1', done));
    return this.server.address().port;
  }

  close() {
    this.server.closeAllConnections();
    this.server.close();
  }
}

const webhook = new Webhook();
let stack;
let prometheus;
let alertmanager;

async function startAlertmanager() {
  const port = await freePort();
  const sink = await webhook.listen();
  const edited = text.replaceAll('127.0.0.1:9099', `127.0.0.1:${sink}`).replace('group_wait: 30s', 'group_wait: 1s');
  assert.ok(edited.includes('group_wait: 1s'));
  return ServerProcess.start({
    url: `http://127.0.0.1:${port}`,
    words: (folder) => {
      fs.writeFileSync(path.join(folder, 'alertmanager.yml'), edited);
      return ['prometheus-alertmanager', `--config.file=${folder}/alertmanager.yml`, `--storage.path=${folder}/data`,
        `--web.listen-address=127.0.0.1:${port}`, '--cluster.listen-address='];
    },
  });
}

before(async () => {
  stack = await Stack.start({ prometheus: false, shipped: true, endpointName: 'conference' });
  const room = await stack.sfu.addRoom('attic');
  const { producer } = await room.publish('video', { peerId: 'alice' });
  await room.subscribe(producer, { peerId: 'bob', roundTripTime: 100, loss: 0.2 });
  // So many others receive well that the application as a whole is not in trouble.
  const well = await stack.sfu.addRoom('cellar');
  for (let n = 0; n < 8; n += 1) await well.subscribe((await well.publish('video', { peerId: `p${n}` })).producer, { peerId: 'bob' });
  stack.sfu.start();
  alertmanager = await startAlertmanager();
  const alerting = `\nalerting:\n  alertmanagers:\n    - static_configs:\n        - targets: ['${alertmanager.url.slice('http://'.length)}']\n`;
  prometheus = await Prometheus.start({ target: `127.0.0.1:${stack.port}`, changeRules: hurried, edit: (yaml) => yaml + alerting });
});

after(async () => {
  await prometheus?.stop();
  await alertmanager?.stop();
  webhook.close();
  await stack?.stop();
});

test('the loss of a room arrives in the morning, with the labels of room and application', async () => {
  const is = ({ labels, status }) => labels.alertname === 'MediasoupRoomLossHigh' && labels.of === 'consumers' && status === 'firing';
  const alert = await until(() => webhook.alerts.find(is),
    { what: 'the alert', timeout: 90000, every: 250, detail: () => JSON.stringify(webhook.alerts) + alertmanager.log });
  const { alertname, ...labels } = alert.labels;
  assert.deepEqual(labels, { endpoint: 'conference', group: 'room', instance: 'testhost', job: 'collectd', of: 'consumers', roomId: 'attic', severity: 'warning' });
  assert.equal(alert.receiver, '/morning');
  assert.match(alert.annotations.summary, /of the packets of consumers in room attic on testhost are lost$/);
  assert.ok(webhook.alerts.every((one) => one.labels.roomId !== 'cellar'));
});

// [what fires, what it silences, what it does not]; the second word is the label `of`.
const ROOM = { endpoint: 'x', group: 'room', roomId: 'r' };
const SILENCES = [
  [{ alertname: 'MediasoupLossHigh' }, ['MediasoupRoomLossHigh', 'MediasoupRoomUplinkBad', 'MediasoupRoomDownlinkBad', 'MediasoupManyBadStreams'],
    ['MediasoupRoomWorkerBad', 'MediasoupWorkerDied', 'MediasoupHostUdpDrops']],
  ...['MediasoupEndpointDown', 'MediasoupWorkerDied', 'MediasoupApplicationRestarted'].map((alertname) => [{ alertname },
    ['MediasoupRoomUplinkBad', 'MediasoupRoomConnectionsBad', 'MediasoupRoomLossHigh', 'MediasoupSilentStreams'], ['MediasoupLossHigh', 'MediasoupWorkerStalled']]),
  [{ alertname: 'MediasoupWorkerStalled' }, ['MediasoupRoomWorkerBad', 'MediasoupConnectFailures'], ['MediasoupRoomUplinkBad', 'MediasoupWorkerDied']],
  [{ alertname: 'MediasoupRoomUplinkBad', ...ROOM }, ['MediasoupRoomLossHigh producers', 'MediasoupRoomLossHigh consumers'], ['MediasoupRoomDownlinkBad']],
  [{ alertname: 'MediasoupRoomWorkerBad', ...ROOM }, ['MediasoupRoomLossHigh consumers'], ['MediasoupLossHigh']],
  [{ alertname: 'MediasoupRoomDownlinkBad', ...ROOM }, ['MediasoupRoomLossHigh consumers'], ['MediasoupRoomLossHigh producers', 'MediasoupRoomUplinkBad']],
];

const amtoolAlert = (verb, labels, ...flags) => amtool('alert', verb, `--alertmanager.url=${alertmanager.url}`, ...flags,
  ...Object.entries(labels).map(([label, value]) => `${label}=${value}`));
const isListed = (labels, flag) => until(() => amtoolAlert('query', labels, flag, '--output=simple').includes(labels.alertname),
  { what: `${JSON.stringify(labels)} to be ${flag}`, timeout: 10000, every: 100 });

// Both alerts fire on an instance that no other case has. Resolves when the second is silent, or is not.
async function firesBeside(source, text, instance, flag) {
  const [alertname, of] = text.split(' ');
  const labels = { alertname, ...ROOM, instance, ...(of && { of }) };
  for (const one of [{ endpoint: 'x', ...source, instance }, labels]) amtoolAlert('add', one);
  await isListed(labels, flag);
  return labels;
}

SILENCES.forEach(([source, silenced, shown], index) =>
  test(`${source.alertname} silences what it explains, on its application and in its room, and nothing else`, async () => {
    for (const text of shown) await firesBeside(source, text, `${index} ${text}`, '--active');
    for (const text of silenced) {
      const labels = await firesBeside(source, text, `${index} ${text}`, '--inhibited');
      for (const other of [{ instance: `${labels.instance}, another` }, { endpoint: 'y' }, ...(source.roomId ? [{ roomId: 's' }] : [])]) {
        amtoolAlert('add', { ...labels, ...other });
        await isListed({ ...labels, ...other }, '--active');
      }
    }
  }));
