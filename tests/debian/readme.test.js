// SPDX-License-Identifier: MIT
'use strict';

// The README's chapter "With your application", followed word by word on a fresh Debian on which nothing but Node, curl, sudo and
// Prometheus has been installed, with a real mediasoup application: with the Debian package, and from source. newcomer/walk.js
// says what had to be other than it is written.
//
//   DEBIAN_SUITE   the release (this machine's own when unset)

const { test, before } = require('node:test');
const assert = require('node:assert/strict');
const { spawn } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { blocksOf, blockWith } = require('../lib/readme.js');

const ROOT = path.resolve(__dirname, '../..');
const README = path.join(ROOT, 'README.md');
const CHAPTER = 'With your application';
const OWN = /^VERSION_CODENAME=(\w+)$/m.exec(fs.readFileSync('/etc/os-release', 'utf8'))[1];
const SUITE = process.env.DEBIAN_SUITE || OWN;
const OLDEST = 'bookworm'; // what is compiled there, with its libraries beside it, runs on later releases
const APPLICATION = 'tests/debian/newcomer/application-folder';
// The unit tests of the package's build are package.test.js's; `sudo` is not in a tree that builds.
const BUILD = `printf '#!/bin/sh\\nexec "$@"\\n' >/usr/local/bin/sudo && chmod 755 /usr/local/bin/sudo
  echo 'APT::Get::Assume-Yes "true";' >/etc/apt/apt.conf.d/90yes
  DEB_BUILD_OPTIONS=nocheck bash -euxc "$1" && cp ../collectd-mediasoup_*.deb /share`;

const work = fs.mkdtempSync(path.join(os.tmpdir(), 'mediasoup-readme-'));
process.on('exit', () => fs.rmSync(work, { recursive: true, force: true }));
const shares = Object.fromEntries(['package', 'source'].map((way) => [way, path.join(work, way)]));

function run(program, ...args) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => { said += text; });
    child.on('close', (status) => resolve({ status, said }));
  });
}

const inTree = (share, layer, ...command) => run('tests/setup/tree', '--share', share, SUITE, layer, ...command);
const lastLines = (text, n) => text.split('\n').slice(-n).join('\n');

before(async () => {
  for (const share of Object.values(shares)) fs.mkdirSync(share);
  const made = SUITE === OWN || OWN === OLDEST ? await run(APPLICATION, path.join(shares.package, 'application')) :
    await inTree(shares.package, 'host', APPLICATION, '/share/application');
  assert.equal(made.status, 0, lastLines(made.said, 40));
  fs.cpSync(path.join(shares.package, 'application'), path.join(shares.source, 'application'), { recursive: true, verbatimSymlinks: true });
});

test('each block of code in the chapter is followed here', () => {
  const followed = ['npm install', 'serve()', 'createRouter', 'collectd-mediasoup_*.deb', 'dpkg-buildpackage', 'autoreconf', 'curl --unix-socket', 'prometheus-lines'];
  assert.deepEqual(blocksOf(CHAPTER).map(({ text }) => text), followed.map((words) => blockWith(CHAPTER, words)));
});

// What the newcomer has seen in the end, and how long it took.
async function walked(way, t) {
  const { status, said } = await inTree(shares[way], 'host', 'node', 'tests/debian/newcomer/walk.js', way, '/share');
  const file = path.join(shares[way], 'report.json');
  const report = fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : {};
  assert.equal(status, 0, `${report.error}\n${lastLines(said, 60)}`);
  t.diagnostic(`${SUITE}, ${way}: ${report.secondsToTheRoom} s from Node ${report.node} to the room, ` +
    `${report.packages.after - report.packages.before} Debian packages installed beside the ${report.packages.before} of the host`);
  for (const { words, seconds } of report.commands) t.diagnostic(`${seconds.toFixed(1)} s: ${words.trim().split('\n').join(' ; ')}`);
  return report;
}

function sawTheRoom(report) {
  assert.match(report.checkOfUnnamed, /^ +remedy: in the application: worker\.createRouter\(.*roomId.*\n[^]*read this endpoint; 2 warnings$/m);
  assert.match(report.check, /^ {2}ok {7}rooms +1 room, named by roomId$/m);
  assert.match(report.check, /^ {2}ok {7}participants +1 participant, named by peerId$/m);
  assert.match(report.check, /^collectd can read this endpoint; 0 warnings$/m);
  assert.match(report.snapshot, /^\{"row":"workers",.*\}$/m);
  assert.match(report.metrics, /^collectd_mediasoup_group_consumers_streams_waiting\{mediasoup="roomId=planning",.*\} 1 \d+$/m);
  assert.deepEqual(report.routers.map(({ names, appData, producers, consumers }) => ({ names, appData, producers, consumers })),
    [{ names: { room: 'planning' }, appData: { roomId: 'planning' }, producers: 1, consumers: 1 }]);
  assert.match(report.page, /<title>/);
  assert.match(report.promtool, /SUCCESS: 2 rule files found/);
  assert.deepEqual(report.series.map(({ metric, value }) => [metric.__name__, metric.roomId, value[1]]),
    [['mediasoup_group_consumers_streams_waiting', 'planning', '1']]);
}

// What the README promises of the package.
const mostPackages = () => Number(/where they are missing \(fewer than (\d+) packages\)/.exec(fs.readFileSync(README, 'utf8').replace(/\s+/g, ' '))[1]);

async function withThePackage(t) {
  const built = await inTree(shares.package, 'package', 'bash', '-euc', BUILD, 'bash', blockWith(CHAPTER, 'dpkg-buildpackage'));
  assert.equal(built.status, 0, lastLines(built.said, 60));
  const report = await walked('package', t);
  sawTheRoom(report);
  const installed = report.packages.after - report.packages.before;
  assert.ok(installed > 10 && installed < mostPackages(), `${installed} packages`);
}

test('from a fresh Debian to a room with a name', { concurrency: 2 }, (t) => Promise.all([
  t.test('with the Debian package, built on one host and installed on another', withThePackage),
  t.test('from source', async (way) => sawTheRoom(await walked('source', way))),
]));
