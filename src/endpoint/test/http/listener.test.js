// SPDX-License-Identifier: MIT
'use strict';

// An endpoint that cannot listen yet, or no longer.

const assert = require('assert');
const fs = require('fs');
const net = require('net');
const path = require('path');
const { spawn } = require('child_process');
const { once } = require('events');
const { test } = require('node:test');
const limits = require('../../lib/common/limits');
const { listenOnSocket } = require('../../lib/http/socket');
const { Listener } = require('../../lib/http/listener');
const { Server } = require('../../lib/http/server');
const { eventually, temporaryFolder } = require('../helpers/application');
const { waits, withEndpoint } = require('../helpers/endpoint');
const { snapshot } = require('../helpers/snapshot');

// Listens on a path or port without an endpoint, calls run(), and ends that.
async function withOther(where, run) {
  const server = net.createServer();
  server.listen(where);
  await once(server, 'listening');
  const close = () => new Promise((resolve) => server.close(resolve));
  await run(close, server.address());
  await close();
}

// The next warnings' codes end in this one, when the endpoint listens.
const served = (endpoint, warnings) =>
  eventually(async () => {
    assert.strictEqual(endpoint.listening, true);
    assert.strictEqual(warnings.length, 2);
    assert.strictEqual(warnings[1].code, 'WARN_LISTENING');
    assert.match(warnings[1].message, /the endpoint listens on .* now$/);
  });

test('a socket that the previous process still holds is served when it leaves', async () => {
  const socket = path.join(temporaryFolder(), 's.sock');
  await withOther(socket, (close) =>
    waits({ socket }, 'ERR_SOCKET_IN_USE', /; the endpoint tries again until it can listen there$/, async (endpoint, warnings) => {
      await close();
      await served(endpoint, warnings);
      await snapshot(socket);
    })
  );
});

test('a port that is taken is served when it is free', async () => {
  await withOther(0, (close, { port }) =>
    waits({ port }, 'ERR_PORT_IN_USE', /tries again/, async (endpoint, warnings) => {
      await close();
      await served(endpoint, warnings);
      await snapshot({ host: '127.0.0.1', port: endpoint.port });
    })
  );
});

test('a folder that is no folder yet is served when it is one', async () => {
  const folder = path.join(temporaryFolder(), 'run');
  fs.writeFileSync(folder, '');
  const socket = path.join(folder, 's.sock');
  await waits({ socket }, 'ERR_SOCKET_FOLDER', /it is not a folder/, async (endpoint, warnings) => {
    fs.unlinkSync(folder);
    await served(endpoint, warnings);
    await snapshot(socket);
  });
});

test('attempts become rarer, and close() ends them', async () => {
  const options = { socket: '/proc/none/s.sock', pattern: '/proc/none/s.sock', mode: 0o660 };
  const listener = new Listener(options, () => ({ close: async () => {} }));
  const delays = [];
  listener.later = (ms, then) => delays.push({ ms, then });
  assert.strictEqual(await listener.open(), undefined);
  for (let i = 0; i < 6; i += 1) await delays[i].then();
  assert.deepStrictEqual(delays.map(({ ms }) => ms), [200, 400, 800, 1600, 3200, 5000, 5000]);
  await listener.close();
  await delays[6].then();
  assert.strictEqual(delays.length, 7);
});

test('an endpoint that waits does not keep the process alive', async () => {
  const program = `require(${JSON.stringify(path.join(__dirname, '../..'))}).serve({
    socket: '/proc/none/s.sock',
    mediasoup: new (require(${JSON.stringify(require.resolve('../helpers/fake'))}).FakeMediasoup)(),
  }).then((endpoint) => console.log(endpoint.listening));`;
  const child = spawn(process.execPath, ['-e', program], { timeout: 10000 });
  let stdout = '';
  child.stdout.on('data', (data) => (stdout += data));
  const [code] = await once(child, 'exit');
  assert.deepStrictEqual([code, stdout], [0, 'false\n']);
});

// Lets the listeners of this test look at their files at once.
function impatient(t) {
  const { setTimeout: real } = global;
  global.setTimeout = (fn, ms, ...args) => real(fn, ms === limits.FILE_CHECK_MS ? 20 : ms, ...args);
  t.after(() => (global.setTimeout = real));
}

test('a socket whose file was removed is listened on anew, with its permissions', async (t) => {
  impatient(t);
  await withEndpoint({ mode: 0o600 }, async ({ socket, folder, endpoint }) => {
    fs.writeFileSync(path.join(folder, 'other'), '');
    fs.unlinkSync(socket);
    await eventually(() => snapshot(socket));
    assert.strictEqual(endpoint.listening, true);
    assert.strictEqual(fs.statSync(socket).mode & 0o777, 0o600);
    assert.deepStrictEqual(fs.readdirSync(folder).sort(), ['other', 's.sock']);
    fs.rmSync(folder, { recursive: true });
    await eventually(() => snapshot(socket));
  });
});

test('a socket that another process has put in its place is left alone', async (t) => {
  for (const notices of [false, true]) {
    if (notices) impatient(t);
    await withEndpoint({}, async ({ socket, endpoint }) => {
      await withOther(`${socket}2`, async () => {
        fs.renameSync(`${socket}2`, socket);
        const { ino } = fs.lstatSync(socket);
        if (notices) await eventually(() => assert.strictEqual(endpoint.listening, false));
        await endpoint.close();
        assert.strictEqual(fs.lstatSync(socket).ino, ino);
      });
    });
  }
});

const STALE = (socket) => `require('net').createServer().listen(${JSON.stringify(socket)}, () => process.kill(process.pid, 'SIGKILL'))`;

test('when several start at once on a stale socket, one of them serves', async () => {
  const folder = temporaryFolder();
  for (let round = 0; round < 60; round += 1) {
    const socket = path.join(folder, `${round}.sock`);
    if (round === 0) await once(spawn(process.execPath, ['-e', STALE(socket)]), 'exit');
    else fs.linkSync(path.join(folder, 'stale'), socket);
    if (round === 0) fs.linkSync(socket, path.join(folder, 'stale'));
    const options = { socket, pattern: socket, mode: 0o660 };
    const servers = Array.from({ length: 4 }, () => new Server({}, { socket }));
    const files = await Promise.allSettled(servers.map((server) => listenOnSocket(server, options)));
    const won = files.filter(({ status }) => status === 'fulfilled');
    assert.strictEqual(won.length, 1, `round ${round}: ${won.length} serve`);
    assert.ok(await won[0].value.isInPlace());
    for (const { reason } of files) if (reason) assert.strictEqual(reason.code, 'ERR_SOCKET_IN_USE');
    await Promise.all(servers.map((server) => server.close()));
  }
  assert.deepStrictEqual(fs.readdirSync(folder).filter((name) => name.startsWith('.')), []);
});
