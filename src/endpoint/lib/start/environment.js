// SPDX-License-Identifier: MIT
'use strict';

// The environment variables of `register` come in, options of serve() go out. A value that is not what
// its option wants stays text: serve() then rejects it and says what would be right.

const fs = require('fs');
const { EndpointError, reason } = require('../common/errors');

const number = (text) => (/^\d+$/.test(text) ? Number(text) : text);
const octal = (text) => (/^(0o)?[0-7]+$/i.test(text) ? parseInt(text.replace(/^0o/i, ''), 8) : text);
const list = (text) => text.split(',').map((key) => key.trim()).filter((key) => key !== '');
const FLAGS = { 1: true, true: true, yes: true, on: true, 0: false, false: false, no: false, off: false };
const flag = (text) => {
  const word = text.toLowerCase();
  return Object.prototype.hasOwnProperty.call(FLAGS, word) ? FLAGS[word] : text;
};
const same = (text) => text;

const PREFIX = 'COLLECTD_MEDIASOUP_';

// variable: [option, how it is read]
const VARIABLES = {
  SOCKET: ['socket', same],
  MODE: ['mode', octal],
  HOST: ['host', same],
  PORT: ['port', number],
  ALLOW_REMOTE: ['allowRemote', flag],
  APP_DATA: ['appData', list],
  DEADLINE: ['deadline', number],
  WINDOW: ['window', number],
  LANE: ['lane', same],
  TOKEN: ['token', same],
};

// variable: the member of the option `tls` that is in the file it names
const TLS_FILES = { TLS_KEY: 'key', TLS_CERT: 'cert' };

const isKnown = (name) => [VARIABLES, TLS_FILES].some((table) => Object.prototype.hasOwnProperty.call(table, name));

// Whether the variables ask for TLS. One of the two is enough: an endpoint without TLS is not what was meant.
const wantsTls = (environment) => Object.keys(TLS_FILES).some((name) => (environment[PREFIX + name] || '') !== '');

function readFile(environment, name) {
  const file = environment[PREFIX + name] || '';
  try {
    return fs.readFileSync(file);
  } catch (error) {
    throw new EndpointError(
      'ERR_OPTION_INVALID',
      `cannot read ${PREFIX}${name} "${file}": ${reason(error)}; name a file in PEM that this process may read`
    );
  }
}

// Returns the options that are read from files: { tls } or {}. Throws an EndpointError where a file cannot be read.
function fromFiles(environment) {
  if (!wantsTls(environment)) return {};
  const members = Object.entries(TLS_FILES).map(([name, member]) => [member, readFile(environment, name)]);
  return { tls: Object.fromEntries(members) };
}

// An empty list of appData keys means that no key leaves the process. A secret that came out empty must not open the
// door: serve() rejects it.
const COUNTS_EMPTY = ['appData', 'token'];

// `environment` is like process.env. Empty variables count as unset, but for those. What is in files is not among them.
function fromEnvironment(environment) {
  const options = {};
  for (const [name, [option, read]] of Object.entries(VARIABLES)) {
    const text = environment[PREFIX + name];
    if (text === undefined || (text === '' && !COUNTS_EMPTY.includes(option))) continue;
    options[option] = read(text);
  }
  return options;
}

// Returns the names of variables that look like ours and are none.
function unknownVariables(environment) {
  return Object.keys(environment).filter(
    (name) => name.startsWith(PREFIX) && !isKnown(name.slice(PREFIX.length))
  );
}

const knownVariables = [...Object.keys(VARIABLES), ...Object.keys(TLS_FILES)].map((name) => PREFIX + name);

module.exports = { fromEnvironment, fromFiles, knownVariables, unknownVariables, wantsTls };
