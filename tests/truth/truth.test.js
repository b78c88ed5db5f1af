// SPDX-License-Identifier: MIT
'use strict';

// One of each trial of trials.js but the long ones: the rows tell the truth on what is bad, why, and whose fault it is, and blame nobody else.

const assert = require('node:assert/strict');
const { after, before, test } = require('node:test');
const { Meeting } = require('../webrtc/meeting.js');
const { STACK, doAll } = require('./rounds.js');
const { isDisturbed } = require('./table.js');
const trials = require('./trials.js').filter(({ long }) => !long);

const LIMIT = { timeout: 480000 };

let meeting, complaints;
const results = new Map();

const keep = (found) => { for (const result of found) results.set(result.trial, result); };

// What the machine itself has lost is loss that no trial has ordered: who is wrong then is asked once more, with less beside it.
function disturbed() {
  return trials.filter((trial) => !results.get(trial).right && isDisturbed(trial, results.get(trial)));
}

before(async () => {
  meeting = await Meeting.start({ stack: STACK });
  // A worker that is starved may keep the whole snapshot beyond Timeout, of which collectd complains rightly.
  await doAll(meeting, trials, { done: keep, alone: () => { complaints = [...meeting.stack.complaints()]; } });
  await doAll(meeting, disturbed(), { done: keep, letters: 'z' });
}, LIMIT);
after(() => meeting?.stop(), LIMIT);

for (const trial of trials) {
  test(`${trial.name}: ${trial.expect ? `${trial.expect.verdict} by ${trial.expect.cause} of ${trial.expect.who}` : 'nothing'}; ${trial.why}`, () => {
    const { right, dropped, wrong } = results.get(trial);
    assert.deepEqual(wrong, [], `the machine dropped ${dropped} packets`);
    assert.ok(right, 'it was not told');
  });
}

test('nobody complained, before a worker was starved', () => {
  assert.deepEqual(complaints, []);
  assert.deepEqual(meeting.participants.flatMap(({ problems }) => problems), []);
});
