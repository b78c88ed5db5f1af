// SPDX-License-Identifier: MIT
'use strict';

// Keeps a worker from its core: programs that never rest run on the one core that it may use, and it gets what they leave: a few
// thousandths. A small room needs little, and would still be served with the hundredth that a nice value of 19 is worth.

const { execFileSync, spawn } = require('node:child_process');

const BUSY = 2;
const CORE = '0';

const quietly = (command, ...args) => execFileSync(command, args, { stdio: 'ignore' });

// Answers a function that ends it. The worker stays the least important: nobody but root could change that back.
function starve({ pid }) {
  quietly('taskset', '--all-tasks', '--pid', '--cpu-list', CORE, String(pid));
  quietly('chrt', '--all-tasks', '--idle', '--pid', '0', String(pid));
  const busy = Array.from({ length: BUSY }, () => spawn('taskset', ['--cpu-list', CORE, process.execPath, '-e', 'for (;;);'], { stdio: 'ignore' }));
  return () => { for (const child of busy) child.kill('SIGKILL'); };
}

module.exports = { starve };
