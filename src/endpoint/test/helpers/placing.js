// SPDX-License-Identifier: MIT
'use strict';

// README.md's sample that chooses a worker for a new router, from its very text.

const fs = require('fs');
const path = require('path');

const README = path.join(__dirname, '../../README.md');

// Returns the sample's function, for which `endpoint` stands for the package's.
function placeRouterOf(endpoint) {
  const code = fs.readFileSync(README, 'utf8').split('\n\n').find((block) => block.startsWith('    // A new router'));
  return new Function('require', `${code}\nreturn placeRouter;`)(() => ({ endpoint }));
}

module.exports = { placeRouterOf };
