// SPDX-License-Identifier: MIT
'use strict';

// collectd-mediasoup check: walks the road from an application to collectd and says what is in its way.
//
//   target.js    what is to be checked
//   socket.js    is the socket there, whose is it, does anybody listen;  reader.js  may collectd's user open it
//   answer.js    is the answer a snapshot (ask.js), does it keep to the protocol (snapshot.js with json_schema.js,
//                requests.js), what does it say (state.js) and which names are in it (names.js)
//   report.js    the findings as text

const { fromEnvironment, wantsTls } = require('../start/environment');
const { checkAnswer } = require('./answer');
const { failure } = require('./finding');
const { countOf, textOf } = require('./report');
const { checkSocket } = require('./socket');
const { nameOf, targetsOf } = require('./target');

// Resolves with the findings about one target.
async function walk(target, user) {
  if (target.socket === undefined) return checkAnswer(target);
  const findings = await checkSocket(target.socket, user);
  const isOpen = findings.every(({ level, subject }) => level !== 'failure' || subject !== 'socket');
  return isOpen ? [...findings, ...(await checkAnswer(target))] : findings;
}

// No process has made a socket for this pattern.
const nobody = (pattern) => failure('socket', `there is no ${pattern}, whatever stands for %p`,
  'the application does not run, has not called serve(), or was given another path', 'pass the path that serve() was given');

// Checks what `given` names (a path, a path with %p, a URL or undefined) for the user of collectd, a name or
// undefined. Resolves with [{ target, findings }].
async function check(given, { user, environment = process.env } = {}) {
  const options = fromEnvironment(environment);
  const { targets, pattern } = targetsOf(given, { ...options, isTls: wantsTls(environment) });
  if (targets.length === 0) return [{ target: pattern, findings: [nobody(pattern)] }];
  const results = [];
  for (const target of targets) {
    results.push({ target: nameOf(target), findings: await walk({ ...target, token: options.token || undefined }, user) });
  }
  return results;
}

const isSound = (results) => results.every(({ findings }) => countOf(findings, 'failure') === 0);

const report = (results) => results.map(({ target, findings }) => textOf(target, findings)).join('\n');

module.exports = { check, isSound, report };
