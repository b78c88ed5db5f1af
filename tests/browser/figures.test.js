// SPDX-License-Identifier: MIT
'use strict';

// What the page shows for rows that a real SFU cannot be made to give: losses, pauses, layers that are stopped, many streams.

const assert = require('node:assert/strict');
const { until } = require('../lib/wait.js');
const { PATIENCE, assertShows, live, open, openFake, section, sum, tableRows, test, tile } = require('./browser.js');
const { embedded } = require('./embedded.js');
const { FakeViews } = require('./fake_views.js');

// A FakeViews that keeps its first sample until the test calls `sample(fake)`.
function still(options) {
  const fake = new FakeViews(options);
  fake.frozen = true;
  return fake;
}
function sample(fake) {
  fake.frozen = false;
  fake.tick();
  fake.frozen = true;
}

test('the page comes with a policy that lets only its own script run', async (t) => {
  const { page, response } = await openFake(t, still(), { expected: /violates script-src|Content Security Policy/ });
  const policy = response.headers()['content-security-policy'];
  assert.match(policy, /^default-src 'none'; style-src 'sha256-[\w+/]{43}='; script-src 'sha256-[\w+/]{43}='; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'$/);
  assert.equal(policy, embedded().policy);
  await live(page);
  await page.evaluate(() => { const script = document.createElement('script'); script.textContent = 'window.ran = true'; document.body.append(script); });
  assert.equal(await page.evaluate(() => window.ran), undefined);
});

test('the page asks only for what it needs', async (t) => {
  const { page, bodies, requests } = await openFake(t, still());
  await live(page);
  await until(() => bodies['/consumers']?.length >= 3, { what: 'three polls', timeout: PATIENCE });
  assert.ok(bodies['/consumers'][0].search.includes('appData'));
  assert.ok(!bodies['/consumers'][2].search.includes('appData'), 'the facts are known by then');
  assert.ok(requests.every((url) => !/\/(consumers|producers|transports)$/.test(url)), 'no whole list');
});

test('a producer shows its layers side by side, and its consumers', async (t) => {
  const fake = still();
  const { producerId } = fake.rows.producers.find((row) => row.rid === 'h');
  const { page } = await openFake(t, fake, { hash: `#/stream/producers/${producerId}` });
  await section(page, 'Fields').locator('tbody tr').first().waitFor();
  assert.deepEqual(await section(page, 'Fields').locator('table').first().locator('thead th').allTextContents(), ['Field', 'rid l', 'rid m', 'rid h']);
  assert.equal((await tableRows(page, 'Its consumers')).length, fake.rows.consumers.filter((row) => row.producerId === producerId).length);
  assert.equal(await tile(page, 'Score'), '10'); // the inactive layer has 0
});

// {Quality: ['state', ...], Traffic: [...], ...} of a stream or its transport.
const groups = (page, title) => section(page, title).locator('table').evaluateAll((tables) =>
  Object.fromEntries(tables.map((table) => [table.caption.textContent, [...table.tBodies[0].rows].map((row) => row.cells[0].textContent)])));

test('the fields of a stream are grouped by what they mean, and unknown ones stand among the others', async (t) => {
  const fake = still({ rooms: 1, hostile: false });
  const [row] = fake.rows.consumers;
  Object.assign(row, { zebra: 1, somethingNew: 'x', currentLayers: { spatialLayer: 1 }, mos: 4.1 });
  const { page } = await openFake(t, fake, { hash: `#/stream/consumers/${row.consumerId}` });
  await section(page, 'Fields').locator('tbody tr').first().waitFor();
  const shown = await groups(page, 'Fields');
  assert.deepEqual(shown, {
    Quality: ['state', 'score', 'mos', 'fractionLost', 'packetsLost', 'jitter', 'roundTripTime'],
    Traffic: ['paused', 'producerPaused', 'bitrate', 'byteCount', 'packetCount'],
    Repair: ['nackCount', 'pliCount', 'firCount'],
    Layers: ['consumerType', 'encodings', 'currentLayers'],
    Identity: ['kind', 'mimeType', 'clockRate', 'type', 'ssrc', 'consumerId', 'producerId', 'transportId', 'routerId', 'worker', 'host'],
    Time: ['timestamp', 'age'],
    Other: ['somethingNew', 'zebra'],
  });
  assert.deepEqual(Object.keys(await groups(page, 'Its transport')), ['Traffic', 'Connection', 'Identity', 'Time']);
});

// The words that a line break tears apart: those whose letters stand on more than one line.
const tornWords = (page) => page.evaluate(() => {
  const torn = [], walker = document.createTreeWalker(document.querySelector('main'), 4); // texts
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    for (const { 0: word, index } of node.data.matchAll(/[\p{L}\p{N}]+/gu)) {
      const range = document.createRange();
      range.setStart(node, index);
      range.setEnd(node, index + word.length);
      if (node.parentElement.closest('table.fields') && new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size > 1) torn.push(word);
    }
  }
  return torn;
});

