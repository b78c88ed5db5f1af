// SPDX-License-Identifier: MIT
'use strict';

// Participants on the page: who is bad and why, on the overview, in the room and on a page of their own; who suffers from
// whom; and where a name comes from.

const assert = require('node:assert/strict');
const { until } = require('../lib/wait.js');
const { headed, live, openFake, section, tableRows, test } = require('./browser.js');
const { FakeViews, badUplink } = require('./fake_views.js');

function still(options) {
  const fake = new FakeViews({ hostile: false, ...options });
  fake.frozen = true;
  return fake;
}

const CAUSE = 'uplink: loses 12 %';
const smallOf = (page, title, column) => section(page, title).locator('tbody tr').first().locator(`:scope > :nth-child(${column}) small`).textContent();
const tileText = (page, title) => page.locator('.tiles div', { has: page.locator(`dt:text-is("${title}")`) }).locator('dd').innerText();

test('the page opens with the name of the worst participant and the cause; two clicks lead to all about it', async (t) => {
  const fake = still();
  badUplink(fake);
  const { page } = await openFake(t, fake);
  await live(page);
  const [worst] = await tableRows(page, 'Worst participants');
  assert.deepEqual([worst.Participant, worst.Room, worst.Quality], ['bob', 'room-0', 'bad']);
  assert.equal(await smallOf(page, 'Worst participants', 3), CAUSE, 'without a click');
  await section(page, 'Rooms').locator('tbody tr').first().locator('a').click(); // the first click: the worst room
  await until(async () => (await tableRows(page, 'Participants'))[0]?.Participant === 'bob', { what: 'the worst participant first' });
  assert.equal(await smallOf(page, 'Participants', 2), CAUSE);
  await section(page, 'Participants').locator('tbody tr').first().locator('a').click(); // the second
  await headed(page, 'bob');
  assert.equal((await tileText(page, 'Quality')).replace(/\s+/g, ' '), `bad ${CAUSE}`);
});

test('the table of participants says what /participants says', async (t) => {
  const fake = still();
  badUplink(fake);
  const [, , carol] = fake.rows.transports;
  Object.assign(carol, { connection: 'disconnected', protocol: 'tcp', connectTime: 2500 });
  const { page, url } = await openFake(t, fake, { hash: '#/room/demo/roomId/room-0' });
  await live(page);
  await until(async () => (await tableRows(page, 'Participants')).length === 3, { what: 'three participants' });
  const rows = await tableRows(page, 'Participants');
  const views = await (await fetch(`${url}participants?room=room-0`)).json();
  for (const row of rows) {
    const view = views.find(({ participant }) => participant === row.Participant);
    assert.deepEqual([row.Quality, row.Connection], [view.quality, view.connection], row.Participant);
    assert.match(row.Uplink, /bit\/s$/);
  }
  assert.deepEqual(rows.map(({ Participant, Quality }) => [Participant, Quality])[0], ['bob', 'bad']);
  const details = await section(page, 'Participants').locator('tbody tr', { hasText: 'carol' }).textContent();
  assert.match(details, /disconnectedtcp · 2\.50 s to connect/);
  assert.match(await section(page, 'Participants').locator('tbody tr', { hasText: 'bob' }).textContent(), /8\d ssince \d\d:\d\d:\d\d/);
});

const CASES = [
  ['uplink', { cause: 'sender', state: 'silent', bad: undefined, bitrate: 0 }, 0, 'uplink: sends nothing'],
  ['uplink', { cause: 'sender', bad: true }, 0.3, 'uplink: loses 30 %'],
  ['uplink', { cause: 'sender', bad: true }, 0, 'uplink: arrives badly from its sender'],
  ['uplink', { cause: 'transport', bad: true }, 0, 'uplink: its transport is not connected'],
  ['uplink', { cause: 'worker', bad: true }, 0, 'uplink: its worker is overloaded'],
  ['uplink', { cause: 'unknown', bad: true }, 0, 'uplink: no cause found'],
  ['uplink', { bad: true }, 0, 'uplink: for too short a time to know why'],
  ['uplink', { cause: 'something new', bad: true }, 0, 'uplink: something new'],
  ['downlink', { cause: 'sender', bad: true }, 0, 'downlink: bad already on the uplink of its sender'],
  ['downlink', { cause: 'receiver', bad: true }, 0.2, 'downlink: loses 20 %'],
  ['downlink', { cause: 'receiver', bad: true, roundTripTime: 900 }, 0, 'downlink: arrives badly, with a round trip of 900 ms'],
  ['downlink', { cause: 'bandwidth', bad: true }, 0, 'downlink: too little bandwidth for the layer that it wants'],
];

test('every cause is said in words, of the participant and of the stream', async (t) => {
  const fake = still({ rooms: 1 });
  const { page } = await openFake(t, fake, { hash: '#/room/demo/roomId/room-0' });
  await live(page);
  const rows = { uplink: fake.rows.producers.at(-1), downlink: fake.rows.consumers.at(-1) };
  const before = { uplink: { ...rows.uplink }, downlink: { ...rows.downlink } };
  for (const [way, change, loss, text] of CASES) {
    for (const one of ['uplink', 'downlink']) {
      for (const key of ['bad', 'cause']) delete rows[one][key];
      Object.assign(rows[one], before[one]);
    }
    Object.assign(rows[way], change, { fractionLost: Math.round(loss * 256) });
    fake.loses = (row) => (row === rows[way] ? loss : 0);
    fake.frozen = false;
    fake.tick();
    fake.frozen = true;
    await until(async () => await smallOf(page, 'Participants', 2).catch(() => '') === text, { what: text, detail: () => `${way}` });
    const streams = await section(page, 'Streams').locator('tbody th small').allTextContents();
    const pattern = new RegExp(` · ${text.replace(/\d+ %/, '\\d+ %')}$`); // a stream's loss is counted over ten seconds
    assert.ok(streams.some((one) => pattern.test(one)), `${text} among ${streams}`);
  }
});

