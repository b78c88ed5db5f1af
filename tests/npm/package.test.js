// SPDX-License-Identifier: MIT
'use strict';

// The package as it would be published: what publint and "are the types wrong" say of it, who and where it is, and
// what npm makes of it.

const { test } = require('node:test');
const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const { bare, run, tarball } = require('./application.js');

const ENDPOINT = path.resolve(__dirname, '../../src/endpoint');
const manifest = JSON.parse(fs.readFileSync(path.join(ENDPOINT, 'package.json'), 'utf8'));

// Unpacks the tarball and changes the manifest in it.
function changed(change) {
  const folder = bare();
  run('tar', ['-xzf', tarball(), '-C', folder]);
  const own = path.join(folder, 'package');
  const copy = JSON.parse(JSON.stringify(manifest));
  change(copy);
  fs.writeFileSync(path.join(own, 'package.json'), JSON.stringify(copy, null, 2));
  return own;
}

async function publintSays(folder) {
  const { publint } = await import('publint');
  const { messages } = await publint({ pkgDir: folder, pack: false, strict: true });
  return messages.map(({ code, path: where }) => `${code} ${where.join('.')}`);
}

test('publint has nothing to say, and would', async () => {
  assert.deepEqual(await publintSays(changed(() => {})), []);
  assert.ok((await publintSays(changed((copy) => { copy.exports['.'].default = './none.js'; }))).includes('FILE_DOES_NOT_EXIST exports...default'));
});

// Returns what "are the types wrong" says of the package in this folder.
async function attwSays(folder) {
  const { checkPackage, Package } = await import('@arethetypeswrong/core');
  const names = run('find', ['.', '-type', 'f'], { cwd: folder }).trim().split('\n').map((name) => name.slice(2));
  const files = Object.fromEntries(names.map((name) => [`/node_modules/${manifest.name}/${name}`, fs.readFileSync(path.join(folder, name), 'utf8')]));
  return checkPackage(new Package(files, manifest.name, manifest.version));
}

test('the types are right for every way to resolve and to import, and "are the types wrong" would say so', async () => {
  const { problems, entrypoints } = await attwSays(changed(() => {}));
  assert.deepEqual(problems, []);
  const seen = Object.fromEntries(Object.entries(entrypoints).map(([name, { resolutions }]) => [name, Object.keys(resolutions).sort()]));
  const ways = ['bundler', 'node10', 'node16-cjs', 'node16-esm'];
  assert.deepEqual(seen, { '.': ways, './register': ways, './schema.json': ways, './package.json': ways });
  const wrong = await attwSays(changed((copy) => { copy.exports['.'].types = './none.d.ts'; }));
  assert.ok(wrong.problems.some(({ kind, entrypoint }) => kind === 'UntypedResolution' && entrypoint === '.'));
});

test('the manifest says who made it, and where the sources and reports belong', () => {
  const { author, homepage, repository, bugs, license } = manifest;
  assert.deepEqual([author, license], [/^Copyright \(c\) \d+ (.*)$/m.exec(fs.readFileSync(path.join(ENDPOINT, 'LICENSE'), 'utf8'))[1], 'MIT']);
  const base = /^git\+(https:\/\/[^ ]+)\.git$/.exec(repository.url)[1];
  assert.deepEqual({ homepage, repository: repository.directory, bugs: bugs.url },
    { homepage: `${base}/tree/main/src/endpoint#readme`, repository: 'src/endpoint', bugs: `${base}/issues` });
  assert.equal(fs.readFileSync(path.join(ENDPOINT, 'LICENSE'), 'utf8'), fs.readFileSync(path.join(ENDPOINT, '../../LICENSE'), 'utf8'));
});

test('npm installs it with its command, and CommonJS and ESM import it by name', () => {
  const folder = bare();
  run('npm', ['install', '--offline', '--no-audit', '--no-fund', tarball()], { cwd: folder });
  assert.deepEqual(fs.readdirSync(path.join(folder, 'node_modules')).filter((name) => !name.startsWith('.')), ['collectd-mediasoup']);
  assert.equal(run('npx', ['--no-install', 'collectd-mediasoup', '--version'], { cwd: folder }), `${manifest.version}\n`);
  const print = 'console.log(typeof serve, endpoint(), EndpointError.name, version)';
  const wanted = `function undefined EndpointError ${manifest.version}\n`;
  assert.equal(run(process.execPath, ['-e', `const { serve, endpoint, EndpointError, version } = require('collectd-mediasoup'); ${print}`], { cwd: folder }), wanted);
  assert.equal(run(process.execPath, ['--input-type=module', '-e', `import { serve, endpoint, EndpointError, version } from 'collectd-mediasoup'; ${print}`], { cwd: folder }), wanted);
  const lists = "require('collectd-mediasoup/schema.json').title, require('collectd-mediasoup/package.json').name";
  assert.equal(run(process.execPath, ['-p', `[${lists}].join()`], { cwd: folder }), 'One row of a snapshot, protocol version 1,collectd-mediasoup\n');
});
