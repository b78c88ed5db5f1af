// SPDX-License-Identifier: MIT
'use strict';

// The code of docs/applications.md, and of the README's step 1b, in applications with real workers.

const assert = require('node:assert/strict');
const { spawn } = require('node:child_process');
const fs = require('node:fs');
const http = require('node:http');
const os = require('node:os');
const path = require('node:path');
const { test } = require('node:test');
const { blocksOf } = require('../docs/blocks.js');
const { until } = require('../lib/wait.js');

const ROOT = path.join(__dirname, '../..');
const BLOCKS = [...blocksOf('docs/applications.md', 'js'), ...blocksOf('docs/applications.md', 'ts')];

// The block that has this text.
function block(text) {
  const found = BLOCKS.filter((one) => one.includes(text));
  assert.equal(found.length, 1, text);
  return found[0];
}

const HEAD = "const mediasoup = require('mediasoup');\nconst { serve } = require('collectd-mediasoup');\n";
const SERVE = 'serve().catch(console.error);\n';
const LISTEN = "listenIps: [{ ip: '127.0.0.1' }]";
const START = `const worker = await mediasoup.createWorker({ logLevel: 'none' });
  const [roomId, peerId, mediaCodecs, peer, direction, [producing, consuming]] = ['room-1', 'alice', [], { id: 'alice' }, 'consumer', [true, false]];`;

// An application of `head` and, when there is a worker, `body`.
const application = (head, body) => `${head}
(async () => {
  ${START}
  ${body}
})().catch((error) => { console.error(error); process.exit(1); });
setInterval(() => {}, 1000);
`;

function snapshot(socketPath) {
  return new Promise((resolve, reject) => {
    http.get({ socketPath, path: '/v1/snapshot', agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (data) => { text += data; });
      response.on('end', () => resolve(text.trim().split('\n').map((line) => JSON.parse(line))));
    }).on('error', reject);
  });
}

// Runs an application, and resolves with the rows once it has all of its transports.
async function rowsOf(code, transports = 1) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mediasoup-document-'));
  const socket = path.join(folder, 'sfu.sock');
  fs.mkdirSync(path.join(folder, 'node_modules'));
  fs.symlinkSync(path.join(path.resolve(process.env.MEDIASOUP_DIR), 'node_modules/mediasoup'), path.join(folder, 'node_modules/mediasoup'));
  fs.symlinkSync(path.join(ROOT, 'src/endpoint'), path.join(folder, 'node_modules/collectd-mediasoup'));
  const placed = code.replace(/serve\((?:\{ )?/, (call) => (call.endsWith('{ ') ? `serve({ socket: '${socket}', ` : `serve({ socket: '${socket}' }`));
  fs.writeFileSync(path.join(folder, 'app.js'), placed);
  const child = spawn(process.execPath, ['app.js'], { cwd: folder, env: { ...process.env, NODE_OPTIONS: '', MEDIASOUP_WORKER_BIN: path.join(path.resolve(process.env.MEDIASOUP_DIR), 'mediasoup-worker') } });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => { said += text; });
  const exited = new Promise((done) => child.on('exit', done));
  try {
    let rows;
    await until(async () => {
      rows = await snapshot(socket).catch(() => []);
      return rows.filter(({ row }) => row === 'transports').length === transports;
    }, { what: `transports: ${transports}`, timeout: 30000, detail: () => said });
    assert.equal(said, '');
    return rows;
  } finally {
    child.kill('SIGKILL');
    await exited;
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

const appDataOf = (rows, wanted) => rows.filter(({ row }) => row === wanted).map(({ appData }) => appData);

test('a room class: two lines name its rooms and participants', async () => {
  const rows = await rowsOf(application(block('class Room'), 'await (await Room.create(worker, roomId)).join(peerId);'));
  assert.deepEqual([appDataOf(rows, 'routers'), appDataOf(rows, 'transports')], [[{ roomId: 'room-1' }], [{ peerId: 'alice' }]]);
});

test('the two lines of the README', async () => {
  const [lines] = blocksOf('README.md', 'js').filter((one) => one.includes('createRouter'));
  const rows = await rowsOf(application(HEAD + SERVE, `const options = { ${LISTEN} };\n  ${lines}\n  void transport;`));
  assert.deepEqual([appDataOf(rows, 'routers'), appDataOf(rows, 'transports')], [[{ roomId: 'room-1' }], [{ peerId: 'alice' }]]);
});

test('names may be set later', async () => {
  const body = `const router = await worker.createRouter({ mediaCodecs });
  const transport = await router.createWebRtcTransport({ ${LISTEN} });
  ${block('router.appData.roomId')}`;
  const rows = await rowsOf(application(HEAD + SERVE, body));
  assert.deepEqual([appDataOf(rows, 'routers'), appDataOf(rows, 'transports')], [[{ roomId: 'room-1' }], [{ peerId: 'alice' }]]);
});

test('mediasoup-demo in JavaScript', async () => {
  const body = `const mediasoupWorker = worker;
  ${block('await mediasoupWorker.createRouter')}
  await mediasoupRouter.createWebRtcTransport({ ${LISTEN}, ${block('appData : { producing')} });`;
  const rows = await rowsOf(application(HEAD + SERVE, body));
  assert.deepEqual(appDataOf(rows, 'routers'), [{ roomId: 'room-1' }]);
  assert.deepEqual(appDataOf(rows, 'transports'), [{ producing: true, consuming: false, peerId: 'alice' }]);
});

test('mediasoup-demo in TypeScript', async () => {
  const body = `const [producerRouter, consumerRouter] = [await worker.createRouter({ mediaCodecs }), await worker.createRouter({ mediaCodecs })];
  ${block('producerRouter.appData')}
  await consumerRouter.createWebRtcTransport({ ${LISTEN}, ${block('appData: { direction')} });`;
  const rows = await rowsOf(application(HEAD + SERVE, body));
  assert.deepEqual(appDataOf(rows, 'routers'), [{ roomId: 'room-1' }, { roomId: 'room-1' }]);
  assert.deepEqual(appDataOf(rows, 'transports'), [{ direction: 'consumer', peerId: 'alice' }]);
});

const TWO_ROOMS = `for (const isPrivate of [false, true]) {
    const router = await worker.createRouter({ mediaCodecs, appData: { roomId, secret: 'x', ...(isPrivate && { isPrivate }) } });
    await router.createWebRtcTransport({ ${LISTEN}, appData: { peerId, ...(isPrivate && { isPrivate }) } });
  }`;

test('only the keys that are named leave the application', async () => {
  const rows = await rowsOf(application(HEAD + block('serve({ appData: ['), TWO_ROOMS), 2);
  assert.deepEqual(appDataOf(rows, 'routers'), [{ roomId: 'room-1' }, { roomId: 'room-1' }]);
});

test('a function hides what is private', async () => {
  const rows = await rowsOf(application(HEAD + block('isPrivate'), TWO_ROOMS), 2);
  assert.deepEqual(appDataOf(rows, 'routers'), [{ roomId: 'room-1' }, undefined]);
  assert.deepEqual(appDataOf(rows, 'transports'), [{ peerId: 'alice' }, undefined]);
});
