// SPDX-License-Identifier: MIT
'use strict';

// The raw lane with real mediasoup workers of every version in MEDIASOUP_DIRS that it supports.

const assert = require('assert');
const { spawnSync } = require('child_process');
const fs = require('fs');
const path = require('path');
const { test } = require('node:test');
const { checkSupport } = require('../../lib/raw/lane');
const { eventually, sleep, temporaryFolder, withApplication } = require('../helpers/application');
const { knownVersions, trusted, withRaw } = require('../helpers/raw');
const { snapshot } = require('../helpers/snapshot');

const PACKETS = 20;
const CROWD = 600;

async function room(app) {
  const made = await app.call('room');
  for (const stream of ['audio', 'video', 'simulcast']) await app.call('send', stream, PACKETS);
  return made;
}

// The classes whose rows do not change by themselves.
const OF_OBJECTS = ['routers', 'transports', 'producers', 'consumers', 'data_producers', 'data_consumers'];
// Workers are asked side by side, so only the order within each of them is always the same.
const placeOf = ({ row, routerId, transportId, producerId, consumerId, dataProducerId, dataConsumerId, stats }) =>
  [row, routerId, transportId, producerId, consumerId, dataProducerId, dataConsumerId, stats && stats.ssrc].join();
const byPlace = (a, b) => (placeOf(a) < placeOf(b) ? -1 : 1);
const objectRows = ({ rows }) => rows.filter(({ row }) => OF_OBJECTS.includes(row)).sort(byPlace);

// Every member of a row must equal that of the public API's row before or after it, or lie between the two.
function assertBetween(before, row, after, where) {
  if (typeof row === 'number' && typeof before === 'number') {
    const [low, high] = [Math.min(before, after), Math.max(before, after)];
    assert.ok(low <= row && row <= high, `${where}: ${low} <= ${row} <= ${high}`);
  } else if (typeof row === 'object' && row !== null) {
    assert.deepStrictEqual(Object.keys(row), Object.keys(before), where);
    for (const key of Object.keys(row)) assertBetween(before[key], row[key], after[key], `${where}.${key}`);
  } else {
    assert.ok(row === before || row === after, `${where}: ${before}, ${row}, ${after}`);
  }
}

test('versions of Node and mediasoup that the lane does not support are named', () => {
  checkSupport({ version: '3.13.0' }, '18.0.0');
  assert.throws(() => checkSupport({ version: '3.13.0' }, '16.20.2'), /^Error: it supports Node 18 and later, and this is 16\.20\.2$/);
  assert.throws(() => checkSupport({ version: '3.12.9' }, '20.0.0'), /3\.13 and later 3\.x, and this is 3\.12\.9/);
});

