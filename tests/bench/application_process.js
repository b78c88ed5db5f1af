// SPDX-License-Identifier: MIT
'use strict';

// The mediasoup application that is measured, a process of its own: nothing but mediasoup, our endpoint in each mode and, where it
// understands this mediasoup, the seed's exporter. Its parent (lib/application.js) tells it what to do.
// Arguments: mediasoup's directory, a folder for sockets, the number of consumers.

const path = require('node:path');
const { monitorEventLoopDelay } = require('node:perf_hooks');
const { setImmediate: nextTurn } = require('node:timers/promises');
const { serve } = require('../../src/endpoint');
const { WINDOW } = require('../../src/endpoint/lib/common/limits');
const { Seed } = require('../e2e/seed.js');
const { Crowd } = require('../scale/crowd.js');
const { Sfu, listenOptions, loadMediasoup } = require('../sfu/sfu.js');

const [directory, folder, consumers] = process.argv.slice(2);
const ROOM_SIZE = 100;
const BIT = 0.2; // ms
const PACKETS = 3; // of each microphone, so that all statistics are filled

const mediasoup = loadMediasoup(directory);
const speaksFlatbuffers = Number(mediasoup.version.split('.')[1]) >= 13;
const delay = monitorEventLoopDelay({ resolution: 1 });
let sfu;
let all; // consumers

// Undefined where this endpoint has no such mode.
async function openRaw() {
  if (!speaksFlatbuffers) return undefined;
  const socket = path.join(folder, 'raw.sock');
  try {
    await serve({ socket, mediasoup, lane: 'raw' });
    return socket;
  } catch (error) {
    if (error.code === 'ERR_OPTION_UNKNOWN') return undefined;
    throw error;
  }
}

async function openSeed() {
  // From 3.13 on it shows no consumers: see tests/e2e/seed.test.js.
  if (speaksFlatbuffers) return undefined;
  console.log = console.error = () => {}; // it complains of each producer: not counted against it
  return (await Seed.start(directory)).port;
}

// A way through the worker, for packets that know when they were sent.
async function openWay({ port }) {
  const { room } = sfu.probe ??= { room: await sfu.addRoom('probe') };
  const [from, to] = await Promise.all([true, false].map((comedia) =>
    room.router.createPlainTransport({ ...listenOptions(mediasoup), rtcpMux: true, comedia })));
  await to.connect({ ip: '127.0.0.1', port });
  const ssrc = 4242;
  const producer = await from.produce({ kind: 'audio', rtpParameters: {
    codecs: [{ mimeType: 'audio/opus', payloadType: 111, clockRate: 48000, channels: 2 }], encodings: [{ ssrc }], rtcp: { cname: 'probe' } } });
  await to.consume({ producerId: producer.id, rtpCapabilities: room.router.rtpCapabilities });
  return { port: from.tuple.localPort, ssrc };
}

async function open() {
  const sockets = { public: path.join(folder, 'public.sock') };
  await serve({ socket: sockets.public, mediasoup });
  sockets.raw = await openRaw();
  const seedPort = await openSeed();
  sfu = await Sfu.create({ mediasoup, workers: 1 });
  const crowd = await Crowd.open(sfu, { rooms: consumers / ROOM_SIZE, size: ROOM_SIZE, roundTripTimes: [40], losses: [0],
    appData: (roomId, n) => ({ roomId, peerId: `peer-${n}` }) }); // on each, because the seed looks no further
  await crowd.speak(PACKETS);
  await crowd.close(); // who is measured has no sockets to read
  all = crowd.rooms.flatMap((room) => room.consumers);
  return { sockets, seedPort, version: mediasoup.version, workerPid: sfu.workers[0].pid };
}

const commands = {
  open,
  openWay,
  async loop() {
    for (const consumer of all) await consumer.getStats();
  },
  // The same as our public lane does, and nothing else: what it cannot do without.
  async windows() {
    const half = WINDOW / 2;
    const ask = (n) => Promise.all(all.slice(n, n + half).map((consumer) => consumer.getStats()));
    let answered = ask(0);
    for (let n = half; n < all.length + half; n += half) {
      const next = ask(n);
      await answered;
      answered = next;
    }
  },
  watchDelay() {
    delay.enable();
    delay.reset();
  },
  // As much work as a collection, none of it long: what a busy machine adds to a busy thread.
  async busy(milliseconds) {
    for (let left = milliseconds; left > 0; left -= BIT) {
      for (const end = performance.now() + BIT; performance.now() < end;);
      await nextTurn();
    }
  },
  // The longest delay since, in milliseconds, beyond the resolution.
  delay() {
    delay.disable();
    return Math.max(0, delay.max / 1e6 - 1);
  },
  close: () => sfu?.close(),
};

process.on('message', async ({ id, command, argument }) => {
  try {
    process.send({ id, value: await commands[command](argument) });
  } catch (error) {
    process.send({ id, error: error.stack });
  }
});
process.on('disconnect', () => process.exit());
