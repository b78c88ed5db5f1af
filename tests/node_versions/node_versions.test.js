// SPDX-License-Identifier: MIT
'use strict';

// The endpoint in each Node that it supports, with real workers of mediasoups that run there: a room, its figures, the
// preloaded module, the command, and the raw lane where it is supported. NODE_FOLDERS has the folders of the programs,
// MEDIASOUP_DIRS those of the mediasoups, with colons between them.

const { test } = require('node:test');
const assert = require('node:assert');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { eventually, withApplication } = require('../../src/endpoint/test/helpers/application');
const { checked } = require('../../src/endpoint/test/helpers/command');
const { install, REGISTER, seen, STAY, withProcess } = require('../../src/endpoint/test/helpers/installed');
const { snapshot } = require('../../src/endpoint/test/helpers/snapshot');
const { versions } = require('../../src/endpoint/test/helpers/versions');

const PACKETS = 40;
const RAW_SINCE = { node: 18, mediasoup: 13 };

const nodes = process.env.NODE_FOLDERS.split(':').map((folder) => {
  const program = path.join(folder, 'node');
  return { program, version: execFileSync(program, ['--version'], { encoding: 'utf8' }).trim() };
});
const majorOf = (node) => parseInt(node.version.slice(1), 10);
const minorOf = (mediasoup) => Number(mediasoup.version.split('.')[1]);

// The oldest and the newest of these mediasoups that run in a Node, by what their packages say.
function suitable(node) {
  const fitting = versions().filter(({ module }) => {
    const [, least] = /^>=(\d+)/.exec(JSON.parse(fs.readFileSync(path.join(module, 'package.json'), 'utf8')).engines.node);
    return majorOf(node) >= Number(least);
  }).sort((a, b) => minorOf(a) - minorOf(b));
  return [...new Set([fitting[0], fitting[fitting.length - 1]])];
}

// A room in which RTP has flowed; its rows.
async function aRoom(app, node) {
  const { ids } = await app.call('room');
  const { packets } = await app.call('send', 'audio', PACKETS);
  await eventually(async () => {
    const { by } = await snapshot(app.socket);
    const [consumer] = by('consumerId', ids.audioConsumer);
    assert.strictEqual(consumer.stats.packetCount, packets);
  });
  const shown = await snapshot(app.socket);
  assert.strictEqual(shown.endpoint.runtime, `node ${node.version}`);
  return shown;
}

for (const node of nodes)
  for (const mediasoup of suitable(node)) {
    const version = { ...mediasoup, node: node.program };
    const name = `Node ${node.version}, mediasoup ${mediasoup.version}`;

    test(`${name}: a room, and its check`, () =>
      withApplication(version, {}, async (app) => {
        const { end } = await aRoom(app, node);
        assert.deepStrictEqual([end.counts.workers, end.counts.routers, end.counts.consumers > 3], [2, 2, true]);
        const { code, findings } = await checked([app.socket], { node: node.program });
        assert.deepStrictEqual([code, findings.filter(({ level }) => level === 'failure' || level === 'warning')], [0, []]);
        assert.strictEqual(app.stderr, '');
      }));

    test(`${name}: the preloaded module`, async () => {
      const folder = install(version, { 'app.js': `require('mediasoup').createWorker({ appData: { how: 'preloaded' }, logLevel: 'none' });\n${STAY}` });
      await withProcess(version, folder, ['--require', REGISTER, 'app.js'], {}, async (app) => {
        await seen(app, { how: 'preloaded' });
        assert.strictEqual(app.stderr, '');
      });
    });

    if (minorOf(mediasoup) < RAW_SINCE.mediasoup) continue;
    test(`${name}: the raw lane`, () =>
      withApplication(version, { options: { lane: 'raw' } }, async (app) => {
        const shown = await aRoom(app, node);
        if (majorOf(node) < RAW_SINCE.node) {
          assert.match(shown.endpoint.laneReason, /^the raw lane is off: it supports Node 18 and later, and this is /);
          return;
        }
        const raw = await eventually(async () => {
          const next = await snapshot(app.socket);
          assert.strictEqual(next.endpoint.lane, 'raw', app.stderr);
          return next;
        });
        assert.deepStrictEqual(raw.end.counts, shown.end.counts);
        assert.strictEqual(app.stderr, '');
      }));
  }
