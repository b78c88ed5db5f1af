// SPDX-License-Identifier: MIT
'use strict';

// What is to be checked: the path of a socket, or a URL. A path with %p stands for the sockets of several
// processes.

const fs = require('fs');
const path = require('path');
const { DEFAULT_HOST, DEFAULT_SOCKET } = require('../start/options');

const SNAPSHOT = '/v1/snapshot';
const SPECIAL = /[.*+?^${}()|[\]\\]/g;

function fromUrl(text) {
  const url = new URL(text);
  if (url.pathname === '/') url.pathname = SNAPSHOT;
  url.search = '';
  url.hash = '';
  return { url };
}

// Returns the paths of the files that a path with %p may stand for, those with the lowest numbers first.
function expanded(pattern) {
  const [folder, name] = [path.dirname(pattern), path.basename(pattern)];
  const wanted = new RegExp(`^${name.split('%p').map((part) => part.replace(SPECIAL, '\\$&')).join('(\\d+)')}$`);
  try {
    const found = fs.readdirSync(folder).map((file) => wanted.exec(file)).filter(Boolean);
    return found.sort((a, b) => a[1] - b[1]).map(([file]) => path.join(folder, file));
  } catch (error) {
    return [];
  }
}

// Returns { targets, pattern }: each target is { socket } or { url }, and `pattern` is a path with %p, if one was
// given. `given` is an argument or undefined; `environment` has the options of the variables of `register`, and
// `isTls`, whether they ask for TLS. Throws ERR_INVALID_URL for a URL that is none.
function targetsOf(given, environment) {
  if (given === undefined && environment.port !== undefined) {
    const scheme = environment.isTls ? 'https' : 'http';
    return { targets: [fromUrl(`${scheme}://${environment.host || DEFAULT_HOST}:${environment.port}`)] };
  }
  const text = given === undefined ? environment.socket || DEFAULT_SOCKET : given;
  if (/^https?:\/\//i.test(text)) return { targets: [fromUrl(text)] };
  const socket = path.resolve(text);
  if (!path.basename(socket).includes('%p')) return { targets: [{ socket }] };
  return { targets: expanded(socket).map((file) => ({ socket: file })), pattern: socket };
}

const nameOf = ({ socket, url }) => (socket === undefined ? url.href.replace(/\/\/[^@/]*@/, '//') : socket);

module.exports = { nameOf, SNAPSHOT, targetsOf };
