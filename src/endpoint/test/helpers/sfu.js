// SPDX-License-Identifier: MIT
'use strict';

// A mediasoup application for the tests: two workers, and a room with audio, video and simulcast over real
// RTP, a pipe, data channels and WebRTC transports. The test that forked it calls the functions below.

const { serve } = require('../..');
const { acquire, release } = require('../../lib/tree/trees');
const { appDataOf } = require('./hostile');
const { RtpSender, sink } = require('./rtp');

const mediasoup = require(process.env.SFU_MEDIASOUP);

const CODECS = [
  { kind: 'audio', mimeType: 'audio/opus', clockRate: 48000, channels: 2 },
  { kind: 'video', mimeType: 'video/VP8', clockRate: 90000 },
];
const LOCAL = { ip: '127.0.0.1' };
const OPUS = { mimeType: 'audio/OPUS', clockRate: 48000, channels: 2, payloadType: 100 }; // the router spells it otherwise
const VP8 = { mimeType: 'video/VP8', clockRate: 90000, payloadType: 101 };
const AUDIO_SSRC = 1111;
const VIDEO_SSRC = 2222;
const SIMULCAST = [
  { ssrc: 3331, rid: 'q' },
  { ssrc: 3332, rid: 'h' },
  { ssrc: 3333, rid: 'f' },
];

// Of a certificate that nobody has.
const FINGERPRINT = { algorithm: 'sha-256', value: Array(32).fill('AB').join(':') };

const objects = {};
let endpoint;

function theTree() {
  const tree = acquire(mediasoup);
  release(tree);
  return tree;
}

async function send(transport, codec, ssrcs) {
  const sender = new RtpSender(transport.tuple.localPort, codec.payloadType, codec.clockRate);
  await sender.open();
  return { sender, ssrcs };
}

// Makes a participant's transport, its producer and the sender of its RTP.
async function publish(router, kind, codec, encodings, appData) {
  const transport = await router.createPlainTransport({
    listenIp: LOCAL,
    comedia: true,
    appData: { direction: 'send' },
  });
  const producer = await transport.produce({
    kind,
    rtpParameters: { codecs: [codec], encodings, rtcp: { cname: appData.peerId } },
    appData,
  });
  const ssrcs = encodings.map(({ ssrc }) => ssrc);
  return { transport, producer, ...(await send(transport, codec, ssrcs)) };
}

const media = {};

