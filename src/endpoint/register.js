// SPDX-License-Identifier: MIT
'use strict';

// node --require collectd-mediasoup/register app.js
//
// The endpoint without a change to the application's code. It waits until the application itself loads
// mediasoup, by require() or by import, and does not load it first: mediasoup reads its environment
// (MEDIASOUP_WORKER_BIN, DEBUG) when it is loaded, and an application may set that up before. Whatever
// goes wrong here is a warning, and never the application's end.

const path = require('path');
const { isMainThread } = require('worker_threads');
const { serve } = require('./index');
const { guard, reason, warn } = require('./lib/common/errors');
const limits = require('./lib/common/limits');
const { fromEnvironment, fromFiles, knownVariables, unknownVariables } = require('./lib/start/environment');
const { watchForMediasoup } = require('./lib/start/watch');

// NODE_OPTIONS reaches these programs too.
const NOT_THE_APPLICATION = /^(npm|npx|yarn|yarnpkg|pnpm|pnpx|corepack)(-cli)?(\.c?js)?$/;

function begin(mediasoup) {
  const unknown = unknownVariables(process.env);
  if (unknown.length > 0) {
    warn('WARN_ENVIRONMENT', `${unknown.join(', ')} is ignored: the variables are ${knownVariables.join(', ')}`);
  }
  const failed = (error) => warn(error.code, `no endpoint for this process: ${reason(error)}`);
  try {
    serve({ ...fromEnvironment(process.env), ...fromFiles(process.env), mediasoup }).catch(failed);
  } catch (error) {
    failed(error);
  }
}

function register() {
  const script = process.argv[1] || '';
  if (!isMainThread || NOT_THE_APPLICATION.test(path.basename(script))) return;
  let first;
  const patience = setTimeout(
    guard(() => {
      warn(
        'ERR_MEDIASOUP_NOT_FOUND',
        `no endpoint for this process yet: ${script || 'the application'} has not loaded mediasoup; ` +
          'preload collectd-mediasoup/register only into the process that creates the workers'
      );
    }),
    limits.REGISTER_PATIENCE_MS
  );
  patience.unref();
  watchForMediasoup((mediasoup, file) => {
    if (first === undefined) {
      first = { mediasoup, file };
      clearTimeout(patience);
      begin(mediasoup);
    } else if (mediasoup !== first.mediasoup) {
      warn(
        'ERR_MEDIASOUP_TWICE',
        `this process has loaded two copies of mediasoup, ${first.file} and ${file}, and only the workers ` +
          'of the first are seen; call serve({ mediasoup }) with the copy that creates the workers instead'
      );
    }
  });
}

guard(register)();
