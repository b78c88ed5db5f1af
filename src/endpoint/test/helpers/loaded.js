// SPDX-License-Identifier: MIT
'use strict';

// To be run as a thread: loads the module of the raw lane's thread, and lists the files that this has
// loaded.

require('../../lib/raw/thread');
require('worker_threads').parentPort.postMessage({ kind: 'loaded', files: Object.keys(require.cache) });
