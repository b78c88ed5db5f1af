// SPDX-License-Identifier: MIT
'use strict';

// Takes the place of lib/raw/thread/index.js, and never answers.

require('worker_threads').parentPort.on('message', () => {});
