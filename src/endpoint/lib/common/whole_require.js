// SPDX-License-Identifier: MIT
'use strict';

// A `require` with all its members, for absolute paths. Loader hooks that give CommonJS modules their
// source also give them a `require` without a cache. Test runners such as jest give them one with a cache
// of their own, which is the right one there.

const { createRequire } = require('module');

module.exports = require.cache === undefined ? createRequire(__filename) : require;
