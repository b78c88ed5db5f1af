// SPDX-License-Identifier: MIT
'use strict';

// Two real collectds on hosts whose clocks differ: one reads an application and forwards the rows, by write_http or by the
// network plugin, the other shows them.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { after, before, test } = require('node:test');
const { STOCK_PLUGIN_DIR } = require('../lib/collectd.js');
const { freePort } = require('../lib/free_port.js');
const { buildShiftedClock } = require('../lib/shifted_clock.js');
const { until } = require('../lib/wait.js');
const { answer } = require('../integration/fake_endpoint.js');
const { oneOfEach, snapshot } = require('../integration/snapshots.js');
const { ViewsRig, forwarding } = require('./client.js');

const TYPES = path.resolve(__dirname, '../../collectd.conf.d/mediasoup.types.db');
const loadNetwork = (port, what) => `PluginDir "${STOCK_PLUGIN_DIR}"\nLoadPlugin network\n<Plugin network>\n  ${what} "127.0.0.1" "${port}"\n</Plugin>`;

let folder;
let library;
before(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mediasoup-clocks-'));
  library = buildShiftedClock(folder);
});
after(() => fs.rmSync(folder, { recursive: true }));

// A receiver with the right clock, and a sender whose clock is `seconds` off; what they answer goes to `look`. It may set the
// sender's clock, which is one that starts anew.
async function between(seconds, look) {
  const [http, network] = [await freePort(), await freePort()];
  const receiver = new ViewsRig();
  let sender;
  const setClock = async (to) => {
    const before = sender;
    sender = undefined;
    await before?.close();
    sender = await ViewsRig.start(answer(() => snapshot(oneOfEach('room-1'))), { clock: { library, seconds: to },
      extra: `Hostname "sender"\n${forwarding({ port: http, token: 't' })}\n${loadNetwork(network, 'Server')}` });
    return sender;
  };
  try {
    receiver.target = { port: http };
    await receiver.collectd({ mediasoup: false, views: { Port: http },
      extra: `TypesDB "${TYPES}"\n${loadNetwork(network, 'Listen')}\n<Plugin write_mediasoup>\n  <Receive>\n    Token "t"\n  </Receive>\n</Plugin>` });
    await setClock(seconds);
    await look(receiver, sender, setClock);
  } finally {
    await sender?.close();
    await receiver.close();
  }
}

for (const seconds of [-86400, -15, 30])
  test(`a sender whose clock is ${seconds} s off is shown as what came just now`, () => between(seconds, async (receiver, sender) => {
    const rows = await receiver.when('/consumers?host=sender', (list) => list.length === 1 && list[0].consumerId !== undefined);
    const [there] = await sender.json('/consumers');
    assert.ok(Math.abs(there.timestamp - Date.now() - seconds * 1000) < 5000 * sender.daemon.slowdown, 'the clock is shifted');
    assert.ok(rows[0].age >= 0 && rows[0].age < 5 * sender.daemon.slowdown, `age ${rows[0].age}`);
    assert.deepEqual(receiver.daemon.lines(/refused/), []);
    assert.equal((await receiver.json('/producers?host=sender')).length, (await sender.json('/producers')).length);
  }));

test('a sender whose clock is set back is shown by its new time at once, and the log says so once', () => between(50, async (receiver, sender, setClock) => {
  const lag = ([row]) => Math.abs(row.timestamp - Date.now()) / 1000;
  await receiver.when('/endpoint?host=sender', (list) => list.length === 1 && lag(list) > 40);
  await receiver.when('/consumers?host=sender', (list) => list.length === 1);
  await receiver.when('/history?class=endpoint&host=sender', ({ series }) => series.length === 1); // it has been observed by that time
  const said = () => receiver.daemon.lines(/the clock of sender was set back by (4\d|50) seconds/);
  await setClock(0);
  await receiver.when('/endpoint?host=sender', (list) => list.length === 1 && lag(list) < 10);
  await receiver.when('/consumers?host=sender', (list) => list.length === 1 && lag(list) < 10);
  await until(() => said().length > 0, { what: 'the log to say it', detail: () => receiver.daemon.log.join('\n') });
  assert.equal(said().length, 1);
}));

test('a sender whose clock is two minutes ahead is refused, with the reason', () => between(120, async (receiver) => {
  await until(() => receiver.daemon.lines(/a POST was refused: .*clock/).length > 0, { what: 'the refusal', detail: () => receiver.daemon.log.join('\n') });
  assert.equal(receiver.daemon.lines(/a POST was refused/).length, 1);
}));
