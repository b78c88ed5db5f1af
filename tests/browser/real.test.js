// SPDX-License-Identifier: MIT
'use strict';

// The page with real mediasoup workers, RTP, and collectd with both plugins. It must show what the views say.
// With SCREENSHOTS, the name of a folder, it leaves pictures there.

const assert = require('node:assert/strict');
const path = require('node:path');
const { after, before } = require('node:test');
const { Stack } = require('../e2e/stack.js');
const { sleep, until } = require('../lib/wait.js');
const { fillRoom } = require('../sfu/fill_room.js');
const { LIMIT, PATIENCE, assertShows, headed, live, open, section, sum, tableRows, test, tile } = require('./browser.js');
const { lowContrast } = require('./contrast.js');
const { HOSTILE } = require('./hostile.js');

const { SCREENSHOTS } = process.env;
const INTERVAL = 3; // seconds: long enough to look at one sample
const ROOMS = 5, BAD = 'room-3';
const BAD_ROOM = `tbody th a:has(bdi:text-is("${BAD}"))`;
const TEXTS = ['tag', 'close', 'quotes', 'reversed'];
const hostile = { peerId: HOSTILE.reversed, ...Object.fromEntries(TEXTS.map((key) => [key, HOSTILE[key]])) };

let stack, url, hostileConsumer;

const view = async (name) => (await fetch(url + name)).json();

before(async () => {
  stack = await Stack.start({ workers: 2, views: true, prometheus: false, collectd: { interval: INTERVAL, lines: ['<Group "all">', '</Group>', '<Group "room">', 'By "roomId"', '</Group>'] } });
  url = `http://127.0.0.1:${stack.viewsPort}/`;
  for (let index = 0; index < ROOMS; index += 1) await fillRoom(await stack.sfu.addRoom(`room-${index + 1}`), index);
  const room = await stack.sfu.addRoom(HOSTILE.tag);
  const { producer } = await room.publish('audio', { peerId: HOSTILE.quotes });
  hostileConsumer = (await room.subscribe(producer, { appData: hostile })).consumer;
  stack.sfu.start();
  const flowing = (rows) => rows.length > 0 && rows.every((row) => row.paused || row.bitrate > 0) && rows.some((row) => row.fractionLost > 0);
  await until(async () => flowing(await view('consumers')), { what: 'RTP in the views', timeout: PATIENCE * 2, every: 250, detail: () => stack.collectd.log.join('\n') });
}, LIMIT);
after(() => stack?.stop(), LIMIT);

const CLASSES = ['workers', 'usage', 'routers', 'producers', 'consumers', 'group_producers', 'group_consumers'];
const views = async () => Object.fromEntries(await Promise.all(CLASSES.map(async (name) => [name, await view(name.startsWith('group_') ? `${name}?group=all` : name)])));
const times = (all) => JSON.stringify(CLASSES.map((name) => all[name].map((row) => row.timestamp)));

// Reloads the page and pauses it, again and again until all this happens within one sample. Returns that sample's views,
// and what `more` reads.
async function stillOf(page, ready = 'tbody tr', more = async () => ({})) {
  return until(async () => {
    const begun = await views();
    await page.reload();
    await live(page);
    await page.waitForSelector(ready);
    await page.click('#pause');
    const others = await more(begun);
    const ended = await views();
    return times(begun) === times(ended) && { ...ended, ...others };
  }, { what: 'the page and the views to speak of the same sample', timeout: PATIENCE * 2, every: 0 });
}

const ofRoom = (rows, { routerId }) => rows.filter((row) => row.routerId === routerId);

