// SPDX-License-Identifier: MIT
'use strict';

// The file of the Unix socket.

const assert = require('assert');
const fs = require('fs');
const path = require('path');
const { spawn, spawnSync } = require('child_process');
const { test } = require('node:test');
const { eventually, temporaryFolder } = require('../helpers/application');
const { waits, withEndpoint } = require('../helpers/endpoint');
const { snapshot } = require('../helpers/snapshot');

test('the socket has its folder and mode without the umask, and is removed by close()', async (t) => {
  const folder = temporaryFolder();
  const socket = path.join(folder, 'new/folder/s.sock');
  // It is that of all threads of the process, and other threads create files meanwhile.
  const umask = t.mock.method(process, 'umask');
  await withEndpoint({ socket }, async () => {
    assert.strictEqual(fs.statSync(socket).mode & 0o777, 0o660);
    assert.strictEqual(umask.mock.callCount(), 0);
  });
  assert.ok(!fs.existsSync(socket));
  await withEndpoint({ socket, mode: 0o600 }, async () => {
    assert.strictEqual(fs.statSync(socket).mode & 0o777, 0o600);
  });
});

test('the socket has its mode in a worker thread too, which cannot set the umask', async () => {
  const socket = path.join(temporaryFolder(), 's.sock');
  const program = `
    const { Worker, isMainThread } = require('worker_threads');
    if (isMainThread) new Worker(process.argv[2], { argv: [process.argv[2]] });
    else require(${JSON.stringify(path.join(__dirname, '../..'))}).serve({
      socket: ${JSON.stringify(socket)},
      mediasoup: new (require(${JSON.stringify(require.resolve('../helpers/fake'))}).FakeMediasoup)(),
    }).then(() => console.log((require('fs').statSync(${JSON.stringify(socket)}).mode & 0o777).toString(8)));`;
  const file = path.join(path.dirname(socket), 'program.js');
  fs.writeFileSync(file, program);
  const { stdout, stderr } = spawnSync(process.execPath, [file, file], { timeout: 10000 });
  assert.strictEqual(stdout.toString(), '660\n', stderr.toString());
});

test('a socket on which somebody listens is left alone, a stale one is replaced', async () => {
  await withEndpoint({}, async ({ socket, mediasoup }) => {
    const text = /another server listens on it already; call serve\(\) once in a process, .*%p/;
    await waits({ socket, mediasoup }, 'ERR_SOCKET_IN_USE', text);
    await snapshot(socket);
  });
  const socket = path.join(temporaryFolder(), 's.sock');
  const program = `require('net').createServer().listen(${JSON.stringify(socket)}, () => console.log('up'))`;
  const other = spawn(process.execPath, ['-e', program]);
  await new Promise((resolve) => other.stdout.once('data', resolve));
  await waits({ socket }, 'ERR_SOCKET_IN_USE', /listens/);
  assert.ok(fs.existsSync(socket), 'and it is left alone');
  other.kill('SIGKILL');
  await new Promise((resolve) => other.on('exit', resolve));
  assert.ok(fs.existsSync(socket), 'stale');
  await withEndpoint({ socket }, async () => snapshot(socket));
});

test('a path that is not a socket is never removed', async () => {
  const folder = temporaryFolder();
  const file = path.join(folder, 'file');
  fs.writeFileSync(file, 'precious');
  await waits({ socket: file }, 'ERR_SOCKET_NOT_A_SOCKET', /left alone/);
  await waits({ socket: folder }, 'ERR_SOCKET_NOT_A_SOCKET', /not a socket/);
  fs.symlinkSync('file', path.join(folder, 'link'));
  await waits({ socket: path.join(folder, 'link') }, 'ERR_SOCKET_NOT_A_SOCKET', /not a socket/);
  assert.strictEqual(fs.readFileSync(file, 'utf8'), 'precious');
  await waits({ socket: path.join(file, 's.sock') }, 'ERR_SOCKET_FOLDER', /RuntimeDirectory/);
  await waits({ socket: '/proc/none/s.sock' }, 'ERR_SOCKET_FOLDER', /\/proc\/none is missing/);
  await waits({ socket: '/proc/s.sock' }, 'ERR_SOCKET_DENIED', /cannot listen on \/proc\/s\.sock/);
});

test('with %p, stale sockets of other processes are removed and all else stays', async () => {
  const folder = temporaryFolder();
  const gone = spawnSync(process.execPath, ['-e', 'console.log(process.pid)']).stdout.toString().trim();
  const stale = path.join(folder, `sfu-${gone}.sock`);
  const leave = `require('net').createServer().listen(process.argv[1], () => process.kill(process.pid, 'SIGKILL'))`;
  const kept = ['other.sock', `sfu-${process.ppid}.sock`].map((name) => path.join(folder, name));
  for (const file of [stale, ...kept]) spawnSync(process.execPath, ['-e', leave, file]);
  fs.writeFileSync(path.join(folder, `sfu-${gone}.sock.txt`), '');
  assert.ok(fs.existsSync(stale));
  await withEndpoint({ socket: path.join(folder, 'sfu-%p.sock') }, async ({ endpoint }) => {
    assert.strictEqual(endpoint.socket, path.join(folder, `sfu-${process.pid}.sock`));
    assert.ok(!fs.existsSync(stale));
    for (const file of kept) assert.ok(fs.existsSync(file), file);
    assert.ok(fs.existsSync(path.join(folder, `sfu-${gone}.sock.txt`)));
  });
});

test('a socket may have the longest path and the shortest name that the system allows', async () => {
  const folder = temporaryFolder();
  for (const base of ['s', 'collectd.sock']) {
    const socket = path.join(folder, 'f'.repeat(107 - folder.length - base.length - 2), base);
    await withEndpoint({ socket }, async () => {
      assert.strictEqual(Buffer.byteLength(socket), 107);
      await snapshot(socket);
      assert.deepStrictEqual(fs.readdirSync(path.dirname(socket)), [base]);
    });
  }
});

test('a socket that somebody has moved away is not removed', async () => {
  await withEndpoint({}, async ({ socket, endpoint, folder }) => {
    fs.renameSync(socket, path.join(folder, 'moved'));
    await endpoint.close();
    assert.ok(fs.existsSync(path.join(folder, 'moved')));
  });
});

test('a living process removes what another one leaves behind later', async () => {
  const folder = temporaryFolder();
  await withEndpoint({ socket: path.join(folder, '%p.sock') }, async () => {
    const child = spawn(process.execPath, ['-e', `require('net').createServer().listen(${JSON.stringify(folder)} + '/' + process.pid + '.sock', () => console.log('listens'))`]);
    await new Promise((resolve) => child.stdout.once('data', resolve));
    const left = path.join(folder, `${child.pid}.sock`);
    assert.ok(fs.existsSync(left));
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('exit', resolve));
    await eventually(() => assert.ok(!fs.existsSync(left)), 15000);
    assert.ok(fs.existsSync(path.join(folder, `${process.pid}.sock`)));
  });
});
