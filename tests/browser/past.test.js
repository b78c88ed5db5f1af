// SPDX-License-Identifier: MIT
'use strict';

// Lines that are full when the page opens, and going back in time: what the page shows of a moment is what /history has of it.

const assert = require('node:assert/strict');
const { sleep, until } = require('../lib/wait.js');
const { assertShows, live, openFake, section, tableRows, test, tile } = require('./browser.js');
const { lowContrast } = require('./contrast.js');
const { FakeViews, addEvents } = require('./fake_views.js');

const INTERVAL = 2000, HOUR = 3600;
const BAD_FROM = 300, BAD_UNTIL = 100; // seconds ago: then a stream of room-0 was bad

// A FakeViews with a past: its bitrates grow, and the consumer of carol's audio was bad for a while.
function withPast(options = {}) {
  const fake = new FakeViews({ rooms: 2, hostile: false, interval: INTERVAL, past: HOUR, ...options });
  const [row] = fake.rows.consumers, { score, bitrate, fractionLost } = row;
  fake.remember((_, ago) => {
    const isBad = ago <= BAD_FROM && ago > BAD_UNTIL;
    Object.assign(row, { score: isBad ? 2 : score, bad: isBad || undefined, cause: isBad ? 'receiver' : undefined,
      badSince: isBad ? Date.now() - BAD_FROM * 1000 : undefined, fractionLost: isBad ? 64 : fractionLost, bitrate: bitrate + Math.round(HOUR - ago) });
    for (const worker of fake.rows.workers) worker.cpuRatio = ago / HOUR;
  });
  Object.assign(row, { score, fractionLost, bad: undefined, cause: undefined, badSince: undefined });
  fake.frozen = true;
  return fake;
}

const lineOf = (cell) => cell.locator('path.line').first().getAttribute('d');
const isFull = (d) => /^M-1 /.test(d ?? '');
const tileCell = (page, title) => page.locator('.tiles div', { has: page.locator(`dt:text-is("${title}")`) }).locator('dd');
const says = (page, text) => until(async () => (await page.textContent('#status')).match(text), { what: String(text), detail: () => '' });
const asked = (fake, path) => fake.requests.filter(({ url }) => url.startsWith(path)).length;

// The figures of a class at a moment, as /history answers: [row, ...].
async function historyAt(url, name, at) {
  const { series } = await (await fetch(`${url}history?class=${name}&to=${at}`)).json();
  return series.map(({ figures, times, ...labels }) => ({ ...labels, time: times.at(-1), ...Object.fromEntries(Object.entries(figures).map(([key, values]) => [key, values.at(-1)])) }));
}

test('the lines of rooms, workers and participants are full when the page opens', async (t) => {
  const fake = withPast();
  const { page, url } = await openFake(t, fake);
  await live(page);
  for (const title of ['Downlink', 'Uplink', 'Loss', 'Worst score']) await until(async () => isFull(await lineOf(tileCell(page, title))), { what: `a full line of ${title}` });
  const polls = asked(fake, '/workers');
  assert.ok(polls <= 3, `${polls} polls: the points are not the page's own`);
  for (const row of await section(page, 'Rooms').locator('tbody tr').all()) for (const cell of await row.locator('td:has(svg)').all()) assert.ok(isFull(await lineOf(cell)));
  for (const row of await section(page, 'Workers and the application').locator('tbody tr', { hasText: 'worker' }).all()) assert.ok(isFull(await lineOf(row)));
  // The last hour's CPU of the workers fell steadily, as seconds ago / hour: so do the heights of the line.
  const heights = (await lineOf(section(page, 'Workers and the application').locator('tbody tr', { hasText: 'worker 0' }))).match(/[ML][-\d]+ [\d.]+/g).map((point) => Number(point.split(' ')[1]));
  const rows = (await (await fetch(`${url}history?class=workers&worker=0&fields=cpuRatio`)).json()).series[0].figures.cpuRatio;
  const expected = rows.slice(-(heights.length - 1)).map((ratio) => Number((16 - 15 * ratio).toFixed(1)));
  assert.deepEqual(heights.slice(0, 50), expected.slice(0, 50), 'as /history has them');
  await page.click('tbody th a');
  await until(async () => {
    const lines = await section(page, 'Participants').locator('tbody path.line').evaluateAll((paths) => paths.map((path) => path.getAttribute('d')));
    return lines.length === 6 && lines.every(isFull);
  }, { what: 'full lines of three participants' });
});

