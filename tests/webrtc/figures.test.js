// SPDX-License-Identifier: MIT
'use strict';

// The figures of the views are those that the browser itself has, by its getStats(): without loss, with loss on the uplink,
// and with loss on the downlink. Both are read at rest, when nothing has been sent for a while.

const assert = require('node:assert/strict');
const { after, before, test } = require('node:test');
const { sleep, until } = require('../lib/wait.js');
const { Meeting } = require('./meeting.js');
const { lose } = require('./network.js');

const LIMIT = { timeout: 120000 };
const LOST = 0.1;
const FLOW = 8000; // ms; at 10 % some forty of the packets of audio are lost
// Chromium reports on audio every 5 s, and no longer on a stream that has been silent for 8 s.
const LAST_REPORTS = 7000;

let meeting, alice, bob, carol, dave;

before(async () => {
  meeting = await Meeting.start();
  [alice, bob, carol, dave] = await Promise.all(['alice', 'bob', 'carol', 'dave'].map((peerId) => meeting.join(peerId)));
  await meeting.publish([alice, carol], { layers: 2 });
  for (const [listener, speaker] of [[bob, alice], [dave, carol]]) for (const producer of Object.values(speaker.producers)) await listener.consume(producer);
  await until(async () => (await alice.producers.video.getStats()).length === 2, { what: 'both layers of video', timeout: 30000 });
  const ends = [lose([carol.transports.send], { share: LOST, directions: ['in'] }), lose([dave.transports.recv], { share: LOST, directions: ['out'] })];
  await sleep(FLOW);
  for (const end of ends) end();
  await sleep(1500); // what comes now shows the gaps before it
  for (const speaker of [alice, carol]) for (const kind of ['audio', 'video']) await speaker.do('silence', kind);
  await sleep(LAST_REPORTS);
}, LIMIT);
after(() => meeting?.stop(), LIMIT);

const ofType = (stats, type) => stats.filter((part) => part.type === type);

// [{ row, sent, report }] for each stream that `speaker` sends of this kind: the view's row, the browser's outbound-rtp, and
// what the worker has told the browser of it.
async function sentBy(speaker, kind) {
  const stats = await speaker.do('statsOfProducer', kind);
  const rows = (await meeting.rowsOf('producers', speaker)).filter((row) => row.kind === kind);
  return rows.map((row) => {
    const sent = ofType(stats, 'outbound-rtp').find(({ ssrc }) => ssrc === row.ssrc);
    return { row, sent, report: ofType(stats, 'remote-inbound-rtp').find(({ localId }) => localId === sent.id) };
  });
}

// [{ row, received }] for each stream that `listener` receives.
async function receivedBy(listener) {
  const rows = await meeting.rowsOf('consumers', listener);
  return Promise.all(rows.map(async (row) => {
    const [received] = ofType(await listener.do('statsOfConsumer', row.consumerId), 'inbound-rtp');
    return { row, received };
  }));
}

const seconds = ({ jitter, clockRate }) => jitter / clockRate;
// mediasoup counts in the clock of the stream, the browser in seconds; Chromium rounds what it tells of a received stream to ms.
const near = (actual, expected, tolerance, what) => assert.ok(Math.abs(actual - expected) <= tolerance, `${what}: ${actual} is not ${expected}`);

test('what is sent: packets, bytes, jitter and rid of each stream, and no loss', LIMIT, async () => {
  const [audio] = await sentBy(alice, 'audio');
  assert.ok(audio.row.packetCount > 300, `${audio.row.packetCount} packets of audio`);
  assert.equal(audio.row.packetCount, audio.sent.packetsSent);
  assert.equal(audio.row.byteCount, audio.sent.bytesSent + audio.sent.headerBytesSent);
  const video = await sentBy(alice, 'video');
  assert.deepEqual(video.map(({ row }) => row.rid).sort(), ['r0', 'r1']);
  for (const { row, sent, report } of [audio, ...video]) {
    assert.equal(row.rid, sent.rid);
    assert.equal(row.packetsLost, 0);
    assert.equal(report.packetsLost, 0);
    near(seconds(row), report.jitter, 1 / row.clockRate, `${row.kind} ${row.rid} jitter`);
    near(row.roundTripTime, report.roundTripTime * 1000, 20, `${row.kind} ${row.rid} round trip`);
  }
});

