// SPDX-License-Identifier: MIT
'use strict';

// The environment variables of `register` come in, options of serve() go out. A value that is not what
// its option wants stays text: serve() then rejects it and says what would be right.

const number = (text) => (/^\d+$/.test(text) ? Number(text) : text);
const octal = (text) => (/^[0-7]+$/.test(text) ? parseInt(text, 8) : text);
const list = (text) => text.split(',').map((key) => key.trim()).filter((key) => key !== '');
const flag = (text) => (text === '1' || text === 'true' ? true : text);
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

module.exports = { fromEnvironment };
