// SPDX-License-Identifier: MIT
'use strict';

// --require collectd-mediasoup/register, with applications that are not written for it.

const assert = require('assert');
const fs = require('fs');
const path = require('path');
const { test } = require('node:test');
const { eventually, sleep } = require('../helpers/application');
const { copyOf, install, MANIFEST, REGISTER, seen, STAY, withProcess } = require('../helpers/installed');
const { versions } = require('../helpers/versions');

const CJS = `
  const { createWorker } = require('mediasoup');
  createWorker({ appData: { how: 'cjs' }, logLevel: 'none' });
  ${STAY}`;
const ESM = `
  import * as mediasoup from 'mediasoup';
  const worker = await mediasoup.createWorker({ appData: { how: 'esm' }, logLevel: 'none' });
  ${STAY}`;
// dotenv sets variables like this, and mediasoup before 3.16 or so reads them only once.
const LATE_ENVIRONMENT = `
  process.env.MEDIASOUP_WORKER_BIN = process.env.LATER;
  require('mediasoup').createWorker({ appData: { how: 'late' }, logLevel: 'none' });
  ${STAY}`;

// Says what the endpoint is before mediasoup is loaded and after, and whether it lists the worker.
const LOOKING = (load) => `
  console.log(endpoint());
  ${load}
  console.log(endpoint().socket === process.env.COLLECTD_MEDIASOUP_SOCKET, endpoint().workers().length);
  createWorker({ logLevel: 'none' }).then((worker) => {
    const [{ worker: same, pid, routers }] = endpoint().workers();
    console.log(same === worker, pid === worker.pid, routers);
  });
  ${STAY}`;
const LOOKERS = {
  'app.js': `const { endpoint } = require('collectd-mediasoup');${LOOKING("const { createWorker } = require('mediasoup');")}`,
  'app.mjs': `import { endpoint } from 'collectd-mediasoup';${LOOKING("const { createWorker } = await import('mediasoup');")}`,
};

// file: [text, what its worker's appData says]
const APPLICATIONS = {
  'app.js': [CJS, { how: 'cjs' }],
  'app.mjs': [ESM, { how: 'esm' }],
};

for (const version of versions()) {
  const name = `mediasoup ${version.version}`;

  for (const [file, [text, appData]] of Object.entries(APPLICATIONS)) {
    test(`${name}: register with ${file}, from its folder and from another`, async () => {
      const args = ['--require', 'collectd-mediasoup/register', file];
      await withProcess(version, install(version, { [file]: text }), args, {}, async (app) => {
        await seen(app, appData);
        assert.strictEqual(app.stderr, '');
      });
      const folder = install(version, { [file]: text });
      const absolute = ['--require', REGISTER, path.join(folder, file)];
      await withProcess(version, folder, absolute, { CWD: '/' }, (app) => seen(app, appData));
    });
  }

  for (const [file, text] of Object.entries(LOOKERS)) {
    test(`${name}: the application gets at the endpoint that register began, in ${file}`, async () => {
      await withProcess(version, install(version, { [file]: text }), ['--require', 'collectd-mediasoup/register', file], {}, async (app) => {
        await eventually(() => assert.strictEqual(app.stdout, 'undefined\ntrue 0\ntrue true 0\n', app.stderr));
        assert.strictEqual(app.stderr, '');
      });
    });
  }

  test(`${name}: register does not load mediasoup before the application does`, async () => {
    const env = { MEDIASOUP_WORKER_BIN: '/nowhere', LATER: version.worker };
    const folder = install(version, { 'app.js': LATE_ENVIRONMENT });
    await withProcess(version, folder, ['-r', REGISTER, 'app.js'], env, (app) => seen(app, { how: 'late' }));
  });

  test(`${name}: register limits appData by the environment`, async () => {
    const env = { COLLECTD_MEDIASOUP_APP_DATA: 'roomId' };
    const folder = install(version, { 'app.js': CJS });
    await withProcess(version, folder, ['-r', REGISTER, 'app.js'], env, (app) => seen(app, undefined));
  });
}

const [anyVersion] = versions();

