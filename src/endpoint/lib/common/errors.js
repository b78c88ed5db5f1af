// SPDX-License-Identifier: MIT
'use strict';

// What goes wrong is told in two ways: serve() rejects with an EndpointError (the application
// asked, it gets an answer), everything later is a process warning (the application did not ask
// and must not be disturbed).

class EndpointError extends Error {
  constructor(code, message) {
    super(message);
    this.name = 'EndpointError';
    this.code = code;
  }
}

const REPEAT_AFTER_MS = 60000;
const said = new Map();

// Says `message` as a process warning; the same code at most once a minute, because what fails for
// one object often fails for ten thousand.
function warn(code, message) {
  const now = Date.now();
  if (said.has(code) && now - said.get(code) < REPEAT_AFTER_MS) return;
  said.set(code, now);
  process.emitWarning(`collectd-mediasoup: ${message}`, { type: 'CollectdMediasoupWarning', code });
}

// `fn` as an event handler that lets none of our mistakes out into the application.
function guard(fn) {
  return (...args) => {
    try {
      return fn(...args);
    } catch (error) {
      try {
        warn('WARN_INTERNAL', `internal error, the application is not affected: ${reason(error)}`);
      } catch (ignored) {
        // A process whose warnings throw has told us not to speak.
      }
      return undefined;
    }
  };
}

// The text of anything thrown.
function reason(error) {
  try {
    return String((error && error.message) || error);
  } catch (ignored) {
    return 'unknown error';
  }
}

module.exports = { EndpointError, guard, reason, warn };
