// SPDX-License-Identifier: MIT
'use strict';

// The judge of the trials: it finds each way in which rows can be wrong.

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { compare } = require('./compare.js');

const producer = (peerId, more) => ({ producerId: `p-${peerId}`, kind: 'audio', state: 'flowing', names: { participant: peerId }, ...more });
const consumer = (peerId, from, more) => ({ ...producer(peerId, more), producerId: `p-${from}`, consumerId: `c-${peerId}` });
const BY_SENDER = { state: 'flowing', bad: true, cause: 'sender' };
const BY_RECEIVER = { ...BY_SENDER, cause: 'receiver' };

// A reading of alice, who sends, and bob, who receives her; each as given.
const reading = (at, alice = {}, bob = {}) => ({ at, producers: [producer('alice', alice)], consumers: [consumer('bob', 'alice', bob)] });
const TRIAL = { expect: { verdict: 'bad', of: 'producers', cause: 'sender', who: 'alice' } };

const CASES = [
  ['is told, of her and of who listens', TRIAL, [reading(0), reading(1, BY_SENDER, BY_SENDER)], { right: true, seconds: 1, held: 1, wrong: 0 }],
  ['is told now and then', TRIAL, [reading(1, BY_SENDER), reading(2), reading(3, BY_SENDER), reading(4)], { right: true, seconds: 1, held: 0.5, wrong: 0 }],
  ['ends: her cause stays for a reading', TRIAL, [reading(1, BY_SENDER), reading(2, { cause: 'sender' })], { right: true, seconds: 1, held: 0.5, wrong: 0 }],
  ['is not told', TRIAL, [reading(0), reading(1)], { right: false, wrong: 0 }],
  ['may be left untold', { ...TRIAL, maybe: true }, [reading(0), reading(1)], { right: true, wrong: 0 }],
  ['is told of consumers only', TRIAL, [reading(1, {}, BY_SENDER)], { right: false, wrong: 0 }],
  ['is told as silent', TRIAL, [reading(1, { ...BY_SENDER, bad: undefined, state: 'silent' })], { right: false, wrong: 0 }],
  ['is told by another cause', TRIAL, [reading(1, { ...BY_SENDER, cause: 'transport' })], { right: false, wrong: 1 }],
  ['is told by no known cause', TRIAL, [reading(1, BY_SENDER), reading(2, { ...BY_SENDER, cause: 'unknown' })], { right: false, seconds: 1, held: 0.5, wrong: 1 }],
  ['is told by a cause that is right before', { ...TRIAL, before: ['transport'] }, [reading(1, { ...BY_SENDER, cause: 'transport' }), reading(2, BY_SENDER)], { right: true, seconds: 2, held: 1, wrong: 0 }],
  ['is told, and what may be told besides', { ...TRIAL, also: ['bandwidth'] }, [reading(1, BY_SENDER), reading(2, { ...BY_SENDER, cause: 'bandwidth' })], { right: true, seconds: 1, held: 0.5, wrong: 0 }],
  ['is told, and bob is blamed for what may be told of her besides', { ...TRIAL, also: ['receiver'] }, [reading(1, BY_SENDER, BY_RECEIVER)], { right: false, seconds: 1, held: 1, wrong: 1 }],
  ['is told, and bob is blamed too', TRIAL, [reading(1, BY_SENDER, BY_RECEIVER)], { right: false, seconds: 1, held: 1, wrong: 1 }],
  ['is told, and the worker is blamed too', TRIAL, [reading(1, BY_SENDER, { ...BY_SENDER, cause: 'worker' })], { right: false, seconds: 1, held: 1, wrong: 1 }],
  ['is nothing, and nothing is told', {}, [reading(1)], { right: true, wrong: 0 }],
  ['is nothing, and somebody is blamed', {}, [reading(1, {}, BY_RECEIVER)], { right: false, wrong: 1 }],
  ['is her worker', { expect: { verdict: 'stalled', of: 'workers', cause: 'worker', who: 'worker' } }, [{ ...reading(1, { ...BY_SENDER, cause: 'worker' }), workers: [{ responding: 0 }] }],
    { right: true, seconds: 1, held: 1, wrong: 0 }],
  ['is hers, and the worker does not answer', TRIAL, [reading(1, BY_SENDER), { ...reading(2, BY_SENDER), workers: [{ responding: 0 }] }], { right: false, seconds: 1, held: 1, wrong: 1 }],
  ['is her worker, which answers late', { expect: { verdict: 'stalled', of: 'workers', cause: 'worker', who: 'worker' } }, [{ ...reading(1), workers: [{ responding: 1, channelRoundTripSeconds: 1 }] }],
    { right: true, seconds: 1, held: 1, wrong: 0 }],
  ['is nothing, and the worker answers late', {}, [{ ...reading(1), workers: [{ responding: 1, channelRoundTripSeconds: 1.2 }] }], { right: false, wrong: 1 }],
  ['is nothing, and the worker answers soon', {}, [{ ...reading(1), workers: [{ responding: 1, channelRoundTripSeconds: 0.99 }] }], { right: true, wrong: 0 }],
  ['is nothing, and the worker answers', {}, [{ ...reading(1), workers: [{ responding: 1 }] }], { right: true, wrong: 0 }],
  ['is nothing, and a reading is bad without a cause', {}, [reading(1), reading(2, {}, { state: 'flowing', bad: true }), reading(3, { state: 'silent' })], { right: true, unexplained: 2, wrong: 0 }],
  ['is nothing, but has to show', { shows: ({ at }) => at === 2 }, [reading(1), reading(2)], { right: true, wrong: 0 }],
  ['is nothing, and does not show what it has to', { shows: ({ at }) => at === 3 }, [reading(1), reading(2)], { right: false, wrong: 0 }],
  ['was never looked at', {}, [], { right: false, wrong: 0 }],
];

for (const [name, trial, readings, expected] of CASES) {
  test(`what is wrong with alice ${name}`, () => {
    const { right, seconds, held, unexplained, wrong } = compare(trial, readings);
    assert.deepEqual({ right, seconds, held, unexplained, wrong: wrong.length }, { seconds: undefined, held: undefined, unexplained: 0, ...expected });
  });
}
