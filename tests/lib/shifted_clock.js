// SPDX-License-Identifier: MIT
'use strict';

// Builds what shifts the clock of a daemon (shifted_clock.c), for LD_PRELOAD.

const { execFileSync } = require('node:child_process');
const path = require('node:path');

// Returns the library's path, below `folder`.
function buildShiftedClock(folder) {
  const library = path.join(folder, 'shifted_clock.so');
  execFileSync('gcc', ['-D_GNU_SOURCE', '-shared', '-fPIC', '-O1', '-o', library, path.join(__dirname, 'shifted_clock.c'), '-ldl']);
  return library;
}

module.exports = { buildShiftedClock };
