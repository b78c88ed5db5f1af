// SPDX-License-Identifier: MIT
'use strict';

// The real mediasoup versions to test with. MEDIASOUP_DIRS lists folders, separated by colons. Each has
// node_modules/mediasoup, mediasoup-worker, and node, the runtime for that version; ENDPOINT_NODE is another one.

const fs = require('fs');
const path = require('path');

function versions() {
  const dirs = (process.env.MEDIASOUP_DIRS || '').split(':').filter(Boolean);
  if (dirs.length === 0) {
    throw new Error('MEDIASOUP_DIRS is not set: these tests need real mediasoup workers; run ./check');
  }
  return dirs.map((dir) => {
    const manifest = path.join(dir, 'node_modules/mediasoup/package.json');
    const { version } = JSON.parse(fs.readFileSync(manifest, 'utf8'));
    return {
      dir,
      version,
      node: process.env.ENDPOINT_NODE || path.join(dir, 'node'),
      worker: path.join(dir, 'mediasoup-worker'),
      module: path.join(dir, 'node_modules/mediasoup'),
    };
  });
}

module.exports = { versions };