// what goes wrong: [files, environment, the warning]. The application must not notice.
const FAILURES = {
  'mediasoup twice': [
    {
      'node_modules/mediasoup/lib/index.js': copyOf('3.9.1'),
      'node_modules/mediasoup/package.json': MANIFEST,
      'other/node_modules/mediasoup/lib/index.js': copyOf('3.9.2'),
      'other/node_modules/mediasoup/package.json': MANIFEST,
      'other/index.js': "require('mediasoup')",
      'app.js': "require('mediasoup'); require('./other'); setTimeout(() => console.log('fine'), 300);",
    },
    {},
    /ERR_MEDIASOUP_TWICE.*two copies of mediasoup, .*node_modules\/mediasoup\/lib\/index\.js and .*other/,
  ],
  'mediasoup too old': [
    {
      'node_modules/mediasoup/lib/index.js': copyOf('3.6.0'),
      'node_modules/mediasoup/package.json': MANIFEST,
      'app.js': "require('mediasoup'); setTimeout(() => console.log('fine'), 300);",
    },
    {},
    /ERR_MEDIASOUP_UNSUPPORTED.*no endpoint for this process: mediasoup 3\.6\.0/,
  ],
  'a wrong variable': [
    {
      'node_modules/mediasoup/lib/index.js': copyOf('3.9.0'),
      'node_modules/mediasoup/package.json': MANIFEST,
      'app.js': "require('mediasoup'); setTimeout(() => console.log('fine'), 300);",
    },
    { COLLECTD_MEDIASOUP_SOCKET: '', COLLECTD_MEDIASOUP_PORT: 'http' },
    /ERR_OPTION_INVALID.*"port" must be a port number from 0 to 65535, not "http"/,
  ],
  'a misspelt variable': [
    {
      'node_modules/mediasoup/lib/index.js': copyOf('3.9.0'),
      'node_modules/mediasoup/package.json': MANIFEST,
      'app.js': "require('mediasoup'); setTimeout(() => console.log('fine'), 300);",
    },
    { COLLECTD_MEDIASOUP_APPDATA: 'roomId' },
    /WARN_ENVIRONMENT.*COLLECTD_MEDIASOUP_APPDATA is ignored: the variables are COLLECTD_MEDIASOUP_SOCKET, /,
  ],
  'a key that it may not read': [
    {
      'node_modules/mediasoup/lib/index.js': copyOf('3.9.0'),
      'node_modules/mediasoup/package.json': MANIFEST,
      'app.js': "require('mediasoup'); setTimeout(() => console.log('fine'), 300);",
    },
    { COLLECTD_MEDIASOUP_SOCKET: '', COLLECTD_MEDIASOUP_PORT: '0', COLLECTD_MEDIASOUP_TLS_KEY: '/nowhere/key.pem' },
    /ERR_OPTION_INVALID.*no endpoint for this process: cannot read COLLECTD_MEDIASOUP_TLS_KEY "\/nowhere\/key\.pem": ENOENT/,
  ],
  'an empty token': [
    {
      'node_modules/mediasoup/lib/index.js': copyOf('3.9.0'),
      'node_modules/mediasoup/package.json': MANIFEST,
      'app.js': "require('mediasoup'); setTimeout(() => console.log('fine'), 300);",
    },
    { COLLECTD_MEDIASOUP_TOKEN: '' },
    /ERR_OPTION_INVALID.*no endpoint for this process: option "token" must be a text/,
  ],
  'a folder it may not make': [
    {
      'node_modules/mediasoup/lib/index.js': copyOf('3.9.0'),
      'node_modules/mediasoup/package.json': MANIFEST,
      'app.js': "require('mediasoup'); setTimeout(() => console.log('fine'), 300);",
    },
    { COLLECTD_MEDIASOUP_SOCKET: '/proc/none/s.sock' },
    /ERR_SOCKET_FOLDER.*\/proc\/none is missing/,
  ],
};

for (const [name, [files, env, message]] of Object.entries(FAILURES)) {
  test(`register warns once of ${name}, and the application runs`, async () => {
    await withProcess(undefined, install(undefined, files), ['-r', REGISTER, 'app.js'], env, async (app) => {
      assert.strictEqual(await app.exited, 0);
      assert.strictEqual(app.stdout, 'fine\n');
      assert.match(app.stderr, message);
      assert.strictEqual(app.stderr.match(/CollectdMediasoupWarning/g).length, 1);
    });
  });
}

test('register is silent in an application without mediasoup, a package manager and a thread', async () => {
  const thread = `
    const { Worker, isMainThread } = require('worker_threads');
    if (isMainThread) new Worker(__filename, { execArgv: ['-r', ${JSON.stringify(REGISTER)}] });
    else {
      require('mediasoup');
      setTimeout(() => console.log(require('fs').existsSync(process.env.COLLECTD_MEDIASOUP_SOCKET)), 300);
    }`;
  const files = { 'app.js': "console.log('fine')", 'npm-cli.js': "console.log('fine')", 'thread.js': thread };
  for (const file of Object.keys(files)) {
    const folder = install(anyVersion, files);
    const args = file === 'thread.js' ? [file] : ['-r', REGISTER, file];
    await withProcess(anyVersion, folder, args, {}, async (app) => {
      assert.strictEqual(await Promise.race([app.exited, sleep(8000)]), 0);
      assert.strictEqual(app.stderr, '');
      assert.ok(!fs.existsSync(app.socket));
      assert.strictEqual(app.stdout, file === 'thread.js' ? 'false\n' : 'fine\n');
    });
  }
});
