// SPDX-License-Identifier: MIT
'use strict';

// Two ways to report a failure. serve() rejects with an EndpointError, because the application
// called it and waits for the outcome. Everything later is a process warning: the application
// called nothing, and must not be disturbed.

// `code` is one of the ErrorCodes in types/index.d.ts; `message` says what is wrong, why, and what
// to do about it.
class EndpointError extends Error {
  constructor(code, message) {
    super(message);
    this.name = 'EndpointError';
    this.code = code;
  }
}

const REPEAT_AFTER_MS = 60000;
const MAX_REMEMBERED = 1024;
// When a warning was last emitted, by its code and what it is about.
const warnedAt = new Map();

// Emits `message` as a process warning. The same code is emitted at most once a minute for the same
// `about`: what fails for one object often fails for ten thousand.
function warn(code, message, about = '') {
  const now = Date.now();
  const key = `${code} ${about}`;
  if (warnedAt.has(key) && now - warnedAt.get(key) < REPEAT_AFTER_MS) return;
  if (warnedAt.size >= MAX_REMEMBERED) warnedAt.clear();
  warnedAt.set(key, now);
  process.emitWarning(`collectd-mediasoup: ${message}`, { type: 'CollectdMediasoupWarning', code });
}

// Wraps `fn` as an event handler or callback: an exception, which would be a mistake of ours,
// becomes a warning and never reaches the application. The wrapper then returns undefined.
function guard(fn) {
  return (...args) => {
    try {
      return fn(...args);
    } catch (error) {
      try {
        warn(
          'WARN_INTERNAL',
          `internal error in the endpoint: ${reason(error)}; the application is not affected, please report it`
        );
      } catch (ignored) {
        // The application may have replaced process.emitWarning() by something that throws.
      }
      return undefined;
    }
  };
}

// Returns the text of anything that was thrown; never throws.
function reason(error) {
  try {
    return String((error && error.message) || error);
  } catch (ignored) {
    return 'unknown error';
  }
}

module.exports = { EndpointError, guard, reason, warn };
