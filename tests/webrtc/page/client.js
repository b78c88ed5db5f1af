// SPDX-License-Identifier: MIT
'use strict';

// A participant's page: mediasoup-client, two transports, and what a test wants done with them. Bundled by
// ../browser.js. `window.application(request, data)` asks the application, which is ../participant.js.

const { Device } = require('mediasoup-client');

// The camera for so many layers. Chromium makes no more layers than that of pictures of this size; larger ones and higher rates
// would be too much for a machine of two cores, which encodes for all participants.
const CAMERA = { 1: { width: 320, height: 180, frameRate: 10 }, 2: { width: 480, height: 270, frameRate: 10 }, 3: { width: 960, height: 540, frameRate: 15 } };
const LAYERS = {
  1: [{ rid: 'f', maxBitrate: 150000 }],
  2: [{ rid: 'h', scaleResolutionDownBy: 2, maxBitrate: 60000 }, { rid: 'f', scaleResolutionDownBy: 1, maxBitrate: 150000 }],
  3: [{ rid: 'q', scaleResolutionDownBy: 4, maxBitrate: 30000 }, { rid: 'h', scaleResolutionDownBy: 2, maxBitrate: 60000 },
    { rid: 'f', scaleResolutionDownBy: 1, maxBitrate: 150000 }],
};

// Nothing is done to what the made-up microphone says: echo cancellation and the like would take a third of the browser's time.
const MICROPHONE = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };

const ask = (request, data) => window.application(request, data);
const transports = {};
const producers = {}; // by kind
const consumers = new Map(); // by id
let device;

// `direction` is "send" or "recv"; `options` are what the application knows of its transport.
async function open(direction, options) {
  const transport = direction === 'send' ? device.createSendTransport(options) : device.createRecvTransport(options);
  transports[direction] = transport;
  transport.on('connect', ({ dtlsParameters }, done, fail) => ask('connect', { direction, dtlsParameters }).then(done, fail));
  transport.on('produce', ({ kind, rtpParameters }, done, fail) => ask('produce', { kind, rtpParameters }).then((id) => done({ id }), fail));
}

// On a busy machine the browser may not get its own made-up microphone started in time.
async function trackOf(kind, layers, attempts = 5) {
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ [kind]: kind === 'video' ? CAMERA[layers] : MICROPHONE });
    return stream.getTracks()[0];
  } catch (error) {
    if (error.name !== 'NotReadableError' || attempts <= 1) throw error;
    return trackOf(kind, layers, attempts - 1);
  }
}

// The stats of an RTCRtpSender or an RTCRtpReceiver, as an array.
const statsOf = async (part) => [...(await part.getStats()).values()];

window.client = {
  async load(routerRtpCapabilities) {
    device = await Device.factory({ handlerName: 'Chrome111' });
    await device.load({ routerRtpCapabilities });
    return device.recvRtpCapabilities ?? device.rtpCapabilities;
  },

  open,

  // `layers` are the encodings of video.
  async publish(kind, { layers = 1 } = {}) {
    const video = { encodings: LAYERS[layers].map((encoding) => ({ ...encoding })), codecOptions: { videoGoogleStartBitrate: 1000 } };
    producers[kind] = await transports.send.produce({ track: await trackOf(kind, layers), ...(kind === 'video' && video) });
    return producers[kind].id;
  },

  // Consumes, and plays: a receiver without a player gives no frames to anybody.
  async consume(options) {
    const consumer = await transports.recv.consume(options);
    consumers.set(consumer.id, consumer);
    const player = document.createElement(options.kind);
    Object.assign(player, { muted: true, srcObject: new window.MediaStream([consumer.track]) });
    document.body.append(player);
    player.play().catch(() => {}); // which waits for the first frame
  },

  // Sends nothing from now on, though the producer lives.
  silence: (kind) => producers[kind].replaceTrack({ track: null }),

  setMaxSpatialLayer: (layer) => producers.video.setMaxSpatialLayer(layer),

  // Which of the encodings are to be sent, lowest first.
  async setActive(actives) {
    const { rtpSender } = producers.video;
    const parameters = rtpSender.getParameters();
    parameters.encodings.forEach((encoding, index) => { encoding.active = actives[index]; });
    await rtpSender.setParameters(parameters);
  },

  restartIce: (direction, iceParameters) => transports[direction].restartIce({ iceParameters }),

  connectionState: (direction) => transports[direction].connectionState,

  statsOfProducer: (kind) => statsOf(producers[kind].rtpSender),

  statsOfConsumer: (id) => statsOf(consumers.get(id).rtpReceiver),

  close(direction) {
    transports[direction].close();
  },
};