const calls = {
  async ready() {
    endpoint = await serve({ mediasoup, ...JSON.parse(process.env.SFU_OPTIONS) });
    return { pid: process.pid, version: mediasoup.version };
  },

  async createWorker(appData) {
    const worker = await mediasoup.createWorker({ appData, logLevel: 'none' });
    const name = `worker${Object.keys(objects).filter((key) => /^worker\d+$/.test(key)).length}`;
    objects[name] = worker;
    return worker.pid;
  },

  // Sends a signal to a worker, and resolves with what mediasoup says of its end.
  async endOf(pid, signal) {
    const worker = Object.values(objects).find((object) => object.pid === pid);
    const end = new Promise((resolve) => worker.once('died', resolve));
    process.kill(pid, signal);
    return (await end).message;
  },

  async room() {
    objects.first = await mediasoup.createWorker({ appData: { zone: 'a' }, logLevel: 'none' });
    objects.second = await mediasoup.createWorker({ logLevel: 'none' });
    const near = await objects.first.createRouter({
      mediaCodecs: CODECS,
      appData: { roomId: 'room-1' },
    });
    const far = await objects.second.createRouter({
      mediaCodecs: CODECS,
      appData: { roomId: 'room-1', far: true },
    });
    Object.assign(objects, { near, far });
    media.audio = await publish(near, 'audio', OPUS, [{ ssrc: AUDIO_SSRC }], { peerId: 'alice' });
    media.video = await publish(near, 'video', VP8, [{ ssrc: VIDEO_SSRC }], { peerId: 'bob' });
    media.simulcast = await publish(near, 'video', VP8, SIMULCAST, { peerId: 'carol' });
    await calls.subscribe(near);
    await calls.webRtc(near);
    await calls.data(near);
    await calls.pipe(near, far);
    await calls.watch(near);
    return {
      pids: [objects.first.pid, objects.second.pid],
      ids: Object.fromEntries(Object.entries(objects).map(([name, { id }]) => [name, id])),
      producers: Object.fromEntries(Object.entries(media).map(([name, { producer }]) => [name, producer.id])),
    };
  },

  // Dave receives audio and video as plain RTP.
  async subscribe(router) {
    const { port, socket } = await sink();
    objects.sink = { id: port, close: () => socket.close() };
    const transport = await router.createPlainTransport({
      listenIp: LOCAL,
      appData: { direction: 'receive', peerId: 'dave' },
    });
    await transport.connect({ ip: '127.0.0.1', port });
    objects.receiver = transport;
    for (const name of ['audio', 'video']) {
      objects[`${name}Consumer`] = await transport.consume({
        producerId: media[name].producer.id,
        rtpCapabilities: router.rtpCapabilities,
        appData: { peerId: 'dave', of: name },
      });
    }
  },

  // Erin has a WebRTC transport on which nothing ever arrives.
  async webRtc(router) {
    objects.webRtc = await router.createWebRtcTransport({
      listenIps: [LOCAL],
      enableUdp: true,
      enableSctp: true,
      appData: { peerId: 'erin' },
    });
    objects.pausedConsumer = await objects.webRtc.consume({
      producerId: media.simulcast.producer.id,
      rtpCapabilities: router.rtpCapabilities,
      paused: true,
    });
    objects.sctpProducer = await objects.webRtc.produceData({
      sctpStreamParameters: { streamId: 0, ordered: true },
      label: 'chat',
      protocol: 'text',
      appData: { peerId: 'erin', channel: 'chat' },
    });
  },

  // Asks Erin's transport to connect to a client that never answers.
  async connect() {
    await objects.webRtc.connect({ dtlsParameters: { role: 'client', fingerprints: [FINGERPRINT] } });
  },

  // Emits an event of an object's observer in its worker's place.
  async tell(name, event, value) {
    objects[name].observer.emit(event, value);
  },

  // Lets the clock by which connections are measured run ahead.
  async runAhead(ms) {
    const { connections } = theTree();
    const { now, ...clock } = connections.clock;
    connections.clock = { ...clock, now: () => now() + ms };
  },

  // Adds a consumer of the simulcast stream that gets all of its layers.
  async layered() {
    const { port } = await sink();
    const transport = await objects.near.createPlainTransport({ listenIp: LOCAL });
    await transport.connect({ ip: '127.0.0.1', port });
    const { rtpCapabilities } = objects.near;
    objects.layered = await transport.consume({ producerId: media.simulcast.producer.id, rtpCapabilities });
    return objects.layered.id;
  },

  async data(router) {
    objects.direct = await router.createDirectTransport({ appData: { bot: true } });
    objects.dataProducer = await objects.direct.produceData({ label: 'bot', protocol: 'json' });
    objects.dataConsumer = await objects.direct.consumeData({
      dataProducerId: objects.dataProducer.id,
    });
  },

  async pipe(near, far) {
    const { pipeConsumer, pipeProducer } = await near.pipeToRouter({
      producerId: media.simulcast.producer.id,
      router: far,
    });
    Object.assign(objects, { pipeConsumer, pipeProducer });
  },

  async watch(router) {
    objects.levels = await router.createAudioLevelObserver({ interval: 1000 });
    await objects.levels.addProducer({ producerId: media.audio.producer.id });
  },

  // Sends `count` packets on each stream, one every 5 ms.
  async send(name, count) {
    const { sender, ssrcs } = media[name];
    await sender.send(ssrcs, count, name === 'audio');
    return { packets: count * ssrcs.length, bytes: sender.packetBytes };
  },

  async sendMessages(count) {
    for (let i = 0; i < count; i += 1) objects.dataProducer.send('0123456789');
  },

  async webRtcServer() {
    if (typeof objects.first.createWebRtcServer !== 'function') return false;
    const listenInfos = [{ protocol: 'udp', ip: '127.0.0.1' }];
    objects.webRtcServer = await objects.first.createWebRtcServer({ listenInfos });
    return true;
  },

  // Makes many consumers of one audio producer, on a worker of their own.
  async crowd(count) {
    const worker = await mediasoup.createWorker({ logLevel: 'none' });
    const router = await worker.createRouter({ mediaCodecs: CODECS, appData: { roomId: 'crowd' } });
    const transport = await router.createDirectTransport();
    const producer = await transport.produce({
      kind: 'audio',
      rtpParameters: { codecs: [OPUS], encodings: [{ ssrc: 1 }] },
    });
    const consumers = [];
    for (let i = 0; i < count; i += 1) {
      consumers.push(
        await transport.consume({
          producerId: producer.id,
          rtpCapabilities: router.rtpCapabilities,
          appData: { roomId: 'crowd', peerId: `peer-${i}` },
        })
      );
    }
    Object.assign(objects, { crowdWorker: worker, crowdRouter: router, crowdProducer: producer, crowdConsumers: consumers });
    return { pid: worker.pid };
  },

  async closeCrowd(count) {
    for (const consumer of objects.crowdConsumers.splice(0, count)) consumer.close();
  },

  async hostile() {
    const worker = objects.second || (await mediasoup.createWorker({ logLevel: 'none' }));
    const router = await worker.createRouter({ mediaCodecs: CODECS });
    const values = appDataOf();
    for (const name of Object.keys(values)) {
      const transport = await router.createDirectTransport({ appData: values[name] });
      objects[`hostile ${name}`] = transport;
    }
    return Object.keys(values).map((name) => [name, objects[`hostile ${name}`].id]);
  },

  // Calls a method of an object, e.g. ('near', 'close').
  async on(name, method, ...args) {
    const object = objects[name] || (media[name] && media[name].producer);
    await object[method](...args);
  },

  async setAppData(name, appData) {
    Object.assign(objects[name].appData, appData);
  },

  async block(ms) {
    const end = Date.now() + ms;
    while (Date.now() < end);
  },

  async memory() {
    return process.memoryUsage();
  },

  async cpu() {
    return process.cpuUsage();
  },

  // Begins to serve a second endpoint beside the first.
  async serveAlso(socket, options) {
    const other = await serve({ socket: socket || undefined, mediasoup, ...options });
    return other.socket === undefined ? other.port : other.socket;
  },

  async closeEndpoint() {
    await endpoint.close();
    return mediasoup.observer.listenerCount('newworker');
  },
};

process.on('message', async ({ id, name, args }) => {
  try {
    process.send({ id, value: await calls[name](...args) });
  } catch (error) {
    process.send({ id, error: String(error.stack) });
  }
});
process.on('disconnect', () => process.exit());

module.exports = { calls, mediasoup, objects, publish, sink, theTree };
