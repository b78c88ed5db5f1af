// SPDX-License-Identifier: MIT
'use strict';

// What the application passes to serve() comes in. Checked and complete options go out, or an error that
// names the option, what was given and what would be right.

const path = require('path');
const { EndpointError } = require('../common/errors');
const limits = require('../common/limits');
const { isLoopback } = require('../common/loopback');
const { isTls, TLS_WANTED, usable } = require('./tls');

const DEFAULT_SOCKET = '/run/mediasoup/collectd.sock';
const DEFAULT_HOST = '127.0.0.1';
const DEFAULT_MODE = 0o660;
const SHOWN_CHARS = 100;

const isObject = (value) => typeof value === 'object' && value !== null;
const isText = (value) => typeof value === 'string' && value !== '' && !value.includes('\0');
// What a header can hold.
const isToken = (value) => typeof value === 'string' && /^[\x21-\x7e]{1,1024}$/.test(value);
const isInteger = (min, max) => (value) => Number.isInteger(value) && value >= min && value <= max;

// option: [what it must be, whether a value is that]
const OPTIONS = {
  socket: ['a path without NUL characters', isText],
  mode: ['file permissions such as 0o660', isInteger(0, 0o777)],
  host: ['a host name or address', isText],
  port: ['a port number from 0 to 65535', isInteger(0, 65535)],
  allowRemote: ['true or false', (value) => typeof value === 'boolean'],
  token: ['a text of 1 to 1024 visible ASCII characters, without spaces', isToken],
  tls: [TLS_WANTED, isTls],
  appData: ['a list of appData keys or a function', isAppData],
  mediasoup: ['the mediasoup module', (value) => isObject(value) || typeof value === 'function'],
  deadline: [
    `milliseconds from 1 to ${limits.DEADLINE_MAX_MS}`,
    isInteger(1, limits.DEADLINE_MAX_MS),
  ],
  lane: ['"public" or "raw"', (value) => value === 'public' || value === 'raw'],
  window: [`requests from 1 to ${limits.WINDOW_MAX}`, isInteger(1, limits.WINDOW_MAX)],
};

// What must not get into a log.
const SECRETS = ['token', 'tls'];

function isAppData(value) {
  if (typeof value === 'function') return true;
  return Array.isArray(value) && value.every((key) => typeof key === 'string');
}

function shown(value) {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, SHOWN_CHARS));
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'function') return 'a function';
  if (isObject(value)) return 'an object';
  return String(value);
}

// Returns the options given, each one known and right by itself.
function check(given) {
  if (given === undefined) return {};
  if (!isObject(given) || Array.isArray(given)) {
    throw new EndpointError(
      'ERR_OPTION_INVALID',
      `serve() takes an object of options, not ${shown(given)}: serve({ socket: '${DEFAULT_SOCKET}' })`
    );
  }
  const options = {};
  for (const name of Object.keys(given)) {
    const value = given[name];
    if (!Object.prototype.hasOwnProperty.call(OPTIONS, name)) {
      throw new EndpointError(
        'ERR_OPTION_UNKNOWN',
        `serve() has no option "${name}"; its options are ${Object.keys(OPTIONS).join(', ')}`
      );
    }
    if (value === undefined) continue;
    const [wanted, isRight] = OPTIONS[name];
    if (!isRight(value)) {
      throw new EndpointError(
        'ERR_OPTION_INVALID',
        `option "${name}" must be ${wanted}${SECRETS.includes(name) ? '' : `, not ${shown(value)}`}`
      );
    }
    options[name] = value;
  }
  return options;
}

function tcp(options) {
  for (const name of ['socket', 'mode']) {
    if (options[name] === undefined) continue;
    throw new EndpointError(
      'ERR_OPTION_CONFLICT',
      `options "${name}" and "${options.host === undefined ? 'port' : 'host'}" exclude each other: ` +
        'an endpoint listens either on a Unix socket or on a TCP port'
    );
  }
  if (options.port === undefined) {
    throw new EndpointError('ERR_OPTION_INVALID', 'option "host" needs option "port" beside it');
  }
  const host = options.host === undefined ? DEFAULT_HOST : options.host;
  if (!isLoopback(host) && !options.allowRemote) {
    throw new EndpointError(
      'ERR_HOST_NOT_LOOPBACK',
      `host ${shown(host)} is not loopback: everybody who can reach it could read every room and peer; ` +
        'use 127.0.0.1, ::1 or localhost, or pass allowRemote: true together with token and tls, or if the network protects it'
    );
  }
  return { host, port: options.port, ...(options.tls === undefined ? {} : { tls: usable(options.tls) }) };
}

function unix(options) {
  if (options.tls !== undefined) {
    throw new EndpointError(
      'ERR_OPTION_CONFLICT',
      'option "tls" needs option "port": nobody listens in on a Unix socket, and its permissions say who may read'
    );
  }
  const pattern = path.resolve(options.socket === undefined ? DEFAULT_SOCKET : options.socket);
  const socket = pattern.replace(/%p/g, String(process.pid));
  const length = Buffer.byteLength(socket);
  if (length > limits.SOCKET_PATH_BYTES) {
    throw new EndpointError(
      'ERR_SOCKET_TOO_LONG',
      `the socket's path ${socket} is ${length} bytes long, and the system allows ` +
        `${limits.SOCKET_PATH_BYTES}; choose a shorter one`
    );
  }
  return { socket, pattern, mode: options.mode === undefined ? DEFAULT_MODE : options.mode };
}

// Returns { socket, pattern, mode } or { host, port, tls }, with the other options and their defaults.
// `pattern` is the socket's path before %p was replaced. Throws an EndpointError.
function parse(given) {
  const options = check(given);
  const isTcp = options.host !== undefined || options.port !== undefined;
  return {
    ...(isTcp ? tcp(options) : unix(options)),
    allowRemote: options.allowRemote === true,
    token: options.token,
    appData: Array.isArray(options.appData) ? options.appData.slice() : options.appData,
    mediasoup: options.mediasoup,
    deadline: options.deadline === undefined ? limits.DEADLINE_MS : options.deadline,
    lane: options.lane === undefined ? 'public' : options.lane,
    window: options.window === undefined ? limits.WINDOW : options.window,
  };
}

module.exports = { DEFAULT_HOST, DEFAULT_SOCKET, OPTION_NAMES: Object.keys(OPTIONS), parse };
