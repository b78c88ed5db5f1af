// SPDX-License-Identifier: MIT
'use strict';

// A participant in a room: a page in a real browser, and what an application does for it. It has a WebRTC transport to
// send and one to receive, "send" and "recv".

const { open } = require('./browser.js');

const IP = '127.0.0.1';

// What mediasoup said of a transport, oldest first: [{ after, event, value }], `after` in ms since the transport began.
function record(transport) {
  const began = Date.now(), events = [];
  const note = (event) => (value) => events.push({ after: Date.now() - began, event, value });
  transport.on('icestatechange', note('ice'));
  transport.on('dtlsstatechange', (state) => note('dtls')(state));
  transport.on('iceselectedtuplechange', (tuple) => note('tuple')(tuple.protocol));
  transport.observer.on('close', () => note('close')());
  return events;
}

class Participant {
  // Opens the page; the participant enters the room with its first transport. `room` is an async function that answers the
  // room; `transport` is for createWebRtcTransport, `protocols` are those that it offers. `connect` may change the client's
  // dtlsParameters on their way, `offer` the transport's description on its way to the client.
  static async join({ browser, room, peerId, protocols = ['udp'], transport = {}, connect = (parameters) => parameters, offer = (description) => description }) {
    const participant = new Participant();
    Object.assign(participant, { room, peerId, settings: transport, protocols, connect, offer, problems: [], events: {}, transports: {}, producers: {}, consumers: [] });
    participant.page = await open(browser, { problems: participant.problems, application: (request, data) => participant[`on_${request}`](data) });
    return participant;
  }

  // Calls a function of the page.
  do(name, ...values) {
    return this.page.evaluate(([called, given]) => window.client[called](...given), [name, values]);
  }

  async #enter() {
    if (this.router) return;
    this.router = (await this.room()).router;
    this.rtpCapabilities = await this.do('load', this.router.rtpCapabilities);
  }

  async open(direction) {
    await this.#enter();
    const transport = await this.router.createWebRtcTransport({ listenInfos: this.protocols.map((protocol) => ({ protocol, ip: IP })),
      enableUdp: this.protocols.includes('udp'), enableTcp: this.protocols.includes('tcp'), preferUdp: true,
      initialAvailableOutgoingBitrate: 600000, appData: { peerId: this.peerId, direction }, ...this.settings });
    this.transports[direction] = transport;
    this.events[direction] = record(transport);
    const { id, iceParameters, iceCandidates, dtlsParameters } = transport;
    await this.do('open', direction, this.offer({ id, iceParameters, iceCandidates, dtlsParameters }));
    return transport;
  }

  on_connect({ direction, dtlsParameters }) {
    this.askedAt = Date.now();
    return this.transports[direction].connect({ dtlsParameters: this.connect(dtlsParameters) });
  }

  async on_produce({ kind, rtpParameters }) {
    const producer = await this.transports.send.produce({ kind, rtpParameters, appData: { peerId: this.peerId } });
    this.producers[kind] = producer;
    return producer.id;
  }

  async publish(kind, options) {
    if (!this.transports.send) await this.open('send');
    await this.do('publish', kind, options);
    return this.producers[kind];
  }

  // Consumes `producer`, from its beginning: paused until the page is ready.
  async consume(producer, { preferredLayers } = {}) {
    if (!this.transports.recv) await this.open('recv');
    const consumer = await this.transports.recv.consume({ producerId: producer.id, rtpCapabilities: this.rtpCapabilities, paused: true,
      appData: { peerId: this.peerId }, ...(producer.kind === 'video' && preferredLayers && { preferredLayers }) });
    const { id, producerId, kind, rtpParameters } = consumer;
    await this.do('consume', { id, producerId, kind, rtpParameters });
    await consumer.resume();
    this.consumers.push(consumer);
    return consumer;
  }

  async restartIce(direction) {
    await this.do('restartIce', direction, await this.transports[direction].restartIce());
  }

  // The page says goodbye, as an application's page does that is left in order; the transport on this side stays.
  leave(direction) {
    return this.do('close', direction);
  }

  // The page's process ends at once.
  async crash() {
    const crashed = new Promise((done) => this.page.once('crash', done));
    const session = await this.page.context().newCDPSession(this.page);
    session.send('Page.crash').catch(() => {}); // there is nobody left to answer
    await crashed;
  }

  async close() {
    for (const transport of Object.values(this.transports)) transport.close();
    await this.page.context().close();
  }
}

module.exports = { Participant };
