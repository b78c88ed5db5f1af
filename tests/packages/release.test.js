// SPDX-License-Identifier: MIT
'use strict';

// scripts/release, in a repository of its own that holds a copy of the tree: what it builds, what it changes, and that it
// leaves nothing behind when a step fails.

const { test, before } = require('node:test');
const assert = require('node:assert');
const { execFileSync, spawnSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const ROOT = path.resolve(__dirname, '../..');
const VERSION = '98.7.6';
const copy = fs.mkdtempSync(path.join(os.tmpdir(), 'mediasoup-release-'));
process.on('exit', () => fs.rmSync(copy, { recursive: true, force: true }));

const git = (...args) => execFileSync('git', ['-C', copy, '-c', 'user.name=test', '-c', 'user.email=test@localhost', ...args], { encoding: 'utf8' }).trim();
const read = (file) => fs.readFileSync(path.join(copy, file), 'utf8');
const commit = (message) => { git('add', '-A'); git('commit', '-q', '-m', message); };

function release(...args) {
  const env = { ...process.env, GIT_AUTHOR_NAME: 'test', GIT_AUTHOR_EMAIL: 'test@localhost', GIT_COMMITTER_NAME: 'test', GIT_COMMITTER_EMAIL: 'test@localhost' };
  delete env.MAKEFLAGS;
  return spawnSync(path.join(copy, 'scripts/release'), args, { encoding: 'utf8', env });
}

const present = () => /^AC_INIT\(\[.*?\], \[(.*?)\]\)$/m.exec(read('configure.ac'))[1];
const built = () => fs.readdirSync(path.join(copy, 'build/release')).filter((name) => /gz$/.test(name));

before(() => {
  const files = execFileSync('git', ['-C', ROOT, 'ls-files', '-co', '--exclude-standard'], { encoding: 'utf8' }).split('\n')
    .filter((file) => file && fs.existsSync(path.join(ROOT, file)));
  for (const file of files) fs.cpSync(path.join(ROOT, file), path.join(copy, file), { verbatimSymlinks: true });
  git('init', '-q');
  fs.writeFileSync(path.join(copy, 'CHANGELOG.md'), read('CHANGELOG.md').replace(/^## .*$/m, `## ${present()}, unreleased`));
  commit('all');
});

test('--check builds the present version and changes nothing', () => {
  const { status, stderr } = release('--check');
  assert.deepEqual([status, stderr], [0, '']);
  assert.deepEqual(built(), [`collectd-mediasoup-${present()}.tar.gz`, `collectd-mediasoup-${present()}.tgz`]);
  assert.equal(git('status', '--porcelain'), '');
});

test('what is forgotten in the archive fails the release, and the version is put back', () => {
  fs.writeFileSync(path.join(copy, 'src/common/forgotten.h'), '/* nothing */\n');
  commit('forget to ship it');
  const { status, stderr } = release(VERSION);
  assert.equal(status, 1);
  assert.match(stderr, /^< src\/common\/forgotten\.h$/m);
  assert.equal(git('status', '--porcelain'), '');
  assert.equal(git('tag'), '');
  git('rm', '-q', 'src/common/forgotten.h');
  commit('take it away');
});

test('a working tree with changes, a wrong version and a version that is there are refused', () => {
  assert.match(release('1.2').stderr, /a version is three numbers/);
  fs.appendFileSync(path.join(copy, 'README.md'), '\n');
  assert.match(release(VERSION).stderr, /the working tree has changes/);
  git('checkout', '-q', 'README.md');
  git('tag', 'v1.2.3');
  assert.match(release('1.2.3').stderr, /there is a tag v1\.2\.3 already/);
});

test('--tag sets the version everywhere, commits and tags', () => {
  const { status, stderr } = release('--tag', VERSION);
  assert.deepEqual([status, stderr], [0, '']);
  assert.equal(present(), VERSION);
  assert.equal(JSON.parse(read('src/endpoint/package.json')).version, VERSION);
  assert.match(read('debian/changelog'), new RegExp(`^collectd-mediasoup \\(${VERSION.replaceAll('.', '\\.')}\\) unstable; urgency=medium\\n\\n {2}\\* .*\\n\\n -- .* <.*@.*> {2}\\w{3}, \\d\\d \\w{3} \\d{4} `));
  assert.match(read('CHANGELOG.md'), new RegExp(`^## ${VERSION}, \\d{4}-\\d\\d-\\d\\d$`, 'm'));
  assert.deepEqual(built(), [`collectd-mediasoup-${VERSION}.tar.gz`, `collectd-mediasoup-${VERSION}.tgz`]);
  assert.deepEqual([git('log', '-1', '--format=%s'), git('describe')], [`release: ${VERSION}`, `v${VERSION}`]);
  assert.deepEqual(git('show', '--format=', '--name-only').split('\n').sort(), ['CHANGELOG.md', 'configure.ac', 'debian/changelog', 'src/endpoint/package.json']);
  assert.equal(git('status', '--porcelain'), '');
  assert.match(release('98.7.7').stderr, /the first entry of CHANGELOG\.md is not/);
});
