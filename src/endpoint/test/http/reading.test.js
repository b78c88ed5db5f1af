// SPDX-License-Identifier: MIT
'use strict';

// Readers that are slow, or do not read at all.

const assert = require('assert');
const net = require('net');
const { test } = require('node:test');
const { eventually, sleep } = require('../helpers/application');
const { withServer } = require('../helpers/endpoint');
const { snapshot } = require('../helpers/snapshot');

test('a reader that does not read is dropped, and delays nobody', async () => {
  await withServer({ STALL_MS: 300 }, 1500, async (socket, server, collector) => {
    const slow = net.connect(socket);
    slow.pause();
    slow.write('GET /v1/snapshot HTTP/1.1\r\nHost: x\r\n\r\n');
    await eventually(async () => assert.strictEqual(server.sockets.size, 1));
    const [connection] = server.sockets;
    assert.strictEqual((await snapshot(socket)).of('consumers').length, 1500);
    assert.ok(connection.writableLength < 1024 * 1024, 'what it does not take is not pushed at it');
    await eventually(async () => assert.strictEqual(server.sockets.size, 0), 3000);
    await eventually(async () => assert.strictEqual(collector.shared.underWay.size, 0), 3000);
    slow.destroy();
  });
});

test('a reader that reads slowly gets all of it', async () => {
  await withServer({ STALL_MS: 1000 }, 700, async (socket) => {
    const client = net.connect(socket);
    client.write('GET /v1/snapshot HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    let text = '';
    for await (const chunk of client) {
      text += chunk;
      await sleep(3);
    }
    assert.match(text, /"row":"end","counts":\{"endpoint":1,"usage":1,"workers":1,.*"consumers":700/);
  });
});
