// SPDX-License-Identifier: MIT
'use strict';

// Applications whose code is bundled together with the package. mediasoup itself stays outside, as its worker is a
// program beside it.

const { test } = require('node:test');
const assert = require('node:assert');
const path = require('node:path');
const { until } = require('../lib/wait.js');
const { application, BIN, run, running, seen } = require('./application.js');

// With GIVEN the module is passed to serve(), as the README does; without it the endpoint has to find it.
const CODE = (load) => `${load}
const { SOCKET: socket, LANE: lane, GIVEN } = process.env;
serve({ socket, lane, ...(GIVEN ? { mediasoup } : {}) }).catch(console.error);
mediasoup.createWorker({ appData: { how: 'bundled' }, logLevel: 'none' })
  .then((worker) => worker.createRouter({ mediaCodecs: [] }))
  .then((router) => router.createDirectTransport());
setInterval(() => {}, 1000);
`;
const COMMONJS = CODE("const mediasoup = require('mediasoup');\nconst { serve } = require('collectd-mediasoup');");
const ESM = CODE("import * as mediasoup from 'mediasoup';\nimport { serve } from 'collectd-mediasoup';");
// What esbuild wants for CommonJS dependencies in an ESM bundle.
const BANNER = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

const esbuild = (folder, entry, out, ...options) =>
  run(path.join(BIN, 'esbuild'), [entry, '--bundle', '--platform=node', '--external:mediasoup', '--log-level=warning', `--outfile=${out}`, ...options], { cwd: folder });

// Bundles with webpack; rejects when it has errors, and returns its warnings.
function webpack(folder, entry, options) {
  const compile = require('webpack');
  const { output, ...others } = options;
  const config = { mode: 'production', target: 'node', context: folder, entry: `./${entry}`, ...others, output: { path: folder, ...output } };
  return new Promise((resolve, reject) => {
    compile(config, (error, stats) => {
      if (error || stats.hasErrors()) reject(error || new Error(stats.toString()));
      else resolve(stats.toJson().warnings.map(({ message }) => message));
    });
  });
}

const FILES = { 'app.js': COMMONJS, 'app.mjs': ESM };
// [what, how the bundle is made in a folder with those files, its name]
const BUNDLES = [
  ['esbuild', (folder) => esbuild(folder, 'app.js', 'bundle.js'), 'bundle.js'],
  ['esbuild, minified', (folder) => esbuild(folder, 'app.mjs', 'bundle.js', '--minify'), 'bundle.js'],
  ['esbuild as ESM', (folder) => esbuild(folder, 'app.mjs', 'bundle.mjs', '--format=esm', `--banner:js=${BANNER}`), 'bundle.mjs'],
  ['webpack', (folder) => webpack(folder, 'app.js', { externals: { mediasoup: 'commonjs mediasoup' }, output: { filename: 'bundle.js' } }), 'bundle.js'],
  ['webpack as ESM', (folder) => webpack(folder, 'app.mjs', { externals: { mediasoup: 'module mediasoup' }, experiments: { outputModule: true },
    output: { filename: 'bundle.mjs', module: true, library: { type: 'module' } } }), 'bundle.mjs'],
];

for (const [what, bundle, file] of BUNDLES) {
  test(`bundled by ${what}: without a warning, with mediasoup given and found`, async () => {
    const folder = application(FILES);
    assert.equal((await bundle(folder)).length, 0);
    run('rm', ['-r', 'node_modules/collectd-mediasoup'], { cwd: folder });
    for (const GIVEN of ['1', ''])
      await running(folder, [process.execPath, file], async ({ socket, said }) => {
        const [{ lane }] = await seen(socket, { how: 'bundled' }, said);
        assert.equal(lane, 'public');
        assert.equal(said(), '');
      }, { GIVEN });
  });

  test(`bundled by ${what}: the raw lane says that it cannot, and the public one serves`, async () => {
    const folder = application(FILES);
    await bundle(folder);
    await running(folder, [process.execPath, file], async ({ socket, said }) => {
      const [{ lane, laneReason }] = await seen(socket, { how: 'bundled' }, said);
      const reason = 'the raw lane is off: collectd-mediasoup has been bundled, without the file of its thread; leave it out of the bundle (external)';
      assert.deepEqual({ lane, laneReason }, { lane: 'public', laneReason: reason });
      assert.match(said(), /WARN_RAW_LANE/);
    }, { GIVEN: '1', LANE: 'raw' });
  });
}

test('left out of the bundle, the package has its raw lane', async () => {
  const folder = application(FILES);
  esbuild(folder, 'app.js', 'bundle.js', '--external:collectd-mediasoup');
  await running(folder, [process.execPath, 'bundle.js'], async ({ socket, said }) => {
    await until(async () => (await seen(socket, { how: 'bundled' }, said))[0].lane === 'raw', { what: 'the raw lane', detail: said });
    assert.equal(said(), '');
  }, { LANE: 'raw' });
});
