// SPDX-License-Identifier: MIT
'use strict';

// Connections, and clients that misbehave on them.

const assert = require('assert');
const net = require('net');
const { once } = require('events');
const { test } = require('node:test');
const { eventually, sleep } = require('../helpers/application');
const { withEndpoint, withServer } = require('../helpers/endpoint');
const { request, snapshot } = require('../helpers/snapshot');

test('connections are bounded in number, and idle ones are closed', async () => {
  await withServer({ CONNECTIONS: 4, IDLE_MS: 200 }, 1, async (socket, server) => {
    const clients = Array.from({ length: 10 }, () => net.connect(socket));
    clients.forEach((client) => client.on('error', () => {}));
    await eventually(async () => assert.strictEqual(server.sockets.size, 4));
    await eventually(async () => assert.strictEqual(server.sockets.size, 0));
    assert.strictEqual((await request(socket, '/v1/snapshot')).status, 200);
  });
});

test('a snapshot may take longer than a connection may be idle', async () => {
  await withServer({ IDLE_MS: 50 }, 1, async (socket, server, collector) => {
    const [worker] = collector.tree.workers;
    worker.object.getResourceUsage = async () => {
      await sleep(300);
      return {};
    };
    assert.strictEqual((await request(socket, '/v1/snapshot')).status, 200);
  });
});

test('a client that does not speak HTTP is cut off', async () => {
  await withEndpoint({}, async ({ socket }) => {
    for (const bytes of ['\x16\x03\x01\x02', 'GET\r\n\r\n', `GET /${'x'.repeat(20000)} HTTP/1.1\r\n`]) {
      const client = net.connect(socket);
      client.on('error', () => {});
      client.write(bytes);
      await new Promise((resolve) => client.on('close', resolve).resume());
    }
    await snapshot(socket);
  });
});

test('a flood of requests on one connection is cut off', async () => {
  await withServer({}, 50, async (socket, server) => {
    const client = net.connect(socket);
    client.on('error', () => {});
    client.write('GET /v1/snapshot HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(100));
    await new Promise((resolve) => client.on('close', resolve).resume());
    assert.strictEqual(server.sockets.size, 0);
    assert.strictEqual((await snapshot(socket)).of('consumers').length, 50);
  });
});

test('one connection serves several requests', async () => {
  await withEndpoint({}, async ({ socket }) => {
    const client = net.connect(socket);
    let text = '';
    client.on('data', (data) => (text += data));
    const get = 'GET /v1/snapshot?rows=workers HTTP/1.1\r\nHost: x\r\n\r\n';
    client.write(get);
    await eventually(async () => assert.match(text, /"row":"end"/));
    client.write(get + get);
    await eventually(async () => assert.strictEqual(text.match(/"row":"end"/g).length, 3));
    client.destroy();
  });
});

test('clients that trickle do not shut others out', async () => {
  await withServer({ CONNECTIONS: 4 }, 1, async (socket) => {
    const clients = [];
    for (let i = 0; i < 10; i += 1) {
      const client = net.connect(socket);
      client.on('error', () => {});
      client.write('GET /v1/snap');
      clients.push(client);
    }
    await sleep(50);
    for (let i = 0; i < 3; i += 1) await snapshot(socket);
    for (const client of clients) client.destroy();
  });
});

test('a client that ends its half of the connection gets a whole answer', async () => {
  await withServer({}, 200, async (socket) => {
    const client = net.connect({ path: socket, allowHalfOpen: true });
    client.end('GET /v1/snapshot HTTP/1.0\r\nHost: x\r\n\r\n');
    let text = '';
    client.on('data', (data) => (text += data));
    await once(client, 'end');
    assert.match(text, /"row":"end".*\n$/);
  });
});
