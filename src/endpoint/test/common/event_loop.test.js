// SPDX-License-Identifier: MIT
'use strict';

const assert = require('assert');
const net = require('net');
const path = require('path');
const { test } = require('node:test');
const { afterReading, turn } = require('../../lib/common/event_loop');
const { temporaryFolder } = require('../helpers/application');

const block = (ms) => {
  for (const end = Date.now() + ms; Date.now() < end; );
};

test('turn() resolves after everything that was due in this turn', async () => {
  const order = [];
  setImmediate(() => order.push('immediate'));
  Promise.resolve().then(() => order.push('microtask'));
  await turn();
  assert.deepStrictEqual(order, ['microtask', 'immediate']);
});

test('afterReading() lets bytes come first that arrived while the loop was busy', async () => {
  const socket = path.join(temporaryFolder(), 's.sock');
  const order = [];
  const server = net.createServer().listen(socket);
  const client = net.connect(socket);
  const peer = await new Promise((resolve) => server.on('connection', resolve));
  await turn();
  client.on('data', () => order.push('data'));
  peer.write('an answer');
  setTimeout(() => order.push('timer'), 1);
  const done = new Promise((resolve) => {
    setTimeout(() => afterReading(() => resolve(order.push('after reading'))), 1);
  });
  block(20);
  await done;
  assert.deepStrictEqual(order, ['timer', 'data', 'after reading']);
  client.destroy();
  peer.destroy();
  server.close();
});

test('afterReading() turns an exception into a warning', async () => {
  const warned = new Promise((resolve) => process.once('warning', resolve));
  afterReading(() => {
    throw new Error('a bug');
  });
  assert.strictEqual((await warned).code, 'WARN_INTERNAL');
});
