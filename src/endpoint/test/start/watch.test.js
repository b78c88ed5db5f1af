// SPDX-License-Identifier: MIT
'use strict';

// Each test runs a process of its own, because the watch for mediasoup never ends.

const assert = require('assert');
const { spawnSync } = require('child_process');
const { test } = require('node:test');
const { copyOf, install, MANIFEST, PACKAGE } = require('../helpers/installed');

// Prints the version and file of each copy that is found.
const WATCH = `
  const { watchForMediasoup } = require('${PACKAGE}/lib/start/watch');
  watchForMediasoup((mediasoup, file) => {
    if (mediasoup.fails) throw new Error('a bug');
    console.log(mediasoup.version, require('path').relative(__dirname, file));
  });`;

function output(app, more = {}) {
  const folder = install(undefined, {
    'node_modules/mediasoup/lib/index.js': copyOf('3.9.1'),
    'node_modules/mediasoup/package.json': MANIFEST,
    'node_modules/other/node_modules/mediasoup/lib/index.js': copyOf('3.9.2'),
    'node_modules/other/node_modules/mediasoup/package.json': MANIFEST,
    'node_modules/other/index.js': "module.exports = require('mediasoup');",
    ...more,
    'app.js': app,
  });
  const { stdout, stderr } = spawnSync(process.execPath, ['app.js'], { cwd: folder, encoding: 'utf8', timeout: 10000 });
  return { lines: stdout.trim().split('\n').filter(Boolean), stderr };
}

const FIRST = '3.9.1 node_modules/mediasoup/lib/index.js';
const SECOND = '3.9.2 node_modules/other/node_modules/mediasoup/lib/index.js';

test('it finds a copy that is loaded already, and each load to come, by name or by file', () => {
  const { lines } = output(`
    require('mediasoup');
    ${WATCH}
    require('other');
    require('mediasoup');
    require('./node_modules/mediasoup/lib/index.js');`);
  assert.deepStrictEqual(lines, [FIRST, SECOND, FIRST, FIRST]);
});

test('it finds an import', () => {
  const app = `${WATCH} import('mediasoup').then(({ version }) => console.log('imported', version));`;
  assert.deepStrictEqual(output(app).lines, [FIRST, 'imported 3.9.1']);
});

test('it takes nothing else for mediasoup', () => {
  const { lines } = output(`${WATCH} require('mediasoup-client'); require('./mediasoup'); require('fs');`, {
    'node_modules/mediasoup-client/index.js': copyOf('9.9.9'),
    'mediasoup.js': 'exports.version = "8.8.8";',
  });
  assert.deepStrictEqual(lines, []);
});

test('a mistake of ours and a missing module change nothing for the application', () => {
  const { lines, stderr } = output(`
    require('other');
    ${WATCH}
    try { require('mediasoup/lib/missing'); } catch ({ code }) { console.log(code); }
    console.log(require('other').version);`, {
    'node_modules/other/node_modules/mediasoup/lib/index.js': `${copyOf('3.9.2')} exports.fails = true;`,
  });
  assert.deepStrictEqual(lines, ['MODULE_NOT_FOUND', '3.9.2']);
  assert.match(stderr, /WARN_INTERNAL.*a bug/);
});
