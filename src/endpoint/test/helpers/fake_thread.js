// SPDX-License-Identifier: MIT
'use strict';

// A fake of lib/raw/thread.js that hears and says nothing.

require('worker_threads').parentPort.on('message', () => {});
