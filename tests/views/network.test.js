// SPDX-License-Identifier: MIT
'use strict';

// Rows of another host by way of collectd's network plugin, which carries identifiers and figures but no metadata. The host
// that shows them does not read mediasoup itself: it has the types from the shipped types.db.

const assert = require('node:assert/strict');
const path = require('node:path');
const { after, before, test } = require('node:test');
const { isDeepStrictEqual } = require('node:util');
const { STOCK_PLUGIN_DIR } = require('../lib/collectd.js');
const { freePort } = require('../lib/free_port.js');
const { until } = require('../lib/wait.js');
const { answer } = require('../integration/fake_endpoint.js');
const { row, snapshot, uuid } = require('../integration/snapshots.js');
const { ViewsRig } = require('./client.js');

const TYPES = path.resolve(__dirname, '../../collectd.conf.d/mediasoup.types.db');
const id = (what) => uuid('network', what);
const layers = (parent, more) => ['q', 'h', 'f'].map((rid, i) =>
  row.producer(id('simulcast'), id(parent), { encodings: 3, producerType: 'simulcast', stats: { ssrc: 100 + i, rid, byteCount: i }, ...more }));
const ROWS = [
  row.usage(), row.worker(0), row.router(id('router'), 0, { appData: { roomId: 'far' } }), row.router(id('other'), 0, { appData: { roomId: 'far' } }),
  row.transport(id('transport'), id('router'), { appData: { peerId: 'bob' } }),
  row.transport(id('pipe'), id('other'), { transportType: 'pipe' }),
  row.producer(id('producer'), id('transport'), { appData: { peerId: 'alice' } }),
  ...layers('transport'), ...layers('pipe'),
  row.consumer(id('consumer'), id('producer'), id('transport'), { appData: { text: 'x'.repeat(200), peerId: 'carol', number: 5 } }),
  row.consumer(id('stopped'), id('producer'), id('transport'), { appData: { peerId: 'dave' }, stats: { score: 0, bitrate: 0 } }),
  row.consumer(id('bad'), id('producer'), id('transport'), { appData: { peerId: 'erin' }, stats: { score: 3 } }),
  row.dataProducer(id('dataProducer'), id('transport')), row.dataConsumer(id('dataConsumer'), id('dataProducer'), id('transport')),
];

const ROOM = { appData: { roomId: 'far' } };
const BOB = { appData: { roomId: 'far', peerId: 'bob' } };
const VIDEO = { kind: 'video', mimeType: 'video/VP8' };
const NO_RELATIONS = { transportIds: [], rtpObserverIds: [], mapProducerIdConsumerIds: {}, mapConsumerIdProducerId: {},
  mapProducerIdObserverIds: {}, mapDataProducerIdDataConsumerIds: {}, mapDataConsumerIdDataProducerId: {} };
const streams = (more) => ['q', 'h', 'f'].map((rid) => ({ producerId: id('simulcast'), ...VIDEO, rid, ...more }));

// What identifiers tell besides the figures, of each row. (An appData that is too long is cut in them: what is left of the last
// value is not shown.)
const TOLD = {
  usage: [{ type: 'parent', pid: 4321, ppid: 1 }],
  workers: [{ worker: 0, routerIds: [] }],
  routers: ['router', 'other'].map((name) => ({ routerId: id(name), id: id(name), ...ROOM, ...NO_RELATIONS })),
  transports: [{ transportId: id('transport'), transportType: 'webrtc', ...BOB }, { transportId: id('pipe'), transportType: 'pipe', ...ROOM }],
  producers: [{ producerId: id('producer'), ...VIDEO, appData: { roomId: 'far', peerId: 'alice' } }, ...streams(BOB),
    ...streams({ transportId: id('pipe'), ...ROOM })],
  consumers: [{ consumerId: id('consumer'), ...VIDEO, appData: { number: '5', peerId: 'carol', roomId: 'far' } },
    ...[['stopped', 'dave'], ['bad', 'erin']].map(([name, peerId]) => ({ consumerId: id(name), ...VIDEO, appData: { peerId, roomId: 'far' } }))],
  data_producers: [{ dataProducerId: id('dataProducer'), ...BOB }],
  data_consumers: [{ dataConsumerId: id('dataConsumer'), ...BOB }],
};
const FACTS = new Set(['badSince', 'ssrc', 'rtxSsrc', 'clockRate', 'encodings', 'pid', 'ppid', 'worker', 'webRtcServers', 'timestamp', 'age']);
const figures = (shown) => Object.fromEntries(Object.entries(shown).filter(([name, value]) => typeof value === 'number' && !FACTS.has(name)));
const facts = ({ host, timestamp, age, ...shown }) => {
  const numbers = figures(shown);
  return Object.fromEntries(Object.entries(shown).filter(([name]) => !(name in numbers)));
};
const inOrder = (rows) => [...rows].sort((a, b) => JSON.stringify(Object.entries(a).sort()).localeCompare(JSON.stringify(Object.entries(b).sort())));