test('by the keyboard, back to a moment: rooms, workers and participants as they were; and back to now', async (t) => {
  const fake = withPast();
  const { page, url } = await openFake(t, fake);
  await live(page);
  await page.waitForSelector('#timeline:not([hidden])');
  assert.ok(await page.evaluate(() => { const { value, max } = document.getElementById('moment'); return Number(max) > 0 && value === max; }), 'it stands at its end');
  await page.focus('#moment');
  for (let i = 0; i < 5; i += 1) await page.keyboard.press('PageDown'); // a tenth of the hour each
  await says(page, /^As it was at \d\d:\d\d:\d\d$/);
  await until(() => page.evaluate(() => /at=\d+/.test(location.hash)), { what: 'the address' });
  const at = Number(new URL(page.url()).hash.match(/at=(\d+)/)[1]);
  assert.ok(Date.now() - at > 0.4 * HOUR * 1000 && Date.now() - at < 0.6 * HOUR * 1000, `${Date.now() - at} ms ago`);
  const clock = await page.evaluate((ms) => new Date(ms).toLocaleTimeString('en-GB'), at);
  assert.equal(await page.textContent('#then'), clock);
  assert.equal(await page.getAttribute('#moment', 'aria-valuetext'), clock);
  await until(async () => (await page.textContent('#status')) === `As it was at ${clock}`, { what: clock });

  const [consumers, workers] = [await historyAt(url, 'group_consumers', at), await historyAt(url, 'workers', at)];
  for (const room of await tableRows(page, 'Rooms')) assertShows(room.Downlink, consumers.find(({ appData }) => appData.roomId === room.Room).bitrateBitsPerSecond, room.Room);
  for (const row of await tableRows(page, 'Workers and the application')) assertShows(row.CPU, workers.find(({ worker }) => row.Process === `worker ${worker}`).cpuRatio, row.Process);
  assertShows(await tile(page, 'Downlink'), consumers.reduce((total, row) => total + row.bitrateBitsPerSecond, 0));

  const polls = asked(fake, '/workers');
  await sleep(3 * INTERVAL);
  assert.equal(asked(fake, '/workers'), polls, 'it does not poll meanwhile');

  await section(page, 'Rooms').locator('a', { hasText: 'room-0' }).click();
  await until(async () => (await tableRows(page, 'Participants')).length === 3, { what: 'the participants of then' });
  assert.match(page.url(), new RegExp(`#/room/demo/roomId/room-0\\?at=${at}$`));
  const participants = await historyAt(url, 'participants', at);
  for (const row of await tableRows(page, 'Participants')) {
    const view = participants.find(({ participant, room }) => participant === row.Participant && room === 'room-0');
    assertShows(row.Downlink, view.downlinkBitrate, row.Participant);
    assert.equal(row.Quality, 'good');
  }
  assert.equal(await section(page, 'Streams').isVisible(), false);
  await page.waitForSelector('text=Single streams of the past are not kept');

  fake.frozen = false; // rows that are too old would not be live
  await page.focus('#now');
  await page.keyboard.press('Enter');
  await page.waitForSelector('body[data-state=live]');
  assert.doesNotMatch(page.url(), /at=/);
  assert.equal(await page.evaluate(() => document.activeElement.id), 'moment', 'the focus is not lost');
  await section(page, 'Streams').waitFor();
  await until(() => asked(fake, '/workers') > polls, { what: 'polls again' });
});

test('what was bad then is bad there, with its participants, and its line and events show it', async (t) => {
  const fake = withPast();
  addEvents(fake);
  const at = Date.now() - 200000, { worker } = fake.rows.routers[0];
  fake.events[3].worker = worker;
  const { page } = await openFake(t, fake, { hash: `#/?at=${at}` });
  await says(page, /^As it was at/);
  const [room] = await tableRows(page, 'Rooms');
  assert.deepEqual([room.Room, room.Score], ['room-0', '2']);
  assert.equal(await tile(page, 'Bad streams'), '1');
  const [worst] = await tableRows(page, 'Worst participants');
  assert.deepEqual([worst.Room, worst.Quality], ['room-0', 'bad']);
  const events = await tableRows(page, 'What happened');
  assert.deepEqual(events.map(({ Event }) => Event), ['participant lost', 'worker died'], 'not what came later');
  await page.click('#now');
  await page.waitForSelector('body[data-state=live]');
  assert.equal((await tableRows(page, 'What happened')).length, 4);
});

test('whose fault it was: of a room, and of a participant with its state and since when', async (t) => {
  const fake = withPast();
  const at = Date.now() - 200000;
  const { page } = await openFake(t, fake, { hash: `#/?at=${at}` });
  await says(page, /^As it was at/);
  assert.match(await section(page, 'Rooms').locator('tbody tr', { hasText: 'room-0' }).textContent(), /1 bad · by cause: 1 receiver/);
  assert.doesNotMatch(await section(page, 'Rooms').locator('tbody tr', { hasText: 'room-1' }).textContent(), /cause/);
  assert.match(await tileCell(page, 'Bad streams').textContent(), /^1\s*1 receiver$/);
  const why = /bad\s*downlink: loses 25 %/;
  assert.match(await section(page, 'Worst participants').locator('tbody tr').first().textContent(), why);

  await section(page, 'Rooms').locator('a', { hasText: 'room-0' }).click();
  await until(async () => (await tableRows(page, 'Participants')).length === 3, { what: 'the participants of then' });
  const [bad, ...others] = await tableRows(page, 'Participants');
  assert.deepEqual([bad.Quality, bad.Connection, ...others.map(({ Quality }) => Quality)], ['bad', 'connected', 'good', 'good']);
  const row = section(page, 'Participants').locator('tbody tr').first();
  assert.match(await row.textContent(), why);
  assert.match(bad.Since, /^1 min|^[0-9]+ s/);
  await row.locator('th a').click();
  await until(async () => why.test(await tileCell(page, 'Quality').textContent()), { what: 'the participant of then, and why' });
  assert.match(await tileCell(page, 'Connection').textContent(), /^connected\s*udp/);
});

