// SPDX-License-Identifier: MIT
'use strict';

// The units and configurations of docs/applications.md, by systemd's and collectd's own checks. Its code runs in
// tests/e2e/documents.test.js, and under pm2 in tests/npm/documents.test.js.

const { after, test } = require('node:test');
const assert = require('node:assert');
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { ROOT, read } = require('./tree.js');
const { STOCK_PLUGIN_DIR } = require('../lib/collectd.js');
const { blocksOf } = require('./blocks.js');

const PLUGINS = path.resolve(process.env.MEDIASOUP_PLUGIN_DIR ?? path.join(ROOT, 'build/plugin/.libs'));
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'applications-'));
after(() => fs.rmSync(scratch, { recursive: true, force: true }));

/* --- systemd --- */

// { path: text } of the units, which begin with their path.
const units = Object.fromEntries(blocksOf('docs/applications.md', 'ini').map((text) => [/^# (\/etc\/systemd\/system\/\S+)\n/.exec(text)[1], text]));

// What systemd says of a unit, with these files and the programs that the host lacks.
function verify(unit, files) {
  const folder = fs.mkdtempSync(path.join(scratch, 'units-'));
  for (const [file, text] of Object.entries(files)) {
    const own = path.join(folder, path.relative('/etc/systemd/system', file));
    fs.mkdirSync(path.dirname(own), { recursive: true });
    fs.writeFileSync(own, text.replace('/usr/bin/node', process.execPath));
  }
  const { status, stdout, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', unit],
    { encoding: 'utf8', env: { ...process.env, SYSTEMD_UNIT_PATH: `${folder}:` } });
  return { status, said: (stdout + stderr).split('\n').filter((line) => line.includes(folder) || line.startsWith(unit)) };
}

const BASE = (program) => `[Service]\nExecStart=${program}\n`;

test('systemd knows every line of the units', () => {
  assert.equal(Object.keys(units).length, 3);
  const services = { 'sfu.service': {}, 'collectd.service': { '/etc/systemd/system/collectd.service': BASE('/bin/true') },
    'pm2-sfu.service': { '/etc/systemd/system/pm2-sfu.service': BASE('/bin/true') } };
  for (const [service, base] of Object.entries(services))
    assert.deepEqual(verify(service, { ...base, ...units }), { status: 0, said: [] }, service);
});

test('systemd would complain of a line that it does not know', () => {
  const [file, text] = Object.entries(units).find(([name]) => name.endsWith('sfu.service'));
  const { said } = verify('sfu.service', { [file]: text.replace('RuntimeDirectoryPreserve=', 'RuntimeDirectoryKept=') });
  assert.match(said.join(), /Unknown key (name )?'RuntimeDirectoryKept'/);
});

test('the socket that serve() makes by default, and that collectd reads, is in the folder that the unit makes', () => {
  const folder = `/run/${/^RuntimeDirectory=(.*)$/m.exec(units['/etc/systemd/system/sfu.service'])[1]}`;
  for (const file of ['src/endpoint/lib/start/options.js', 'collectd.conf.d/mediasoup.conf']) assert.ok(read(file).includes(`${folder}/collectd.sock`), file);
});

/* --- collectd --- */

const LOG = `PluginDir "${STOCK_PLUGIN_DIR}"\nLoadPlugin logfile\n<Plugin logfile>\n  File STDERR\n</Plugin>\n`;

// What the plugin says of a configuration when collectd has read it once. Its applications are not there.
function complaints(block) {
  const file = path.join(scratch, 'collectd.conf');
  fs.writeFileSync(file, `BaseDir "${scratch}"\n${LOG}PluginDir "${PLUGINS}"\nLoadPlugin mediasoup\n${block}`);
  const { status, stdout, stderr } = spawnSync('/usr/sbin/collectd', ['-T', '-C', file], { encoding: 'utf8' });
  const lines = (stdout + stderr).split('\n').filter((line) => line.includes('mediasoup: '));
  assert.ok(lines.some((line) => line.includes('is down')), `no endpoint was read:\n${stdout}${stderr}`);
  return { status, said: lines.filter((line) => !line.includes('is down')) };
}

for (const [index, block] of blocksOf('docs/applications.md', 'apache').entries())
  test(`collectd accepts configuration ${index + 1}`, () => {
    assert.deepEqual(complaints(block), { status: 0, said: [] });
    assert.notDeepEqual(complaints(block.replace('AppData', 'AppDate')).said, [], 'it would accept anything');
  });
