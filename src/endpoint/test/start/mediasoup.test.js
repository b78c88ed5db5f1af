// SPDX-License-Identifier: MIT
'use strict';

// How serve() finds the application's mediasoup.

const assert = require('assert');
const { test } = require('node:test');
const { copyOf, install, MANIFEST, PACKAGE, seen, STAY, withProcess } = require('../helpers/installed');
const { eventually } = require('../helpers/application');
const { snapshot } = require('../helpers/snapshot');
const { versions } = require('../helpers/versions');

for (const version of versions()) {
  const name = `mediasoup ${version.version}`;

  test(`${name}: serve() finds the mediasoup of a CommonJS and of an ESM application`, async () => {
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

  test(`${name}: a worker is seen that is created right after serve(), without waiting for it`, async () => {
    const text = `
      const { serve } = require('collectd-mediasoup');
      serve({ socket: process.env.COLLECTD_MEDIASOUP_SOCKET });
      require('mediasoup').createWorker({ appData: { how: 'at once' }, logLevel: 'none' }); ${STAY}`;
    const folder = install(version, { 'app.js': text });
    await withProcess(version, folder, ['app.js'], {}, (app) => seen(app, { how: 'at once' }));
  });
}

// Loader hooks that give CommonJS modules their source, as tracing tools do.
const HOOKS = `
  import { readFileSync } from 'fs';
  import { fileURLToPath } from 'url';
  export async function load(url, context, next) {
    const loaded = await next(url, context);
    if (loaded.format === 'commonjs' && !loaded.source) loaded.source = readFileSync(fileURLToPath(url));
    return loaded;
  }`;

for (const version of versions()) {
  const hooked = (text, run) => {
    const folder = install(version, { 'hooks.mjs': HOOKS, 'app.mjs': text });
    return withProcess(version, folder, ['--no-warnings', '--experimental-loader', './hooks.mjs', 'app.mjs'], {}, run);
  };
  const app = (option) => `
    import * as mediasoup from 'mediasoup';
    import { serve } from 'collectd-mediasoup';
    await serve({ socket: process.env.COLLECTD_MEDIASOUP_SOCKET ${option} });
    await mediasoup.createWorker({ appData: { how: 'hooked' }, logLevel: 'none' }); ${STAY}`;

  test(`mediasoup ${version.version}: serve() works with loader hooks that give CommonJS modules a source`, async () => {
    await hooked(app(', mediasoup'), (running) => seen(running, { how: 'hooked' }));
    await hooked(app(", mediasoup, lane: 'raw'"), (running) => seen(running, { how: 'hooked' }));
  });

  test(`mediasoup ${version.version}: without the option, its copy or a warning is what such an application gets`, async () => {
    await hooked(app(''), async (running) => {
      await eventually(async () => {
        const { of } = await snapshot(running.socket);
        assert.strictEqual(running.stderr.replace(/^.*WARN_WORKERS_UNSEEN.*serve\(\{ mediasoup: .*$/m, '').trim(), '');
        assert.ok(of('workers').length === 1 || /WARN_WORKERS_UNSEEN/.test(running.stderr), running.stderr);
      });
    });
  });
}

const [anyVersion] = versions();

test('two copies of mediasoup are an error that names both, and its remedy works', async () => {
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

test('serve() without a mediasoup names where it looked', async () => {
  const text = `require('${PACKAGE}').serve().catch((error) => console.log(error.code, error.message));`;
  const folder = install(undefined, { 'app.js': text });
  await withProcess(undefined, folder, ['app.js'], {}, async (app) => {
    assert.strictEqual(await app.exited, 0);
    assert.ok(app.stdout.startsWith(`ERR_MEDIASOUP_NOT_FOUND mediasoup was not found from ${folder}; pass`), app.stdout);
  });
});

test('serve() says why mediasoup cannot be loaded', async () => {
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