for (const version of knownVersions()) {
  const name = `mediasoup ${version.version}`;

  test(`${name}: rows are those of the public API, field by field`, async () => {
    await withRaw(version, {}, async (app) => {
      await room(app);
      assert.deepStrictEqual(await app.call('layers'), ['svc', 'simulcast']);
      await app.call('sendMessages', 7);
      const other = await app.call('serveAlso', `${app.socket}2`);
      await trusted(app);
      await eventually(async () => {
        const [before, raw, after] = [await snapshot(other), await snapshot(app.socket), await snapshot(other)];
        assert.deepStrictEqual([before.endpoint.lane, raw.endpoint.lane], ['public', 'raw']);
        const lists = [before, raw, after].map(objectRows);
        assert.strictEqual(lists[1].length, lists[0].length);
        lists[1].forEach((row, i) => assertBetween(lists[0][i], row, lists[2][i], `${row.row} ${i}`));
        assert.deepStrictEqual(raw.end.counts, before.end.counts);
        const types = raw.of('transports').map(({ transportType }) => transportType);
        for (const type of ['webrtc', 'plain', 'pipe', 'direct']) assert.ok(types.includes(type), type);
        const consumers = new Set(raw.of('consumers').map(({ consumerType }) => consumerType));
        assert.deepStrictEqual([...consumers].sort(), ['pipe', 'simple', 'simulcast', 'svc']);
        assert.ok(raw.of('data_consumers')[0].stats.messagesSent === 7);
      });
      assert.strictEqual(app.stderr, '');
    });
  });

  test(`${name}: changes between snapshots show: appData, pausing, new and closed objects`, async () => {
    await withRaw(version, {}, async (app) => {
      const { ids, producers } = await app.call('room');
      await trusted(app);
      await app.call('setAppData', 'audioConsumer', { late: true });
      await app.call('setAppData', 'videoConsumer', { of: 'other' });
      await app.call('on', 'audio', 'pause');
      await app.call('on', 'webRtc', 'close');
      await app.call('crowd', 5);
      await eventually(async () => {
        const { by, endpoint, end } = await snapshot(app.socket);
        const [row] = by('consumerId', ids.audioConsumer);
        assert.deepStrictEqual(row.appData, { peerId: 'dave', of: 'audio', late: true });
        assert.deepStrictEqual(by('consumerId', ids.videoConsumer)[0].appData, { peerId: 'dave', of: 'other' });
        assert.deepStrictEqual([row.paused, row.producerPaused, row.error], [false, true, undefined]);
        assert.strictEqual(by('producerId', producers.audio)[0].paused, true);
        assert.deepStrictEqual(by('transportId', ids.webRtc), []);
        assert.deepStrictEqual([endpoint.lane, end.counts.consumers], ['raw', 5 + 2 + 3]);
      });
    });
  });

  test(`${name}: what the application does during snapshots goes on as ever`, async () => {
    await withRaw(version, {}, async (app) => {
      await app.call('crowd', CROWD);
      await trusted(app);
      let busy = true;
      const snapshots = [];
      const reading = (async () => {
        while (busy) snapshots.push(await snapshot(app.socket));
      })();
      for (let i = 0; i < 4 || snapshots.length < 2; i += 1) {
        assert.deepStrictEqual(await app.call('busy'), { paused: CROWD, resumed: CROWD, wrong: 0 });
      }
      busy = false;
      await reading;
      assert.ok(snapshots.length > 1);
      for (const { endpoint, of } of snapshots) {
        assert.strictEqual(endpoint.lane, 'raw');
        assert.strictEqual(of('consumers').filter(({ stats }) => stats).length, CROWD);
      }
      assert.strictEqual(app.stderr, '');
    });
  });

  test(`${name}: a stopped worker costs one request and its own rows, and comes back`, async () => {
    await withRaw(version, { options: { deadline: 400 } }, async (app) => {
      const { ids } = await app.call('room');
      const { pid } = await app.call('crowd', CROWD);
      await trusted(app);
      process.kill(pid, 'SIGSTOP');
      try {
        for (const rows of [undefined, 'consumers']) {
          const { end, of, by } = await snapshot(app.socket, rows);
          assert.strictEqual(end.unanswered, 1);
          assert.strictEqual(of('consumers').filter(({ error }) => error === 'deadline').length, CROWD);
          assert.ok('packetCount' in by('consumerId', ids.audioConsumer)[0].stats);
        }
      } finally {
        process.kill(pid, 'SIGCONT');
      }
      await eventually(async () => {
        const { endpoint, rows, end } = await snapshot(app.socket);
        assert.ok(rows.every(({ error }) => error === undefined));
        assert.deepStrictEqual([endpoint.lane, end.unanswered, end.counts.consumers], ['raw', 0, CROWD + 6]);
      });
      assert.strictEqual(app.stderr, '');
    });
  });

  test(`${name}: a stopped worker costs one request when only consumers are selected`, async () => {
    await withRaw(version, { options: { deadline: 400 } }, async (app) => {
      const { pid } = await app.call('crowd', CROWD);
      await trusted(app);
      process.kill(pid, 'SIGSTOP');
      try {
        const { end, of } = await snapshot(app.socket, 'consumers');
        assert.strictEqual(end.unanswered, 1);
        assert.strictEqual(of('consumers').filter(({ error }) => error === 'deadline').length, CROWD);
      } finally {
        process.kill(pid, 'SIGCONT');
      }
      await eventually(async () => assert.strictEqual((await snapshot(app.socket)).end.unanswered, 0));
    });
  });

  test(`${name}: consumers that are closed and workers that are killed during snapshots are left out`, async () => {
    await withRaw(version, {}, async (app) => {
      await app.call('room');
      const { pid } = await app.call('crowd', CROWD);
      await trusted(app);
      for (let round = 0; round < 10; round += 1) {
        const [{ rows, endpoint }] = await Promise.all([
          snapshot(app.socket),
          sleep(round).then(() => app.call('closeCrowd', 20)),
        ]);
        assert.ok(rows.every(({ error }) => error === undefined));
        assert.strictEqual(endpoint.lane, 'raw');
      }
      const [last] = await Promise.all([
        snapshot(app.socket),
        sleep(3).then(() => process.kill(pid, 'SIGKILL')),
      ]);
      assert.ok(last.rows.every(({ error }) => error === undefined), 'gone, not in error');
      await eventually(async () => {
        const { endpoint, of } = await snapshot(app.socket);
        assert.deepStrictEqual([endpoint.workerDeaths, endpoint.lane, of('consumers').length], [1, 'raw', 6]);
      });
      assert.strictEqual(app.stderr, '');
    });
  });

  test(`${name}: consumers that the worker closes with their producer are left out`, async () => {
    await withRaw(version, {}, async (app) => {
      await app.call('crowd', CROWD / 4);
      await trusted(app);
      await app.call('closeProducerWhenAsked', 100);
      const { rows, of } = await snapshot(app.socket);
      assert.deepStrictEqual(rows.filter(({ error }) => error !== undefined), []);
      assert.ok(of('consumers').length < CROWD / 4);
      assert.strictEqual((await snapshot(app.socket)).endpoint.lane, 'raw');
    });
  });

  test(`${name}: a busy application does not count as a worker that is late`, async () => {
    await withRaw(version, { options: { deadline: 100 } }, async (app) => {
      await app.call('crowd', CROWD);
      await trusted(app);
      const reading = snapshot(app.socket);
      await app.call('block', 500);
      const { rows, end } = await reading;
      assert.strictEqual(end.unanswered, 0);
      assert.ok(rows.every(({ error }) => error === undefined));
    });
  });

  test(`${name}: close() gives mediasoup back everything that is its own`, async () => {
    await withRaw(version, {}, async (app) => {
      await app.call('room');
      await trusted(app);
      assert.deepStrictEqual(await app.call('changed'), [1, 2]);
      const other = await app.call('serveAlso', `${app.socket}2`);
      await app.call('closeEndpoint');
      assert.deepStrictEqual(await app.call('changed'), [0, 0]);
      const { endpoint, end } = await snapshot(other);
      assert.deepStrictEqual([endpoint.lane, end.counts.consumers], ['public', 6]);
      assert.strictEqual(app.stderr, '');
    });
  });

  test(`${name}: the lane does not keep the application alive, except until serve() resolves`, () => {
    const folder = temporaryFolder();
    const program = `require(${JSON.stringify(path.join(__dirname, '../..'))})
      .serve({ lane: 'raw', socket: 'own.sock', mediasoup: require(${JSON.stringify(version.module)}) }).then(() => console.log('served'))`;
    const { status, stdout } = spawnSync(version.node, ['-e', program], { cwd: folder, timeout: 30000, encoding: 'utf8' });
    fs.rmSync(folder, { recursive: true, force: true });
    assert.deepStrictEqual([status, stdout], [0, 'served\n']);
  });

  test(`${name}: rows whose appData takes long to read are spread over turns of the event loop`, async () => {
    await withRaw(version, {}, async (app) => {
      await app.call('crowd', 300);
      await trusted(app);
      await app.call('slowAppData');
      const { endpoint, of } = await snapshot(app.socket, 'consumers');
      assert.strictEqual(endpoint.lane, 'raw');
      assert.deepStrictEqual(of('consumers').filter(({ appData }) => appData.slow === undefined), []);
      const [all, most] = await app.call('readsATurn');
      assert.ok(all >= 300, `${all} reads`);
      // Each value is read up to three times.
      assert.ok(most <= 15, `${most} in one turn`);
    });
  });

  test(`${name}: an answer that is lost costs the rows of one snapshot`, async () => {
    await withRaw(version, { options: { deadline: 300 } }, async (app) => {
      await app.call('room');
      await trusted(app);
      await app.call('loseAnswer');
      const { end } = await snapshot(app.socket);
      assert.ok(end.unanswered > 0);
      const after = await snapshot(app.socket);
      assert.strictEqual(after.endpoint.lane, 'raw', app.stderr);
      assert.deepStrictEqual(after.rows.filter(({ error }) => error !== undefined), []);
      assert.strictEqual(after.end.unanswered, 0);
      assert.strictEqual(app.stderr, '');
    });
  });

  test(`${name}: without the option mediasoup is not touched`, async () => {
    await withApplication(version, { script: 'raw_sfu.js' }, async (app) => {
      await app.call('room');
      assert.strictEqual((await snapshot(app.socket)).endpoint.lane, 'public');
      assert.deepStrictEqual(await app.call('changed'), [0, 0]);
    });
  });
}
