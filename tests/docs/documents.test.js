// SPDX-License-Identifier: MIT
'use strict';

// What is written down in several places is the same in all of them, and reads as the house style says.

const { test } = require('node:test');
const assert = require('node:assert');
const { spawnSync } = require('node:child_process');
const path = require('node:path');
const { ROOT, files, read, run } = require('./tree.js');

const BUILD = path.resolve(process.env.MEDIASOUP_PLUGIN_DIR ?? path.join(ROOT, 'build/plugin/.libs'), '..');

const printJson = (part) => JSON.parse(run(path.join(BUILD, 'print-fields'), 'json', part));

test('types.db, docs/ and the man pages repeat the tables of fields and options', () => {
  run('tests/docs/fields', '.', path.join(BUILD, 'print-fields'), 'check');
});

// The definition of a class's rows, with those it is made of.
function membersOf(schema, definition) {
  const { properties = {}, allOf = [], $ref } = definition;
  const parts = [...allOf, ...($ref ? [{ $ref }] : [])].map((part) => (part.$ref ? schema.definitions[part.$ref.split('/').pop()] : part));
  return Object.assign({}, ...parts.map((part) => membersOf(schema, part)), properties);
}

const schema = JSON.parse(read('src/endpoint/schema.json'));
const chapters = read('src/endpoint/PROTOCOL.md').split(/^### /m);
const chapterOn = (words) => chapters.find((text) => text.split('\n', 1)[0].includes(words));

for (const { class: rows, key } of printJson('fields').filter(({ place }) => place === 'row'))
  test(`the protocol's schema and its text know ${rows}.${key}`, () => {
    assert.ok(key in membersOf(schema, schema.definitions[rows]), 'not in schema.json');
    assert.ok((chapterOn(`\`${rows}\``) + chapterOn('Members of every other row')).includes(`\`${key}\``), 'not in PROTOCOL.md');
  });

// Of those that a snapshot has rows of.
const rowClasses = [...new Set(printJson('fields').filter(({ place }) => place).map((field) => field.class))];

test('relabelling knows every type', () => {
  const config = read('collectd.conf.d/prometheus.yml');
  for (const name of rowClasses) assert.ok(config.includes(name), name);
  for (const { class: summary, key } of printJson('fields').filter(({ kind }) => kind === 'label'))
    assert.match(config, new RegExp(`target_label: ${key}$`, 'm'), `${key} of ${summary}`);
});

test('Rows describes every class that can be chosen', () => {
  const line = read('docs/configuration.md').split('\n').find((text) => text.startsWith('| `Rows` |'));
  for (const name of rowClasses)
    assert.equal(line.includes(`\`${name}\``), name !== 'endpoint', name);
});

// What printf() is given in the sources, strings that the compiler joins as one; %s and the like are what `...` is in a document.
const FORMATS = files.filter((name) => /^src\/.*\.c$/.test(name)).flatMap((file) =>
  [...read(file).matchAll(/"(?:[^"\\\n]|\\.)*"(?:\s+"(?:[^"\\\n]|\\.)*")*/g)].map(([text]) => text.replace(/"\s+"/g, '').replace(/%[-+ #0-9.*lzhq]*[a-zA-Z]/g, '...')));
const ERRNO = /: (No such file or directory|Permission denied|Connection refused)$/;

test('docs/troubleshooting.md quotes messages that there are', () => {
  const [, table] = /^## What the log says$([^]*?)^## /m.exec(read('docs/troubleshooting.md'));
  const cells = [...table.matchAll(/^\| (`.*?`) \|/gm)].map((match) => match[1]);
  assert.ok(cells.length > 5);
  for (const [, message] of cells.join('\n').matchAll(/`(.*?)`/g)) {
    const text = message.replace(ERRNO, '').replace(/^\.\.\. | \.\.\.$/g, '');
    assert.ok(FORMATS.some((format) => format.includes(text)), `no message says "${text}"`);
  }
});

const SHIPPED = { 'endpoint-options': 'mediasoup.conf', 'views-options': 'write_mediasoup.conf', 'readers-options': 'write_mediasoup.conf', 'receive-options': 'write_mediasoup.conf' };
for (const [block, file] of Object.entries(SHIPPED))
  for (const { name, default: value } of printJson(block))
    test(`collectd.conf.d/${file} shows ${name} of ${block}, with its default`, () => {
      // A default is a number or a text between backticks; anything else is described.
      const literal = typeof value === 'number' ? value && String(value) : /^`([^`]*)`$/.exec(value)?.[1].replace(/.*/, '"$&"');
      const lines = read(`collectd.conf.d/${file}`).split('\n').map((line) => line.trim().replace(/^#/, '').trim());
      assert.ok(lines.some((line) => (literal ? line === `${name} ${literal}` : line.startsWith(`${name} `))), literal || name);
    });

for (const file of files.filter((name) => /^src\/.*\.[1-9]$/.test(name))) {
  test(`${file} is correct for mandoc`, () => assert.equal(run('mandoc', '-T', 'lint', '-W', 'warning', file), ''));
  test(`${file} is correct for groff`, () => {
    const env = { ...process.env, LC_ALL: 'C.UTF-8' };
    const { stderr, status } = spawnSync('man', ['--warnings', '-E', 'UTF-8', '-l', '-Tutf8', file], { cwd: ROOT, encoding: 'utf8', env });
    assert.deepEqual([status, stderr], [0, '']);
  });
}

test('the endpoint\'s check looks for names by the plugin\'s keys', () => {
  const { PARTICIPANT_KEYS, ROOM_KEYS } = require('../../src/endpoint/lib/check/names.js');
  const keysOf = (option) => printJson('endpoint-options').find(({ name }) => name === option).default.replace(/`/g, '').split(' ');
  assert.deepEqual([ROOM_KEYS, PARTICIPANT_KEYS], [keysOf('RoomKeys'), keysOf('ParticipantKeys')]);
});

const isShell = (file) => /^#!.*\b(ba)?sh$/.test(read(file).split('\n', 1)[0]);
for (const file of files.filter((name) => !/\.(png|svg|ndjson)$/.test(name)).filter(isShell))
  test(`${file} passes shellcheck`, () => { run('shellcheck', '-x', '-P', 'SCRIPTDIR', file); });

test('the C sources are formatted as .clang-format says', () => {
  run('clang-format-19', '--dry-run', '-Werror', ...files.filter((name) => /\.[ch]$/.test(name)));
});

test('the plugins, the npm package and the changelog have one version', () => {
  const [, plugins] = /^AC_INIT\(\[.*?\], \[(.*?)\]\)$/m.exec(read('configure.ac'));
  const [, newest] = /^## (.*?), (?:unreleased|\d{4}-\d\d-\d\d)$/m.exec(read('CHANGELOG.md'));
  assert.deepEqual([JSON.parse(read('src/endpoint/package.json')).version, newest], [plugins, plugins]);
});

test('JavaScript passes eslint', () => {
  const { stdout, stderr, status } = spawnSync('tests/node_modules/.bin/eslint', ['--quiet', '.'], { cwd: ROOT, encoding: 'utf8' });
  assert.deepEqual([status, stdout, stderr], [0, '', '']);
});

test('text files are as .editorconfig says', () => {
  for (const file of files.filter((name) => !/\.(png|ndjson)$|^tests\/(golden|fuzz\/corpus)\//.test(name))) {
    const text = read(file);
    assert.ok(!/[ \t]$|\r/m.test(text), `${file}: white space at the end of a line`);
    assert.ok(/(^|[^\n]\n)$/.test(text), `${file}: no newline at its end, or several`);
    if (!/(^|\/)Makefile\.am$|^debian\/rules$|\.(mk|hpp|types\.db)$/.test(file)) assert.ok(!/^ *\t/m.test(text), `${file}: indented by tabs`);
  }
});

test('source files name their licence in the first lines', () => {
  for (const file of files.filter((name) => /\.([ch]|hpp|m?js|ts|sh|[1-9]|mk|am|ac|conf)$/.test(name) || isShell(name)))
    assert.match(read(file).split('\n', 2).join('\n'), /SPDX-License-Identifier: MIT/, file);
});

test('the README names every alert', () => {
  const alerts = [...read('collectd.conf.d/prometheus.alerts.yml').matchAll(/- alert: (\w+)/g)].map((match) => match[1]);
  assert.ok(alerts.length > 10);
  for (const alert of alerts) assert.ok(read('README.md').includes(`\`${alert}\``), alert);
});

test('docs/troubleshooting.md names tests that exist', () => {
  const rows = [...read('docs/troubleshooting.md').matchAll(/\| `([\w/]+\.test\.js)`( \*)? \|$/gm)];
  assert.ok(rows.length > 20, `${rows.length} rows`);
  for (const [, file, isEndpoint] of rows)
    assert.ok(files.includes(`${isEndpoint ? 'src/endpoint/test' : 'tests'}/${file}`), file);
});

test('the project speaks of itself alone', () => {
  const forbidden = new RegExp(['/wo' + 'rk/', 'registry\\.npm' + 'js', 'deb\\.deb' + 'ian'].join('|'));
  for (const file of files) assert.doesNotMatch(read(file), forbidden, file);
});
