// SPDX-License-Identifier: MIT
'use strict';

// How the raw lane comes by the sockets of mediasoup's channels, which mediasoup keeps to itself:
// while the lane is open, the constructor of the Channel in mediasoup's own module is wrapped. The
// objects it makes are mediasoup's, nothing else of the process is touched, and no child process is
// looked at but mediasoup's workers.

const path = require('path');
const { guard } = require('../errors');
const { loadedCopies } = require('../start/mediasoup');

const FILE = 'Channel.js';

// The folder of the library of this mediasoup.
function folderOf(mediasoup) {
  const copy = loadedCopies().find(({ exports }) => exports.observer === mediasoup.observer);
  if (copy === undefined) throw new Error('the files of mediasoup are not known');
  return path.dirname(copy.file);
}

// Calls `seen` with the arguments of each Channel that is made from now on, { producerSocket,
// consumerSocket, pid }. Returns a function that ends it.
function watchChannels(folder, seen) {
  const loaded = require.cache[path.join(folder, FILE)];
  const holder = loaded && loaded.exports;
  const original = holder && holder.Channel;
  if (typeof original !== 'function') throw new Error('mediasoup has no Channel');
  let watching = true;
  const tell = guard(seen);
  const wrapped = new Proxy(original, {
    construct(target, args, newTarget) {
      const channel = Reflect.construct(target, args, newTarget === wrapped ? target : newTarget);
      if (watching) tell(args[0] || {});
      return channel;
    },
  });
  holder.Channel = wrapped;
  if (holder.Channel !== wrapped) throw new Error("mediasoup's Channel cannot be watched");
  return () => {
    watching = false;
    // Somebody may have wrapped it once more.
    if (holder.Channel === wrapped) holder.Channel = original;
  };
}

module.exports = { folderOf, watchChannels };
