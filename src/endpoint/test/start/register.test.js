// SPDX-License-Identifier: MIT
'use strict';

// How the endpoint finds the application's mediasoup: applications as they are written, CommonJS
// and ESM, run as processes of their own under each real mediasoup.

const assert = require('assert');
const fs = require('fs');
const path = require('path');
const { spawn } = require('child_process');
const { test } = require('node:test');
const { eventually, sleep, temporaryFolder } = require('../helpers/application');
const { snapshot } = require('../helpers/snapshot');
const { versions } = require('../helpers/versions');

const PACKAGE = path.join(__dirname, '../..');
const REGISTER = path.join(PACKAGE, 'register.js');

const STAY = 'setInterval(() => {}, 1000);';
const CJS = `
  const { createWorker } = require('mediasoup');
  createWorker({ appData: { how: 'cjs' }, logLevel: 'none' });
  ${STAY}`;
const ESM = `
  import * as mediasoup from 'mediasoup';
  const worker = await mediasoup.createWorker({ appData: { how: 'esm' }, logLevel: 'none' });
  ${STAY}`;
// What dotenv does, and mediasoup before 3.16 or so reads only once.
const LATE_ENVIRONMENT = `
  process.env.MEDIASOUP_WORKER_BIN = process.env.LATER;
  require('mediasoup').createWorker({ appData: { how: 'late' }, logLevel: 'none' });
  ${STAY}`;

