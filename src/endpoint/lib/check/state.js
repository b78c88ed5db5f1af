// SPDX-License-Identifier: MIT
'use strict';

// What a snapshot that is right says of the application: who serves, which objects there are, which lane, and
// what an operator will want to know.

const { counted, note, ok, warning } = require('./finding');

// collectd's clock stamps the rows; more than this apart, an operator compares the wrong moments.
const CLOCK_MS = 2000;
// The plugin waits this long for a whole answer unless its option Timeout says otherwise.
const TIMEOUT_MS = 5000;

const served = ({ implementation, version, mediasoup, runtime, pid }) =>
  ok('endpoint', `${implementation} ${version}, mediasoup ${mediasoup}, ${runtime}, process ${pid}`);

function rowsFinding(counts) {
  const texts = Object.entries(counts).filter(([name]) => name !== 'endpoint').map(([name, count]) => `${name} ${count}`);
  return ok('rows', texts.join(', ') || 'none besides the endpoint\'s own');
}

function lane({ lane: name, laneReason }) {
  return note('lane', laneReason === undefined ? String(name) : `${name}: ${laneReason}`);
}

// --- each returns a warning or undefined ---

function clock({ time }, { asked, answered }) {
  const apart = time < asked ? time - asked : Math.max(0, time - answered);
  if (Math.abs(apart) < CLOCK_MS) return undefined;
  return warning('clock', `the application's clock is ${Math.round(Math.abs(apart) / 1000)} s ${apart > 0 ? 'ahead' : 'behind'}`, 'set the clocks of both hosts by NTP');
}

function slow({ ms }) {
  if (ms < TIMEOUT_MS / 2) return undefined;
  return warning('time', `the answer took ${ms / 1000} s, and collectd waits for ${TIMEOUT_MS / 1000} s unless Timeout says otherwise`,
    'see whether the application\'s event loop or a worker is busy; raise Timeout, or select fewer classes with Rows');
}

function workers({ workers: count, workerDeaths }) {
  if (workerDeaths > 0) return warning('workers', `${counted(workerDeaths, 'worker')} died since the endpoint began`, 'look into the application\'s log for "died"');
  if (count > 0) return undefined;
  return warning('workers', 'there are none', 'if the application has some, it has created them before serve(), or with another copy of mediasoup: its log says so');
}

function errors(rows) {
  const failed = rows.filter((row) => row.error !== undefined);
  if (failed.length === 0) return undefined;
  const texts = [...new Set(failed.map((row) => String(row.error)))].slice(0, 3);
  return warning('errors', `${counted(failed.length, 'row')} without statistics, because of: ${texts.join('; ')}`,
    'with "deadline" a worker does not answer: see whether its process is stopped or busy');
}

function truncated(rows) {
  const count = rows.filter((row) => row.appDataTruncated === true).length;
  if (count === 0) return undefined;
  return warning('appData', `${counted(count, 'row')} with appData larger than an endpoint passes on`, 'serve({ appData: [\'roomId\', \'peerId\'] }) selects the keys that matter');
}

// Returns the findings about `rows`, parsed; `timing` is { asked, answered, ms }, the first two in epoch milliseconds.
function checkState(rows, counts, timing) {
  const [endpoint] = rows;
  const warnings = [clock(endpoint, timing), slow(timing), workers(endpoint), errors(rows), truncated(rows)];
  return [served(endpoint), rowsFinding(counts), lane(endpoint), ...warnings.filter(Boolean)];
}

module.exports = { checkState };
