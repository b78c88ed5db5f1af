// SPDX-License-Identifier: MIT
'use strict';

// Readers that are slow or do not read at all.

const assert = require('assert');
const { EventEmitter } = require('events');
const net = require('net');
const { test } = require('node:test');
const { Reading } = require('../../lib/http/reading');
const { Chunks } = require('../../lib/snapshot/chunks');
const { eventually, sleep } = require('../helpers/application');
const { withServer } = require('../helpers/endpoint');
const { request, snapshot } = require('../helpers/snapshot');

test('a reader that does not read delays nobody, and is dropped', async () => {
  await withServer({ STALL_MS: 300 }, 1500, async (socket, server, collector) => {
    const slow = net.connect(socket);
    slow.pause();
    slow.write('GET /v1/snapshot HTTP/1.1\r\nHost: x\r\n\r\n');
    await eventually(async () => assert.strictEqual(server.sockets.size, 1));
    const [connection] = server.sockets;
    assert.strictEqual((await snapshot(socket)).of('consumers').length, 1500);
    assert.ok(connection.writableLength < 1024 * 1024, 'it gets no more than it takes');
    await eventually(async () => assert.strictEqual(server.sockets.size, 0), 3000);
    await eventually(async () => assert.strictEqual(collector.shared.underWay.size, 0), 3000);
    slow.destroy();
  });
});

test('readers that do not read hold no more memory than they may', async () => {
  const bounds = { HELD_BYTES: 10 * 1024 * 1024, PROGRESS_MS: 60000, STALL_MS: 60000 };
  await withServer(bounds, 1500, async (socket, server, collector) => {
    const idle = [];
    // Each holds a snapshot of its own, of 6 MB: the one before it has been made when it asks.
    for (let i = 1; i <= 2; i += 1) {
      const client = net.connect(socket).on('error', () => {});
      idle.push(client.pause());
      client.write('GET /v1/snapshot HTTP/1.1\r\nHost: x\r\n\r\n');
      await eventually(async () => assert.ok(server.readings.heldBytes > i * 6e6, `${server.readings.heldBytes}`));
      await eventually(async () => assert.strictEqual(collector.shared.underWay.size, 0));
    }
    const refused = await request(socket, '/v1/snapshot');
    assert.strictEqual(refused.status, 503);
    assert.strictEqual(refused.headers['retry-after'], '60');
    assert.match(JSON.parse(refused.text).error, /other readers hold too many snapshots; ask again/);
    server.readings.bounds = { ...bounds, PROGRESS_MS: 0 };
    assert.strictEqual((await snapshot(socket)).of('consumers').length, 1500);
    await eventually(async () => assert.strictEqual(server.sockets.size, 1)); // one of the idle readers had to go
    idle.forEach((client) => client.destroy());
    await eventually(async () => assert.strictEqual(server.readings.heldBytes, 0));
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

// Returns a response that takes `room` chunks and then wants its writer to wait.
function response(room) {
  const res = Object.assign(new EventEmitter(), { taken: [], calls: [], room, writableFinished: true });
  res.write = (bytes) => {
    res.taken.push(String(bytes));
    res.room -= 1;
    return res.room > 0;
  };
  res.end = () => res.calls.push('end');
  res.destroy = () => res.calls.push('destroy');
  return res;
}

test('chunks go out as the reader takes them, until the end', () => {
  const chunks = new Chunks();
  const res = response(2);
  chunks.put('a');
  new Reading(chunks, res, 60000).wake();
  assert.deepStrictEqual(res.taken, ['a']);
  chunks.put('b');
  chunks.put('c');
  chunks.end('done');
  assert.deepStrictEqual([res.taken, res.calls], [['a', 'b'], []], 'the reader must take these first');
  res.room = 9;
  res.emit('drain');
  assert.deepStrictEqual([res.taken, res.calls, chunks.readers.size], [['a', 'b', 'c'], ['end'], 0]);
});

test('a snapshot that fails cuts the connection', () => {
  const chunks = new Chunks();
  const res = response(9);
  new Reading(chunks, res, 60000).wake();
  chunks.put('a');
  chunks.end('failed');
  assert.deepStrictEqual(res.calls, ['destroy']);
});

test('a connection that closes or fails leaves the snapshot', () => {
  for (const event of ['close', 'error']) {
    const chunks = new Chunks();
    const res = response(9);
    new Reading(chunks, res, 60000).wake();
    assert.strictEqual(chunks.readers.size, 1);
    res.emit(event);
    assert.strictEqual(chunks.readers.size, 0, event);
  }
});
