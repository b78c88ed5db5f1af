// SPDX-License-Identifier: MIT
'use strict';

// Another TypesDB that is read after the plugin has registered its types: a stranger's, which has types of the same names, or
// an old mediasoup.types.db. What it defines otherwise is said once and not sent; the rest goes on.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { after, test } = require('node:test');
const { answer } = require('../integration/fake_endpoint.js');
const { oneOfEach, snapshot } = require('../integration/snapshots.js');
const { SHIPPED } = require('../lib/shipped.js');
const { until } = require('../lib/wait.js');
const { Host } = require('./host.js');

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mediasoup-types-'));
after(() => fs.rmSync(folder, { recursive: true }));

const ours = fs.readFileSync(path.join(SHIPPED, 'mediasoup.types.db'), 'utf8');
const sourcesOf = (type) => new RegExp(`^${type}\\t(.*)$`, 'm').exec(ours)[1].split(', ');
const VIEWS = ['workers', 'routers', 'transports', 'producers', 'consumers', 'data_producers', 'data_consumers', 'usage', 'group_consumers'];

// Starts a host with a TypesDB of these lines and tells which views have rows, and the lines about types in its log.
async function withTypes(text) {
  const file = path.join(folder, 'other.types.db');
  fs.writeFileSync(file, text);
  const host = await Host.start({ user: 'root', behaviour: answer(() => snapshot(oneOfEach('room-1'))),
    text: `TypesDB "/usr/share/collectd/types.db" "${file}"\n` });
  try {
    await until(async () => (await host.view('/data_consumers')).length === 1, { what: 'the first rows' });
    await host.polls(3);
    const shown = [];
    for (const view of VIEWS) if ((await host.view(`/${view}`)).length > 0) shown.push(view);
    return { shown, said: host.daemon.lines(/TypesDB file/), refused: host.daemon.lines(/ds_num/) };
  } finally {
    await host.close();
  }
}

const message = (type) => `[error] mediasoup: a TypesDB file defines the type "${type}" differently; rows of this type are not sent: `
  + 'remove that definition, or install the mediasoup.types.db of this version';
const except = (...types) => VIEWS.filter((view) => !types.includes(view));

test('the shipped mediasoup.types.db agrees with the plugin', async () => {
  assert.deepEqual(await withTypes(ours), { shown: VIEWS, said: [], refused: [] });
});

test('a type of a stranger\'s, fewer sources, others of the same number, another order, another kind of source', async () => {
  const [first, second, ...rest] = sourcesOf('routers');
  const conflicts = {
    consumers: ['value:GAUGE:0:U'],
    workers: sourcesOf('workers').slice(0, -1),
    producers: sourcesOf('producers').map((source) => source.replace(/^score:/, 'points:')),
    routers: [second, first, ...rest],
    transports: sourcesOf('transports').map((source) => source.replace(/^bytes_received:DERIVE/, 'bytes_received:GAUGE')),
  };
  const text = Object.entries(conflicts).map(([type, sources]) => `${type}\t${sources.join(', ')}\n`).join('');
  const { shown, said, refused } = await withTypes(text);
  assert.deepEqual(said.sort(), Object.keys(conflicts).map(message).sort());
  assert.deepEqual(refused, []);
  assert.deepEqual(shown, except(...Object.keys(conflicts)));
});

test('another range of a source is no conflict', async () => {
  const text = `usage\t${sourcesOf('usage').map((source) => source.replace(/:[^:]*:[^:]*$/, ':0:U')).join(', ')}\n`;
  assert.deepEqual(await withTypes(text), { shown: VIEWS, said: [], refused: [] });
});
