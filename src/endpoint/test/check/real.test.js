// SPDX-License-Identifier: MIT
'use strict';

// The check of real endpoints with real workers, of each version.

const assert = require('assert');
const { test } = require('node:test');
const { eventually, withApplication } = require('../helpers/application');
const { checked, command, of } = require('../helpers/command');
const { snapshot } = require('../helpers/snapshot');
const { versions } = require('../helpers/versions');

const textOf = (findings, subject) => findings.filter((one) => one.subject === subject).map(({ text }) => text);

for (const version of versions()) {
  test(`mediasoup ${version.version}: a room with names`, () =>
    withApplication(version, {}, async (app) => {
      await app.call('room');
      await app.call('send', 'simulcast', 40);
      const { code, findings } = await checked([app.socket]);
      assert.deepStrictEqual([code, of(findings, 'failure'), of(findings, 'warning')], [0, [], []]);
      const { end, endpoint } = await snapshot(app.socket);
      const counts = Object.entries(end.counts).filter(([name]) => name !== 'endpoint').map(([name, count]) => `${name} ${count}`);
      assert.deepStrictEqual(textOf(findings, 'rows'), [counts.join(', ')]);
      assert.deepStrictEqual(textOf(findings, 'endpoint'), [`collectd-mediasoup ${endpoint.version}, mediasoup ${version.version}, ${endpoint.runtime}, process ${app.child.pid}`]);
      assert.deepStrictEqual(textOf(findings, 'rooms'), ['1 room, named by roomId']);
      assert.deepStrictEqual(textOf(findings, 'participants'), ['5 participants, named by peerId']);
      assert.match(textOf(findings, 'appData')[0], /^keys of routers roomId, far; transports .*; producers peerId; consumers peerId, of; data_producers peerId, channel; workers zone$/);
      assert.deepStrictEqual(textOf(findings, 'lane'), ['public: the option "lane" is not "raw"']);
    }));
}

const [first] = versions();

test('rooms and participants without names: which line gives them one', () =>
  withApplication(first, {}, async (app) => {
    await app.call('crowd', 3);
    await app.call('setAppData', 'crowdRouter', { roomId: null, title: 'A room' });
    const { code, findings } = await checked([app.socket]);
    assert.strictEqual(code, 0);
    const [participants] = findings.filter(({ subject }) => subject === 'participants');
    assert.strictEqual(participants.text, 'nobody takes part yet, so nothing to name', 'on a direct transport');
    const [rooms] = findings.filter(({ subject }) => subject === 'rooms');
    assert.strictEqual(rooms.text, '1 room, named by roomId; 1 of 4 objects belong to none: 1 router counts as a room by its id');
    assert.strictEqual(rooms.remedy, 'in the application: worker.createRouter({ mediaCodecs, appData: { roomId } }); or, if another key of appData has the name, collectd\'s option RoomKeys');
  }));

test('no workers yet, then one that does not answer', () =>
  withApplication(first, { options: { deadline: 300 } }, async (app) => {
    const none = await checked([app.socket]);
    assert.deepStrictEqual([none.code, of(none.findings, 'warning')], [0, ['workers: there are none']]);
    assert.deepStrictEqual(textOf(none.findings, 'rooms'), ['there is no router yet, so nothing to name']);
    const pid = await app.call('createWorker', {});
    process.kill(pid, 'SIGSTOP');
    const { code, findings } = await checked([app.socket]);
    process.kill(pid, 'SIGCONT');
    assert.deepStrictEqual([code, of(findings, 'warning')], [0, ['errors: 1 row without statistics, because of: deadline']]);
  }));

test('the raw lane, once it is proven, and why it is not in use', () =>
  withApplication(versions().find(({ version }) => version !== '3.7.19'), { options: { lane: 'raw' } }, async (app) => {
    await app.call('room');
    assert.deepStrictEqual(textOf((await checked([app.socket])).findings, 'lane'),
      ['public: the raw lane\'s answers have not been compared with those of getStats() yet']);
    await eventually(async () => assert.deepStrictEqual(textOf((await checked([app.socket])).findings, 'lane'), ['raw']));
  }));

test('the raw lane of a mediasoup that it does not support', () =>
  withApplication(versions().find(({ version }) => version === '3.7.19'), { options: { lane: 'raw' } }, async (app) => {
    await app.call('createWorker', {});
    assert.deepStrictEqual(textOf((await checked([app.socket])).findings, 'lane'),
      ['public: the raw lane is off: it supports mediasoup 3.13 and later 3.x, and this is 3.7.19']);
  }));

test('an endpoint on a TCP port, by its URL; and what is no endpoint', () =>
  withApplication(first, {}, async (app) => {
    const port = await app.call('serveAlso', '', { port: 0 });
    await app.call('room');
    const url = `http://127.0.0.1:${port}`;
    for (const [args, env] of [[[url], {}], [[`${url}/v1/snapshot`], {}], [[], { COLLECTD_MEDIASOUP_PORT: String(port) }]]) {
      const { code, results } = await checked(args, { env });
      assert.deepStrictEqual([code, results[0].target], [0, `${url}/v1/snapshot`]);
    }
    const { code, stdout } = await command(['check', `${url}/metrics`]);
    assert.strictEqual(code, 1);
    assert.match(stdout, /FAILURE {2}answer {8}status 404\n.*cause: {2}it says .*\n.*remedy: an endpoint answers GET \/v1\/snapshot/);
  }));
