// SPDX-License-Identifier: MIT
'use strict';

// What was: each figure of /history is the one that the view said at that time. Series that end and come back, what a
// request can ask for, and what is said when nothing is kept or memory is short.

const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');
const { sleep, until } = require('../lib/wait.js');
const { answer } = require('../integration/fake_endpoint.js');
const { row, snapshot, uuid } = require('../integration/snapshots.js');
const { ViewsRig, text } = require('./client.js');

const id = (what) => uuid('history', what);
const ORDER = ['workers', 'routers', 'transports', 'producers', 'consumers'];

// Figures that differ from reading to reading, as those of real streams do.
const figures = (n, seed) => ({ byteCount: 1000 * n * seed, packetCount: 10 * n * seed, bitrate: 64000 + (n * 7919 * seed) % 10007, packetsLost: n % 3,
  fractionLost: (n * seed) % 5, jitter: (n * 31 * seed) % 400, roundTripTime: Math.fround((n * 1237 * seed % 65536) / 65536 * 100), score: 10 - (n * seed) % 4, pliCount: n >> 1 });

// The first consumer of red loses much from its third reading on.
const suffering = (room, name, n) => (room === 'red' && name === 'a' && n >= 12 ? { score: 3, fractionLost: 80 } : {});

function rowsOf(rooms, n) {
  const rows = [row.worker(0, { channelRoundTripTime: 1 + n / 7, residentMemory: 1e7 + n * 4096, stats: { ru_utime: 10 * n, ru_stime: n } })];
  rooms.forEach((room, at) => rows.push(
    row.router(id(room), 0, { appData: { roomId: room } }),
    row.transport(id(`${room} t`), id(room), { appData: { peerId: `${room}-ann` }, connection: 'connected', connectTime: 120, protocol: 'udp',
      stats: { type: 'webrtc-transport', bytesReceived: 1500 * n, bytesSent: 2500 * n, iceState: 'completed', dtlsState: 'connected', recvBitrate: 64000 + n, sendBitrate: 65000 - n } }),
    row.producer(id(`${room} p`), id(`${room} t`), { stats: figures(n, at + 3) }),
    ...['a', 'b', 'c'].map((name, i) => row.consumer(id(`${room} ${name}`), id(`${room} p`), id(`${room} t`), { stats: { ...figures(n, at + i + 5), ...suffering(room, name, n) } }))));
  return rows.sort((a, b) => ORDER.indexOf(a.row) - ORDER.indexOf(b.row));
}

const GROUP = '<Group "room">\nBy "roomId"\nOf "producers" "consumers" "transports"\nMaxGroups 1000\n</Group>';
const CLASSES = ['endpoint', 'workers', 'groups', 'group_producers', 'group_consumers', 'group_transports', 'participants'];

// What names a row or a series.
const nameOf = ({ host, endpoint, worker, group, appData, room, participant }) => JSON.stringify([host, endpoint, worker, group, appData?.roomId, room, participant]);

// Everything that the views say, by class, name and timestamp.
class Recorder {
  constructor(rig, classes) {
    Object.assign(this, { rig, classes, said: new Map(classes.map((name) => [name, new Map()])) });
    this.ended = this.run();
  }

  async run() {
    while (!this.ends) {
      for (const name of this.classes)
        for (const found of await this.rig.json(`/${name}`)) this.add(name, found);
      await sleep(100);
    }
  }

  add(name, found) {
    const of = this.said.get(name);
    const key = nameOf(found);
    if (!of.has(key)) of.set(key, new Map());
    of.get(key).set(found.timestamp, found);
  }

  async end() {
    this.ends = true;
    await this.ended;
  }
}

const LABELS_ONLY = new Set(['times', 'figures']);

// Compares each sample with the row of its time; returns how many figures were equal.
function compare(said, { series }) {
  let equal = 0;
  for (const one of series) {
    const rows = said.get(nameOf(one));
    assert.ok(rows, `the view had ${nameOf(one)}`);
    assert.deepEqual(one.times, [...new Set(one.times)].sort((a, b) => a - b), 'each time once, in their order');
    for (const [at, time] of one.times.entries()) {
      const found = rows.get(time);
      if (!found) continue; // before the recorder began
      for (const [key, column] of Object.entries(one.figures)) {
        assert.equal(column.length, one.times.length, key);
        assert.ok(Object.is(column[at], found[key] ?? null), `${key} at ${time}: ${column[at]} was ${found[key]}`);
        equal++;
      }
    }
    const last = rows.get(one.times.at(-1));
    if (last)
      for (const [key, value] of Object.entries(one))
        if (!LABELS_ONLY.has(key)) assert.deepEqual(value, last[key], key);
  }
  return equal;
}

