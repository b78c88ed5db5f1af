// SPDX-License-Identifier: MIT
'use strict';

// Serves the page and made-up views, to develop and test the page without collectd.
// As a program, it serves a lively example: node fake_views.js [PORT [CONSUMERS]]

const crypto = require('node:crypto');
const http = require('node:http');
const { embedded } = require('./embedded.js');
const { FakeHistory } = require('./fake_history.js');
const { participantsOf, worstFirst } = require('./fake_participants.js');
const { HOSTILE } = require('./hostile.js');

const ID = { workers: 'worker', routers: 'routerId', transports: 'transportId', producers: 'producerId', consumers: 'consumerId', usage: 'pid' };

const pick = (row, keys) => Object.fromEntries(keys.filter((key) => key in row).map((key) => [key, row[key]]));

class FakeViews {
  // Each of `rooms` has `peers`. Each peer sends audio and video, and receives those of all others in its room.
  // `past` is for how many seconds it has been running; what happened then stands in `events` and `ended`. An `old` one knows
  // none of the paths and fields that came later.
  constructor({ rooms = 3, peers = 3, interval = 2000, host = 'demo', hostile = true, past = 0, old = false } = {}) {
    Object.assign(this, { interval, host, requests: [], status: 200, frozen: false, delay: 0, base: '/', problems: [], events: [], ended: [], past, old });
    this.history = new FakeHistory();
    this.rows = { workers: [], routers: [], transports: [], producers: [], consumers: [], usage: [] };
    this.time = 0;
    this.ticks = 0;
    for (let worker = 0; worker < 2; worker++) this.addWorker(worker);
    this.rows.usage.unshift({ type: 'parent', pid: 900, ppid: 1, cpu: 12.5, memory: 88 * 2 ** 20, ctime: 660, elapsed: 5640 });
    for (let room = 0; room < rooms; room++) this.addRoom(`room-${room}`, room, peers);
    if (hostile) this.addRoom(HOSTILE.tag, rooms, 2, HOSTILE);
    this.tick();
  }

  // Takes the samples of its past. `at(fake, secondsAgo)` may change rows before each.
  remember(at = () => undefined) {
    this.history = new FakeHistory();
    const now = Date.now();
    for (let ago = this.past * 1000; ago > 0; ago -= this.interval) {
      at(this, ago / 1000);
      this.history.record(now - ago, this.rows, this.host);
    }
    return this;
  }

  id(name) { return crypto.createHash('md5').update(name).digest('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'); }

  addWorker(worker) {
    const pid = 1000 + worker;
    this.rows.workers.push({ responding: 1, cpuRatio: 0.25 + worker / 4, channelRoundTripSeconds: 0.0012, residentMemory: 40 * 2 ** 20, routers: 0, producers: 0, consumers: 0, worker, pid, routerIds: [] });
    this.rows.usage.push({ type: 'worker', worker, pid, ppid: 900, cpu: 25, memory: 40 * 2 ** 20, ctime: 140, elapsed: 4850 });
  }

  addRoom(roomId, index, peers, extra) {
    const router = { routerId: this.id(`router ${roomId}`), worker: index % 2 };
    router.appData = index % 3 === 1 ? {} : { roomId }; // only the transports name the second room
    this.rows.routers.push(router);
    this.rows.workers[router.worker].routers += 1;
    const sources = [];
    for (let peer = 0; peer < peers; peer++) {
      const appData = { roomId, peerId: ['alice', 'bob', 'carol'][peer] ?? `peer-${peer}`, ...extra };
      if (extra) Object.defineProperty(appData, '__proto__', { value: extra['__proto__'], enumerable: true });
      const transport = { transportId: this.id(`transport ${roomId} ${peer}`), routerId: router.routerId, worker: router.worker, transportType: 'webrtc', type: 'webrtc-transport', iceState: 'completed', dtlsState: 'connected', sendBitrate: 1500000, availableOutgoingBitrate: 3000000, bytesSent: 123456789, iceSelectedTuple: { localIp: '192.0.2.1', localPort: 40000, protocol: 'udp' }, appData };
      this.rows.transports.push(transport);
      for (const kind of ['audio', 'video']) sources.push(this.addProducer(transport, kind, peer, extra));
    }
    for (const source of sources) for (const transport of this.rows.transports.filter((one) => one.routerId === router.routerId && one.transportId !== source.transportId)) this.addConsumer(transport, source, sources.length);
  }

  stream(transport, kind) {
    const { transportId, routerId, worker } = transport;
    const ssrc = parseInt(this.id(`ssrc ${this.rows.producers.length} ${this.rows.consumers.length}`).slice(0, 8), 16);
    const opus = kind === 'audio';
    return { bitrate: opus ? 32000 + ssrc % 4000 : 600000 + ssrc % 50000, byteCount: 0, packetCount: 0, packetsLost: 0, fractionLost: 0, jitter: 90, roundTripTime: 20 + ssrc % 30, nackCount: 3, pliCount: 1, firCount: 0, score: 10, state: 'flowing',
      ssrc, kind, mimeType: opus ? 'audio/opus' : 'video/VP8', clockRate: opus ? 48000 : 90000, transportId, routerId, worker, appData: {} };
  }

