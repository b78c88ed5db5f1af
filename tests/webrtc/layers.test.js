// SPDX-License-Identifier: MIT
'use strict';

// A browser stops layers of its simulcast and starts them again, as browsers do by themselves when there is little bandwidth.
// Nobody hears or sees anything bad, so nothing may say that there is: no bad stream, no silent stream, no lower score.

const assert = require('node:assert/strict');
const { after, before, test } = require('node:test');
const { sleep, until } = require('../lib/wait.js');
const { Meeting } = require('./meeting.js');

const LIMIT = { timeout: 120000 };
const WATCH = 9, CHANGE = 7; // seconds

let meeting, alice, bob;

before(async () => {
  meeting = await Meeting.start();
  [alice, bob] = await Promise.all(['alice', 'bob'].map((peerId) => meeting.join(peerId)));
  await meeting.publish([alice], { layers: 3 });
  for (const producer of Object.values(alice.producers)) await bob.consume(producer);
  await sums(({ producers, consumers }) => producers.streams === 4 && producers.scoreMean === 10 && consumers.streams === 2 && consumers.scoreMean === 10);
}, LIMIT);
after(() => meeting?.stop(), LIMIT);

// The whole application's sums over producers and over consumers, one sample. Waits for those that are as `wanted`.
async function sums(wanted = () => true) {
  let last;
  return until(async () => {
    const of = async (name) => (await meeting.view(name)).find(({ group }) => group === 'all') ?? {};
    last = { producers: await of('group_producers'), consumers: await of('group_consumers') };
    return wanted(last) && last;
  }, { what: `sums that are ${wanted}`, timeout: 60000, every: 250, detail: () => JSON.stringify(last) });
}

// Looks at each of collectd's samples for a while: no stream is bad or silent, no score falls. A consumer whose layer changes has
// a lower score from mediasoup for some seconds, so consumers are looked at after that.
async function assertWell() {
  for (let second = 0; second < WATCH; second += 1) {
    const { producers, consumers } = await sums();
    for (const [of, { streamsBad, streamsSilent, scoreMean, scoreMinimum, lossRatio }] of Object.entries(second < CHANGE ? { producers } : { producers, consumers })) {
      assert.deepEqual({ streamsBad, streamsSilent }, { streamsBad: 0, streamsSilent: 0 }, `${of} after ${second} s`);
      assert.ok(scoreMean >= 9 && scoreMinimum >= 8, `${of} after ${second} s: score ${scoreMean}, ${scoreMinimum} at least`);
      assert.ok(lossRatio < 0.05, `${of}: ${lossRatio} lost`);
    }
    await sleep(1000);
  }
}

const flowing = (streams, inactive) => ({ producers, consumers }) =>
  producers.streams === streams && producers.streamsInactive === inactive && consumers.streams === 2;

test('all three layers flow', LIMIT, () => sums(flowing(4, 0)));

for (const [name, act, streams] of [
  ['the lowest layer only, by setMaxSpatialLayer(0)', () => alice.do('setMaxSpatialLayer', 0), 2],
  ['all layers again', () => alice.do('setMaxSpatialLayer', 2), 4],
  ['the layer in the middle only, by active: false', () => alice.do('setActive', [false, true, false]), 2],
  ['and all layers once more', () => alice.do('setActive', [true, true, true]), 4],
]) {
  test(name, LIMIT, async () => {
    await act();
    await assertWell();
    await sums(flowing(streams, 4 - streams));
  });
}

test('nobody complained', LIMIT, () => meeting.assertQuiet());
