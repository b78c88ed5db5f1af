// SPDX-License-Identifier: MIT
'use strict';

// Tells when the application loads mediasoup. CommonJS loads go through Module._load, and so does an
// ESM import of CommonJS, which mediasoup is; Node keeps it so for tools like this one.

const Module = require('module');
const { guard } = require('../errors');
const { isMediasoup, loadedCopies } = require('./mediasoup');

const REQUEST = /(?:^|[\\/])mediasoup(?:[\\/](?:node[\\/])?lib[\\/]index(?:\.js)?)?$/;

// Calls found(mediasoup, file) for each load of mediasoup, loaded ones first.
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
