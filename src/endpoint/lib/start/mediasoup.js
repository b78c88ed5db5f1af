// SPDX-License-Identifier: MIT
'use strict';

// Finds the application's own mediasoup. Its observer is where everything begins, and each copy of
// the module has an observer of its own: watching the wrong copy would show nothing for ever, so
// two copies are an error and not a guess.

const path = require('path');
const { EndpointError, reason } = require('../errors');

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

// The module itself, a namespace that holds it as its default export, or undefined.
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
    `mediasoup ${version} is not supported: this needs mediasoup 3.${OLDEST_MINOR} or a later 3.x`
  );
}

// Copies of mediasoup this process has loaded already, as { file, exports }. ESM imports are here
// too, since mediasoup is CommonJS.
function loadedCopies() {
  const copies = [];
  for (const file of Object.keys(require.cache)) {
    if (!MAIN_FILE.test(file)) continue;
    const loaded = require.cache[file];
    if (loaded && isMediasoup(loaded.exports)) copies.push({ file, exports: loaded.exports });
  }
  return copies;
}

function described({ file, exports }) {
  return `${file} (${exports.version})`;
}

// Where the application looks for its modules: beside its main script first.
function applicationFolders() {
  const folders = [];
  if (require.main && require.main.filename) folders.push(path.dirname(require.main.filename));
  if (process.argv[1]) folders.push(path.dirname(path.resolve(process.argv[1])));
  folders.push(process.cwd());
  return folders.filter((folder, index) => folders.indexOf(folder) === index);
}

function resolve() {
  const folders = applicationFolders();
  for (const folder of folders) {
    try {
      return require.resolve('mediasoup', { paths: [folder] });
    } catch (error) {
      if (error.code !== 'MODULE_NOT_FOUND') throw loadFailure(error);
    }
  }
  throw new EndpointError(
    'ERR_MEDIASOUP_NOT_FOUND',
    `mediasoup was not found from ${folders.join(' nor ')}: ` +
      "pass the one the application uses, serve({ mediasoup: require('mediasoup') })"
  );
}

function loadFailure(error) {
  return new EndpointError('ERR_MEDIASOUP_LOAD', `mediasoup cannot be loaded: ${reason(error)}`);
}

function fromApplication() {
  const copies = loadedCopies();
  if (copies.length > 1) {
    throw new EndpointError(
      'ERR_MEDIASOUP_TWICE',
      `this process has loaded ${copies.length} copies of mediasoup, ` +
        `${copies.map(described).join(' and ')}: which one makes the workers cannot be told; ` +
        "pass { mediasoup }, serve({ mediasoup: require('mediasoup') })"
    );
  }
  if (copies.length === 1) return copies[0].exports;
  const file = resolve();
  try {
    return require(file);
  } catch (error) {
    throw loadFailure(error);
  }
}

// Returns the mediasoup module: the given one, else the application's.
function find(given) {
  const mediasoup = unwrap(given === undefined ? fromApplication() : given);
  if (mediasoup === undefined) {
    throw new EndpointError(
      'ERR_OPTION_INVALID',
      'option "mediasoup" must be the mediasoup module: it has no createWorker() or no observer'
    );
  }
  return checkVersion(mediasoup);
}

module.exports = { find, isMediasoup, loadedCopies, unwrap };