test('the overview says what /consumers, /producers, /workers and /usage say', async (t) => {
  const { page, response } = await open(t, url);
  assert.match(response.headers()['content-security-policy'], /^default-src 'none'; style-src 'sha256-/);
  const { consumers, producers, workers, usage, routers } = await stillOf(page);
  assertShows(await tile(page, 'Downlink'), sum(consumers, 'bitrate'), 'sent');
  assertShows(await tile(page, 'Uplink'), sum(producers, 'bitrate'), 'received');
  assertShows(await tile(page, 'Consumers'), consumers.length, 'consumers');
  assertShows(await tile(page, 'Producers'), producers.length, 'producers');
  const paused = await Promise.all(['Consumers', 'Producers'].map((title) => states(page, title)));
  assert.equal(paused[0].paused + paused[1].paused, [...consumers, ...producers].filter((row) => row.paused || row.producerPaused).length, 'paused');
  const bad = consumers.filter((row) => row.score <= 5 && !row.paused && !row.producerPaused);
  assert.ok(bad.length > 0);
  assertShows(await tile(page, 'Bad streams'), bad.length, 'bad streams');
  const rooms = await tableRows(page, 'Rooms');
  assert.equal(rooms.length, routers.length);
  assert.equal(rooms[0].Room, BAD, 'the worst room comes first');
  for (const router of routers) {
    const { roomId } = router.appData, room = rooms.find(({ Room }) => Room === roomId);
    assert.ok(room, `${roomId} among ${rooms.map(({ Room }) => Room)}`);
    const [sent, received] = [consumers, producers].map((rows) => ofRoom(rows, router));
    assertShows(room.Downlink, sum(sent, 'bitrate'), `${roomId} sent`);
    assertShows(room.Uplink, sum(received, 'bitrate'), `${roomId} received`);
    assertShows(room.Consumers, sent.length, `${roomId} consumers`);
    assertShows(room.Producers, received.length, `${roomId} producers`);
  }
  const processes = await tableRows(page, 'Workers and the application');
  assert.equal(processes.length, workers.length + 1);
  for (const worker of workers) {
    const shown = processes.find(({ Process }) => Process === `worker ${worker.worker}`);
    assertShows(shown.CPU.replace('< 0.1', '0.0'), worker.cpuRatio, 'cpu');
    assertShows(shown.Memory, worker.residentMemory, 'memory');
    for (const name of ['Routers', 'Producers', 'Consumers']) assertShows(shown[name], worker[name.toLowerCase()], name);
  }
  const application = usage.find(({ type }) => type === 'parent'), shown = processes.find(({ Process }) => Process === 'application');
  assertShows(shown.CPU, application.cpu / 100, 'cpu of the application');
  assertShows(shown.Memory, application.memory, 'memory of the application');
});

const raw = (cell) => cell.evaluate((node) => (node.querySelector('small') ?? node.querySelector('bdi')).textContent);

test('from a room to a stream, to every field of it, as /consumers has it', async (t) => {
  const { page } = await open(t, url);
  await live(page);
  await page.click(BAD_ROOM);
  await headed(page, BAD);
  const badOf = ({ routers }) => routers.find(({ appData }) => appData.roomId === BAD);
  const still = await stillOf(page, undefined, async (all) => ({ worst: await view(`consumers?routerId=${badOf(all).routerId}&worst=1`) }));
  const router = badOf(still);
  const mine = ofRoom(still.consumers, router);
  assertShows(await tile(page, 'Downlink'), sum(mine, 'bitrate'), 'sent');
  const rows = await tableRows(page, 'Streams');
  assert.equal(rows.length, mine.length + ofRoom(still.producers, router).length);
  const [worst] = still.worst;
  assert.equal(rows[0].Class, 'consumer');
  assert.ok(Number(rows[0].Score) <= worst.score, 'the worst stream comes first');

  await section(page, 'Streams').locator('tbody tr', { hasText: 'consumer' }).locator('a').first().click();
  const ready = '.scroll:has(h2:text-is("Fields")) tbody tr';
  await page.waitForSelector(ready);
  const id = page.url().split('/').at(-1);
  const { consumers, transports: [transport] } = await stillOf(page, ready,
    async (all) => ({ transports: await view(`transports/${all.consumers.find((row) => row.consumerId === id).transportId}`) }));
  const row = consumers.find(({ consumerId }) => consumerId === id);
  assertShows(await tile(page, 'Bitrate'), row.bitrate, 'bitrate');
  assertShows(await tile(page, 'Loss'), row.fractionLost / 256, 'loss');
  assertShows(await tile(page, 'Score'), row.score, 'score');
  assertShows(await tile(page, 'Round trip'), row.roundTripTime, 'round trip');
  await assertFields(page, 'Fields', row);
  await assertFields(page, 'Its transport', transport);
});

// Every field of `row` stands in the table, with its figure as the view has it.
async function assertFields(page, title, row) {
  const shown = new Map();
  for (const line of await section(page, title).locator('tbody tr').all()) shown.set(await line.locator('th').textContent(), await raw(line.locator('td')));
  assert.deepEqual([...shown.keys()].sort(), Object.keys(row).filter((key) => key !== 'appData').sort());
  for (const [key, value] of Object.entries(row)) {
    if (['appData', 'age'].includes(key)) continue; // the age has changed since
    const text = shown.get(key);
    if (typeof value === 'number') assert.equal(Number(text.replaceAll(',', '').replace(/ \S+$/, '')), value, `${title}: ${key}: ${text}`);
    else assert.equal(text, typeof value === 'string' ? value : JSON.stringify(value), `${title}: ${key}`);
  }
}

const BAD_PEOPLE = '.scroll:has(h2:text-is("Participants")) tbody tr';

test('a room shows its participants as /participants has them, and the overview names the worst', async (t) => {
  const { page } = await open(t, url);
  await live(page);
  await until(async () => (await tableRows(page, 'Worst participants')).some(({ Room }) => Room === BAD), { what: 'somebody of the bad room', timeout: PATIENCE });
  const causes = await section(page, 'Worst participants').locator('tbody tr', { hasText: BAD }).locator('td small').allTextContents();
  assert.ok(causes.some((text) => /^(uplink|downlink): /.test(text)), `a cause among ${causes}`);
  await page.click(BAD_ROOM);
  const still = await stillOf(page, BAD_PEOPLE, async () => ({ participants: await view(`participants?room=${BAD}`) }));
  const rows = await tableRows(page, 'Participants');
  assert.deepEqual(rows.map(({ Participant }) => Participant).sort(), still.participants.map(({ participant }) => participant).sort());
  for (const row of rows) {
    const { quality, uplinkBitrate, downlinkBitrate } = still.participants.find(({ participant }) => participant === row.Participant);
    assert.equal(row.Quality, quality);
    if (uplinkBitrate !== undefined) assertShows(row.Uplink, uplinkBitrate, `${row.Participant} uplink`);
    if (downlinkBitrate !== undefined) assertShows(row.Downlink, downlinkBitrate, `${row.Participant} downlink`);
  }
  assert.equal(rows[0].Quality, 'bad', 'the worst comes first');
});

test('the past is what /history has of it: rooms, workers and participants', async (t) => {
  const { page } = await open(t, url);
  await live(page);
  const enough = await until(async () => {
    const { series } = await view('history?class=workers');
    return series[0]?.times.length >= 4 && series[0].times;
  }, { what: 'four samples', timeout: PATIENCE * 2, every: 500 });
  const at = enough.at(-2), lastOf = async (name, more = '') => (await view(`history?class=${name}&to=${at}${more}`)).series
    .map(({ figures, ...labels }) => ({ ...labels, ...Object.fromEntries(Object.entries(figures).map(([key, values]) => [key, values.at(-1)])) }));
  await page.goto(`${url}#/?at=${at}`);
  await until(async () => /^As it was at/.test(await page.textContent('#status')), { what: 'the past' });
  const [consumers, workers] = [await lastOf('group_consumers'), await lastOf('workers')];
  const rooms = await tableRows(page, 'Rooms');
  assert.equal(rooms.length, ROOMS + 1);
  for (const room of rooms) assertShows(room.Downlink, consumers.find(({ appData }) => appData?.roomId === room.Room).bitrateBitsPerSecond, `${room.Room} sent`);
  const processes = await tableRows(page, 'Workers and the application');
  assert.equal(processes.length, workers.length);
  for (const { worker, residentMemory } of workers) assertShows(processes.find(({ Process }) => Process === `worker ${worker}`).Memory, residentMemory, 'memory');
  await page.click(BAD_ROOM);
  await page.waitForSelector(BAD_PEOPLE);
  const people = await lastOf('participants', `&room=${BAD}`);
  for (const row of await tableRows(page, 'Participants')) {
    const { downlinkBitrate, downlinkStreamsBad } = people.find(({ participant }) => participant === row.Participant);
    if (downlinkBitrate !== undefined) assertShows(row.Downlink, downlinkBitrate, `${row.Participant} downlink`);
    if (downlinkStreamsBad > 0) assert.equal(row.Quality, 'bad');
  }
});

test('the filter leaves what the views find', async (t) => {
  const { page } = await open(t, url);
  await live(page);
  await page.fill('#filter', 'room-2');
  await until(async () => (await tableRows(page, 'Rooms')).length === 1, { what: 'one room' });
  await page.click('tbody th a');
  await page.fill('#filter', 'carol video/vp8');
  const { routers } = await views();
  const { routerId } = routers.find(({ appData }) => appData.roomId === 'room-2');
  const expected = (await view(`consumers?appData.peerId=carol&mimeType=video/VP8&routerId=${routerId}`)).map((row) => `#/stream/consumers/${row.consumerId}`).sort();
  assert.ok(expected.length > 0);
  const hrefs = () => section(page, 'Streams').locator('tbody a').evaluateAll((links) => links.map((link) => link.getAttribute('href')).sort());
  await until(async () => String(await hrefs()) === String(expected), { what: String(expected) });
});

test('hostile appData comes through the whole chain as text', async (t) => {
  const { page } = await open(t, url);
  await live(page);
  await page.locator('tbody th a', { hasText: '<script>' }).click();
  await headed(page, HOSTILE.tag, 'h1 bdi');
  await section(page, 'Streams').locator('tbody th a', { hasText: HOSTILE.reversed }).click();
  await page.waitForFunction((id) => location.hash.endsWith(id), hostileConsumer.id);
  const appData = Object.fromEntries((await tableRows(page, 'appData')).map(({ Key, Value }) => [Key, Value]));
  assert.deepEqual(appData, { roomId: HOSTILE.tag, ...hostile });
  assert.deepEqual(await page.evaluate(() => [window.ran, document.title.includes('ran'), document.scripts.length, document.querySelectorAll('main :is(script, style, img)').length]),
    [undefined, false, 1, 0]);
});

for (const colorScheme of ['light', 'dark'])
  for (const [device, width, height] of [['desktop', 1280, 800], ['phone', 390, 844]])
    test(`${colorScheme}, on a ${device}: readable, nothing sticks out`, async (t) => {
      const { page } = await open(t, url, { width, height, colorScheme });
      await live(page);
      if (SCREENSHOTS) await sleep(15000); // so that the charts have some samples
      for (const [name, click] of [['overview'], ['room', BAD_ROOM], ['stream', '.scroll:has(h2:text-is("Streams")) tbody th a']]) {
        if (click) await page.click(click);
        if (name === 'stream') await page.waitForSelector('.scroll:has(h2:text-is("Its transport")) tbody tr');
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${name} scrolls sideways`);
        assert.deepEqual(await lowContrast(page), [], name);
        if (SCREENSHOTS) await page.screenshot({ path: path.join(SCREENSHOTS, `${name}-${device}-${colorScheme}.png`), fullPage: true });
      }
    });

// {flowing: 12, paused: 4, ...}: what a group counts, and what stands in a tile.
const ofGroup = ([{ streams, streamsPaused, streamsWaiting, streamsInactive, streamsSilent }]) =>
  ({ flowing: streams, paused: streamsPaused, waiting: streamsWaiting, inactive: streamsInactive, silent: streamsSilent });
const states = async (page, title) => {
  const text = await page.locator('.tiles div', { has: page.locator(`dt:text-is("${title}")`) }).locator('dd small').textContent();
  const counts = Object.fromEntries(text.split(', ').map((part) => part.split(' ').reverse()).map(([state, count]) => [state, Number(count)]));
  return { flowing: 0, paused: 0, waiting: 0, inactive: 0, silent: 0, ...counts };
};

test('with layers stopped, a sender gone, a room piped and a receiver not there yet, the page counts what groups count', async (t) => {
  const [first, second, , fourth] = stack.sfu.rooms;
  const [, simulcast] = first.publications;
  for (const stream of simulcast.streams.slice(1)) stream.muted = true;
  await [...second.publications].at(-1).stop();
  const [source] = fourth.publications;
  const far = await fourth.pipe(source.producer, stack.sfu.workers.find((worker) => worker !== stack.sfu.workers[3 % 2]));
  await far.room.subscribe(far.producer, { peerId: 'far' });
  const { consumers: [waiting] } = await fourth.subscribeOverWebRtc([source.producer], { peerId: 'late' });
  await waiting.resume();
  // Every state is there, and all of one sample: on a busy machine a worker may miss its deadline, and its rows are older.
  const wanted = ({ producers: streams, consumers, group_producers: [received], group_consumers: [sent] }) => received?.streamsInactive === 2 &&
    received.streamsSilent === 1 && sent.streamsWaiting === 1 && sent.streamsInactive > 0 && sent.streamsBad > 0 &&
    [...streams, ...consumers].filter(({ piped }) => piped).length === 2 &&
    [...streams, ...consumers].every(({ timestamp }) => timestamp === sent.timestamp);
  const { page } = await open(t, url);
  let still;
  await until(async () => wanted(await views()) && wanted(still = await stillOf(page)), { what: 'every state', timeout: PATIENCE * 2,
    detail: () => JSON.stringify(still && [still.group_producers, still.group_consumers]) });

  for (const [title, [group], rows] of [['Producers', still.group_producers, still.producers], ['Consumers', still.group_consumers, still.consumers]]) {
    assert.deepEqual(await states(page, title), ofGroup([group]), title);
    assertShows(await tile(page, title), rows.filter(({ piped }) => !piped).length, title);
  }
  const both = (field) => still.group_producers[0][field] + still.group_consumers[0][field];
  assertShows(await tile(page, 'Bad streams'), both('streamsBad'), 'bad');
  assertShows(await tile(page, 'Silent'), both('streamsSilent'), 'silent');
  assertShows(await tile(page, 'Downlink'), still.group_consumers[0].bitrateBitsPerSecond, 'sent');
});

test('collectd complains of nothing', () => assert.deepEqual(stack.complaints(), []));
