// SPDX-License-Identifier: MIT
'use strict';

// Does the trials TRUTH_TRIALS times (those that TRUTH_ONLY names, with commas between; all without it) and prints a table. `run`
// starts it. Into the folder TRUTH_READINGS, if there is one, go the rows of all readings: a file TRIAL-ROUND.json each.

const fs = require('node:fs');
const path = require('node:path');
const { Meeting } = require('../webrtc/meeting.js');
const { STACK, once } = require('./rounds.js');
const trials = require('./trials.js');

const { TRUTH_TRIALS = '1', TRUTH_ONLY = '', TRUTH_READINGS = '' } = process.env;

function chosen() {
  const names = TRUTH_ONLY.split(',').filter((name) => name !== '');
  for (const name of names) if (!trials.some((trial) => trial.name === name)) throw new Error(`no trial ${name}; there are ${trials.map((trial) => trial.name).join(', ')}`);
  return trials.filter(({ name }) => names.length === 0 || names.includes(name));
}

const asSeconds = (seconds) => (seconds === undefined ? '-' : seconds.toFixed(1));
const percent = (share) => (share === undefined ? '-' : `${Math.round(share * 100)} %`);

function expected({ expect, maybe }) {
  return expect ? `${expect.verdict}, ${expect.cause}: ${expect.who}${maybe ? ' (or nothing)' : ''}` : 'nothing';
}

// A line of the table: [name, expected, right of all, seen in how many, median, worst, held].
function line(trial, results) {
  const seconds = results.map((result) => result.seconds).filter((value) => value !== undefined).sort((left, right) => left - right);
  const held = results.map((result) => result.held).filter((value) => value !== undefined);
  return [trial.name, expected(trial), `${results.filter(({ right }) => right).length} of ${results.length}`, trial.expect ? `${seconds.length} of ${results.length}` : '-',
    asSeconds(seconds[seconds.length >> 1]), asSeconds(seconds.at(-1)), percent(held.length > 0 ? Math.min(...held) : undefined)];
}

function print(lines) {
  const widths = lines[0].map((_, column) => Math.max(...lines.map((cells) => cells[column].length)));
  for (const cells of lines) console.log(cells.map((cell, column) => cell.padEnd(widths[column])).join('  ').trimEnd());
}

// What there is to say of one round.
function report(round, results) {
  for (const { trial, right, wrong, readings } of results) {
    if (!right) console.error(`${trial.name} is wrong:\n  ${wrong.slice(0, 5).join('\n  ') || 'nothing was said'}`);
    if (TRUTH_READINGS) fs.writeFileSync(path.join(TRUTH_READINGS, `${trial.name}-${round}.json`), JSON.stringify(readings));
  }
}

async function main() {
  const wanted = chosen();
  const meeting = await Meeting.start({ stack: STACK, browser: wanted.some(({ where }) => where === 'browser') });
  const results = [];
  try {
    for (let round = 1; round <= Number(TRUTH_TRIALS); round += 1) {
      const done = await once(meeting, wanted, (where) => console.error(`round ${round} of ${TRUTH_TRIALS}: ${where}`));
      report(round, done);
      results.push(...done);
    }
  } finally {
    await meeting.stop();
  }
  print([['trial', 'expected', 'right', 'seen', 'median s', 'worst s', 'held'],
    ...wanted.map((trial) => line(trial, results.filter((result) => result.trial === trial)))]);
  process.exitCode = results.every(({ right }) => right) ? 0 : 1;
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
