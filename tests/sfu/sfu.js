// SPDX-License-Identifier: MIT
'use strict';

// A real mediasoup application: workers, rooms, participants whose RTP really flows. For ./demo and for the
// tests, with mediasoup 3.7 to 3.19 (given, so that a test chooses the version).
//
//   Sfu -> Room (a router, appData { roomId }) -> Publication (a producer, its transport and sender)
//                                              -> Subscription (a consumer, its transport and receiver)
//
// appData defaults to { peerId } below a room: roomId stands on the router only.

const path = require('node:path');
const { RtpSender, RtpReceiver } = require('./rtp.js');

const IP = '127.0.0.1';
const OPUS = { kind: 'audio', mimeType: 'audio/opus', clockRate: 48000, channels: 2 };
const VP8 = { kind: 'video', mimeType: 'video/VP8', clockRate: 90000 };
const PAYLOAD_TYPE = { audio: 111, video: 96 };
const FEEDBACK = [{ type: 'nack' }, { type: 'nack', parameter: 'pli' }, { type: 'ccm', parameter: 'fir' }];
const RID = { uri: 'urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id', id: 10 };
const LAYERS = ['q', 'h', 'f'];
const AUDIO_PAYLOAD = 116; // 128 bytes with the header
const VIDEO_PAYLOAD = 500;

// mediasoup of a directory that has it in node_modules, with the worker beside it if there is one.
function loadMediasoup(directory) {
  return require(path.join(path.resolve(directory), 'node_modules/mediasoup'));
}

let lastSsrc = 100000;
const nextSsrc = () => (lastSsrc += 1000);

// listenInfo came with 3.13; listenIp is deprecated since.
function listenOptions(mediasoup, many) {
  const [major, minor] = mediasoup.version.split('.').map(Number);
  const modern = major > 3 || minor >= 13;
  if (many) return modern ? { listenInfos: [{ protocol: 'udp', ip: IP }] } : { listenIps: [{ ip: IP }] };
  return modern ? { listenInfo: { protocol: 'udp', ip: IP } } : { listenIp: IP };
}

class Publication {
  constructor({ room, producer, transport, sender, streams }) {
    Object.assign(this, { room, producer, transport, sender, streams });
  }

  start() {
    this.sender.start();
  }

  stop() {
    return this.sender.stop();
  }

  counts(ssrc) {
    return this.sender.counts(ssrc);
  }

  async close() {
    this.transport.close();
    await this.sender.close();
  }
}

class Subscription {
  constructor({ room, consumer, transport, receiver }) {
    Object.assign(this, { room, consumer, transport, receiver });
  }

  counts() {
    return this.receiver.counts(this.consumer.rtpParameters.encodings[0].ssrc);
  }

  async close() {
    this.transport.close();
    await this.receiver.close();
    this.room.subscriptions.delete(this);
  }
}

class Room {
  constructor({ sfu, roomId, worker, router }) {
    Object.assign(this, { sfu, roomId, worker, router, publications: new Set(), subscriptions: new Set() });
  }

