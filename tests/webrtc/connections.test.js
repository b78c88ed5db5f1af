// SPDX-License-Identifier: MIT
'use strict';

// What becomes of connections, each by its own cause: a browser that connects, leaves, crashes, is cut off, comes back,
// restarts ICE, shows or sees a wrong certificate, cannot use UDP, or is never asked to connect. All at the same time, each a
// participant of its own whose transport "send" is looked at.

const assert = require('node:assert/strict');
const { after, before, test } = require('node:test');
const { isDeepStrictEqual } = require('node:util');
const { sleep, until } = require('../lib/wait.js');
const { Meeting } = require('./meeting.js');
const { lose } = require('./network.js');

const LIMIT = { timeout: 180000 };
// mediasoup says that ICE is disconnected when a browser has not been heard of for so long; usually 30 s. A browser that is cut
// off gives up after about as long, and then only an ICE restart brings it back.
const CONSENT = 10; // seconds
const LOST = 30, STUCK = 30; // seconds, the endpoint's

// The same certificate's fingerprints, but for their last byte.
const wrong = (dtls) => ({ ...dtls, fingerprints: dtls.fingerprints.map(({ algorithm, value }) =>
  ({ algorithm, value: value.slice(0, -2) + (value.endsWith('00') ? '01' : '00') })) });

const BOTH = ['udp', 'tcp'];
const connect = (participant) => participant.publish('audio');
const cut = ({ transports: { send } }, options) => lose([send], options);
// Opens a transport and takes UDP away before the browser tries it.
async function connectWithoutUdp(participant) {
  await participant.open('send');
  cut(participant, { protocols: ['udp'] });
  await connect(participant);
}
async function connectAndCut(participant, seconds) {
  await connect(participant);
  await sleep(2000);
  const end = cut(participant);
  if (seconds === undefined) return;
  await sleep(seconds * 1000);
  end();
}

// By name: `act(participant)` is what happens; `join` is for Participant.join. Then `states` are those that the rows show, but
// for `unused` and `connecting` at their beginning, and `events` are those of the transport. `closed`: the events once the
// application has closed it, too.
const CASES = {
  connects: { act: connect, states: ['connected'], events: ['connected'], closed: ['connected', 'left'], protocol: 'udp' },
  leaves: {
    act: async (participant) => { await connect(participant); await sleep(2000); await participant.leave('send'); },
    states: ['connected', 'left'], events: ['connected', 'left'],
  },
  'goes to another page': {
    act: async (participant) => { await connect(participant); await sleep(2000); await participant.page.goto('about:blank', { waitUntil: 'commit' }); },
    states: ['connected', 'left'], events: ['connected', 'left'],
  },
  // Chromium says no goodbye then: only the application can know, by its own channel.
  'closes the tab': {
    act: async (participant) => { await connect(participant); await sleep(2000); await participant.page.close({ runBeforeUnload: true }); },
    states: ['connected', 'disconnected', 'lost'], events: ['connected', 'lost'],
  },
  crashes: {
    act: async (participant) => { await connect(participant); await sleep(2000); await participant.crash(); },
    states: ['connected', 'disconnected', 'lost'], events: ['connected', 'lost'],
  },
  'is cut off': { act: (participant) => connectAndCut(participant), states: ['connected', 'disconnected', 'lost'], events: ['connected', 'lost'] },
  'is cut off, and the application closes': {
    act: async (participant) => {
      await connectAndCut(participant);
      await until(() => participant.transports.send.iceState === 'disconnected', { what: 'ICE to be disconnected', timeout: 60000, every: 250 });
      await sleep(2000);
      participant.transports.send.close();
    },
    states: ['connected', 'disconnected'], events: ['connected', 'lost'],
  },
  'is cut off and comes back': {
    act: (participant) => connectAndCut(participant, CONSENT + 5),
    states: ['connected', 'disconnected', 'connected'], events: ['connected'], closed: ['connected', 'left'],
  },
  'is cut off and restarts ICE': {
    act: async (participant) => { await connectAndCut(participant, CONSENT + 12); await participant.restartIce('send'); },
    states: ['connected', 'disconnected', 'connected'], events: ['connected'], closed: ['connected', 'left'],
  },
  'restarts ICE': {
    act: async (participant) => { await connect(participant); await sleep(2000); await participant.restartIce('send'); },
    states: ['connected'], events: ['connected'], closed: ['connected', 'left'],
  },
  'shows a wrong certificate': { join: { connect: wrong }, act: connect, states: ['dtls_failed'], events: ['dtls_failed'], closed: ['dtls_failed'] },
  'sees a wrong certificate': {
    join: { offer: ({ dtlsParameters, ...rest }) => ({ ...rest, dtlsParameters: wrong(dtlsParameters) }) },
    act: connect, states: ['dtls_failed'], events: ['dtls_failed'], closed: ['dtls_failed'],
  },
  'cannot use UDP': { act: connectWithoutUdp, states: ['stuck'], events: [], closed: ['never_connected'] },
  'cannot use UDP, and turns away': {
    act: async (participant) => {
      const connecting = connectWithoutUdp(participant);
      await until(() => participant.askedAt, { what: 'the browser to connect', timeout: 60000 });
      await sleep(1500);
      participant.transports.send.close();
      await connecting.catch(() => {}); // what it wanted to send has no transport any more
    },
    states: [], events: [],
  },
  'cannot use UDP, but TCP': { join: { protocols: BOTH }, act: connectWithoutUdp, states: ['connected'], events: ['connected'], closed: ['connected', 'left'], protocol: 'tcp' },
  'crashes over TCP': {
    join: { protocols: BOTH },
    act: async (participant) => { await connectWithoutUdp(participant); await sleep(2000); await participant.crash(); },
    states: ['connected', 'disconnected', 'lost'], events: ['connected', 'lost'], protocol: 'tcp',
  },
  'is never asked to connect': { act: (participant) => participant.open('send'), states: [], events: [], closed: [] },
};

