// SPDX-License-Identifier: MIT
'use strict';

// The shipped alerts on streams, with real senders: layers that a sender stops alarm nobody, a sender that stops does.

const assert = require('node:assert/strict');
const { after, before, test } = require('node:test');
const { Stack } = require('./stack.js');
const { hurried } = require('./hurried.js');

const VOICES = 20, SIMULCAST = 4; // with these the alerts' minimum of 20 streams is exceeded even when layers stop
const STOPPED = 4; // voices that go: 4 of 24 are more than 10 %

let stack;
let voices;
let videos;

const producers = (field) => `mediasoup_group_producers_${field}{group="all"}`;
const becomes = (expression, value) => stack.until(expression, ([sample]) => sample?.value === value, `${expression} to be ${value}`);
// Those that have been pending or firing at any time.
const alarmed = async () => (await stack.query('last_over_time(ALERTS{alertname=~"Mediasoup.*Streams"}[10m])')).map(({ labels }) => labels.alertname);

before(async () => {
  stack = await Stack.start({ shipped: true, changeRules: hurried });
  const room = await stack.sfu.addRoom('room');
  voices = await Promise.all(Array.from({ length: VOICES }, (_, i) => room.publish('audio', { peerId: `voice-${i}` })));
  videos = await Promise.all(Array.from({ length: SIMULCAST }, (_, i) => room.publish('video', { peerId: `video-${i}`, layers: 3 })));
  stack.sfu.start();
});
after(() => stack?.stop());

test('two of three layers stop: MediasoupManyBadStreams stays silent, for nothing is bad', async () => {
  await becomes(producers('streams'), VOICES + 3 * SIMULCAST);
  for (const { streams } of videos) for (const layer of streams.slice(1)) layer.muted = true;
  await becomes(producers('streams_inactive'), 2 * SIMULCAST);
  // 25 seconds: what would be 5 minutes of the alert's window and 5 of its `for`, and some.
  const held = `min_over_time(${producers('streams_inactive')}[25s]) and count_over_time(${producers('streams_inactive')}[25s]) >= 24`;
  await becomes(held, 2 * SIMULCAST);
  assert.equal(await stack.value('mediasoup:group_streams:avg5m{group="all",of="producers"}'), VOICES + SIMULCAST, 'more than the alert wants');
  assert.deepEqual(await alarmed(), []);
  assert.equal(await stack.value('mediasoup:group_bad_streams:ratio5m{group="all",of="producers"}'), 0);
});

test('senders stop: MediasoupSilentStreams', async () => {
  await Promise.all(voices.slice(0, STOPPED).map((voice) => voice.stop()));
  await becomes(producers('streams_silent'), STOPPED);
  await stack.alert('MediasoupSilentStreams', 'pending', { of: 'producers' });
  const { labels, annotations } = await stack.alert('MediasoupSilentStreams', 'firing', { of: 'producers' });
  assert.deepEqual(labels, { group: 'all', of: 'producers', instance: 'testhost', severity: 'warning' });
  assert.match(annotations.summary, /^1\d\.\d+% of the producers on testhost should carry media, but no packet comes$/);
  assert.deepEqual(new Set(await alarmed()), new Set(['MediasoupSilentStreams']));
});

test('and whose fault it is: MediasoupRoomUplinkBad', async () => {
  await becomes(producers('streams_cause_sender'), STOPPED);
  const { labels, annotations } = await stack.alert('MediasoupRoomUplinkBad', 'firing', { roomId: 'room' });
  assert.deepEqual(labels, { group: 'room', roomId: 'room', instance: 'testhost', severity: 'warning' });
  assert.match(annotations.summary, /^1\d\.\d+% of the streams into room room on testhost arrive badly: the senders, or their networks$/);
});

test('they send again: it ends', async () => {
  for (const voice of voices) voice.start();
  await becomes(producers('streams_silent'), 0);
  await becomes(producers('streams_cause_sender'), 0);
  await stack.until('ALERTS{alertname=~"MediasoupSilentStreams|MediasoupRoomUplinkBad",alertstate="firing"}', (samples) => samples.length === 0, 'the alert to end');
  assert.deepEqual(stack.complaints(), []);
});
