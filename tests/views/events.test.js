// SPDX-License-Identifier: MIT
'use strict';

// What happened, by a real collectd that reads a fake application: GET /events, GET /ended, and the same events as
// collectd's own notifications.

const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');
const { until } = require('../lib/wait.js');
const { answer } = require('../integration/fake_endpoint.js');
const { row, snapshot, uuid } = require('../integration/snapshots.js');
const { ViewsRig, text } = require('./client.js');
const { execSink } = require('./exec_sink.js');

const id = (...what) => uuid('events', ...what);
const GROUPS = '<Group "room">\nBy "roomId"\nOf "producers" "consumers" "transports"\n</Group>';
const INTERVAL = 2; // each reading is looked at once: the observer looks no more often than each second

// The application: a room of participants, each with a transport and consumers of one producer.
class Application {
  constructor() {
    this.rooms = new Map([['red', ['ann', 'bob']]]);
    this.bad = new Set(); // participants with a bad way down
    this.flaps = false; // everybody's way down is bad in one reading of three
    this.connection = new Map();
    this.endpoint = { workerDeaths: 2, pid: 100 };
    this.workers = [0, 1];
    this.polls = 10;
    this.generation = 0;
  }

  get behaviour() {
    return answer(() => snapshot(this.#rows(), { endpoint: this.endpoint }));
  }

  #rows() {
    this.polls += 1;
    const rooms = [...this.rooms].flatMap(([room, people]) => this.#room(room, people));
    return [...this.workers.map((slot) => row.worker(slot, { pid: 1000 + 100 * this.generation + slot })), ...rooms];
  }

  #room(room, people) {
    const named = (what) => id(String(this.generation), room, what);
    return [row.router(named('router'), 0, { appData: { roomId: room } }),
      ...people.flatMap((name) => this.#participant(named, name, people))];
  }

  // What one sends and what one gets from the others, once for each.
  #participant(named, name, people) {
    const transport = named(`${name}'s transport`);
    const flowing = { packetCount: 500 * this.polls, byteCount: 100000 * this.polls };
    const down = { ...flowing, score: this.bad.has(name) || (this.flaps && this.polls % 3 === 0) ? 2 : 10 };
    const stats = { type: 'webrtc-transport', bytesReceived: 1000 * this.polls, bytesSent: 2000 * this.polls, iceState: 'completed', dtlsState: 'connected' };
    return [row.transport(transport, named('router'), { appData: { peerId: name }, connection: this.connection.get(name) ?? 'connected', stats }),
      row.producer(named(`${name}'s producer`), transport, { stats: flowing }),
      ...people.filter((other) => other !== name).map((other) =>
        row.consumer(named(`${name} of ${other}`), named(`${other}'s producer`), transport, { stats: down }))];
  }

  restart() {
    this.endpoint = { ...this.endpoint, pid: this.endpoint.pid + 1, workerDeaths: 0 };
    this.generation += 1;
  }
}

describe('what happened', () => {
  const application = new Application();
  let rig;
  let told;
  let seen = 0; // the number of the newest event that a test has looked at
  before(async () => {
    rig = await ViewsRig.start(application.behaviour, { interval: INTERVAL,
      views: { Notifications: 'all' },
      endpoint: { Interval: INTERVAL, AppData: ['roomId', 'peerId'], lines: [GROUPS] },
      extra: (folder) => { told = execSink(folder); return told.configuration; } });
    await rig.when('/participants', (rows) => rows.length === 2);
    await rig.polled(6); // what is there at first is no news
  });
  after(() => rig?.close());

  // The events since those before, once there are these kinds in this order. No others come.
  const happens = async (...kinds) => {
    const newest = await rig.when(`/events?since=${seen}`, (events) => events.length >= kinds.length, 30000);
    assert.deepEqual(newest.map(({ kind }) => kind).reverse(), kinds);
    seen = newest[0].number;
    return newest.reverse();
  };
  const ended = (query) => rig.json(`/ended?${query}`);

  test('what is there at first is no news', async () => {
    assert.deepEqual(await rig.json('/events'), []);
    assert.deepEqual(await rig.json('/ended'), []);
  });

  test('an endpoint is down, and up again', async () => {
    await rig.endpoint.vanish();
    const [down] = await happens('endpoint_down');
    const { number, time, since, ...rest } = down;
    assert.ok(Math.abs(time - Date.now()) < 10000 && since <= time && since > time - 10000, JSON.stringify(down));
    assert.ok(number > 1.7e12, 'numbers go on growing when collectd starts again');
    assert.equal(rest.text, `Endpoint "views" on testhost is down: cannot connect to ${rig.endpoint.path}: No such file or directory`);
    assert.match(rest.remedy, /^start the mediasoup application/);
    assert.deepEqual([rest.kind, rest.severity, rest.host, rest.endpoint, rest.process], ['endpoint_down', 'failure', 'testhost', 'views', undefined]);
    await rig.endpoint.appear();
    const [up] = await happens('endpoint_up');
    assert.equal(up.severity, 'okay');
    assert.match(up.text, /^Endpoint "views" on testhost is up again, after \d+ s$/);
    assert.deepEqual(await ended(''), [], 'who is there again has not ended');
  });

  test('one reading that fails is nothing', async () => {
    rig.endpoint.behaveInTurn([answer('no', { status: '500 Oh' }), application.behaviour]);
    await rig.polled(4);
    assert.deepEqual(await rig.json(`/events?since=${seen}`), []);
  });

  test('a worker died', async () => {
    application.endpoint = { ...application.endpoint, workerDeaths: 3 };
    application.workers = [0];
    const [died] = await happens('worker_died');
    assert.deepEqual([died.severity, died.worker, died.pid], ['failure', 1, 1001]);
    assert.equal(died.text, 'Worker 1 (pid 1001) of endpoint "views" on testhost died, and its rooms ended with it');
    assert.match(died.remedy, /core dump/);
  });

  test('a room and a participant turn bad and good', async () => {
    application.bad.add('ann');
    application.bad.add('bob');
    const bad = await happens('room_bad', 'participant_bad', 'participant_bad');
    assert.equal(bad[0].text.split('; cause')[0], 'Room "red" on testhost is bad: of 2 streams to its participants 2 are bad and 0 silent');
    assert.deepEqual([bad[0].room, bad[0].participant, bad[0].severity], ['red', undefined, 'warning']);
    assert.deepEqual(bad.slice(1).map(({ room, participant }) => [room, participant]).sort(), [['red', 'ann'], ['red', 'bob']]);
    assert.match(bad[1].text, /^Participant "(ann|bob)" in room "red" on testhost is bad: downlink: of \d streams 1 bad and 0 silent/);
    assert.ok(bad.every(({ remedy }) => remedy?.length > 10));
    application.bad.clear();
    const good = await happens('room_good', 'participant_good', 'participant_good');
    assert.match(good[0].text, /^Room "red" on testhost is good again, after \d+ s$/);
  });

  test('flapping gives nothing', async () => {
    application.flaps = true;
    await rig.polled(7);
    application.flaps = false;
    await rig.polled(2);
    assert.deepEqual(await rig.json(`/events?since=${seen}`), []);
  });

  test('a participant leaves, another one is lost', async () => {
    application.rooms.get('red').push('cid', 'dan');
    await rig.when('/participants', (rows) => rows.length === 4);
    application.connection.set('dan', 'disconnected');
    await rig.polled(2);
    application.rooms.set('red', ['ann', 'bob']);
    const [lost] = await rig.when(`/events?kind=participant_lost&since=${seen}`, (events) => events.length === 1);
    const others = (await rig.json(`/events?since=${seen}`)).filter(({ kind, participant }) => participant !== 'dan' || kind === 'participant_good');
    assert.deepEqual(others, [], 'who was silent before is not good then, and nothing happens to others');
    seen = lost.number;
    assert.deepEqual([lost.participant, lost.room, lost.severity], ['dan', 'red', 'warning']);
    assert.equal(lost.text, 'Participant "dan" in room "red" on testhost has lost its connection');
    const gone = await rig.when('/ended?kind=participant', (rows) => rows.length === 2);
    const of = Object.fromEntries(gone.map((one) => [one.participant, one]));
    assert.deepEqual([of.cid.outcome, of.dan.outcome], ['left', 'lost']);
    const { cid } = of;
    assert.deepEqual([cid.host, cid.endpoint, cid.room], ['testhost', 'views', 'red']);
    assert.ok(cid.duration > 0 && cid.duration === (cid.ended - cid.began) / 1000, JSON.stringify(cid));
    assert.ok(cid.bytesReceived > 0 && cid.bytesSent === 2 * cid.bytesReceived, JSON.stringify(cid));
    assert.deepEqual([cid.secondsBad, cid.worstLossRatio], [0, 10 / 256]);
  });

  test('a room ends', async () => {
    application.rooms.set('blue', ['eve', 'fay']);
    await rig.when('/participants?room=blue', (rows) => rows.length === 2);
    await rig.polled(3);
    application.rooms.delete('blue');
    const [room] = await rig.when('/ended?kind=room', (rows) => rows.length === 1);
    assert.deepEqual([room.room, room.participant, room.outcome], ['blue', undefined, 'closed']);
    assert.ok(room.bytesReceived > 0 && room.bytesSent > room.bytesReceived, JSON.stringify(room));
    await rig.when('/ended?room=blue&outcome=left', (rows) => rows.length === 2);
  });

  test('the application restarts: who was there has ended, and not badly', async () => {
    const before = (await ended('')).length;
    application.restart();
    const [restarted] = await happens('application_restarted');
    assert.equal(restarted.text, 'The application of endpoint "views" on testhost has restarted, and its rooms ended with it');
    assert.equal(restarted.severity, 'warning');
    const gone = await rig.when('/ended', (rows) => rows.length === before + 3);
    assert.deepEqual(gone.slice(0, 3).map(({ participant, outcome }) => [participant ?? '', outcome]).sort(),
      [['', 'restarted'], ['ann', 'restarted'], ['bob', 'restarted']]);
    await rig.polled(4);
    assert.equal((await ended('')).length, before + 3, 'once');
    assert.deepEqual(await rig.json(`/events?since=${seen}`), [], 'nobody is lost');
  });

  test('each event was a notification', async () => {
    const events = (await rig.json('/events')).reverse();
    const notes = await until(() => { const all = told.notifications(); return all.length >= events.length && all; }, { what: 'all notifications' });
    assert.equal(notes.length, events.length);
    for (const event of events) {
      const note = notes.find(({ number }) => Number(number) === event.number);
      const words = event.remedy ? `${event.text}; remedy: ${event.remedy}` : event.text;
      assert.equal(note.message, Buffer.from(words).subarray(0, 255).toString(), event.kind);
      assert.deepEqual([note.Host, note.Plugin, note.PluginInstance, note.Type, note.kind], ['testhost', 'mediasoup', 'views', event.kind, event.kind]);
      assert.equal(note.Severity, event.severity.toUpperCase());
      assert.deepEqual([note.room, note.participant, note.cause, Number(note.since)], [event.room, event.participant, event.cause, Number(event.since)]);
      assert.equal(note.remedy, event.remedy);
      assert.ok(Math.abs(Number(note.Time) * 1000 - event.time) < 1);
    }
  });

  test('the views: filters, limits, tags, errors', async () => {
    const all = await rig.json('/events');
    assert.ok(all.every(({ number }, i) => i === 0 || number < all[i - 1].number), 'newest first');
    assert.deepEqual(await rig.json('/events?kind=worker_died&worker=1&fields=kind,pid'), [{ kind: 'worker_died', pid: 1001 }]);
    assert.deepEqual(await rig.json('/events?limit=2&offset=1'), all.slice(1, 3));
    const first = await rig.ask('/events', { headers: { 'Accept-Encoding': 'gzip' } });
    assert.deepEqual([first.headers['content-type'], first.headers['content-encoding']], ['application/json', 'gzip']);
    assert.deepEqual(JSON.parse(text(first)), all);
    const same = await rig.ask('/events', { headers: { 'If-None-Match': first.headers.etag } });
    assert.deepEqual([same.status, same.body.length], [304, 0]);
    assert.notEqual((await rig.ask('/ended')).headers.etag, first.headers.etag);
    for (const [url, words] of [['/events?colour=red', '/events has no parameter "colour"; there are limit, '], ['/ended?limit=0', 'limit takes a whole number from 1 ']]) {
      const refused = await rig.ask(url);
      assert.equal(refused.status, 400);
      assert.ok(JSON.parse(text(refused)).error.startsWith(words), text(refused));
    }
    assert.equal((await rig.ask('/events', { method: 'POST' })).status, 405);
  });
});

test('by default endpoints and workers are notified, and a restart of collectd makes no events of what was there', async () => {
  const application = new Application();
  application.bad = new Set(['ann', 'bob']);
  application.connection.set('ann', 'disconnected');
  let told;
  const rig = await ViewsRig.start(application.behaviour, { interval: INTERVAL,
    endpoint: { Interval: INTERVAL, AppData: ['roomId', 'peerId'], lines: [GROUPS] },
    extra: (folder) => { told = execSink(folder); return told.configuration; } });
  try {
    await rig.when('/participants', (rows) => rows.length === 2);
    await rig.polled(7);
    assert.deepEqual(await rig.json('/events'), []);
    application.bad.clear();
    await rig.when('/events?kind=room_good', (events) => events.length === 1);
    await rig.endpoint.vanish();
    await rig.when('/events?kind=endpoint_down', (events) => events.length === 1);
    const notes = await until(() => told.notifications().length > 0 && told.notifications(), { what: 'a notification' });
    assert.deepEqual(notes.map(({ Type }) => Type), ['endpoint_down']);
  } finally {
    await rig.close();
  }
});

test('a name cannot write lines of its own into a notification', async () => {
  const application = new Application();
  application.rooms = new Map([['red\nSeverity: OKAY\n\nall is well', ['ann', 'bob']]]);
  let told;
  const rig = await ViewsRig.start(application.behaviour, { interval: INTERVAL, views: { Notifications: ['room_bad', 'participant_bad'] },
    endpoint: { Interval: INTERVAL, AppData: ['roomId', 'peerId'], lines: [GROUPS] },
    extra: (folder) => { told = execSink(folder); return told.configuration; } });
  try {
    await rig.when('/participants', (rows) => rows.length === 2);
    await rig.polled(6);
    application.bad = new Set(['ann', 'bob']);
    const notes = await until(() => told.notifications().length >= 3 && told.notifications(), { what: 'three notifications', timeout: 30000 });
    assert.deepEqual(notes.map(({ Severity }) => Severity), ['WARNING', 'WARNING', 'WARNING']);
    assert.ok(notes.every(({ room }) => room === 'red Severity: OKAY  all is well'), JSON.stringify(notes));
  } finally {
    await rig.close();
  }
});

test('a kind that there is not is refused, and the defaults stay', async () => {
  const rig = new ViewsRig();
  try {
    await rig.begin(answer(() => snapshot([row.worker(0)])), { views: { Notifications: 'room_ugly' } });
    await rig.daemon.waitForLog(/Notifications takes one kind \.\.\., so its value is ignored; see collectd-write_mediasoup\(5\)/);
  } finally {
    await rig.close();
  }
});

test('collectd ends at once, whatever it keeps in mind', async () => {
  const rig = await ViewsRig.start(new Application().behaviour, { interval: INTERVAL });
  await rig.when('/participants', (rows) => rows.length === 2);
  const begun = Date.now();
  rig.daemon.child.kill('SIGTERM');
  await rig.daemon.exited;
  const took = Date.now() - begun;
  await rig.close();
  assert.ok(took < 4000 * rig.daemon.slowdown, `${took} ms`);
});
