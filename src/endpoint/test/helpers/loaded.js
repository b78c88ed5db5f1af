// SPDX-License-Identifier: MIT
'use strict';

// Runs the raw lane's thread, as a thread, and then tells what it has loaded.

require('../../lib/raw/thread');
require('worker_threads').parentPort.postMessage({ kind: 'loaded', files: Object.keys(require.cache) });
