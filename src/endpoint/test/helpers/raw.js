// SPDX-License-Identifier: MIT
'use strict';

// Applications that ask for the raw lane.

const assert = require('assert');
const path = require('path');
const { eventually, withApplication } = require('./application');
const { snapshot } = require('./snapshot');
const { versions } = require('./versions');

const minor = ({ version }) => Number(version.split('.')[1]);
const warnings = (app) => app.stderr.match(/\[WARN_\w+\]/g) || [];

function withRaw(version, { options, env } = {}, run) {
  const settings = { script: 'raw_sfu.js', options: { lane: 'raw', ...options }, env };
  return withApplication(version, settings, run);
}

// Makes snapshots until one comes through the raw lane, and returns it.
function trusted(app) {
  return eventually(async () => {
    const made = await snapshot(app.socket);
    assert.strictEqual(made.endpoint.lane, 'raw', app.stderr);
    return made;
  });
}

// The versions that the raw lane supports, and the others.
const knownVersions = () => versions().filter((one) => minor(one) >= 13);
const otherVersions = () => versions().filter((one) => minor(one) < 13);

// The newest version, of which there are only the classes: Debian 12 cannot compile its worker as it is.
function newest() {
  const module = path.join(__dirname, '../../../../tests/node_modules/mediasoup-newest');
  return { module, version: require(path.join(module, 'package.json')).version };
}

module.exports = { knownVersions, newest, otherVersions, trusted, warnings, withRaw };
