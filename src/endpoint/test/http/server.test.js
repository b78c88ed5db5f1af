// SPDX-License-Identifier: MIT
'use strict';

// HTTP, readers that misbehave, and the socket's file.

const assert = require('assert');
const fs = require('fs');
const net = require('net');
const path = require('path');
const { spawn, spawnSync } = require('child_process');
const { test } = require('node:test');
const { serve, version } = require('../..');
const { Collector } = require('../../lib/collector');
const limits = require('../../lib/common/limits');
const { Server } = require('../../lib/http/server');
const trees = require('../../lib/tree/trees');
const { eventually, sleep, temporaryFolder } = require('../helpers/application');
const { FakeMediasoup } = require('../helpers/fake');
const { request, snapshot } = require('../helpers/snapshot');

async function withEndpoint(options, run) {
  const mediasoup = new FakeMediasoup();
  const folder = temporaryFolder();
  const where = options.port === undefined ? { socket: path.join(folder, 's.sock') } : {};
  const endpoint = await serve({ ...where, mediasoup, ...options });
  try {
    await run({ mediasoup, endpoint, socket: endpoint.socket, folder });
  } finally {
    await endpoint.close();
  }
}

async function fails(options, code, message) {
  await assert.rejects(serve({ mediasoup: new FakeMediasoup(), ...options }), (error) => {
    assert.strictEqual(error.code, code, error.message);
    assert.match(error.message, message);
    return true;
  });
}

// request: [status, what the error says]
const REFUSED = [
  ['GET', '/', 404, /\/v1\/snapshot/],
  ['GET', '/v1/snapshots', 404, /\/v1\/snapshot/],
  ['POST', '/elsewhere', 404, /\/v1\/snapshot/],
  ['POST', '/v1/snapshot', 405, /POST.*GET or HEAD/],
  ['DELETE', '/v1/snapshot?rows=workers', 405, /DELETE/],
  ['GET', '/v1/snapshot?rows=workers,rooms', 400, /"rooms".*known are usage, workers, routers/],
  ['GET', '/v1/snapshot?rows=', 400, /unknown class ""/],
  ['GET', '/v1/snapshot?rows=%00%ff', 400, /unknown class/],
  ['GET', `/v1/snapshot?rows=${'x'.repeat(5000)}`, 400, /"x{64}"/],
];

for (const [method, target, status, message] of REFUSED) {
  test(`${method} ${target.slice(0, 40)} is answered ${status}`, async () => {
    await withEndpoint({}, async ({ socket }) => {
      const answer = await request(socket, target, { method });
      assert.strictEqual(answer.status, status);
      const { error, ...more } = JSON.parse(answer.text);
      assert.match(error, message);
      assert.deepStrictEqual(more, {});
      if (status === 405) assert.strictEqual(answer.headers.allow, 'GET, HEAD');
    });
  });
}

test('HEAD asks nobody', async () => {
  await withEndpoint({}, async ({ mediasoup, socket }) => {
    let asked = 0;
    mediasoup.createWorker().getResourceUsage = async () => (asked += 1);
    const answer = await request(socket, '/v1/snapshot', { method: 'HEAD' });
    assert.deepStrictEqual([answer.status, answer.text], [200, '']);
    assert.strictEqual(answer.headers['content-type'], 'application/x-ndjson');
    assert.strictEqual((await request(socket, '/x', { method: 'HEAD' })).status, 404);
    await sleep(20);
    assert.strictEqual(asked, 0);
  });
});

test('query parameters it does not know, and rows given twice', async () => {
  await withEndpoint({}, async ({ socket }) => {
    const { text } = await request(socket, '/v1/snapshot?pretty=1&rows=usage&rows=workers');
    assert.match(text, /"row":"usage"/);
    assert.strictEqual((await snapshot(socket)).endpoint.version, version);
  });
});

test('on TCP: loopback, and no page of a browser', async () => {
  await withEndpoint({ port: 0 }, async ({ endpoint }) => {
    const where = { host: '127.0.0.1', port: endpoint.port };
    assert.ok(endpoint.port > 0);
    assert.strictEqual((await snapshot(where)).endpoint.protocol, 1);
    for (const host of ['localhost:1', '[::1]:80', '127.0.0.1']) {
      assert.strictEqual((await request(where, '/v1/snapshot', { headers: { host } })).status, 200);
    }
    const answer = await request(where, '/v1/snapshot', { headers: { host: 'evil.example:80' } });
    assert.strictEqual(answer.status, 400);
    await fails({ port: endpoint.port }, 'ERR_PORT_IN_USE', new RegExp(`127.0.0.1 port ${endpoint.port}`));
  });
  await fails({ host: '127.0.0.1', port: 1, mediasoup: undefined }, 'ERR_MEDIASOUP_NOT_FOUND', /pass/);
  await fails({ host: '192.0.2.1', port: 0, allowRemote: true }, 'ERR_LISTEN', /192\.0\.2\.1/);
});

// A server of small bounds, with a snapshot of `rows` objects to read.
async function withServer(bounds, rows, run) {
  const mediasoup = new FakeMediasoup();
  const tree = trees.acquire(mediasoup);
  const { consumers } = mediasoup.room(rows);
  for (const object of consumers) object.appData = { text: 'x'.repeat(4000) };
  const socket = path.join(temporaryFolder(), 's.sock');
  const collector = new Collector(tree, { deadline: 2000, window: 16 });
  const server = new Server(collector, { socket }, { ...limits, ...bounds });
  await server.listen({ path: socket });
  try {
    await run(socket, server, collector);
  } finally {
    await server.close();
    trees.release(tree);
  }
}

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

