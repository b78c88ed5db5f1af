// SPDX-License-Identifier: MIT
'use strict';

// The samples of README.md run as they stand, but for the socket's folder. So do the commands.

const assert = require('assert');
const fs = require('fs');
const path = require('path');
const { spawn } = require('child_process');
const { test } = require('node:test');
const { eventually } = require('./helpers/application');
const { certificate } = require('./helpers/certificate');
const { install, PACKAGE, seen, STAY, withProcess } = require('./helpers/installed');
const { snapshot } = require('./helpers/snapshot');
const { versions } = require('./helpers/versions');

const README = fs.readFileSync(path.join(__dirname, '../README.md'), 'utf8');
const WORKER = "mediasoup.createWorker({ appData: { how: 'sample' }, logLevel: 'none' });";
const SOCKET = '/run/mediasoup/collectd.sock';

const BLOCKS = README.split('\n\n').filter((text) => /^ {4}\S/.test(text)).map((text) => text.replace(/^ {4}/gm, ''));

// Returns the indented block that begins with this text.
function sample(begin) {
  const block = BLOCKS.find((text) => text.startsWith(begin));
  assert.ok(block !== undefined && block.includes(SOCKET), begin);
  return block;
}

const [version] = versions();

// Makes an application of the sample in CommonJS, whose socket is s.sock in its folder.
function sampleApplication(begin = '// CommonJS', file = 'app.js') {
  const folder = install(version, {});
  const code = sample(begin).replace(SOCKET, path.join(folder, 's.sock'));
  fs.writeFileSync(path.join(folder, file), `${code}\n${WORKER}\n${STAY}`);
  return folder;
}

for (const [begin, file] of [['// CommonJS', 'app.js'], ['// ESM', 'app.mjs']]) {
  test(`the sample for ${begin.slice(3)} runs`, () => {
    const folder = sampleApplication(begin, file);
    return withProcess(version, folder, [file], {}, async (app) => {
      await seen(app, { how: 'sample' });
      assert.strictEqual(app.stderr, '');
    });
  });
}

// Resolves with { code, stdout } of a command of the README in this folder.
function shell(command, folder) {
  const bin = path.join(folder, 'node_modules/.bin');
  fs.mkdirSync(bin, { recursive: true });
  if (!fs.existsSync(path.join(bin, 'collectd-mediasoup'))) fs.symlinkSync(path.join(PACKAGE, 'command.js'), path.join(bin, 'collectd-mediasoup'));
  return new Promise((resolve) => {
    const child = spawn('bash', ['-c', command.split(SOCKET).join(path.join(folder, 's.sock'))], { cwd: folder });
    let stdout = '';
    child.stdout.on('data', (data) => (stdout += data));
    child.on('close', (code) => resolve({ code, stdout }));
  });
}

test('the commands that ask the endpoint run', () => {
  const folder = sampleApplication();
  return withProcess(version, folder, ['app.js'], {}, async (app) => {
    await seen(app, { how: 'sample' });
    const check = await shell(sample('npx collectd-mediasoup check'), folder);
    assert.strictEqual(check.code, 0, check.stdout);
    assert.match(check.stdout, /^collectd can read this endpoint; 0 warnings$/m);
    const curl = await shell(sample('curl '), folder);
    assert.deepStrictEqual([curl.code, curl.stdout.trim().split('\n').map((line) => JSON.parse(line).row)], [0, ['endpoint', 'workers', 'end']]);
  });
});

test('the command for an application whose code stays as it is runs', () => {
  const folder = install(version, { 'app.js': `const mediasoup = require('mediasoup');\n${WORKER}\n${STAY}` });
  const [, variable, args] = /^(\w+)=\S+ node (.*)$/.exec(sample('COLLECTD_MEDIASOUP_SOCKET='));
  return withProcess(version, folder, args.split(' '), { [variable]: path.join(folder, 's.sock') }, async (app) => {
    await seen(app, { how: 'sample' });
    assert.strictEqual(app.stderr, '');
  });
});

test('the sample of a port with a secret and TLS runs', async () => {
  const folder = install(version, {});
  const { key, cert } = certificate(folder);
  fs.writeFileSync(path.join(folder, 'key.pem'), key);
  fs.writeFileSync(path.join(folder, 'cert.pem'), cert);
  fs.writeFileSync(path.join(folder, 'token'), 'kept\n');
  const block = BLOCKS.find((text) => text.startsWith('// A port with a secret and TLS'));
  const code = block.split('/etc/mediasoup/').join(`${folder}/`).replace('4443', '0').replace('.catch(', '.then(({ port }) => console.log(port)).catch(');
  const load = "const mediasoup = require('mediasoup');\nconst { serve } = require('collectd-mediasoup');";
  fs.writeFileSync(path.join(folder, 'app.js'), `${load}\n${code}\n${WORKER}\n${STAY}`);
  await withProcess(version, folder, ['app.js'], {}, async (app) => {
    const rows = () => snapshot({ host: '127.0.0.1', port: Number(app.stdout), ca: cert, token: 'kept' });
    const [worker] = await eventually(async () => (await rows()).of('workers'));
    assert.deepStrictEqual([worker.appData, app.stderr], [{ how: 'sample' }, '']);
  });
});

test('there is no sample besides those and the installation, and every option is in the table', () => {
  const known = ['npm install collectd-mediasoup ', '// CommonJS', '// ESM', 'npx collectd-mediasoup check ', 'curl ', 'COLLECTD_MEDIASOUP_SOCKET=',
    '// A port with a secret ', '<Endpoint ', '// A new router ']; // the last runs in real/workers.test.js
  assert.deepStrictEqual(BLOCKS.filter((block) => !known.some((begin) => block.startsWith(begin))), []);
  const { OPTION_NAMES } = require('../lib/start/options');
  const rows = [...README.matchAll(/^\| ((?:`\w+`(?:, )?)+) \|[^|]*\|.*\|$/gm)].flatMap(([, cell]) => cell.match(/\w+/g));
  assert.deepStrictEqual(OPTION_NAMES.filter((name) => !rows.includes(name)), []);
});

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
