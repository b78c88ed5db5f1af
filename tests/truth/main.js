// SPDX-License-Identifier: MIT
'use strict';

// Does the trials TRUTH_TRIALS times (those that TRUTH_ONLY names, with commas between; all without it), TRUTH_ROOMS rooms of each at
// once, and prints a table after each round. `run` starts it. TRUTH_INTO is a folder for results.js, or empty.

const { Meeting } = require('../webrtc/meeting.js');
const { Results } = require('./results.js');
const { STACK, doAll } = require('./rounds.js');
const { isRight, table } = require('./table.js');
const trials = require('./trials.js');

const { TRUTH_TRIALS = '1', TRUTH_ROOMS = '1', TRUTH_ONLY = '', TRUTH_INTO = '' } = process.env;
const FAILURES = 5; // rounds of which the rooms did not get well, before it is given up

function chosen() {
  const names = TRUTH_ONLY.split(',').filter((name) => name !== '');
  for (const name of names) if (!trials.some((trial) => trial.name === name)) throw new Error(`no trial ${name}; there are ${trials.map((trial) => trial.name).join(', ')}`);
  return trials.filter(({ name }) => names.length === 0 || names.includes(name));
}

function tell(results) {
  for (const { trial, right, dropped, wrong } of results) if (!right) console.error(`${trial.name} is wrong (the machine dropped ${dropped} packets):\n  ${wrong.slice(0, 5).join('\n  ') || 'nothing was said'}`);
}

const needsBrowser = ({ where, room }) => where === 'browser' || room === 'browser';

async function main() {
  const wanted = chosen(), results = new Results(TRUTH_INTO);
  const meeting = await Meeting.start({ stack: STACK, browser: wanted.some(needsBrowser) });
  let failures = 0;
  try {
    await doAll(meeting, wanted, {
      times: Number(TRUTH_TRIALS),
      rooms: Number(TRUTH_ROOMS),
      done: (found) => {
        tell(found);
        results.add(found);
        console.log(`${new Date().toISOString()}\n${table(wanted, results.all)}\n`);
      },
      again: (error) => {
        failures += 1;
        console.error(`once more: ${error.message}`);
        if (failures > FAILURES) throw error;
      },
    });
  } finally {
    await meeting.stop();
  }
  process.exitCode = isRight(trials, results.all) ? 0 : 1;
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
