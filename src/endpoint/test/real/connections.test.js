// SPDX-License-Identifier: MIT
'use strict';

// Connections of WebRTC transports and layers of consumers, with real mediasoup workers of every version in
// MEDIASOUP_DIRS, through each lane. The client on the other side is missing: what only a client brings
// about is told by the test in the worker's place.

const assert = require('assert');
const { test } = require('node:test');
const { eventually, withApplication } = require('../helpers/application');
const { knownVersions, trusted, withRaw } = require('../helpers/raw');
const { snapshot } = require('../helpers/snapshot');
const { versions } = require('../helpers/versions');

const overPublic = (version, run) => withApplication(version, {}, run);
const overRaw = (version, run) => withRaw(version, {}, run);

const LANES = [
  ...versions().map((version) => [`mediasoup ${version.version}, public`, 'public', (run) => overPublic(version, run)]),
  ...knownVersions().map((version) => [`mediasoup ${version.version}, raw`, 'raw', (run) => overRaw(version, run)]),
];

// Makes a room, and snapshots until the lane is in use.
async function openRoom(app, lane) {
  const room = await app.call('room');
  if (lane === 'raw') await trusted(app);
  return room;
}

async function connectionOf(app, id, lane) {
  const { by, endpoint } = await snapshot(app.socket);
  assert.strictEqual(endpoint.lane, lane, app.stderr);
  const [row] = by('transportId', id);
  return [row.connection, row.connectTime, row.protocol];
}

const countersOf = ({ endpoint }) =>
  ['Connected', 'Left', 'Lost', 'DtlsFailed', 'NeverConnected'].map((name) => endpoint[`webRtcTransports${name}`]);

// A consumer begins with the layer whose packet comes first; without sender reports it cannot go up from there.
const LOWEST = { spatialLayer: 0, temporalLayer: 0 };
const BEST = { spatialLayer: 2, temporalLayer: 0 };

for (const [name, lane, withApp] of LANES) {
  test(`${name}: a transport that is asked and never connects`, async () => {
    await withApp(async (app) => {
      const { ids } = await openRoom(app, lane);
      assert.deepStrictEqual(await connectionOf(app, ids.webRtc, lane), ['unused', undefined, undefined]);
      await app.call('connect');
      assert.deepStrictEqual(await connectionOf(app, ids.webRtc, lane), ['connecting', undefined, undefined]);
      await app.call('runAhead', 30000);
      assert.deepStrictEqual(await connectionOf(app, ids.webRtc, lane), ['stuck', undefined, undefined]);
      await app.call('on', 'webRtc', 'close');
      const made = await snapshot(app.socket, 'usage', 0);
      assert.deepStrictEqual([countersOf(made), made.endpoint.events], [[0, 0, 0, 0, 1], 1]);
      const [{ time, ...event }] = made.of('connections');
      assert.ok(Math.abs(time - Date.now()) < 60000);
      assert.deepStrictEqual(event, {
        row: 'connections',
        number: 1,
        event: 'never_connected',
        transportId: ids.webRtc,
        routerId: ids.near,
        worker: 0,
        transportType: 'webrtc',
        appData: { peerId: 'erin', roomId: 'room-1', zone: 'a' },
      });
      assert.strictEqual(app.stderr, '');
    });
  });

  test(`${name}: a connection that is made, cut, back and left`, async () => {
    await withApp(async (app) => {
      const { ids } = await openRoom(app, lane);
      const tell = (event, value) => app.call('tell', 'webRtc', event, value);
      await tell('icestatechange', 'connected');
      await tell('iceselectedtuplechange', { localIp: '127.0.0.1', localPort: 1, protocol: 'tcp' });
      await app.call('runAhead', 1500);
      await tell('dtlsstatechange', 'connected');
      const [connected, connectTime, protocol] = await connectionOf(app, ids.webRtc, lane);
      assert.deepStrictEqual([connected, protocol], ['connected', 'tcp']);
      assert.ok(connectTime >= 1500 && connectTime < 11500, `${connectTime}`);
      await tell('icestatechange', 'disconnected');
      assert.deepStrictEqual(await connectionOf(app, ids.webRtc, lane), ['disconnected', connectTime, 'tcp']);
      await tell('icestatechange', 'completed');
      assert.deepStrictEqual(await connectionOf(app, ids.webRtc, lane), ['connected', connectTime, 'tcp']);
      await tell('dtlsstatechange', 'closed');
      assert.deepStrictEqual(await connectionOf(app, ids.webRtc, lane), ['left', connectTime, 'tcp']);
      const made = await snapshot(app.socket, undefined, 0);
      assert.deepStrictEqual(countersOf(made), [1, 1, 0, 0, 0]);
      assert.deepStrictEqual(made.of('connections').map(({ number, event, connectTime: took, protocol: over }) => [number, event, took, over]), [
        [1, 'connected', connectTime, 'tcp'],
        [2, 'left', undefined, 'tcp'],
      ]);
      assert.strictEqual((await snapshot(app.socket, undefined, 1)).of('connections')[0].number, 2);
    });
  });

  test(`${name}: a worker that dies ends no connection, one that is closed does`, async () => {
    await withApp(async (app) => {
      const { pids } = await openRoom(app, lane);
      await app.call('connect');
      await snapshot(app.socket);
      await app.call('runAhead', 10000);
      await app.call('endOf', pids[0], 'SIGKILL');
      const dead = await snapshot(app.socket, undefined, 0);
      assert.deepStrictEqual([countersOf(dead), dead.endpoint.workerDeaths, dead.endpoint.events], [[0, 0, 0, 0, 0], 1, 0]);
    });
    await withApp(async (app) => {
      await openRoom(app, lane);
      await app.call('connect');
      await snapshot(app.socket);
      await app.call('runAhead', 10000);
      await app.call('on', 'first', 'close');
      const closed = await snapshot(app.socket, undefined, 0);
      assert.deepStrictEqual([countersOf(closed), closed.endpoint.workerDeaths, closed.endpoint.events], [[0, 0, 0, 0, 1], 0, 1]);
    });
  });

  test(`${name}: a consumer's layers follow what it gets and what is preferred`, async () => {
    await withApp(async (app) => {
      const { ids } = await openRoom(app, lane);
      const id = await app.call('layered');
      const layersOf = async () => {
        const [{ currentLayers, preferredLayers }] = (await snapshot(app.socket)).by('consumerId', id);
        return { currentLayers, preferredLayers };
      };
      assert.deepStrictEqual(await layersOf(), { currentLayers: undefined, preferredLayers: BEST });
      const sending = app.call('send', 'simulcast', 200);
      await eventually(async () => assert.deepStrictEqual(await layersOf(), { currentLayers: LOWEST, preferredLayers: BEST }));
      await sending;
      await app.call('on', 'layered', 'setPreferredLayers', { spatialLayer: 1, temporalLayer: 0 });
      await eventually(async () => assert.deepStrictEqual((await layersOf()).preferredLayers, { spatialLayer: 1, temporalLayer: 0 }));
      const [row] = (await snapshot(app.socket)).by('consumerId', ids.audioConsumer);
      assert.ok(!('currentLayers' in row) && !('preferredLayers' in row));
      // The worker notices that nothing is sent any more.
      await eventually(async () => assert.strictEqual((await layersOf()).currentLayers, undefined));
    });
  });
}