  addProducer(transport, kind, peer, extra) {
    const producerId = this.id(`producer ${transport.transportId} ${kind}`);
    const layers = kind === 'video' && peer === 0 ? ['l', 'm', 'h'] : [undefined];
    for (const rid of layers) {
      const row = { ...this.stream(transport, kind), producerId, type: 'inbound-rtp', producerType: rid ? 'simulcast' : 'simple', encodings: layers.length, paused: false, appData: extra ? { device: extra.close } : {} };
      if (rid) row.rid = rid;
      if (rid === 'h') Object.assign(row, { bitrate: 0, score: 0, state: 'inactive' }); // a browser may leave a layer out: nothing is wrong
      this.rows.producers.push(row);
    }
    this.rows.workers[transport.worker].producers += 1;
    return { producerId, transportId: transport.transportId, kind };
  }

  addConsumer(transport, { producerId, kind }) {
    const row = { ...this.stream(transport, kind), consumerId: this.id(`consumer ${transport.transportId} ${producerId}`), producerId, type: 'outbound-rtp', consumerType: 'simple', encodings: 1, paused: false, producerPaused: false };
    this.rows.consumers.push(row);
    this.rows.workers[transport.worker].consumers += 1;
  }

  // Takes a new sample of every row. `loses(row)` is the ratio of its packets that a row loses.
  tick() {
    if (this.frozen) return;
    this.ticks += 1;
    this.time = Math.max(this.time + 1, Date.now());
    for (const row of [...this.rows.producers, ...this.rows.consumers]) {
      const packets = row.paused || row.producerPaused ? 0 : Math.round(row.bitrate / 8000 * this.interval / 1000);
      row.packetCount += packets;
      row.byteCount += packets * 1000;
      row.packetsLost += Math.round(packets * (this.loses?.(row) ?? 0));
      row.fractionLost = Math.round((this.loses?.(row) ?? 0) * 256);
    }
    for (const worker of this.rows.workers) worker.cpuRatio = Math.min(1, Math.max(0.02, worker.cpuRatio + Math.sin(this.ticks + worker.worker) / 25));
    this.history.record(this.time, this.rows, this.host);
  }

  // Answers paths that came later; undefined for others.
  later(name, parameters) {
    const rows = { participants: () => participantsOf(this.rows).sort(worstFirst), events: () => this.events, ended: () => this.ended }[name]?.();
    if (name === 'history') return this.history.answer(parameters);
    if (!rows) return undefined;
    const { fields, limit = Infinity, worst = limit, ...filters } = Object.fromEntries(parameters);
    const found = rows.map((row) => ({ host: this.host, timestamp: this.time, age: 0, ...row, ...row.host === undefined && { host: this.host } }))
      .filter((row) => Object.entries(filters).every(([key, value]) => String(row[key]) === value)).slice(0, Number(worst));
    return fields ? found.map((row) => pick(row, fields.split(','))) : found;
  }

  listen(port = 0) {
    const { html, policy } = embedded();
    this.server = http.createServer((request, response) => this.answer(request, response, html, policy));
    this.timer = setInterval(() => this.tick(), this.interval);
    return new Promise((done) => { this.server.listen(port, '127.0.0.1', () => done(`http://127.0.0.1:${this.server.address().port}${this.base}`)); });
  }

  answer(request, response, html, policy) {
    if (!request.url.startsWith(this.base)) return response.writeHead(404).end();
    const { pathname, searchParams } = new URL(request.url.slice(this.base.length - 1), 'http://x');
    this.requests.push({ url: request.url, at: Date.now(), headers: request.headers });
    if (pathname === '/') return response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy }).end(html);
    response.on('close', () => clearTimeout(delayed));
    const delayed = setTimeout(() => {
      const { status, body } = this.view(pathname, searchParams);
      const text = JSON.stringify(body), etag = `"${crypto.createHash('md5').update(text.replace(/"age":[\d.]+/g, '')).digest('hex')}"`;
      if (status === 200 && request.headers['if-none-match'] === etag) return response.writeHead(304, { etag }).end();
      return response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-cache', etag }).end(text);
    }, this.delay);
  }

  view(pathname, parameters) {
    const [, name, id] = pathname.split('/').map(decodeURIComponent);
    const rows = this.rows[name];
    if (this.status !== 200) return { status: this.status, body: { error: 'out of order' } };
    if (pathname === '/status') return { status: 200, body: { status: 'ok', problems: this.problems, endpoints: [] } };
    const later = !this.old && !id && this.later(name, parameters);
    if (later) return { status: 200, body: this.gone && name === 'participants' ? [] : later };
    if (!rows) return { status: 404, body: { error: 'no such view' } };
    const fields = parameters.get('fields')?.split(',');
    if (this.old && fields?.includes('cause')) return { status: 400, body: { error: 'no field "cause"' } };
    const found = this.gone ? [] : id === undefined ? rows : rows.filter((row) => String(row[ID[name]]) === id);
    if (id !== undefined && !found.length) return { status: 404, body: { error: 'there is none' } };
    const age = (Date.now() - this.time) / 1000;
    const body = found.map((row) => ({ ...row, timestamp: this.time, age: this.age ?? Math.max(0, age), host: row.host ?? this.host }));
    return { status: 200, body: fields ? body.map((row) => pick(row, fields)) : body };
  }

  async close() {
    clearInterval(this.timer);
    if (!this.server?.listening) return;
    this.server.closeAllConnections();
    await new Promise((done) => { this.server.close(done); });
  }
}

