// SPDX-License-Identifier: MIT
'use strict';

// Whole meetings, with the shipped rules in a real Prometheus: in one that goes well no alert fires and the scores are good;
// where a participant loses packets, that participant is named, and where the only listener of a room does, an alert fires for it.
//
// `run --long` takes eight participants, ten minutes and the rules as they are, which need half an hour.
//
//   MEETING_PARTICIPANTS  how many there are in the large room (4)
//   MEETING_SECONDS       how long all goes well (30)
//   MEETING_RULES         "shipped": the rules as they are; else two seconds stand for each of their minutes

const assert = require('node:assert/strict');
const { after, before, test } = require('node:test');
const { hurried } = require('../e2e/hurried.js');
const { sleep, until } = require('../lib/wait.js');
const { Meeting } = require('./meeting.js');
const { lose } = require('./network.js');

const PARTICIPANTS = Number(process.env.MEETING_PARTICIPANTS || 4);
const SECONDS = Number(process.env.MEETING_SECONDS || 30);
const SHIPPED = process.env.MEETING_RULES === 'shipped';
const LOST = 0.2;
// Rules of five minutes need ten until they fire.
const PATIENCE = SHIPPED ? 15 * 60000 : 60000;
const LIMIT = { timeout: SECONDS * 1000 + 3 * PATIENCE };
const SETTLE = 8000; // ms until Chromium has found its bandwidth and all layers flow

let meeting, large, speaker, listener;

// Everybody receives everybody else of the room, of video the lowest layers, to spare the machine.
async function connectAll(participants) {
  const preferredLayers = { spatialLayer: 0, temporalLayer: 0 };
  await Promise.all(participants.map(async (participant) => {
    const others = participants.filter((other) => other !== participant);
    for (const producer of others.flatMap(({ producers }) => Object.values(producers))) await participant.consume(producer, { preferredLayers });
  }));
}

before(async () => {
  meeting = await Meeting.start({ stack: { prometheus: true, changeRules: SHIPPED ? undefined : hurried } });
  large = [];
  for (let index = 1; index <= PARTICIPANTS; index += 1) large.push(await meeting.join(`peer-${index}`));
  [speaker, listener] = [await meeting.join('speaker', { roomId: 'room-2' }), await meeting.join('listener', { roomId: 'room-2' })];
  await meeting.publish([...large, speaker], { layers: 2 });
  await connectAll(large);
  for (const producer of Object.values(speaker.producers)) await listener.consume(producer);
  await sleep(SETTLE);
}, LIMIT);
after(() => meeting?.stop(), LIMIT);

// Of the machine itself, which other programs can keep busy.
const ofTheHost = ({ name }) => name === 'MediasoupHostUdpDrops';
const alerts = async () => (await meeting.stack.prometheus.alerts()).filter((alert) => alert.state === 'firing' && !ofTheHost(alert));
const mean = (samples, key) => samples.reduce((sum, sample) => sum + sample[key], 0) / samples.length;

// One sample a second of a view's sums over all rooms, for as long as all is to go well.
async function watch() {
  const samples = { group_producers: [], group_consumers: [] };
  for (const end = Date.now() + SECONDS * 1000; Date.now() < end; await sleep(1000)) {
    assert.deepEqual(await alerts(), []);
    for (const [name, list] of Object.entries(samples)) list.push(...(await meeting.view(name)).filter((row) => row.group === 'all'));
  }
  return samples;
}

// A browser that gets too little of a busy machine stops layers, or all for a moment; so this is about means.
test(`${PARTICIPANTS} and 2 participants for ${SECONDS} s: no alert, no bad streams, scores above 9`, LIMIT, async () => {
  // Three streams from each who speaks; two from each to each of the others in the room.
  const expected = { group_producers: 3 * (PARTICIPANTS + 1), group_consumers: 2 * PARTICIPANTS * (PARTICIPANTS - 1) + 2 };
  for (const [name, samples] of Object.entries(await watch())) {
    assert.ok(samples.length > SECONDS / 2, `${name}: ${samples.length} samples`);
    const [streams, inactive, bad, silent, waiting, score] = ['streams', 'streamsInactive', 'streamsBad', 'streamsSilent', 'streamsWaiting', 'scoreMean'].map((key) => mean(samples, key));
    const told = `${name}: of ${expected[name]} streams ${streams} flow, ${inactive} are inactive, ${bad} bad, ${silent} silent, ${waiting} wait; mean score ${score}`;
    assert.ok(streams > 0.7 * expected[name] && streams + inactive > 0.9 * expected[name] && streams <= expected[name], told);
    assert.ok(bad < 0.05 * streams && silent < 0.05 * streams && waiting === 0 && score > 9, told);
  }
});

// The peers of the worst streams, by the views' two ways to say it.
async function named(of) {
  const byRank = (await meeting.view(`worst_${of}`)).sort((a, b) => a.rank - b.rank);
  return { byRank, byView: await meeting.view(`${of}?worst=3`) };
}
const isOf = (row, { peerId }) => row?.appData?.peerId === peerId;

test('a participant who loses one packet in five is named', LIMIT, async () => {
  const [unlucky] = large;
  const end = lose(Object.values(unlucky.transports), { share: LOST });
  for (const of of ['producers', 'consumers']) {
    let found;
    await until(async () => {
      found = await named(of);
      return isOf(found.byRank[0], unlucky) && isOf(found.byView[0], unlucky);
    }, { what: `${unlucky.peerId} to be the worst of the ${of}`, timeout: PATIENCE, every: 500, detail: () => JSON.stringify(found) });
  }
  end();
});

// (Audio that is lost on the uplink comes again, so that a speaker who loses as much moves the room's mean less.)
test('the only listener of a room loses one packet in five: an alert, for that room only', LIMIT, async () => {
  lose([listener.transports.recv], { share: LOST });
  const ofTheRoom = ({ name, labels }) => name === 'MediasoupRoomLossHigh' && labels.roomId === 'room-2';
  let found;
  await until(async () => (found = await alerts()).some(ofTheRoom), { what: 'the alert', timeout: PATIENCE, every: 500, detail: () => JSON.stringify(found) });
  assert.equal(found.find(ofTheRoom).labels.of, 'consumers');
  assert.deepEqual((await alerts()).filter(({ labels: { roomId } }) => roomId === 'room-1'), []);
});

test('nobody complained', LIMIT, () => meeting.assertQuiet());
