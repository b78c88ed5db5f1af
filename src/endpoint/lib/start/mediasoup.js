// SPDX-License-Identifier: MIT
'use strict';

// Finds the application's own mediasoup, whose observer announces every worker. Each copy of the module
// has an observer of its own, and watching the wrong one would show nothing for ever. So two copies are
// an error, not a guess.

const path = require('path');
const { EndpointError, reason } = require('../common/errors');
const wholeRequire = require('../common/whole_require');

const OLDEST_MINOR = 7;
const MAIN_FILE = /[\\/]mediasoup[\\/](?:node[\\/])?lib[\\/]index\.js$/;

function isMediasoup(candidate) {
  return (
    candidate !== null &&
    (typeof candidate === 'object' || typeof candidate === 'function') &&
    typeof candidate.createWorker === 'function' &&
    typeof candidate.observer === 'object' &&
    candidate.observer !== null &&
    typeof candidate.observer.on === 'function' &&
    typeof candidate.observer.removeListener === 'function'
  );
}

// Returns the module, also out of a namespace that has it as its default export, or undefined.
function unwrap(candidate) {
  if (isMediasoup(candidate)) return candidate;
  if (candidate && isMediasoup(candidate.default)) return candidate.default;
  return undefined;
}

function checkVersion(mediasoup) {
  const version = String(mediasoup.version);
  const [major, minor] = version.split('.').map(Number);
  if (major === 3 && minor >= OLDEST_MINOR) return mediasoup;
  throw new EndpointError(
    'ERR_MEDIASOUP_UNSUPPORTED',
    `mediasoup ${version} is not supported; install mediasoup 3.${OLDEST_MINOR} or a later 3.x`
  );
}

// Returns the copies of mediasoup that this process has loaded, as { file, exports }. Copies that were
// imported as ESM are among them, because mediasoup itself is CommonJS.
function loadedCopies() {
  const copies = [];
  for (const file of Object.keys(wholeRequire.cache)) {
    if (!MAIN_FILE.test(file)) continue;
    const loaded = wholeRequire.cache[file];
    if (loaded && isMediasoup(loaded.exports)) copies.push({ file, exports: loaded.exports });
  }
  return copies;
}

function described({ file, exports }) {
  return `${file} (${exports.version})`;
}

// The folders from which the application finds its modules, that of its main script first.
function applicationFolders() {
  const folders = [];
  const { main } = wholeRequire;
  if (main && main.filename) folders.push(path.dirname(main.filename));
  if (process.argv[1]) folders.push(path.dirname(path.resolve(process.argv[1])));
  folders.push(process.cwd());
  return folders.filter((folder, index) => folders.indexOf(folder) === index);
}

function resolve() {
  const folders = applicationFolders();
  for (const folder of folders) {
    try {
      return wholeRequire.resolve('mediasoup', { paths: [folder] });
    } catch (error) {
      if (error.code !== 'MODULE_NOT_FOUND') throw loadFailure(error);
    }
  }
  throw new EndpointError(
    'ERR_MEDIASOUP_NOT_FOUND',
    `mediasoup was not found from ${folders.join(' nor ')}; ` +
      "pass the one that the application uses: serve({ mediasoup: require('mediasoup') })"
  );
}

function loadFailure(error) {
  return new EndpointError(
    'ERR_MEDIASOUP_LOAD',
    `mediasoup cannot be loaded: ${reason(error)}; check that the application itself can require('mediasoup')`
  );
}

function fromApplication() {
  const copies = loadedCopies();
  if (copies.length > 1) {
    throw new EndpointError(
      'ERR_MEDIASOUP_TWICE',
      `this process has loaded ${copies.length} copies of mediasoup, ${copies.map(described).join(' and ')}, ` +
        'and only the application knows which one creates its workers; ' +
        "pass it: serve({ mediasoup: require('mediasoup') })"
    );
  }
  if (copies.length === 1) return copies[0].exports;
  const file = resolve();
  try {
    return wholeRequire(file);
  } catch (error) {
    throw loadFailure(error);
  }
}

// Returns the mediasoup module: the one given, the one that the application has loaded, or the one it
// would load. Throws an EndpointError.
function find(given) {
  const mediasoup = unwrap(given === undefined ? fromApplication() : given);
  if (mediasoup === undefined) {
    throw new EndpointError(
      'ERR_OPTION_INVALID',
      'option "mediasoup" must be the mediasoup module, and this has no createWorker() or no observer; ' +
        "pass require('mediasoup')"
    );
  }
  return checkVersion(mediasoup);
}

module.exports = { find, isMediasoup, loadedCopies };