let meeting, watching;
const seen = {}; // by the name of a case: { participant, states, last }
const transportOf = (name) => seen[name].participant.transports.send;

// Notes each transport's state whenever it changes.
async function look() {
  const rows = (await meeting.stack.snapshot('rows=transports')).filter(({ row }) => row === 'transports');
  for (const row of rows) {
    const found = seen[row.appData.peerId];
    found.last = row;
    if (found.states.at(-1) !== row.connection) found.states.push(row.connection);
  }
}

async function watch() {
  while (!watching.ended) {
    await look();
    await sleep(250);
  }
}

const events = async () => (await meeting.stack.snapshot('rows=transports&events=0')).filter(({ row }) => row === 'connections');
const eventsOf = async (name) => (await events()).filter(({ transportId }) => transportId === transportOf(name).id);
const telling = (name) => `${name}: ${JSON.stringify(seen[name]?.participant.events.send.map(({ after: ms, event, value }) => `${ms} ${event} ${value}`))}`;

before(async () => {
  meeting = await Meeting.start();
  for (const [name, { join, act }] of Object.entries(CASES)) {
    const participant = await meeting.join(name, { transport: { iceConsentTimeout: CONSENT }, ...join });
    seen[name] = { participant, states: [], act };
  }
  watching = { ended: false };
  watching.done = watch();
  for (const found of Object.values(seen)) {
    found.acted = found.act(found.participant);
    found.acted.catch(() => {}); // its test tells
    await sleep(100);
  }
}, LIMIT);
after(async () => {
  if (watching) watching.ended = true;
  await watching?.done.catch(() => {});
  await meeting?.stop();
}, LIMIT);

const beginning = (state) => state === 'unused' || state === 'connecting';

for (const [name, { states, events: expected, protocol }] of Object.entries(CASES)) {
  test(name, LIMIT, async () => {
    await seen[name].acted;
    const shown = () => seen[name].states.filter((state) => !beginning(state));
    await until(() => shown().length >= states.length, { what: `${states}`, timeout: (CONSENT + LOST + STUCK) * 1000, every: 250, detail: () => `${shown()} (${telling(name)})` });
    const wanted = async () => (await eventsOf(name)).length >= expected.length;
    await until(wanted, { what: `${expected}`, timeout: 5000, every: 250, detail: () => telling(name) });
    assert.deepEqual(shown(), states, telling(name));
    assert.deepEqual((await eventsOf(name)).map(({ event }) => event), expected, telling(name));
    if (protocol) assert.equal(seen[name].last.protocol, protocol);
  });
}

test('how long it took to connect', LIMIT, async () => {
  const [{ connectTime, protocol, appData }] = await eventsOf('connects');
  const { after: end } = seen.connects.participant.events.send.find(({ event, value }) => event === 'dtls' && value === 'connected');
  assert.ok(connectTime >= 0 && connectTime <= end, `${connectTime} of ${end} ms`);
  assert.equal(seen.connects.last.connectTime, connectTime);
  assert.equal(protocol, 'udp');
  assert.deepEqual(appData, { peerId: 'connects', direction: 'send', roomId: 'room-1' });
});

