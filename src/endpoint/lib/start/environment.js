// SPDX-License-Identifier: MIT
'use strict';

// The environment variables of `register` come in, options of serve() go out. A value that is not what
// its option wants stays text: serve() then rejects it and says what would be right.

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
};

// `environment` is like process.env. Empty variables count as unset, except that an empty list of
// appData keys means that no key leaves the process.
function fromEnvironment(environment) {
  const options = {};
  for (const [name, [option, read]] of Object.entries(VARIABLES)) {
    const text = environment[PREFIX + name];
    if (text === undefined || (text === '' && option !== 'appData')) continue;
    options[option] = read(text);
  }
  return options;
}

// Returns the names of variables that look like ours and are none.
function unknownVariables(environment) {
  return Object.keys(environment).filter(
    (name) => name.startsWith(PREFIX) && !Object.prototype.hasOwnProperty.call(VARIABLES, name.slice(PREFIX.length))
  );
}

module.exports = { fromEnvironment, knownVariables: Object.keys(VARIABLES).map((name) => PREFIX + name), unknownVariables };