for (const width of [390, 1280])
  test(`at ${width}, fields stand in ${width > 640 ? 'two columns' : 'one column'} and no word is torn`, async (t) => {
    const fake = still({ rooms: 1, hostile: false });
    const { producerId } = fake.rows.producers.find((row) => row.rid === 'h'), [{ consumerId }] = fake.rows.consumers;
    for (const [view, id] of [['consumers', consumerId], ['producers', producerId]]) {
      const { page } = await open(t, fake.url ?? await listen(t, fake), { hash: `#/stream/${view}/${id}`, width });
      await section(page, 'Its transport').locator('tbody tr').first().waitFor();
      assert.deepEqual(await tornWords(page), [], view);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'nothing sticks out');
      const lefts = await section(page, 'Fields').locator('table').evaluateAll((tables) => [...new Set(tables.map((table) => Math.round(table.getBoundingClientRect().left)))]);
      assert.equal(lefts.length, width > 640 ? 2 : 1);
    }
  });

async function listen(t, fake) {
  fake.url = await fake.listen();
  t.after(() => fake.close());
  return fake.url;
}

test('the page says that a stream is gone', async (t) => {
  const { page } = await openFake(t, still(), { hash: '#/stream/consumers/00000000-0000-0000-0000-000000000000', expected: /404/ });
  await page.waitForSelector('text=There is no such stream now');
});

test('the loss is counted between two polls', async (t) => {
  const fake = still({ rooms: 1, hostile: false });
  fake.loses = (row) => (row.kind === 'video' && row.consumerId ? 0.04 : 0);
  const { page, bodies } = await openFake(t, fake);
  await live(page);
  const count = (key) => sum([...fake.rows.consumers, ...fake.rows.producers], key);
  const before = { lost: count('packetsLost'), packets: count('packetCount') }, polls = bodies['/consumers'].length;
  sample(fake);
  await until(() => bodies['/consumers'].length > polls + 1, { what: 'the second sample', timeout: PATIENCE });
  const lost = count('packetsLost') - before.lost;
  assert.ok(lost > 0);
  assertShows(await tile(page, 'Loss'), lost / (count('packetCount') - before.packets));
});

test('a room with bad streams stands out, in figures and colour', async (t) => {
  const fake = still({ rooms: 4, hostile: false });
  const { routerId } = fake.rows.routers[2];
  for (const row of fake.rows.consumers.filter((one) => one.routerId === routerId).slice(0, 2)) Object.assign(row, { score: 5, bad: true });
  const { page } = await openFake(t, fake);
  await live(page);
  assert.equal(await tile(page, 'Bad streams'), '2');
  const first = section(page, 'Rooms').locator('tbody tr').first();
  assert.equal(await first.locator('a').textContent(), 'room-2');
  assert.match(await first.textContent(), /2 bad/);
  assert.equal(await page.locator('tbody tr[data-level=bad]').count(), 1);
});