// The browser probes for bandwidth: it sends padding, and old packets again (RTX), and counts them with the stream.
test('what is sent of video: equal but for what the browser has sent as probes', LIMIT, async () => {
  for (const { row, sent } of await sentBy(alice, 'video')) {
    const probes = sent.packetsSent - row.packetCount;
    assert.ok(sent.framesSent > 80 && row.packetCount >= sent.framesSent, `${row.rid}: ${row.packetCount} packets, ${sent.framesSent} frames`);
    assert.ok(probes >= row.packetsRetransmitted, `${row.rid}: ${probes} probes, ${row.packetsRetransmitted} retransmitted`);
    const ofAll = row.byteCount / (sent.bytesSent + sent.headerBytesSent), ofPayload = row.byteCount / sent.bytesSent;
    assert.ok(ofAll <= 1 && ofPayload > 0.8, `${row.rid}: ${row.byteCount} bytes; ${sent.bytesSent} and headers of ${sent.headerBytesSent}`);
  }
});

test('what is received: packets, bytes and jitter of each stream, and no loss', LIMIT, async () => {
  const streams = await receivedBy(bob);
  assert.deepEqual(streams.map(({ row }) => row.kind).sort(), ['audio', 'video']);
  for (const { row, received } of streams) {
    assert.ok(received.packetsReceived > 80, `${received.packetsReceived} packets of ${row.kind}`);
    assert.equal(row.packetCount, received.packetsReceived, row.kind);
    assert.equal(row.byteCount, received.bytesReceived + received.headerBytesReceived, row.kind);
    assert.equal(row.packetsLost, 0);
    assert.equal(received.packetsLost, 0);
    near(seconds(row), received.jitter, 0.001, `${row.kind} jitter`);
  }
});

// mediasoup asks for what is missing. Audio comes again in its own stream, where nothing tells it from what was late; what came
// again in a stream of its own (RTX), as video does, stays lost and counts as repaired.
test('loss on the uplink: what the browser had to send again', LIMIT, async () => {
  const [{ row, sent }] = await sentBy(carol, 'audio');
  near(sent.retransmittedPacketsSent / sent.packetsSent, LOST, 0.06, 'sent again, of all');
  assert.equal(row.packetsLost, sent.packetsSent - sent.retransmittedPacketsSent - row.packetCount);
  assert.ok(row.packetsRepaired > 0 && row.packetsRepaired <= sent.retransmittedPacketsSent, `${row.packetsRepaired} of audio repaired`);
  const video = await sentBy(carol, 'video');
  for (const { row: { rid, packetsLost, packetsRepaired }, report } of video) {
    assert.equal(packetsLost, report.packetsLost, rid);
    assert.ok(packetsLost > 0 && packetsRepaired > 0, `${rid}: ${packetsRepaired} of ${packetsLost} repaired`);
  }
});

test('loss on the downlink: what the browser misses', LIMIT, async () => {
  for (const { row, received } of await receivedBy(dave)) {
    assert.equal(row.packetsLost, received.packetsLost, row.kind);
    if (row.kind !== 'audio') continue;
    assert.equal(row.packetCount - received.packetsReceived, received.packetsLost);
    near(received.packetsLost / row.packetCount, LOST, 0.06, 'lost of all');
  }
});

// The transport's row, and what the browser says of it. (The browser leaves out what belongs to ICE and DTLS.)
async function transportOf(participant, direction, stats) {
  const row = (await meeting.rowsOf('transports', participant)).find(({ appData }) => appData.direction === direction);
  return { row, seen: ofType(await stats, 'transport')[0] };
}

test('what goes through a transport', LIMIT, async () => {
  const sending = await transportOf(alice, 'send', alice.do('statsOfProducer', 'audio'));
  near(sending.row.bytesReceived / sending.seen.bytesSent, 1, 0.03, 'bytes to the worker');
  const receiving = await transportOf(bob, 'recv', bob.do('statsOfConsumer', bob.consumers[0].id));
  near(receiving.row.bytesSent / receiving.seen.bytesReceived, 1, 0.03, 'bytes from the worker');
});

test('nobody complained', LIMIT, () => meeting.assertQuiet());
