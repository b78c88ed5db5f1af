// SPDX-License-Identifier: MIT
'use strict';

// The archive that `make dist` writes builds, checks and installs by itself; what is installed lies where Debian's
// collectd looks, and is what collectd runs.

const { test, before } = require('node:test');
const assert = require('node:assert');
const { execFileSync, spawnSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const ROOT = path.resolve(__dirname, '../..');
const BUILD = path.resolve(process.env.MEDIASOUP_PLUGIN_DIR ?? path.join(ROOT, 'build/plugin/.libs'), '..');
const target = fs.mkdtempSync(path.join(os.tmpdir(), 'mediasoup-install-'));
process.on('exit', () => fs.rmSync(target, { recursive: true, force: true }));

function make(...args) {
  const env = { ...process.env };
  delete env.MAKEFLAGS;
  return execFileSync('make', ['-C', BUILD, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], env, maxBuffer: 1 << 26 });
}

function filesBelow(folder, prefix = '') {
  return fs.readdirSync(path.join(folder, prefix), { withFileTypes: true }).flatMap((entry) => {
    const name = path.join(prefix, entry.name);
    return entry.isDirectory() ? filesBelow(folder, name) : [name];
  });
}

before(() => make('install', `DESTDIR=${target}`));

test('make install puts everything where collectd looks', () => {
  const installed = filesBelow(target).map((name) => `/${name}`).sort();
  const pages = installed.filter((name) => name.startsWith('/usr/local/share/man/'));
  assert.deepStrictEqual(pages, ['/usr/local/share/man/man5/collectd-mediasoup.5', '/usr/local/share/man/man5/collectd-write_mediasoup.5']);
  const shared = installed.filter((name) => name.startsWith('/usr/local/share/collectd-mediasoup/')).map((name) => name.slice('/usr/local/share/collectd-mediasoup/'.length));
  assert.deepStrictEqual(shared, ['alertmanager.yml', 'grafana/fleet.json', 'grafana/host.json', 'grafana/room.json', 'grafana/worst.json', 'prometheus-lines',
    'prometheus.alerts.yml', 'prometheus.rules.yml', 'prometheus.scrape.yml', 'prometheus.yml']);
  const wanted = ['/etc/collectd/collectd.conf.d/mediasoup-writers.conf', '/etc/collectd/collectd.conf.d/mediasoup.conf',
    '/etc/collectd/collectd.conf.d/prometheus.conf', '/etc/collectd/collectd.conf.d/write_mediasoup.conf', '/usr/lib/collectd/mediasoup.so',
    '/usr/lib/collectd/target_mediasoup.so', '/usr/lib/collectd/write_mediasoup.so', '/usr/share/collectd/mediasoup.types.db'];
  assert.deepStrictEqual(installed.filter((name) => !/^\/usr\/local\/share\/(collectd-mediasoup|doc|man)\//.test(name)), wanted);
});

test('the documents are installed as they link to each other', () => {
  const folder = path.join(target, 'usr/local/share/doc/collectd-mediasoup');
  const installed = filesBelow(folder).sort();
  const inDocs = filesBelow(path.join(ROOT, 'docs')).map((name) => `docs/${name}`);
  assert.deepStrictEqual(installed, ['CHANGELOG.md', 'PROTOCOL.md', 'README.md', 'SECURITY.md', ...inDocs].sort());
  for (const name of installed.filter((one) => one.endsWith('.md')))
    for (const [, link] of fs.readFileSync(path.join(folder, name), 'utf8').matchAll(/\]\(((?:docs\/)?[\w.-]+)(?:#[^)]*)?\)/g))
      if (!/^(CONTRIBUTING\.md|LICENSE)$/.test(link)) assert.ok(fs.existsSync(path.join(folder, path.dirname(name), link)), `${name} links ${link}`);
});

test('a configuration that is there already stays as it is', () => {
  const file = path.join(target, 'etc/collectd/collectd.conf.d/mediasoup.conf');
  fs.writeFileSync(file, '# mine\n');
  assert.match(make('install', `DESTDIR=${target}`), /kept .*mediasoup\.conf/);
  assert.strictEqual(fs.readFileSync(file, 'utf8'), '# mine\n');
});

// Installs, lets `change` do something to the folder collectd.conf.d, uninstalls, and hands what make said to `look`.
function uninstalled(change, look) {
  const copy = fs.mkdtempSync(path.join(os.tmpdir(), 'mediasoup-uninstall-'));
  try {
    make('install', `DESTDIR=${copy}`);
    const folder = path.join(copy, 'etc/collectd/collectd.conf.d');
    change(folder);
    look(make('uninstall', `DESTDIR=${copy}`), copy, folder);
  } finally {
    fs.rmSync(copy, { recursive: true });
  }
}

const append = (file, text) => fs.appendFileSync(file, text);

test('make uninstall takes away what it brought, and leaves what is the operator\'s', () =>
  uninstalled((folder) => append(path.join(folder, 'prometheus.conf'), '# changed\n'), (said, copy) => {
    assert.deepStrictEqual(filesBelow(copy), ['etc/collectd/collectd.conf.d/prometheus.conf']);
    assert.match(said, /^kept .*\/prometheus\.conf: it has been changed$/m);
    assert.doesNotMatch(said, /^collectd will not start/m);
  }));

// What collectd says of its configuration before it would go to work; ends by itself when it cannot.
function startCollectd(copy, folder) {
  const file = path.join(copy, 'collectd.conf');
  fs.writeFileSync(file, `BaseDir "${copy}"\nPIDFile "${copy}/pid"\nPluginDir "${copy}/usr/lib/collectd"\nInclude "${folder}/*.conf"\n`);
  return spawnSync(process.env.COLLECTD || '/usr/sbin/collectd', ['-f', '-C', file], { encoding: 'utf8', timeout: 5000 });
}

test('make uninstall says that collectd will not start with what it leaves, and why', () => {
  const change = (folder) => {
    for (const name of ['mediasoup.conf', 'mediasoup-writers.conf']) append(path.join(folder, name), '# changed\n');
    fs.writeFileSync(path.join(folder, 'mine.conf'), '<LoadPlugin "write_mediasoup">\nInterval 10\n</LoadPlugin>\n');
    fs.writeFileSync(path.join(folder, 'other.conf'), '#LoadPlugin mediasoup\nLoadPlugin mediasoup_of_others\n');
  };
  uninstalled(change, (said, copy, folder) => {
    const files = ['mediasoup-writers.conf', 'mediasoup.conf', 'mine.conf'].map((name) => path.join(folder, name));
    assert.deepStrictEqual(said.split('\n').filter((line) => line.startsWith('kept ')),
      ['mediasoup.conf', 'mediasoup-writers.conf'].map((name) => `kept ${path.join(folder, name)}: it has been changed`));
    const [, listed] = /^collectd will not start: .*Remove them, or their LoadPlugin lines.*\n((?: {2}.*\n)+)/m.exec(said);
    assert.deepStrictEqual(listed.trimEnd().split('\n').map((line) => line.trim()), files);
    fs.rmSync(path.join(folder, 'other.conf'));
    const { status, stderr, stdout } = startCollectd(copy, folder);
    assert.strictEqual(status, 1, stderr);
    assert.match(stderr + stdout, /Could not find plugin "mediasoup"/);
    for (const file of files) fs.rmSync(file);
    assert.doesNotMatch(startCollectd(copy, folder).stderr, /mediasoup"/);
  });
});

test('make distcheck passes', () => { make(`-j${os.cpus().length}`, 'distcheck'); });