let sender;
let receiver;
const network = (line) => `PluginDir "${STOCK_PLUGIN_DIR}"\nLoadPlugin network\n<Plugin network>\n  ${line}\n</Plugin>`;

before(async () => {
  const port = await freePort();
  receiver = new ViewsRig();
  receiver.target = { port: await freePort() };
  await receiver.collectd({ mediasoup: false, views: { Port: receiver.target.port }, extra: `TypesDB "${TYPES}"\n${network(`Listen "127.0.0.1" "${port}"`)}` });
  sender = await ViewsRig.start(answer(() => snapshot(ROWS)), { extra: `Hostname "second"\n${network(`Server "127.0.0.1" "${port}"`)}` });
});
after(async () => {
  await sender?.close();
  await receiver?.close();
});

// The rows of both hosts, as soon as all figures have arrived, or as they are when that does not come.
async function bothOf(view, length) {
  let there, here;
  await until(async () => {
    [there, here] = [await sender.json(`/${view}`), await receiver.json(`/${view}`)];
    return there.length === length && isDeepStrictEqual(inOrder(here.map(figures)), inOrder(there.map(figures)));
  }).catch(() => {});
  return { there, here };
}

for (const [view, told] of Object.entries(TOLD)) {
  test(`/${view} shows what identifiers tell, and the figures`, async () => {
    const { there, here } = await bothOf(view, told.length);
    assert.deepEqual(inOrder(here.map(facts)), inOrder(told));
    assert.deepEqual(inOrder(here.map(figures)), inOrder(there.map(figures)));
    assert.ok(here.every(({ host }) => host === 'second'));
  });
}

// Only figures say how it is for them: whether a stream that does not flow should, and why one is bad, stays unknown.
test('/participants tells what figures tell, and calls nobody idle', async () => {
  const shown = await receiver.json('/participants?fields=host,room,participant,quality,cause,connection,uplinkStreams,downlinkStreams,downlinkStreamsBad');
  assert.deepEqual(shown.map(({ host, room, ...told }) => told), [
    { participant: 'alice', uplinkStreams: 1, downlinkStreams: 0, downlinkStreamsBad: 0, quality: 'good' },
    { participant: 'bob', uplinkStreams: 3, downlinkStreams: 0, downlinkStreamsBad: 0, quality: 'good' },
    { participant: 'carol', uplinkStreams: 0, downlinkStreams: 1, downlinkStreamsBad: 0, quality: 'good' },
    { participant: 'dave', uplinkStreams: 0, downlinkStreams: 0, downlinkStreamsBad: 0 },
    { participant: 'erin', uplinkStreams: 0, downlinkStreams: 1, downlinkStreamsBad: 1, quality: 'bad' },
  ]);
});

test('/status says that metadata is missing, and what to do', async () => {
  const { status, problems } = await receiver.json('/status');
  assert.equal(status, 'trouble');
  assert.deepEqual(problems.map(({ kind, level, host }) => [kind, level, host]), [['untold', 'poor', 'second']]);
  assert.match(problems[0].remedy, /write_http.*<Receive>.*Metadata "always"/);
  assert.deepEqual((await sender.json('/status')).problems, []);
});

test('filters know them as well', async () => {
  assert.deepEqual((await receiver.json('/producers?appData.peerId=alice&kind=video')).map(({ producerId }) => producerId), [id('producer')]);
  assert.equal((await receiver.json(`/producers/${id('simulcast')}`)).length, 6);
  assert.equal((await receiver.json('/workers?worker=0')).length, 1);
});