test('from a bad producer to all who suffer from it, and back', async (t) => {
  const fake = still();
  const { producer, sufferers } = badUplink(fake);
  const { page } = await openFake(t, fake, { hash: `#/stream/producers/${producer.producerId}` });
  await live(page);
  await section(page, 'Who suffers from it').locator('tbody tr').first().waitFor();
  const links = await section(page, 'Who suffers from it').locator('tbody a').evaluateAll((list) => list.map((link) => link.getAttribute('href')));
  assert.deepEqual(links.sort(), sufferers.map(({ consumerId }) => `#/stream/consumers/${consumerId}`).sort());
  assert.equal((await tileText(page, 'Cause')).split('\n')[0], CAUSE);
  await section(page, 'Who suffers from it').locator('tbody a').first().click();
  await page.locator('main .path a', { hasText: 'producer' }).click();
  await page.waitForFunction((id) => location.hash.endsWith(id), producer.producerId);
  assert.equal(await page.locator('main .path').textContent().then((text) => /participant/.test(text)), false, 'these rows have no names');
});

test('the page of a participant shows its streams, and who suffers from them', async (t) => {
  const fake = still();
  const { sufferers } = badUplink(fake);
  const [{ transportId }] = sufferers;
  const bob = fake.rows.transports.find(({ appData }) => appData.peerId === 'bob');
  const { page } = await openFake(t, fake, { hash: '#/participant/demo/roomId/room-0/bob' });
  await live(page);
  await until(async () => (await tableRows(page, 'Streams')).length > 0, { what: 'its streams' });
  const own = [...fake.rows.producers, ...fake.rows.consumers].filter((row) => row.transportId === bob.transportId);
  assert.equal((await tableRows(page, 'Streams')).length, own.length);
  assert.equal((await tableRows(page, 'Who suffers from it')).length, sufferers.length);
  assert.notEqual(transportId, bob.transportId);
  assert.equal(await tileText(page, 'Consumers affected'), String(sufferers.length));
  await page.locator('main .path a').click();
  await headed(page, 'room-0');
  await page.goto(page.url().replace('room-0', 'room-0').replace('/room/', '/participant/').concat('/nobody'));
  await page.waitForSelector('text=There is no such participant now');
});

test('it says where a transport or a router stands for a name', async (t) => {
  const fake = still({ rooms: 1 });
  const [{ transportId, routerId }] = fake.rows.transports;
  for (const transport of fake.rows.transports) transport.appData = {};
  fake.rows.routers[0].appData = {};
  badUpstream(fake);
  const { page } = await openFake(t, fake);
  await live(page);
  assert.match(await section(page, 'Worst participants').locator('tbody th').first().textContent(), new RegExp(`^transport ${transportId.slice(0, 8)}.*no name in appData$`));
  await page.locator('a', { hasText: `router ${routerId.slice(0, 8)}` }).first().click();
  await section(page, 'Participants').locator('tbody th a').first().click();
  const path = page.locator('main .path');
  assert.match(await path.textContent(), new RegExp(`room router ${routerId.slice(0, 8)} on demo · named by its transport ${transportId}: appData has no key of ParticipantKeys`));
});

// The first participant's audio is bad.
function badUpstream(fake) {
  Object.assign(fake.rows.producers[0], { bad: true, score: 2, cause: 'unknown', badSince: Date.now() - 60000 });
}

test('the overview asks for the worst participants only, a room for its own', async (t) => {
  const { page, fake } = await openFake(t, still());
  await live(page);
  const asked = () => fake.requests.map(({ url }) => new URL(url, 'http://x')).filter(({ pathname }) => pathname === '/participants').map(({ searchParams }) => searchParams);
  assert.ok(asked().length > 0 && asked().every((parameters) => Number(parameters.get('worst')) <= 5 && parameters.has('fields')));
  const { length } = asked();
  await page.click('tbody th a');
  await section(page, 'Participants').locator('tbody tr').first().waitFor();
  assert.ok(asked().slice(length).every((parameters) => parameters.get('room') === 'room-0' && parameters.get('host') === 'demo'));
  await section(page, 'Streams').locator('tbody th a').first().click();
  await section(page, 'Fields').locator('tbody tr').first().waitFor();
  const polls = fake.requests.filter(({ url }) => url === '/workers').length, before = asked().length;
  await until(() => fake.requests.filter(({ url }) => url === '/workers').length > polls + 1, { what: 'another poll' });
  assert.equal(asked().length, before, 'a stream needs none');
});

test('an older collectd is asked once for what it does not know, and the page is as it was', async (t) => {
  const { page, fake } = await openFake(t, Object.assign(still(), { old: true }), { expected: /40[04]/ });
  await live(page);
  const polls = () => fake.requests.filter(({ url }) => url === '/workers').length;
  await until(() => polls() >= 3, { what: 'three polls' });
  for (const path of ['/participants', '/events', '/ended', '/history']) assert.equal(fake.requests.filter(({ url }) => url.startsWith(path)).length, 1, path);
  assert.equal(fake.requests.filter(({ url }) => url.includes('badSince')).length, 2, 'the fields of producers and consumers');
  const titles = () => page.locator('main h2:visible').allTextContents();
  assert.deepEqual(await titles(), ['Rooms', 'Workers and the application']);
  assert.equal(await page.isVisible('#timeline'), false);
  await page.click('tbody th a');
  await section(page, 'Streams').locator('tbody tr').first().waitFor();
  assert.deepEqual(await titles(), ['Streams']);
});