// A folder of an application with this mediasoup and this package installed.
function install(version, files) {
  const folder = temporaryFolder();
  fs.mkdirSync(path.join(folder, 'node_modules'));
  if (version) fs.symlinkSync(version.module, path.join(folder, 'node_modules/mediasoup'));
  fs.symlinkSync(PACKAGE, path.join(folder, 'node_modules/collectd-mediasoup'));
  for (const [name, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    fs.writeFileSync(path.join(folder, name), text);
  }
  return folder;
}

const MANIFEST = '{"name":"mediasoup","main":"lib/index.js"}';
const PATIENCE_MS = 15000;

// A copy of mediasoup that does nothing, as a second one in node_modules.
function copyOf(version) {
  return `
    const { EventEmitter } = require('events');
    exports.version = '${version}';
    exports.observer = new EventEmitter();
    exports.createWorker = async () => {};`;
}

async function withProcess(version, folder, args, env, run) {
  const node = version ? version.node : process.execPath;
  const child = spawn(node, args, {
    cwd: env.CWD || folder,
    env: {
      ...process.env,
      NODE_OPTIONS: '',
      NODE_PATH: '',
      MEDIASOUP_WORKER_BIN: version ? version.worker : '',
      COLLECTD_MEDIASOUP_SOCKET: path.join(folder, 's.sock'),
      ...env,
    },
  });
  const app = { stdout: '', stderr: '', socket: path.join(folder, 's.sock') };
  child.stdout.on('data', (data) => (app.stdout += data));
  child.stderr.on('data', (data) => (app.stderr += data));
  app.exited = new Promise((resolve) => child.on('exit', (code) => resolve(code)));
  const patience = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
  try {
    await run(app);
  } finally {
    clearTimeout(patience);
    child.kill('SIGKILL');
    await app.exited;
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

const seen = (app, appData) =>
  eventually(async () => {
    const { of } = await snapshot(app.socket);
    assert.deepStrictEqual(of('workers').map((row) => row.appData), [appData], app.stderr);
  });

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

  test(`${name}: serve() finds the mediasoup of the application, CommonJS and ESM`, async () => {
    const cjs = `
      const { serve } = require('collectd-mediasoup');
      serve({ socket: process.env.COLLECTD_MEDIASOUP_SOCKET }).then(() => {
        require('mediasoup').createWorker({ appData: { how: 'cjs' }, logLevel: 'none' }); ${STAY} });`;
    await withProcess(version, install(version, { 'app.js': cjs }), ['app.js'], {}, (app) => seen(app, { how: 'cjs' }));
    const esm = (option) => `
      import { serve } from 'collectd-mediasoup';
      import * as mediasoup from 'mediasoup';
      import theDefault from 'mediasoup';
      await serve({ socket: process.env.COLLECTD_MEDIASOUP_SOCKET ${option} });
      await mediasoup.createWorker({ appData: { how: 'esm' }, logLevel: 'none' }); ${STAY}`;
    for (const option of ['', ', mediasoup', ', mediasoup: theDefault']) {
      const folder = install(version, { 'app.mjs': esm(option) });
      await withProcess(version, folder, ['app.mjs'], {}, (app) => seen(app, { how: 'esm' }));
    }
  });

  test(`${name}: a worker created right after serve(), which nobody waits for`, async () => {
    const text = `
      const { serve } = require('collectd-mediasoup');
      serve({ socket: process.env.COLLECTD_MEDIASOUP_SOCKET });
      require('mediasoup').createWorker({ appData: { how: 'at once' }, logLevel: 'none' }); ${STAY}`;
    const folder = install(version, { 'app.js': text });
    await withProcess(version, folder, ['app.js'], {}, (app) => seen(app, { how: 'at once' }));
  });
}

const [anyVersion] = versions();

test('mediasoup twice: an error that names both, and the remedy works', async () => {
  const second = {
    'lib/node_modules/mediasoup/lib/index.js': copyOf('3.9.9'),
    'lib/node_modules/mediasoup/package.json': MANIFEST,
    'lib/index.js': "require('mediasoup')",
  };
  const app = (option) => `
    require('./lib');
    const mediasoup = require('mediasoup');
    const { serve } = require('collectd-mediasoup');
    serve({ socket: process.env.COLLECTD_MEDIASOUP_SOCKET ${option} })
      .then(() => mediasoup.createWorker({ appData: { how: 'given' }, logLevel: 'none' }))
      .catch((error) => { console.log(error.code, error.message); process.exit(7); });
    ${STAY}`;
  const folder = install(anyVersion, { ...second, 'app.js': app('') });
  await withProcess(anyVersion, folder, ['app.js'], {}, async (running) => {
    assert.strictEqual(await running.exited, 7);
    const { stdout } = running;
    assert.match(stdout, /^ERR_MEDIASOUP_TWICE .*2 copies.*pass it: serve\(\{ mediasoup: require\('mediasoup'\) \}\)/);
    assert.ok(stdout.includes(`${folder}/lib/node_modules/mediasoup/lib/index.js (3.9.9)`), stdout);
    assert.ok(stdout.includes(`(${anyVersion.version})`), stdout);
  });
  const given = install(anyVersion, { ...second, 'app.js': app(', mediasoup') });
  await withProcess(anyVersion, given, ['app.js'], {}, (running) => seen(running, { how: 'given' }));
});

// what goes wrong: [files, environment, what the warning says]; the application must not notice.
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
  test(`register, ${name}: one warning, and the application runs`, async () => {
    await withProcess(undefined, install(undefined, files), ['-r', REGISTER, 'app.js'], env, async (app) => {
      assert.strictEqual(await app.exited, 0);
      assert.strictEqual(app.stdout, 'fine\n');
      assert.match(app.stderr, message);
      assert.strictEqual(app.stderr.match(/CollectdMediasoupWarning/g).length, 1);
    });
  });
}

test('register in an application without mediasoup, a package manager and a thread: silence', async () => {
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

test('serve() where there is no mediasoup names where it looked', async () => {
  const text = `require('${PACKAGE}').serve().catch((error) => console.log(error.code, error.message));`;
  const folder = install(undefined, { 'app.js': text });
  await withProcess(undefined, folder, ['app.js'], {}, async (app) => {
    assert.strictEqual(await app.exited, 0);
    assert.ok(app.stdout.startsWith(`ERR_MEDIASOUP_NOT_FOUND mediasoup was not found from ${folder}; pass`), app.stdout);
  });
});

test('serve() with a mediasoup that cannot be loaded says why', async () => {
  const folder = install(undefined, {
    'node_modules/mediasoup/lib/index.js': "throw new Error('wrong Node')",
    'node_modules/mediasoup/package.json': MANIFEST,
    'app.js': "require('collectd-mediasoup').serve().catch((error) => console.log(error.code, error.message));",
  });
  await withProcess(undefined, folder, ['app.js'], {}, async (app) => {
    assert.strictEqual(await app.exited, 0);
    assert.match(app.stdout, /^ERR_MEDIASOUP_LOAD mediasoup cannot be loaded: wrong Node; check that the application itself can/);
  });
});
