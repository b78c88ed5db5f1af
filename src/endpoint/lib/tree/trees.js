// SPDX-License-Identifier: MIT
'use strict';

// One tree for each mediasoup module, shared by the endpoints of the process. It goes with the last
// of them.

const { Tree } = require('./tree');

// { tree, users } by the module's observer.
const trees = new Map();

// Returns the tree of this mediasoup module, which watches from now on. Each call needs a release().
function acquire(mediasoup) {
  let shared = trees.get(mediasoup.observer);
  if (shared === undefined) {
    shared = { tree: new Tree(mediasoup), users: 0 };
    trees.set(mediasoup.observer, shared);
  }
  shared.users += 1;
  return shared.tree;
}

function release(tree) {
  const { observer } = tree.mediasoup;
  const shared = trees.get(observer);
  if (shared === undefined || shared.tree !== tree) return;
  shared.users -= 1;
  if (shared.users > 0) return;
  trees.delete(observer);
  tree.detach();
}

// Returns the process ids of the workers that any tree of this process watches, a Set.
function knownPids() {
  const pids = new Set();
  for (const { tree } of trees.values()) {
    for (const { object } of tree.workers) pids.add(object.pid);
  }
  return pids;
}

module.exports = { acquire, knownPids, release };