describe('a history', () => {
  let rig;
  let recorder;
  let rooms = ['red', 'blue'];
  let n = 10;
  const history = (query) => rig.json(`/history?${query}`);
  const red = 'class=group_consumers&appData.roomId=red';

  before(async () => {
    rig = await ViewsRig.start(answer(() => snapshot(rowsOf(rooms, n++))), { endpoint: { Interval: 3, lines: [GROUP] } });
    recorder = new Recorder(rig, CLASSES);
    await rig.when(`/history?${red}`, ({ series: [one] }) => one?.times.length >= 3, 30000);
    rooms = ['red'];
    await rig.when('/participants', (rows) => rows.length === 1);
    const blue = () => rig.json('/history?class=participants&room=blue');
    const length = (await blue()).series[0].times.length;
    await sleep(4500);
    assert.equal((await blue()).series[0].times.length, length, 'a series that has ended gets no samples');
    rooms = ['red', 'blue'];
    await until(async () => (await blue()).series[0].times.length >= length + 2, { what: 'the series that came back', timeout: 30000 * rig.daemon.slowdown });
    await recorder.end();
  });
  after(async () => {
    await recorder?.end();
    await rig?.close();
  });

  for (const name of CLASSES)
    test(`/history?class=${name} says what /${name} said`, async () => {
      const answered = await history(`class=${name}`);
      assert.equal(answered.class, name);
      assert.ok(answered.from < answered.to);
      const equal = compare(recorder.said.get(name), answered);
      assert.ok(equal > 10, `${equal} figures`);
      const names = answered.series.map(nameOf).sort();
      assert.deepEqual(names, [...recorder.said.get(name).keys()].sort());
    });

  test('no row is missed', async () => {
    const { series: [one] } = await history(red);
    const said = [...recorder.said.get('group_consumers').get(nameOf(one)).keys()].sort((a, b) => a - b);
    const between = said.filter((time) => time >= one.times[0] && time <= one.times.at(-1));
    assert.deepEqual(between.filter((time) => !one.times.includes(time)), []);
  });

  test('every figure of the row is there', async () => {
    const { series: [one] } = await history(red);
    const last = recorder.said.get('group_consumers').get(nameOf(one)).get(one.times.at(-1)) ?? (await rig.json('/group_consumers?appData.roomId=red'))[0];
    const numbers = Object.keys(last).filter((key) => typeof last[key] === 'number' && !['timestamp', 'age'].includes(key));
    assert.deepEqual(Object.keys(one.figures).sort(), numbers.sort());
  });

  test('it says whose fault it was: of a participant in words, of a room in counts', async () => {
    const { series: [ann] } = await history('class=participants&room=red&fields=quality,downlinkCause,cause,uplinkCause,connection,protocol,since');
    const { quality, cause, downlinkCause, connection, protocol, since, ...others } = ann.figures;
    assert.deepEqual(others, {}, 'what never had a word is left out');
    assert.deepEqual([quality.at(-1), cause.at(-1), downlinkCause.at(-1), connection.at(-1), protocol.at(-1)], ['bad', 'receiver', 'receiver', 'connected', 'udp']);
    assert.deepEqual([quality[0], cause[0], since[0]], ['good', null, null]);
    assert.ok(ann.times.includes(since.at(-1)), 'it has been bad since one of the readings');
    const { series: [room] } = await history(`${red}&fields=streamsCauseReceiver,streamsBad`);
    assert.deepEqual([room.figures.streamsCauseReceiver.at(-1), room.figures.streamsBad.at(-1)], [1, 1]);
    const last = (await rig.json('/participants?room=red'))[0];
    const words = Object.keys(last).filter((key) => typeof last[key] === 'string' && !['host', 'endpoint', 'room', 'participant', 'roomKey', 'participantKey'].includes(key));
    assert.deepEqual(words.sort(), ['cause', 'connection', 'downlinkCause', 'protocol', 'quality'], 'all that /participants says in words');
  });

  test('filters choose participants', async () => {
    const { series } = await history('class=participants&room=red&participant=red-ann&fields=downlinkBitrate');
    assert.deepEqual(series.map(({ times, figures: { downlinkBitrate }, ...labels }) => [labels, times.length === downlinkBitrate.length]),
      [[{ endpoint: 'views', participant: 'red-ann', participantKey: 'peerId', room: 'red', roomKey: 'roomId', host: 'testhost' }, true]]);
    const refused = await rig.ask('/history?class=participants&appData.peerId=red-ann');
    assert.match(JSON.parse(text(refused)).error, /no parameter "appData\.peerId"; there are .*room, participant/);
  });

  test('a series that came back goes on, with its gap', async () => {
    const { series } = await history('class=participants&room=blue');
    assert.equal(series.length, 1);
    const steps = series[0].times.slice(1).map((time, at) => time - series[0].times[at]);
    assert.ok(Math.max(...steps) > 2 * Math.min(...steps), `${steps}`);
  });

  test('fields, from, to and points choose', async () => {
    const { series: [all] } = await history(`${red}&fields=scoreMean,bytes`);
    assert.deepEqual(Object.keys(all.figures), ['bytes', 'scoreMean']);
    const [first, second] = all.times;
    const few = await history(`${red}&fields=bytes&from=${first + 1}&to=${second}`);
    assert.deepEqual([few.from, few.to], [first + 1, second]);
    assert.deepEqual(few.series.map(({ times, figures: { bytes } }) => [times, bytes]), [[[second], [all.figures.bytes[1]]]]);
    const { series: [thin] } = await history(`${red}&fields=bytes&points=2&to=${all.times.at(-1)}`);
    assert.deepEqual(thin.times, [first, all.times.at(-1)]);
    assert.deepEqual(thin.figures.bytes, [all.figures.bytes[0], all.figures.bytes.at(-1)]);
    assert.deepEqual((await history(`${red}&to=1`)).series, []);
  });

  test('wrong parameters say what is right', async () => {
    const wrong = { '': 'class is missing; there are endpoint, workers, groups', 'class=consumers': 'nothing is kept of "consumers"', [`${red}&points=0`]: 'from 1 to',
      [`${red}&from=now`]: 'from takes epoch milliseconds', [`${red}&fields=colour`]: 'has no figure "colour"', [`${red}&bytes=1`]: 'bytes is a figure', [`${red}&limit=1`]: 'limit is for the views' };
    for (const [query, said] of Object.entries(wrong)) {
      const refused = await rig.ask(`/history?${query}`);
      const { error } = JSON.parse(text(refused));
      assert.equal(refused.status, 400, query);
      assert.ok(error.includes(said), error);
    }
  });

  test('it has an ETag and is compressed', async () => {
    const url = `/history?${red}&to=1`;
    const first = await rig.ask(url, { headers: { 'Accept-Encoding': 'gzip' } });
    assert.equal(first.headers['content-encoding'], 'gzip');
    assert.equal(JSON.parse(text(first)).class, 'group_consumers');
    await until(async () => (await rig.ask(url, { headers: { 'If-None-Match': (await rig.ask(url)).headers.etag } })).status === 304, { what: 'the same again' });
    const { etag } = (await rig.ask(`/history?${red}`)).headers;
    await until(async () => (await rig.ask(`/history?${red}`, { headers: { 'If-None-Match': etag } })).status === 200, { what: 'a newer one' });
  });

  test('/healthz says what it takes', async () => {
    const { history: { seconds, series, samples, bytes, maxBytes, isShort } } = await rig.json('/healthz');
    assert.deepEqual([seconds, maxBytes, isShort], [3600, 64 * 1024 * 1024, false]);
    assert.ok(series >= 9 && samples >= 20 && bytes > 1000 && bytes < 1e6, JSON.stringify({ series, samples, bytes }));
  });
});

