// SPDX-License-Identifier: MIT
'use strict';

// serve() as a whole: several endpoints, closing, and the end of the process.

const assert = require('assert');
const fs = require('fs');
const net = require('net');
const path = require('path');
const { spawn, spawnSync } = require('child_process');
const { test } = require('node:test');
const { serve } = require('..');
const { eventually, sleep, temporaryFolder } = require('./helpers/application');
const { waits, withEndpoint } = require('./helpers/endpoint');
const { FakeMediasoup, gauge } = require('./helpers/fake');
const { request, snapshot } = require('./helpers/snapshot');

const never = () => new Promise(() => {});

test('two endpoints in one process share the tree and the requests', async () => {
  await withEndpoint({}, async ({ mediasoup, socket }) => {
    const { consumers } = mediasoup.room(20);
    const one = gauge();
    for (const object of consumers) object.getStats = one.wrap(object.getStats);
    const other = await serve({ socket: `${socket}2`, mediasoup, appData: [], window: 16 });
    const both = await Promise.all([socket, `${socket}2`].map((one) => snapshot(one, 'consumers')));
    assert.deepStrictEqual(both.map(({ of }) => of('consumers').length), [20, 20]);
    assert.strictEqual(one.most, 16);
    await other.close();
    assert.strictEqual((await snapshot(socket)).of('consumers').length, 20);
  });
});

test('an endpoint may be closed in the middle of a snapshot', async () => {
  await withEndpoint({ deadline: 5000 }, async ({ mediasoup, socket, endpoint }) => {
    mediasoup.room(3).consumers[1].getStats = never;
    const client = request(socket, '/v1/snapshot');
    await sleep(50);
    await Promise.all([endpoint.close(), endpoint.close(), assert.rejects(client)]);
    await endpoint.close();
    assert.strictEqual(mediasoup.observer.listenerCount('newworker'), 0);
  });
});

test('an endpoint that never listened leaves nothing behind', async () => {
  const mediasoup = new FakeMediasoup();
  await waits({ mediasoup, socket: '/proc/none/s.sock' }, 'ERR_SOCKET_FOLDER', /missing/);
  assert.strictEqual(mediasoup.observer.listenerCount('newworker'), 0);
  assert.strictEqual(process.listenerCount('exit'), 0);
});

test('each process of a cluster serves itself', async () => {
  const folder = temporaryFolder();
  const file = path.join(folder, 'program.js');
  fs.writeFileSync(file, `
    const cluster = require('cluster');
    if (cluster.isPrimary) { cluster.fork(); cluster.fork(); }
    else require(${JSON.stringify(path.join(__dirname, '..'))}).serve({
      socket: ${JSON.stringify(folder)} + '/%p.sock',
      mediasoup: new (require(${JSON.stringify(require.resolve('./helpers/fake'))}).FakeMediasoup)(),
    });`);
  const child = spawn(process.execPath, [file]);
  try {
    await eventually(async () => {
      const sockets = fs.readdirSync(folder).filter((name) => name.endsWith('.sock'));
      assert.strictEqual(sockets.length, 2);
      for (const name of sockets) {
        for (let i = 0; i < 3; i += 1) {
          const { endpoint } = await snapshot(path.join(folder, name));
          assert.strictEqual(`${endpoint.pid}.sock`, name);
        }
      }
    });
  } finally {
    child.kill('SIGKILL');
  }
});

const PROGRAM = (how) => `
  const { serve } = require(${JSON.stringify(path.join(__dirname, '..'))});
  const { FakeMediasoup } = require(${JSON.stringify(require.resolve('./helpers/fake'))});
  const socket = process.argv[1];
  const mediasoup = new FakeMediasoup();
  serve({ socket, mediasoup, deadline: 60000 }).then(async () => { console.log(require('fs').existsSync(socket)); ${how} });`;


// how a process ends: its exit code
const ENDINGS = { 'by itself': ['', 0], 'process.exit': ['process.exit(3)', 3], throwing: ["setImmediate(() => { throw new Error('app') })", 1] };

for (const [name, [how, code]] of Object.entries(ENDINGS)) {
  test(`a process that ends ${name} is not kept alive and leaves no file`, () => {
    const socket = path.join(temporaryFolder(), 's.sock');
    const { status, stdout } = spawnSync(process.execPath, ['-e', PROGRAM(how), socket], { timeout: 10000 });
    assert.strictEqual(status, code);
    assert.match(stdout.toString(), /true/);
    assert.ok(!fs.existsSync(socket));
  });
}

test('open connections do not keep a process alive either', async () => {
  const socket = path.join(temporaryFolder(), 's.sock');
  const hang = 'mediasoup.room(1).worker.getResourceUsage = () => new Promise(() => {});';
  const child = spawn(process.execPath, ['-e', PROGRAM(`${hang} setTimeout(() => {}, 500)`), socket]);
  await new Promise((resolve) => child.stdout.once('data', resolve));
  const client = net.connect(socket);
  client.on('error', () => {});
  client.write('GET /v1/snapshot HTTP/1.1\r\nHost: x\r\n\r\n');
  const exited = new Promise((resolve) => child.on('exit', resolve));
  assert.strictEqual(await Promise.race([exited, sleep(8000)]), 0);
  client.destroy();
});