test('bounded connections; idle and silent ones go', async () => {
  await withServer({ CONNECTIONS: 4, IDLE_MS: 200 }, 1, async (socket, server) => {
    const clients = Array.from({ length: 10 }, () => net.connect(socket));
    clients.forEach((client) => client.on('error', () => {}));
    await eventually(async () => assert.strictEqual(server.sockets.size, 4));
    await eventually(async () => assert.strictEqual(server.sockets.size, 0));
    assert.strictEqual((await request(socket, '/v1/snapshot')).status, 200);
  });
});

test('a snapshot may take longer than a connection may idle', async () => {
  await withServer({ IDLE_MS: 50 }, 1, async (socket, server, collector) => {
    const [worker] = collector.tree.workers;
    worker.object.getResourceUsage = async () => {
      await sleep(300);
      return {};
    };
    assert.strictEqual((await request(socket, '/v1/snapshot')).status, 200);
  });
});

test('what is not HTTP', async () => {
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

test('a flood of requests on one connection', async () => {
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

test('the file: mode, folder, gone after close', async () => {
  const folder = temporaryFolder();
  const socket = path.join(folder, 'new/folder/s.sock');
  const before = process.umask();
  await withEndpoint({ socket }, async () => {
    assert.strictEqual(fs.statSync(socket).mode & 0o777, 0o660);
    assert.strictEqual(process.umask(), before);
  });
  assert.ok(!fs.existsSync(socket));
  await withEndpoint({ socket, mode: 0o600 }, async () => {
    assert.strictEqual(fs.statSync(socket).mode & 0o777, 0o600);
  });
});

test('the file has its mode in a worker thread too, where there is no umask', async () => {
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

test('cluster: each process serves itself', async () => {
  const folder = temporaryFolder();
  const file = path.join(folder, 'program.js');
  fs.writeFileSync(file, `
    const cluster = require('cluster');
    if (cluster.isPrimary) { cluster.fork(); cluster.fork(); }
    else require(${JSON.stringify(path.join(__dirname, '../..'))}).serve({
      socket: ${JSON.stringify(folder)} + '/%p.sock',
      mediasoup: new (require(${JSON.stringify(require.resolve('../helpers/fake'))}).FakeMediasoup)(),
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

test('somebody listens already: in this process and in another', async () => {
  await withEndpoint({}, async ({ socket, mediasoup }) => {
    await fails({ socket }, 'ERR_SOCKET_IN_USE', /another server listens on it already; call serve\(\) once in a process, .*%p/);
    await fails({ socket, mediasoup }, 'ERR_SOCKET_IN_USE', /listens/);
    await snapshot(socket);
  });
  const socket = path.join(temporaryFolder(), 's.sock');
  const program = `require('net').createServer().listen(${JSON.stringify(socket)}, () => console.log('up'))`;
  const other = spawn(process.execPath, ['-e', program]);
  await new Promise((resolve) => other.stdout.once('data', resolve));
  await fails({ socket }, 'ERR_SOCKET_IN_USE', /listens/);
  assert.ok(fs.existsSync(socket), 'and it is left alone');
  other.kill('SIGKILL');
  await new Promise((resolve) => other.on('exit', resolve));
  assert.ok(fs.existsSync(socket), 'stale');
  await withEndpoint({ socket }, async () => snapshot(socket));
});

test('a path that is no socket is never removed', async () => {
  const folder = temporaryFolder();
  const file = path.join(folder, 'file');
  fs.writeFileSync(file, 'precious');
  await fails({ socket: file }, 'ERR_SOCKET_NOT_A_SOCKET', /left alone/);
  await fails({ socket: folder }, 'ERR_SOCKET_NOT_A_SOCKET', /not a socket/);
  fs.symlinkSync('file', path.join(folder, 'link'));
  await fails({ socket: path.join(folder, 'link') }, 'ERR_SOCKET_NOT_A_SOCKET', /not a socket/);
  assert.strictEqual(fs.readFileSync(file, 'utf8'), 'precious');
  await fails({ socket: path.join(file, 's.sock') }, 'ERR_SOCKET_FOLDER', /RuntimeDirectory/);
  await fails({ socket: '/proc/none/s.sock' }, 'ERR_SOCKET_FOLDER', /\/proc\/none is missing/);
  await fails({ socket: '/proc/s.sock' }, 'ERR_SOCKET_DENIED', /cannot listen on \/proc\/s\.sock/);
});

test('%p: stale siblings go, the living and the foreign stay', async () => {
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

test('a failed serve() leaves nothing behind', async () => {
  const mediasoup = new FakeMediasoup();
  await fails({ mediasoup, socket: '/proc/none/s.sock' }, 'ERR_SOCKET_FOLDER', /missing/);
  assert.strictEqual(mediasoup.observer.listenerCount('newworker'), 0);
  assert.strictEqual(process.listenerCount('exit'), 0);
});

test('a socket that somebody has moved away is theirs', async () => {
  await withEndpoint({}, async ({ socket, endpoint, folder }) => {
    fs.renameSync(socket, path.join(folder, 'moved'));
    await endpoint.close();
    assert.ok(fs.existsSync(path.join(folder, 'moved')));
  });
});

const PROGRAM = (how) => `
  const { serve } = require(${JSON.stringify(path.join(__dirname, '../..'))});
  const { FakeMediasoup } = require(${JSON.stringify(require.resolve('../helpers/fake'))});
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