test('paused and waiting streams and inactive layers are not bad', async (t) => {
  const fake = still({ rooms: 1, hostile: false });
  for (const row of fake.rows.consumers) Object.assign(row, { paused: true, state: 'paused', score: 0, bitrate: 0, fractionLost: 200 });
  Object.assign(fake.rows.consumers[0], { paused: false, state: 'flowing', score: 9, bitrate: 1000, fractionLost: 0 });
  Object.assign(fake.rows.consumers[1], { paused: false, state: 'waiting' });
  const { page } = await openFake(t, fake);
  await live(page);
  assert.equal(await tile(page, 'Worst score'), '9');
  assert.equal(await tile(page, 'Loss'), '0 %');
  assert.equal(await tile(page, 'Bad streams'), '0');
  await page.click('tbody th a');
  assert.equal(await page.locator('tbody [data-level=bad], tbody [data-level=poor]').count(), 0);
  assert.equal((await tableRows(page, 'Streams')).at(-1).Score, 'paused');
});

for (const width of [390, 768, 1280, 1600])
  test(`at ${width}, no tile stands alone in a row`, async (t) => {
    const { page } = await openFake(t, still({ rooms: 1, hostile: false }), { width });
    await live(page);
    for (const name of ['overview', 'room']) {
      const tops = await page.locator('.tiles div').evaluateAll((tiles) => tiles.map((one) => one.getBoundingClientRect().top));
      const rows = [...new Set(tops)].map((top) => tops.filter((one) => one === top).length);
      assert.ok(rows.every((count) => count === rows[0]), `${name}: rows of ${rows}`);
      if (name === 'overview') await section(page, 'Rooms').locator('tbody th a').click();
    }
  });

// The tile, and below it the counts of states.
const states = (page, title) => page.locator('.tiles div', { has: page.locator(`dt:text-is("${title}")`) }).locator('dd small').textContent();

test('silent streams are called so, on the overview, in the room, and on a phone', async (t) => {
  const fake = still({ rooms: 2, hostile: false });
  const [row] = fake.rows.consumers;
  Object.assign(row, { state: 'silent', bitrate: 0, score: 9 });
  const { page } = await openFake(t, fake, { width: 390, height: 844 });
  await live(page);
  assert.deepEqual([await tile(page, 'Silent'), await tile(page, 'Bad streams')], ['1', '0']);
  const { consumers, producers } = fake.rows;
  assert.equal(await states(page, 'Consumers'), `${consumers.length - 1} flowing, 1 silent`);
  assert.equal(await states(page, 'Producers'), `${producers.length - 2} flowing, 2 inactive`);
  const room = section(page, 'Rooms').locator('tbody tr').first();
  assert.match(await room.textContent(), /room-0.*1 silent/);
  await room.locator('a').click();
  const first = section(page, 'Streams').locator('tbody tr').first();
  await until(async () => /silent/.test(await first.locator('td:visible').allTextContents().then(String)), { what: 'in words, before all others' });
  await first.locator('a').click();
  assert.equal(await tile(page, 'Score'), 'silent');
});

test('what is piped within an application does not count twice', async (t) => {
  const fake = still({ rooms: 1, hostile: false });
  const { consumers, producers } = fake.rows;
  const [into] = consumers, out = { ...producers[0], ssrc: 7, piped: true };
  Object.assign(into, { piped: true, score: 1, bad: true });
  producers.push(out);
  const { page } = await openFake(t, fake);
  await live(page);
  assert.deepEqual(await Promise.all(['Consumers', 'Producers', 'Bad streams', 'Worst score'].map((title) => tile(page, title))),
    [String(consumers.length - 1), String(producers.length - 1), '0', '10']);
  assertShows(await tile(page, 'Downlink'), sum(consumers.slice(1), 'bitrate'));
  await section(page, 'Rooms').locator('tbody th a').click();
  await until(async () => (await tableRows(page, 'Streams')).filter(({ State }) => /piped/.test(State)).length === 2, { what: 'two piped streams' });
});

