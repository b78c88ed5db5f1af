// SPDX-License-Identifier: MIT
'use strict';

// In place of lib/raw/thread/index.js: it hears, and says nothing.

require('worker_threads').parentPort.on('message', () => {});
