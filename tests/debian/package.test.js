// SPDX-License-Identifier: MIT
'use strict';

// The Debian package, built in a Debian that has nothing but what debian/control asks for, and installed, upgraded, removed
// and purged in another that has nothing but Debian's own collectd.
//
//   DEBIAN_SUITE   the release (this machine's own when unset)

const { test, before } = require('node:test');
const assert = require('node:assert/strict');
const { execFileSync, spawnSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const ROOT = path.resolve(__dirname, '../..');
const SUITE = process.env.DEBIAN_SUITE || /^VERSION_CODENAME=(\w+)$/m.exec(fs.readFileSync('/etc/os-release', 'utf8'))[1];
const output = fs.mkdtempSync(path.join(os.tmpdir(), 'mediasoup-debian-'));
process.on('exit', () => fs.rmSync(output, { recursive: true, force: true }));
let built;

function inTree(...args) {
  const { status, stdout, stderr } = spawnSync(path.join(ROOT, 'tests/setup/tree'), args, { encoding: 'utf8', maxBuffer: 1 << 28 });
  return { status, said: stdout + stderr };
}

const lastLines = (text, n) => text.split('\n').slice(-n).join('\n');
const packageFile = () => fs.readdirSync(output).find((name) => /^collectd-mediasoup_.*\.deb$/.test(name));
const inPackage = (...args) => execFileSync('dpkg-deb', [...args.slice(0, 1), path.join(output, packageFile()), ...args.slice(1)], { encoding: 'utf8' });

before(() => { built = inTree('--offline', '--share', output, SUITE, 'package', 'tests/debian/build', '/share'); });

test('it builds without a network, its unit tests pass, and lintian has nothing to say', () => {
  assert.equal(built.status, 0, lastLines(built.said, 60));
  assert.doesNotMatch(built.said, /^[EW]: /m);
  assert.match(built.said, /^# PASS: +\d{4}$/m);
  assert.match(built.said, /^# (FAIL|ERROR|SKIP): +0$/m);
});

test('its version is the plugins\'', () => {
  assert.equal(inPackage('-f', 'Version').trim(), /^AC_INIT\(\[.*?\], \[(.*?)\]\)$/m.exec(fs.readFileSync(path.join(ROOT, 'configure.ac'), 'utf8'))[1]);
});

test('it needs collectd and seven libraries, and nothing to compile with', () => {
  const names = inPackage('-f', 'Depends').trim().split(/, /).map((one) => one.replace(/ \([^)]*\)/g, '').replace(/t64\b/, '')).sort();
  assert.deepEqual(names, ['collectd | collectd-core', 'libc6', 'libcurl3-gnutls', 'libgnutls30', 'libmicrohttpd12', 'libmnl0', 'libprotobuf-c1', 'libyajl2', 'zlib1g']);
});

test('its files are where collectd, man and Prometheus look', () => {
  const files = inPackage('-c').split('\n').map((line) => / \.(\/.*[^/])$/.exec(line)?.[1]).filter(Boolean);
  const below = (folder) => files.filter((name) => name.startsWith(folder)).map((name) => name.slice(folder.length)).sort();
  assert.deepEqual(below('/etc/'), ['mediasoup-writers.conf', 'mediasoup.conf', 'prometheus.conf', 'write_mediasoup.conf'].map((name) => `collectd/mediasoup/${name}`));
  assert.deepEqual(below('/usr/lib/'), ['mediasoup.so', 'target_mediasoup.so', 'write_mediasoup.so'].map((name) => `collectd/${name}`));
  assert.deepEqual(below('/usr/share/man/'), ['man5/collectd-mediasoup.5.gz', 'man5/collectd-write_mediasoup.5.gz']);
  assert.deepEqual(below('/usr/share/collectd'), ['-mediasoup/alertmanager.yml', '-mediasoup/grafana/fleet.json', '-mediasoup/grafana/host.json', '-mediasoup/grafana/room.json',
    '-mediasoup/grafana/worst.json', '-mediasoup/prometheus-lines', '-mediasoup/prometheus.alerts.yml', '-mediasoup/prometheus.rules.yml',
    '-mediasoup/prometheus.scrape.yml', '-mediasoup/prometheus.yml', '/mediasoup.types.db']);
  assert.ok(files.includes('/usr/share/doc/collectd-mediasoup/CHANGELOG.md'));
});

test('the plugins are hardened: nothing of them is bound late, and their tables are read-only', () => {
  const folder = path.join(output, 'unpacked');
  execFileSync('dpkg-deb', ['-x', path.join(output, packageFile()), folder]);
  for (const name of ['mediasoup', 'target_mediasoup', 'write_mediasoup']) {
    const said = execFileSync('readelf', ['-dlW', path.join(folder, `usr/lib/collectd/${name}.so`)], { encoding: 'utf8' });
    assert.match(said, /BIND_NOW/, name);
    assert.match(said, /GNU_RELRO/, name);
  }
});

test('collectd runs while it is installed, upgraded, removed and purged, and what the administrator wrote stays', () => {
  const { status, said } = inTree('--share', output, SUITE, 'bare', 'tests/debian/install', `/share/${packageFile()}`);
  assert.equal(status, 0, lastLines(said, 80));
  assert.match(said, /^install: the README's commands took \d+ s$/m);
  assert.match(said, /^1\.\.12$/m);
});