test('events are marks on the lines of what they are about', async (t) => {
  const fake = withPast();
  addEvents(fake);
  const { page } = await openFake(t, fake);
  await live(page);
  const marks = async (row) => (await row.locator('path.marks').first().getAttribute('d')) ?? '';
  const room = section(page, 'Rooms').locator('tbody tr', { hasText: 'room-0' });
  await until(async () => /^M\d+ 0V17/.test(await marks(room)), { what: 'a mark on room-0' });
  // The events of room-0 were 80 and 86 s ago, and a point is 2 s.
  const places = (await marks(room)).match(/M\d+/g).map((text) => Number(text.slice(1)));
  for (const place of places) assert.ok(place >= 60 - 45 && place <= 60 - 36, `${place} of 60`);
  assert.equal(await marks(section(page, 'Rooms').locator('tbody tr', { hasText: 'room-1' })), '', 'its event is older than its line');
  assert.equal((await page.getAttribute('#happened', 'd')).match(/M/g).length, 4, 'the slider has them all');
});

test('what happened and what has ended: in words, with the way to that moment', async (t) => {
  const fake = withPast();
  addEvents(fake);
  const { page } = await openFake(t, fake);
  await live(page);
  await section(page, 'What happened').locator('tbody tr').first().waitFor();
  const [event] = await tableRows(page, 'What happened');
  assert.deepEqual([event.Event, event.Subject, event.Details], ['participant bad', 'bob', 'bob in room-0 is bad: sender']);
  assert.match(await section(page, 'What happened').locator('tbody tr').first().textContent(), /What to do: look at its uplink/);
  const ended = await tableRows(page, 'Recently ended');
  assert.deepEqual(ended.map((row) => [row.Subject, row.How, row.Lasted, row['Worst loss'], row['Bad for']]), [['dave', 'lost', '12 min', '30 %', '40 s'], ['standup', 'closed', '30 min', '1.0 %', '0 s']]);
  await section(page, 'What happened').locator('tbody th a').nth(2).click();
  await says(page, /^As it was at/);
  assert.equal(Number(page.url().match(/at=(\d+)/)[1]), Math.ceil(fake.events[2].time));
  await page.goBack();
  await page.waitForSelector('body[data-state=live]');
  await page.fill('#filter', 'standup');
  await until(async () => (await tableRows(page, 'Recently ended')).length === 1, { what: 'the filter' });
});

test('what happened is shown when all rows are gone, which it explains', async (t) => {
  const fake = withPast();
  const { page } = await openFake(t, fake);
  await live(page);
  fake.gone = true;
  fake.events = [{ number: 1, time: Date.now(), kind: 'endpoint_down', severity: 'failure', host: 'demo', endpoint: 'mediasoup', text: 'it is down' }];
  await until(async () => (await tableRows(page, 'What happened')).length === 1, { what: 'the event' });
  assert.ok((await tableRows(page, 'Rooms')).length > 0, 'the last picture stays');
});

test('a failure of /history is said, and the next moment is tried', async (t) => {
  const fake = withPast();
  const { page } = await openFake(t, fake, { expected: /500/ });
  await live(page);
  await page.waitForSelector('#timeline:not([hidden])');
  fake.status = 500;
  await page.focus('#moment');
  await page.keyboard.press('PageDown');
  await says(page, /^collectd answers 500 to \//);
  fake.status = 200;
  await page.keyboard.press('PageDown');
  await says(page, /^As it was at/);
});

test('without a history, a link to the past says so', async (t) => {
  const { page } = await openFake(t, new FakeViews({ old: true }), { hash: `#/?at=${Date.now() - 60000}`, expected: /40[04]/ });
  await says(page, /keeps no history/);
  await page.click('#now');
  await live(page);
});

for (const [width, colorScheme] of [[390, 'light'], [390, 'dark'], [1280, 'light'], [1280, 'dark']])
  test(`the past at ${width}, ${colorScheme}: readable, clearly marked, nothing sticks out`, async (t) => {
    const fake = withPast();
    addEvents(fake);
    const { page } = await openFake(t, fake, { hash: `#/?at=${Date.now() - 200000}`, width, height: 844, colorScheme });
    await says(page, /^As it was at/);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
    assert.deepEqual(await lowContrast(page), []);
    const ground = () => page.evaluate(() => getComputedStyle(document.querySelector('header')).backgroundColor);
    const then = await ground();
    await page.click('#now');
    await page.waitForSelector('body[data-state=live]');
    assert.notEqual(await ground(), then, 'the header has another colour');
  });
