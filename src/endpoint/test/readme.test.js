// SPDX-License-Identifier: MIT
'use strict';

// The samples of README.md run as they stand.

const assert = require('assert');
const fs = require('fs');
const path = require('path');
const { test } = require('node:test');
const { install, seen, STAY, withProcess } = require('./helpers/installed');
const { versions } = require('./helpers/versions');

const README = fs.readFileSync(path.join(__dirname, '../README.md'), 'utf8');
const WORKER = "mediasoup.createWorker({ appData: { how: 'sample' }, logLevel: 'none' });";

// Returns the indented block that begins with this comment.
function sample(begin) {
  const block = README.split('\n\n').find((text) => text.startsWith(`    // ${begin}`));
  assert.ok(block !== undefined && block.includes('/run/mediasoup/collectd.sock'));
  return block;
}

const [version] = versions();

for (const [begin, file] of [['CommonJS', 'app.js'], ['ESM', 'app.mjs']]) {
  test(`the sample for ${begin} runs`, async () => {
    const folder = install(version, {});
    const code = sample(begin).replace('/run/mediasoup/collectd.sock', path.join(folder, 's.sock'));
    fs.writeFileSync(path.join(folder, file), `${code}\n${WORKER}\n${STAY}`);
    await withProcess(version, folder, [file], {}, async (app) => {
      await seen(app, { how: 'sample' });
      assert.strictEqual(app.stderr, '');
    });
  });
}

test('the sample in the repository\'s README.md runs in CommonJS', async () => {
  const readme = fs.readFileSync(path.join(__dirname, '../../../README.md'), 'utf8');
  const [, code] = /```js\n(const \{ serve \}[^`]*)```/.exec(readme);
  const folder = install(version, {});
  const here = code.replace('serve()', `serve({ socket: '${path.join(folder, 's.sock')}' })`);
  fs.writeFileSync(path.join(folder, 'app.js'), `${here}\nconst mediasoup = require('mediasoup');\n${WORKER}\n${STAY}`);
  await withProcess(version, folder, ['app.js'], {}, async (app) => {
    await seen(app, { how: 'sample' });
    assert.strictEqual(app.stderr, '');
  });
});
