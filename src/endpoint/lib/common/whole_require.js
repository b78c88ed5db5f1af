// SPDX-License-Identifier: MIT
'use strict';

// A `require` with all its members, for absolute paths. Loader hooks that give CommonJS modules their
// source also give them a `require` without a cache, and bundlers one that knows the bundle only. Test
// runners such as jest make theirs here too, with a cache of their own, which is the right one there.

const path = require('path');
const { createRequire } = require('module');

// In a bundle it is the bundle's name, and where that is ESM there is none. Any file will do.
const here = typeof __filename === 'string' ? __filename : 'index.js';

module.exports = createRequire(path.resolve(here));
