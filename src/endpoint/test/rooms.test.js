// SPDX-License-Identifier: MIT
'use strict';

// Which file requires which: there are no circles between files or folders, and the rooms are in the order
// that the head of index.js shows.

const assert = require('assert');
const fs = require('fs');
const path = require('path');
const { test } = require('node:test');

const ROOT = path.join(__dirname, '..');
const REQUIRE = /require\('(\.[^']*)'\)/g;

function filesBelow(folder) {
  return fs.readdirSync(path.join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const name = path.join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(name) : [name];
  });
}

// Returns the files of this package that a file requires.
function requiredBy(file) {
  const code = fs.readFileSync(path.join(ROOT, file), 'utf8').replace(/^\s*\/\/.*$/gm, '');
  return [...code.matchAll(REQUIRE)]
    .map(([, request]) => require.resolve(path.join(ROOT, path.dirname(file), request)))
    .map((found) => path.relative(ROOT, found))
    .filter((name) => name.endsWith('.js'));
}

// Returns { file: [files that it requires] }.
function graph() {
  const files = ['index.js', 'register.js', 'command.js', ...filesBelow('lib')];
  return Object.fromEntries(files.map((file) => [file, requiredBy(file)]));
}

// Returns { folder: [other folders that its files require] }.
function foldersOf(files) {
  const folders = {};
  for (const [file, required] of Object.entries(files)) {
    const from = path.dirname(file);
    const others = required.map((name) => path.dirname(name)).filter((folder) => folder !== from);
    folders[from] = [...new Set([...(folders[from] || []), ...others])];
  }
  return folders;
}

// Returns the names along a circle, or undefined when there is none.
function circle(edges) {
  const finished = new Set();
  const visit = (name, above) => {
    if (above.includes(name)) return [...above.slice(above.indexOf(name)), name];
    if (finished.has(name)) return undefined;
    for (const next of edges[name] || []) {
      const found = visit(next, [...above, name]);
      if (found !== undefined) return found;
    }
    finished.add(name);
    return undefined;
  };
  for (const name of Object.keys(edges)) {
    const found = visit(name, []);
    if (found !== undefined) return found;
  }
  return undefined;
}

// Returns the rooms as the head of index.js lists them, a list for each line from top to bottom.
function drawnRooms() {
  const head = fs.readFileSync(path.join(ROOT, 'index.js'), 'utf8').split('const ', 1)[0];
  const lines = head.slice(head.indexOf('Each room requires')).split('\n').slice(1);
  const rooms = lines.map((line) => [...line.matchAll(/(?:^|\s)((?:\w+\/)+|\w+\.js)/g)].map(([, name]) => name));
  return rooms.filter((names) => names.length > 0);
}

// Returns a folder's name in that list.
function roomOf(folder) {
  if (folder === '.') return 'index.js';
  return folder === 'lib' ? 'lib/' : `${path.relative('lib', folder)}/`;
}

test('a circle is found and returned as the names along it', () => {
  assert.deepStrictEqual(circle({ a: ['b', 'c'], b: ['c'], c: ['d'], d: ['b'] }), ['b', 'c', 'd', 'b']);
  assert.strictEqual(circle({ a: ['b', 'c'], b: ['c'], c: [] }), undefined);
  assert.deepStrictEqual(foldersOf({ 'x/a.js': ['y/b.js', 'x/c.js'], 'x/c.js': ['z/d.js'] }), { x: ['y', 'z'] });
});

test('there is no circle between files', () => {
  const files = graph();
  assert.ok(files['lib/collector.js'].includes('lib/raw/worker_part.js'), 'the graph is that of lib/');
  assert.strictEqual(circle(files), undefined);
});

test('there is no circle between folders', () => {
  assert.strictEqual(circle(foldersOf(graph())), undefined);
});

test('each room requires only rooms below it, as the head of index.js shows', () => {
  const rooms = drawnRooms();
  const level = (room) => rooms.findIndex((names) => names.includes(room));
  const folders = foldersOf(graph());
  assert.deepStrictEqual(rooms.flat().sort(), [...Object.keys(folders).map(roomOf), 'register.js', 'command.js'].sort());
  for (const [folder, others] of Object.entries(folders)) {
    for (const other of others) {
      assert.ok(level(roomOf(folder)) < level(roomOf(other)), `${folder} requires ${other}`);
    }
  }
});