function vary(fake) {
  for (const row of [...fake.rows.producers, ...fake.rows.consumers]) if (row.bitrate) row.bitrate = Math.max(8000, Math.round(row.bitrate * (1 + (Math.random() - 0.5) / 5)));
}

// Some events and ends of the last minutes.
function addEvents(fake, now = Date.now()) {
  const of = { host: fake.host, endpoint: 'mediasoup' };
  fake.events = [
    { number: 4, time: now - 80000, kind: 'participant_bad', severity: 'warning', ...of, room: 'room-0', participant: 'bob', text: 'bob in room-0 is bad: sender', remedy: 'look at its uplink' },
    { number: 3, time: now - 86000, kind: 'room_bad', severity: 'warning', ...of, room: 'room-0', text: 'room-0 is bad' },
    { number: 2, time: now - 200000, kind: 'participant_lost', severity: 'warning', ...of, room: 'room-1', participant: 'dave', text: 'dave in room-1 was lost' },
    { number: 1, time: now - 500000, kind: 'worker_died', severity: 'failure', ...of, worker: 1, text: 'worker 1 died by signal 9', remedy: 'see the log of the application' },
  ];
  fake.ended = [
    { kind: 'participant', ...of, room: 'room-1', participant: 'dave', began: now - 900000, ended: now - 200000, duration: 700, bytesReceived: 5e7, bytesSent: 2e8, worstLossRatio: 0.3, secondsBad: 40, outcome: 'lost' },
    { kind: 'room', ...of, room: 'standup', began: now - 3000000, ended: now - 1200000, duration: 1800, bytesReceived: 5e8, bytesSent: 2e9, worstLossRatio: 0.01, secondsBad: 0, outcome: 'closed' },
  ];
}

// Makes some things go wrong: losses, a bad score, paused streams, a worker that does not respond.
function trouble(fake) {
  const [first] = fake.rows.consumers;
  fake.loses = (row) => (row === first ? 0.08 : row.routerId === fake.rows.routers[1].routerId && row.consumerId ? 0.025 : 0);
  Object.assign(first, { score: 4, bad: true, cause: 'receiver', badSince: Date.now() - 95000 });
  for (const row of fake.rows.consumers.slice(2, 4)) Object.assign(row, { paused: true, bitrate: 0, score: 0, state: 'paused' });
  fake.rows.workers[1].responding = 0;
}

// Makes a participant lose 12 % on its uplink, so that those who receive its video suffer. Returns the rows: {producer, sufferers}.
function badUplink(fake, room = 'room-0', peerId = 'bob') {
  const { transports, producers, consumers } = fake.rows, badSince = Date.now() - 80000;
  const { transportId } = transports.find(({ appData }) => appData.roomId === room && appData.peerId === peerId);
  const producer = producers.find((row) => row.transportId === transportId && row.kind === 'video');
  const sufferers = consumers.filter(({ producerId }) => producerId === producer.producerId);
  const before = fake.loses ?? (() => 0);
  fake.loses = (row) => (row === producer ? 0.12 : before(row));
  Object.assign(producer, { score: 3, bad: true, cause: 'sender', badSince, fractionLost: 31, consumersAffected: sufferers.length });
  for (const row of sufferers) Object.assign(row, { score: 4, bad: true, cause: 'sender', badSince });
  return { producer, sufferers };
}

// The same as trouble, with bitrates that go up and down, and an hour behind it.
function lively(fake) {
  trouble(fake);
  badUplink(fake);
  addEvents(fake);
  fake.remember(vary);
  const tick = fake.tick.bind(fake);
  fake.tick = () => {
    vary(fake);
    tick();
  };
}

module.exports = { FakeViews, addEvents, badUplink, trouble, lively };

if (require.main === module) {
  const [port = 8080, consumers = 0] = process.argv.slice(2).map(Number);
  const fake = new FakeViews(consumers ? { rooms: Math.ceil(consumers / 60), peers: 6, interval: 5000, past: 600 } : { rooms: 5, peers: 4, past: 3600 });
  lively(fake);
  fake.listen(port).then((url) => console.log(url));
}