  #plain(options, appData) {
    return this.router.createPlainTransport({ ...listenOptions(this.sfu.mediasoup), rtcpMux: true, ...options, ...(appData && { appData }) });
  }

  // A transport for whoever sends, and the sender; `loss` as in RtpSender.
  async openSender(appData, { loss } = {}) {
    const transport = await this.#plain({ comedia: true }, appData);
    return { transport, sender: await RtpSender.open({ ip: IP, port: transport.tuple.localPort, loss }) };
  }

  // A transport for whoever receives, and the receiver; `behaviour` is for RtpReceiver.open.
  async openReceiver(appData, behaviour) {
    const receiver = await RtpReceiver.open(behaviour);
    const transport = await this.#plain({ comedia: false }, appData);
    await transport.connect({ ip: IP, port: receiver.port });
    return { transport, receiver };
  }

  // Publishes audio or video as `peerId`. `layers`: 1, or 3 for simulcast, told apart by `rid` or (rid: false)
  // by ssrc alone; `mimeType` in a spelling of its own; `loss` as in RtpSender; `stream` is for RtpStream. `on` is what
  // openSender answered, for one transport with several producers; else it has one of its own. The sender is not started.
  async publish(kind, { peerId, appData = { peerId }, transportAppData, layers = 1, rid = layers > 1, mimeType, loss, stream, on } = {}) {
    const { transport, sender } = on ?? await this.openSender(transportAppData, { loss });
    const payloadType = PAYLOAD_TYPE[kind];
    const streams = Array.from({ length: layers }, (_, layer) => sender.add({ kind, payloadType, ssrc: nextSsrc(),
      payloadSize: kind === 'audio' ? AUDIO_PAYLOAD : VIDEO_PAYLOAD,
      packetsPerFrame: layer + 1,
      ...(rid && { rid: LAYERS[layer], ridId: RID.id }), ...stream }));
    const { mimeType: usual, clockRate, channels } = kind === 'audio' ? OPUS : VP8;
    const producer = await transport.produce({ kind, ...(appData !== undefined && { appData }),
      rtpParameters: {
        codecs: [{ mimeType: mimeType ?? usual, payloadType, clockRate, ...(channels && { channels }),
          ...(kind === 'video' && { rtcpFeedback: FEEDBACK }) }],
        headerExtensions: rid ? [RID] : [],
        encodings: streams.map(({ ssrc, rid: name }) => (rid ? { rid: name } : { ssrc })),
        rtcp: { cname: `cname-${streams[0].ssrc}` },
      } });
    const publication = new Publication({ room: this, producer, transport, sender, streams });
    this.publications.add(publication);
    return publication;
  }

  // Consumes `producer` as `peerId`, on a plain transport to a receiver of its own, or on what openReceiver answered.
  async subscribe(producer, { peerId, appData = { peerId }, transportAppData, on, ...behaviour } = {}) {
    const { transport, receiver } = on ?? await this.openReceiver(transportAppData, behaviour);
    const consumer = await transport.consume({ producerId: producer.id, rtpCapabilities: this.router.rtpCapabilities,
      ...(appData !== undefined && { appData }) });
    const subscription = new Subscription({ room: this, consumer, transport, receiver });
    this.subscriptions.add(subscription);
    return subscription;
  }

  // A participant behind a WebRTC transport that never connects, and so gets nothing.
  async subscribeOverWebRtc(producers, { peerId, appData = { peerId } } = {}) {
    const transport = await this.router.createWebRtcTransport({ ...listenOptions(this.sfu.mediasoup, true), enableUdp: true, appData });
    const consumers = await Promise.all(producers.map(({ id }) =>
      transport.consume({ producerId: id, rtpCapabilities: this.router.rtpCapabilities, paused: true })));
    return { transport, consumers };
  }

  // Messages from the application itself to itself; `send(text)` counts them.
  async openChat({ appData = { peerId: 'chat' } } = {}) {
    const transport = await this.router.createDirectTransport({ appData });
    const dataProducer = await transport.produceData({ label: 'chat', protocol: 'text', appData });
    const dataConsumer = await transport.consumeData({ dataProducerId: dataProducer.id, appData });
    const chat = { transport, dataProducer, dataConsumer, messages: 0, bytes: 0 };
    chat.send = (text) => {
      dataProducer.send(text);
      chat.messages += 1;
      chat.bytes += Buffer.byteLength(text);
    };
    return chat;
  }

  start() {
    for (const publication of this.publications) publication.start();
  }

  // Closes everybody's sockets; mediasoup's objects go with the worker.
  async closeSockets() {
    await Promise.all([...[...this.publications].map(({ sender }) => sender.close()), ...[...this.subscriptions].map(({ receiver }) => receiver.close())]);
  }

  // A second router of the same room, usually on another worker, and `producer` piped to it. Answers the Room
  // there and the producer to consume from it.
  async pipe(producer, worker) {
    const other = await this.sfu.addRoom(this.roomId, { worker, appData: this.router.appData });
    const { pipeProducer } = await this.router.pipeToRouter({ producerId: producer.id, router: other.router });
    return { room: other, producer: pipeProducer };
  }
}

class Sfu {
  // `workerAppData(index)` gives a worker's appData.
  static async create({ mediasoup, workers = 1, workerAppData }) {
    const sfu = new Sfu();
    Object.assign(sfu, { mediasoup, workers: [], rooms: [] });
    for (let index = 0; index < workers; index += 1) await sfu.addWorker(workerAppData && { appData: workerAppData(index) });
    return sfu;
  }

  async addWorker(settings) {
    const worker = await this.mediasoup.createWorker({ logLevel: 'error', ...settings });
    this.workers.push(worker);
    return worker;
  }

  // A room; rooms take turns on the workers when none is given.
  async addRoom(roomId, { worker = this.workers[this.rooms.length % this.workers.length], appData = { roomId } } = {}) {
    const router = await worker.createRouter({ mediaCodecs: [OPUS, VP8], ...(appData !== undefined && { appData }) });
    const room = new Room({ sfu: this, roomId, worker, router });
    this.rooms.push(room);
    return room;
  }

  get publications() {
    return this.rooms.flatMap((room) => [...room.publications]);
  }

  get subscriptions() {
    return this.rooms.flatMap((room) => [...room.subscriptions]);
  }

  // A worker has died, and its rooms with it.
  async forget(worker) {
    const gone = this.rooms.filter((room) => room.worker === worker);
    this.workers = this.workers.filter((other) => other !== worker);
    this.rooms = this.rooms.filter((room) => !gone.includes(room));
    await Promise.all(gone.map((room) => room.closeSockets()));
  }

  start() {
    for (const room of this.rooms) room.start();
  }

  async stop() {
    await Promise.all(this.publications.map((publication) => publication.stop()));
  }

  async close() {
    await Promise.all(this.rooms.map((room) => room.closeSockets()));
    for (const worker of this.workers) worker.close();
  }
}

module.exports = { Sfu, listenOptions, loadMediasoup };
