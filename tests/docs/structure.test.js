// SPDX-License-Identifier: MIT
'use strict';

// The C sources depend on each other in one direction, and each word means one thing.

const { test } = require('node:test');
const assert = require('node:assert');
const path = require('node:path');
const { files, read } = require('./tree.js');

const sources = files.filter((name) => /^src\/.*\.[ch]$/.test(name));

// A file's own includes: beside it, or below src. Those of libraries stand between angle brackets.
function includesOf(file) {
  return [...read(file).matchAll(/^#include "([^"]+)"/gm)].map(([, name]) => {
    const found = [path.join(path.dirname(file), name), path.join('src', name)].find((candidate) => sources.includes(candidate));
    assert.ok(found, `${file} includes ${name}, which is not there`);
    return found;
  });
}

// A module is a .c with its .h.
const moduleOf = (file) => file.replace(/\.[ch]$/, '');

// A folder is one room. In a folder of folders each module is a room of its own: what opens the house, and what joins its rooms.
const folders = new Set(sources.map((file) => path.dirname(file)));
const hasFolders = (folder) => [...folders].some((other) => other.startsWith(`${folder}/`));
const roomOf = (file) => (hasFolders(path.dirname(file)) ? moduleOf(file) : path.dirname(file));

// Who includes whom, as a Map of Sets; `nameOf` says what the nodes are.
function graphOf(nameOf) {
  const graph = new Map(sources.map((file) => [nameOf(file), new Set()]));
  for (const file of sources)
    for (const included of includesOf(file))
      if (nameOf(included) !== nameOf(file)) graph.get(nameOf(file)).add(nameOf(included));
  return graph;
}

// The first circle that is found, as a list of nodes that ends where it begins, or undefined.
function circleIn(graph) {
  const done = new Set();
  const visit = (node, above) => {
    if (above.includes(node)) return [...above.slice(above.indexOf(node)), node];
    if (done.has(node)) return undefined;
    for (const next of graph.get(node) ?? []) {
      const circle = visit(next, [...above, node]);
      if (circle) return circle;
    }
    done.add(node);
    return undefined;
  };
  for (const node of graph.keys()) {
    const circle = visit(node, []);
    if (circle) return circle;
  }
  return undefined;
}

const graph = (...edges) => new Map(edges.map(([node, ...others]) => [node, new Set(others)]));

test('a circle is found where there is one', () => {
  assert.equal(circleIn(graph(['a', 'b', 'c'], ['b', 'c'], ['c'])), undefined);
  assert.deepEqual(circleIn(graph(['a', 'b'], ['b', 'c'], ['c', 'b'])), ['b', 'c', 'b']);
});

test('the includes of the sources are read', () => {
  const modules = graphOf(moduleOf);
  assert.ok(modules.size > 50, `${modules.size} modules`);
  assert.ok(modules.get('src/write_mediasoup/store/store').has('src/write_mediasoup/store/entries'));
  assert.ok(graphOf(roomOf).get('src/write_mediasoup/http').has('src/write_mediasoup/views'));
});

test('no circle between modules', () => assert.equal(circleIn(graphOf(moduleOf)), undefined));

test('no circle between folders', () => assert.equal(circleIn(graphOf(roomOf)), undefined));

test('the common folder knows no other', () => assert.deepEqual([...graphOf(roomOf).get('src/common')], []));

test('each type is defined once', () => {
  const defined = new Map();
  for (const file of sources)
    for (const [, name] of read(file).matchAll(/^(?:\} |typedef (?:struct|enum|union) \w+ )(\w+_t);$/gm))
      defined.set(name, [...(defined.get(name) ?? []), file]);
  assert.ok(defined.size > 50, `${defined.size} types`);
  assert.deepEqual([...defined].filter(([, files]) => files.length > 1), []);
});
