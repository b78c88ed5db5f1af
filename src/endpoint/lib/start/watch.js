// SPDX-License-Identifier: MIT
'use strict';

// Tells when the application loads mediasoup. CommonJS modules are loaded through Module._load, also
// when ESM imports them, and mediasoup is CommonJS. Node keeps it that way for tools like this one.

const Module = require('module');
const { guard } = require('../common/errors');
const { isMediasoup, loadedCopies } = require('./mediasoup');

const REQUEST = /(?:^|[\\/])mediasoup(?:[\\/](?:node[\\/])?lib[\\/]index(?:\.js)?)?$/;

// Calls found(mediasoup, file) for each copy that is loaded already, and again for each load to come,
// also of the same copy.
function watchForMediasoup(found) {
  const tell = guard(found);
  for (const { file, exports } of loadedCopies()) tell(exports, file);
  const load = Module._load;
  const look = guard((request, parent, loaded) => {
    if (typeof request !== 'string' || !REQUEST.test(request) || !isMediasoup(loaded)) return;
    const copy = loadedCopies().find(({ exports }) => exports === loaded);
    tell(loaded, copy ? copy.file : request);
  });
  Module._load = function collectdMediasoupLoad(...args) {
    const loaded = load.apply(this, args);
    look(args[0], args[1], loaded);
    return loaded;
  };
}

module.exports = { watchForMediasoup };
