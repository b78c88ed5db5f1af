// SPDX-License-Identifier: MIT
'use strict';

// Applications as people install and start them: pnpm's layout, tsx, Jest, threads, and pm2 with several processes.

const { test } = require('node:test');
const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const { until } = require('../lib/wait.js');
const { application, bare, BIN, ENVIRONMENT, MEDIASOUP, run, running, seen, snapshot, tarball } = require('./application.js');

const JEST = path.resolve(__dirname, '../node_modules/jest/bin/jest.js');
const APP = (how) => `const mediasoup = require('mediasoup');
const { serve } = require('collectd-mediasoup');
serve({ socket: process.env.SOCKET, lane: process.env.LANE }).catch(console.error);
mediasoup.createWorker({ appData: { how: '${how}' }, logLevel: 'none' });
setInterval(() => {}, 1000);
`;

test('installed by pnpm', async () => {
  const manifest = { name: 'app', private: true, dependencies: { 'collectd-mediasoup': `file:${tarball()}`, mediasoup: `link:${MEDIASOUP}` } };
  const folder = bare({ 'package.json': JSON.stringify(manifest), 'app.js': APP('pnpm') });
  run(path.join(BIN, 'pnpm'), ['install', '--offline', '--store-dir', path.join(folder, 'store'), '--config.update-notifier=false'], { cwd: folder });
  assert.match(fs.realpathSync(path.join(folder, 'node_modules/collectd-mediasoup')), /\/node_modules\/\.pnpm\/collectd-mediasoup@/);
  for (const LANE of ['public', 'raw'])
    await running(folder, [process.execPath, 'app.js'], async ({ socket, said }) => {
      await seen(socket, { how: 'pnpm' }, said);
      assert.equal(said(), '');
    }, { LANE });
  assert.match(run(path.join(BIN, 'pnpm'), ['exec', 'collectd-mediasoup', '--version'], { cwd: folder }), /^\d+\.\d+\.\d+\n$/);
});

for (const [kind, extension] of [['CommonJS', 'ts'], ['ESM', 'mts']])
  test(`TypeScript run by tsx, ${kind}`, async () => {
    const code = `import * as mediasoup from 'mediasoup';
import { serve, type Endpoint } from 'collectd-mediasoup';
serve({ socket: process.env.SOCKET as string }).then((endpoint: Endpoint) => console.log('listening', endpoint.listening));
mediasoup.createWorker({ appData: { how: 'tsx' }, logLevel: 'none' as const });
setInterval(() => {}, 1000);
`;
    const folder = application({ [`app.${extension}`]: code });
    await running(folder, [path.join(BIN, 'tsx'), `app.${extension}`], async ({ socket, said }) => {
      await seen(socket, { how: 'tsx' }, said);
      assert.equal(said(), 'listening true\n');
    });
  });

test('within Jest, in both lanes, also after its modules were reset', () => {
  const folder = application({
    'jest.config.js': 'module.exports = { testEnvironment: "node" };\n',
    'app.test.js': `const http = require('http');
const read = (socketPath) => new Promise((resolve, reject) => http.get({ socketPath, path: '/v1/snapshot', agent: false }, (res) => {
  let text = '';
  res.on('data', (data) => (text += data)).on('end', () => resolve(text.trim().split('\\n').map((line) => JSON.parse(line))));
}).on('error', reject));
for (const lane of ['public', 'raw', 'public']) test(lane, async () => {
  jest.resetModules();
  const mediasoup = require('mediasoup');
  const { serve } = require('collectd-mediasoup');
  const endpoint = await serve({ socket: process.env.SOCKET, lane });
  const worker = await mediasoup.createWorker({ appData: { lane }, logLevel: 'none' });
  await (await worker.createRouter({ mediaCodecs: [] })).createDirectTransport();
  const rows = await read(process.env.SOCKET);
  expect(rows.filter(({ row }) => row === 'workers').map(({ appData }) => appData)).toEqual([{ lane }]);
  const [{ lane: used }] = await read(process.env.SOCKET);
  expect(used).toBe(lane);
  worker.close();
  await endpoint.close();
});
`,
  });
  const report = path.join(folder, 'report.json');
  run(process.execPath, [JEST, '--ci', '--json', `--outputFile=${report}`], { cwd: folder, env: { SOCKET: path.join(folder, 's.sock') } });
  const { numPassedTests, numTotalTests } = JSON.parse(fs.readFileSync(report, 'utf8'));
  assert.deepEqual([numPassedTests, numTotalTests], [3, 3]);
});