test('one that is not asked is unused, one that is asked is connecting', () => {
  assert.deepEqual(seen['is never asked to connect'].states, ['unused']);
  assert.deepEqual(seen['cannot use UDP'].states.filter((state) => state !== 'unused'), ['connecting', 'stuck']);
});

// A row of a view, once collectd has taken in what is there now.
async function sampled(name, condition) {
  let row;
  await until(async () => {
    row = (await meeting.view(name)).find(condition);
    return row && row.timestamp > Date.now() - 2000;
  }, { what: `a row of ${name}`, timeout: 20000, every: 250 });
  return row;
}
const ofTheRoom = ({ group, appData }) => group === 'room' && appData.roomId === 'room-1';
const COUNTS = { connected: 'connected', left: 'left', lost: 'lost', dtls_failed: 'dtlsFailed', never_connected: 'neverConnected' };

async function assertCounted() {
  const all = await events();
  const expected = Object.fromEntries(Object.entries(COUNTS).map(([event, member]) => [member, all.filter((one) => one.event === event).length]));
  let row;
  const counts = () => Object.fromEntries(Object.values(COUNTS).map((member) => [member, row?.[member]]));
  await until(async () => {
    row = (await meeting.view('group_transports')).find(ofTheRoom);
    return isDeepStrictEqual(counts(), expected);
  }, { what: `the room's counts to be ${JSON.stringify(expected)}`, timeout: 10000, every: 250, detail: () => JSON.stringify(row) });
}

test('the room shows how many are in which state, and counts each event once', LIMIT, async () => {
  const living = Object.values(seen).filter(({ participant }) => !participant.transports.send.closed).map(({ last }) => last);
  const row = await sampled('group_transports', ofTheRoom);
  const states = (...names) => living.filter(({ connection }) => names.includes(connection)).length;
  const { transports, transportsUnused, transportsConnecting, transportsStuck, transportsConnected, transportsDisconnected, transportsTcp, transportsUdp } = row;
  assert.deepEqual({ transports, transportsUnused, transportsConnecting, transportsStuck, transportsConnected, transportsDisconnected },
    { transports: living.length, transportsUnused: states('unused'), transportsConnecting: states('connecting'), transportsStuck: states('stuck'),
      transportsConnected: states('connected'), transportsDisconnected: states('disconnected', 'lost') });
  const connected = (protocol) => living.filter((one) => one.connection === 'connected' && one.protocol === protocol).length;
  assert.deepEqual([transportsUdp, transportsTcp], [connected('udp'), connected('tcp')]);
  assert.ok(connected('tcp') > 0 && connected('udp') > 0);
  await assertCounted();
});

test("a transport's row in the views says how it is connected", LIMIT, async () => {
  for (const name of ['cannot use UDP, but TCP', 'crashes over TCP', 'leaves', 'cannot use UDP', 'is never asked to connect']) {
    const { last } = seen[name];
    const row = await sampled('transports', ({ transportId }) => transportId === transportOf(name).id);
    assert.deepEqual([row.connection, row.protocol, row.connectTime ?? undefined], [last.connection, last.protocol, last.connectTime], `${name}: ${JSON.stringify(row)}`);
  }
});

test('what the application closes has an end as well, and each transport at most one', LIMIT, async () => {
  watching.ended = true;
  await watching.done;
  for (const name of Object.keys(CASES)) transportOf(name).close();
  for (const [name, { events: before, closed = before }] of Object.entries(CASES))
    assert.deepEqual((await eventsOf(name)).map(({ event }) => event), closed, telling(name));
});

test('the endpoint has counted the same', LIMIT, async () => {
  const all = await events();
  const [row] = await meeting.stack.snapshot();
  const count = (event) => all.filter((one) => one.event === event).length;
  assert.equal(row.webRtcTransportsCreated, Object.keys(CASES).length);
  assert.deepEqual([row.webRtcTransportsConnected, row.webRtcTransportsLeft, row.webRtcTransportsLost, row.webRtcTransportsDtlsFailed, row.webRtcTransportsNeverConnected],
    ['connected', 'left', 'lost', 'dtls_failed', 'never_connected'].map(count));
  assert.deepEqual(all.map(({ number }) => number), all.map((_, index) => index + 1));
  assert.equal(row.events, all.length);
});

test('and so has the room, after all of them have gone', LIMIT, assertCounted);

test('nobody complained', LIMIT, () => meeting.assertQuiet());
