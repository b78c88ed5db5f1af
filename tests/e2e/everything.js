// SPDX-License-Identifier: MIT
'use strict';

// An application with something of everything, its own books of what it has, and views that are asked once nothing
// moves any more.

const { isDeepStrictEqual } = require('node:util');
const { until } = require('../lib/wait.js');
const { Stack } = require('./stack.js');

const VIEWS = ['workers', 'routers', 'transports', 'producers', 'consumers', 'data_producers', 'data_consumers', 'usage', 'endpoint'];
const NESTED = { roomId: 'räum "1"\\', peerId: 'frank', deep: { list: [1, -0.5, 1e21, null, true, {}], text: 'é漢😀'.repeat(300) }, 'a,b=c/d': '' };
const BAD_NETWORK = { roundTripTime: 80, loss: 0.1 };
const PATIENCE = 60000;

// Every object with what is above it, as mediasoup's observers tell.
function keepBooks(mediasoup) {
  const books = { workers: [], routers: [], transports: [], producers: [], consumers: [], data_producers: [], data_consumers: [] };
  const enter = (view, id, object, above = {}) => {
    const entry = { id, object, ...above };
    books[view].push(entry);
    return entry;
  };
  const watchTransport = (transport, above) => {
    const events = { newproducer: 'producers', newconsumer: 'consumers', newdataproducer: 'data_producers', newdataconsumer: 'data_consumers' };
    for (const [event, view] of Object.entries(events)) {
      transport.observer.on(event, (object) => enter(view, object.id, object, { transportId: transport.id, ...above }));
    }
  };
  mediasoup.observer.on('newworker', (worker) => {
    const { id: slot } = enter('workers', books.workers.length, worker);
    worker.observer.on('newrouter', (router) => {
      enter('routers', router.id, router, { worker: slot });
      router.observer.on('newtransport', (transport) => {
        enter('transports', transport.id, transport, { routerId: router.id, worker: slot });
        watchTransport(transport, { routerId: router.id, worker: slot });
      });
    });
  });
  return books;
}

const same = (condition) => (samples) => samples.length > 0 && samples.every(({ value }) => condition(value));

class Everything {
  // `before` as in Stack.start.
  static async start({ before } = {}) {
    const all = new Everything();
    all.stack = await Stack.start({ workers: 3, views: true, before: async (mediasoup) => {
      all.books = keepBooks(mediasoup);
      await before?.(mediasoup);
    } });
    try {
      await all.#fill();
      await all.#flow();
    } catch (error) {
      await all.stop();
      throw error;
    }
    return all;
  }

  // Two workers with a router, one without; a router without anything.
  async #fill() {
    const { sfu } = this.stack;
    const room = await sfu.addRoom('room-1', { worker: sfu.workers[0] });
    await sfu.addRoom('empty', { worker: sfu.workers[1] });
    this.audio = await room.publish('audio', { appData: { roomId: 'room-1', peerId: 'alice' } });
    this.video = await room.publish('video', { peerId: 'bob', mimeType: 'video/vp8' });
    this.simulcast = await room.publish('video', { peerId: 'carol', layers: 3 });
    await room.subscribe(this.audio.producer, { peerId: 'dave' });
    await room.subscribe(this.video.producer, { peerId: 'erin', ...BAD_NETWORK });
    await room.subscribe(this.simulcast.producer, { appData: NESTED });
    await room.subscribeOverWebRtc([this.audio.producer, this.simulcast.producer], { peerId: 'grace' });
    const far = await room.pipe(this.simulcast.producer, sfu.workers[1]);
    await far.room.subscribe(far.producer, { peerId: 'heidi' });
    this.chat = await room.openChat();
    await room.router.pipeToRouter({ dataProducerId: this.chat.dataProducer.id, router: far.room.router });
    const observer = await room.router.createAudioLevelObserver();
    await observer.addProducer({ producerId: this.audio.producer.id });
    sfu.start();
    this.silent = await room.publish('audio', { peerId: 'ivan', mimeType: 'audio/OPUS' });
  }

  // Until there is something of all figures; then nobody sends any more, neither RTP nor RTCP.
  async #flow() {
    const { stack } = this;
    for (let index = 0; index < 10; index += 1) this.chat.send(`message ${index} 🎥`);
    await stack.until('mediasoup_consumers_packet_count{peerId!="grace"}', same((value) => value > 100), 'RTP in each consumer that is not paused');
    await stack.until('mediasoup_consumers_round_trip_time{peerId="erin"}', same((value) => value > 0), 'reports of a receiver');
    await stack.sfu.stop();
    for (const { receiver } of stack.sfu.subscriptions) receiver.stop();
  }

  // Workers go on reporting to one another, so that a piped stream's round trip time never rests.
  isPiped(transportId) {
    return this.books.transports.find(({ id }) => id === transportId).object.constructor.name === 'PipeTransport';
  }

  // { view: rows } of a snapshot that began after this call.
  async #freshViews() {
    const later = async (time) => {
      let row;
      await until(async () => {
        [row] = await this.stack.view('endpoint');
        return row?.timestamp > time;
      }, { what: 'another snapshot', timeout: PATIENCE });
      return row.timestamp;
    };
    const began = await later(await later(Date.now()));
    const views = {};
    for (const view of VIEWS) {
      await until(async () => {
        views[view] = await this.stack.view(view);
        return views[view].every(({ timestamp }) => timestamp >= began);
      }, { what: `new rows in /${view}`, timeout: PATIENCE, detail: () => JSON.stringify(views[view]).slice(0, 3000) });
    }
    return views;
  }

  // What `ask` answers, which is the same before and after the views were read, and the views. `resting(answer)` is the part
  // of the answer that must not have moved meanwhile.
  async atRest(ask, resting = (answer) => answer) {
    let before, views, after;
    await until(async () => {
      before = await ask();
      views = await this.#freshViews();
      after = await ask();
      return isDeepStrictEqual(resting(before), resting(after));
    }, { what: 'figures at rest', timeout: PATIENCE, detail: () => JSON.stringify([resting(before), resting(after)]).slice(0, 6000) });
    return { before, views, after };
  }

  stop() {
    return this.stack.stop();
  }
}

module.exports = { Everything };
