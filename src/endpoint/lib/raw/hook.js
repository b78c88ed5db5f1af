// SPDX-License-Identifier: MIT
'use strict';

// How the raw lane gets the sockets of mediasoup's channels, which mediasoup keeps private: while the
// lane is open, the constructor of the class Channel in mediasoup's own module is wrapped. The objects
// it makes are mediasoup's. Nothing else in the process is touched, and no child process is looked at
// but mediasoup's workers.

const path = require('path');
const { guard } = require('../common/errors');
const wholeRequire = require('../common/whole_require');
const { loadedCopies } = require('../start/mediasoup');

const FILE = 'Channel.js';

// Returns the folder of the library of this mediasoup module; throws when it is not among those that
// the process has loaded.
function folderOf(mediasoup) {
  const copy = loadedCopies().find(({ exports }) => exports.observer === mediasoup.observer);
  if (copy === undefined) throw new Error('the files of mediasoup are not known, it may have been bundled');
  return path.dirname(copy.file);
}

// Calls seen({ producerSocket, consumerSocket, pid }), the arguments of each Channel that is made from
// now on. Returns a function that ends it. Throws when mediasoup's module is not as expected.
function watchChannels(folder, seen) {
  const loaded = wholeRequire.cache[path.join(folder, FILE)];
  const holder = loaded && loaded.exports;
  const original = holder && holder.Channel;
  if (typeof original !== 'function') throw new Error('mediasoup has no class Channel');
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
  if (holder.Channel !== wrapped) throw new Error("mediasoup's class Channel cannot be wrapped");
  return () => {
    watching = false;
    // Another tool may have wrapped it once more.
    if (holder.Channel === wrapped) holder.Channel = original;
  };
}

module.exports = { folderOf, watchChannels };