test('rows without a state, as the network plugin brings them, are not judged', async (t) => {
  const fake = still({ rooms: 1, hostile: false });
  for (const row of [...fake.rows.consumers, ...fake.rows.producers]) Object.assign(row, { state: undefined, score: 3 });
  const { page } = await openFake(t, fake);
  await live(page);
  assert.deepEqual([await tile(page, 'Bad streams'), await tile(page, 'Worst score')], ['–', '3']);
  assert.equal(await states(page, 'Consumers'), `${fake.rows.consumers.length} unknown`);
});

test('20,000 consumers: 200 rows at once, kept from poll to poll, and a filter that responds', async (t) => {
  const fake = new FakeViews({ rooms: 1, peers: 101, hostile: false, interval: 5000 });
  const { page, bodies } = await openFake(t, fake);
  await page.evaluate(() => {
    window.longest = 0;
    new PerformanceObserver((list) => { for (const { duration } of list.getEntries()) window.longest = Math.max(window.longest, duration); }).observe({ type: 'longtask', buffered: true });
  });
  await live(page);
  assertShows(await tile(page, 'Consumers'), 20200);
  await page.click('tbody th a');
  const streams = section(page, 'Streams'), rows = streams.locator('tbody tr');
  await until(async () => await rows.count() === 200, { what: '200 rows' });
  assert.match(await streams.locator('caption').textContent(), /^Streams200 of 20,404$/);
  await rows.evaluateAll((list) => { for (const row of list) row.before = true; });
  const polls = bodies['/consumers'].length;
  await until(() => bodies['/consumers'].length >= polls + 2, { what: 'two polls', timeout: PATIENCE * 2 });
  assert.ok(await rows.evaluateAll((list) => list.filter((row) => row.before).length) >= 190, 'rows are kept');
  await page.locator('.more:visible').click();
  await until(async () => await rows.count() === 400, { what: '400 rows' });
  await page.fill('#filter', 'peer-50 audio/opus');
  await until(async () => await rows.count() < 400, { what: 'the filter' });
  t.diagnostic(`the longest task: ${await page.evaluate(() => Math.round(window.longest))} ms`);
});

// The least of several times that `paint` takes, layout included, in ms: the machine may be busy with other things.
const paintTime = (page) => page.evaluate(() => Math.min(...Array.from({ length: 15 }, () => {
  const begun = performance.now();
  window.repaint();
  document.body.getBoundingClientRect();
  return performance.now() - begun;
})));

test('500 rooms and 20,000 streams are painted within 50 ms, now and in the past', async (t) => {
  const fake = new FakeViews({ rooms: 500, peers: 5, hostile: false, interval: 5000, past: 60 }).remember();
  const { page } = await openFake(t, fake);
  await live(page);
  assert.ok(fake.rows.consumers.length >= 20000);
  await page.waitForSelector('#timeline:not([hidden])');
  const now = await paintTime(page);
  await page.focus('#moment');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  await until(async () => /^As it was/.test(await page.textContent('#status')), { what: 'the past', timeout: PATIENCE });
  assert.equal((await tableRows(page, 'Rooms')).length, 200);
  const then = await paintTime(page);
  t.diagnostic(`painted in ${now.toFixed(1)} ms, the past in ${then.toFixed(1)} ms`);
  assert.ok(now < 50 && then < 50, `${now} and ${then} ms`);
});

test('an empty table says so in its caption, without headers of columns', async (t) => {
  const fake = new FakeViews({ rooms: 0, hostile: false });
  const { page } = await openFake(t, fake);
  await live(page);
  const heads = (title) => section(page, title).locator('thead');
  assert.match(await section(page, 'Rooms').locator('caption').textContent(), /^Rooms *none$/);
  assert.deepEqual([await heads('Rooms').isVisible(), await heads('Workers and the application').isVisible()], [false, true]);
});