test('History 0 keeps nothing, and says so', async () => {
  const rig = await ViewsRig.start(answer(() => snapshot(rowsOf(['red'], 1))), { views: { History: 0 } });
  try {
    await rig.when('/workers', (rows) => rows.length === 1);
    const refused = await rig.ask('/history?class=workers');
    assert.deepEqual([refused.status, JSON.parse(text(refused)).error], [404, 'nothing of the past is kept; set History above 0']);
    assert.equal((await rig.json('/healthz')).history, undefined);
    assert.deepEqual(rig.daemon.lines(/History/), []);
  } finally {
    await rig.close();
  }
});

test('when memory is short the oldest go, which the log says once', async () => {
  const rooms = Array.from({ length: 700 }, (_, at) => `room-${at}`);
  let n = 10;
  const rig = await ViewsRig.start(answer(() => snapshot(rowsOf(rooms, n++))), { views: { HistoryMemory: 1 }, endpoint: { Interval: 1, MaxObjects: 0, lines: [GROUP] } });
  try {
    await rig.when('/healthz', ({ history }) => history.isShort, 30000);
    const from = n;
    await until(() => n > from + 5, { what: 'five more readings', timeout: 60000 });
    const { history } = await rig.json('/healthz');
    assert.ok(history.bytes <= 1024 * 1024 && history.series > 100, JSON.stringify(history));
    assert.equal(rig.daemon.lines(/the history does not reach back 3600 seconds: its 1 MiB are full/).length, 1);
  } finally {
    await rig.close();
  }
});