test('in threads: each serves its own workers, and a thread that is terminated leaves nothing in the way', async () => {
  const folder = application({
    'app.js': `const { Worker } = require('worker_threads');
const start = (name, how) => new Worker(require.resolve('./part.js'), { workerData: { socket: process.env.SOCKET + name, how } });
start('.a', 'a');
let b = start('.b', 'b');
process.on('SIGUSR2', async () => { await b.terminate(); b = start('.b', 'b again'); });
setInterval(() => {}, 1000);
`,
    'part.js': `const { workerData: { socket, how } } = require('worker_threads');
const mediasoup = require('mediasoup');
require('collectd-mediasoup').serve({ socket }).catch(console.error);
mediasoup.createWorker({ appData: { how }, logLevel: 'none' });
setInterval(() => {}, 1000);
`,
  });
  await running(folder, [process.execPath, 'app.js'], async ({ socket, child, said }) => {
    const workersOf = async (name, how) => (await seen(socket + name, { how }, said)).filter(({ row }) => row === 'workers').length;
    assert.deepEqual([await workersOf('.a', 'a'), await workersOf('.b', 'b')], [1, 1]);
    process.kill(child.pid, 'SIGUSR2');
    assert.deepEqual([await workersOf('.b', 'b again'), await workersOf('.a', 'a')], [1, 1]);
    assert.equal(said(), '');
  });
});

// --- pm2 ---

const PM2 = path.join(__dirname, 'node_modules/pm2/bin/pm2');

// Calls run(pm2, folder): pm2(...args) calls it with a daemon of its own, which ends with the test.
async function withPm2(files, test) {
  const folder = application(files);
  const env = { ...ENVIRONMENT, PM2_HOME: path.join(folder, 'pm2'), SOCKET: path.join(folder, '%p.sock'), PM2_DISCRETE_MODE: 'true' };
  const pm2 = (...args) => run(process.execPath, [PM2, ...args], { cwd: folder, env });
  try {
    await test(pm2, folder);
  } finally {
    pm2('kill');
  }
}

const socketsIn = (folder) => fs.readdirSync(folder).filter((name) => /^\d+\.sock$/.test(name)).sort();

// Resolves with the pids that answer on their own sockets.
async function answering(folder) {
  const pids = [];
  for (const name of socketsIn(folder)) {
    const rows = await snapshot(path.join(folder, name)).catch(() => undefined);
    if (rows === undefined || !rows.some(({ row }) => row === 'workers')) continue;
    assert.equal(`${rows[0].pid}.sock`, name, 'each process answers on its own socket');
    pids.push(rows[0].pid);
  }
  return pids;
}

// Until two processes answer of which none is among these, and no other socket is left.
const two = (folder, before = []) => until(async () => {
  const pids = await answering(folder);
  const isNew = pids.every((pid) => !before.includes(pid));
  return pids.length === 2 && isNew && socketsIn(folder).length === 2 && pids;
}, { what: 'two processes of pm2', timeout: 90000, every: 200, detail: () => socketsIn(folder).join(' ') });

test('pm2 cluster with %p, its reload, and the check of all processes', () =>
  withPm2({
    'app.js': APP('pm2'),
    'ecosystem.config.js': "module.exports = { apps: [{ name: 'sfu', script: './app.js', exec_mode: 'cluster', instances: 2 }] };\n",
  }, async (pm2, folder) => {
    pm2('start', 'ecosystem.config.js');
    const before = await two(folder);
    pm2('reload', 'sfu');
    const after = await two(folder, before);
    const results = JSON.parse(run(process.execPath, ['node_modules/collectd-mediasoup/command.js', 'check', '--json', '%p.sock'], { cwd: folder }));
    assert.deepEqual(results.map(({ target }) => path.basename(target)), after.sort((a, b) => a - b).map((pid) => `${pid}.sock`));
    assert.deepEqual(results.flatMap(({ findings }) => findings.filter(({ level }) => level === 'failure')), []);
  }));
