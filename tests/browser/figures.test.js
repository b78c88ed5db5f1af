// SPDX-License-Identifier: MIT
'use strict';

// What the page shows for rows that a real SFU cannot be made to give: losses, pauses, idle layers, many streams.

const assert = require('node:assert/strict');
const { until } = require('../lib/wait.js');
const { PATIENCE, assertShows, live, openFake, section, sum, tableRows, test, tile } = require('./browser.js');
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
  assert.deepEqual(await section(page, 'Fields').locator('thead th').allTextContents(), ['Field', 'rid l', 'rid m', 'rid h']);
  assert.equal((await tableRows(page, 'Its consumers')).length, fake.rows.consumers.filter((row) => row.producerId === producerId).length);
  assert.equal(await tile(page, 'Score'), '10'); // the idle layer has 0
});

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
  for (const row of fake.rows.consumers.filter((one) => one.routerId === routerId).slice(0, 2)) row.fractionLost = 40;
  const { page } = await openFake(t, fake);
  await live(page);
  assert.equal(await tile(page, 'Bad streams'), '2');
  const first = section(page, 'Rooms').locator('tbody tr').first();
  assert.equal(await first.locator('a').textContent(), 'room-2');
  assert.match(await first.textContent(), /2 bad/);
  assert.equal(await page.locator('tbody tr[data-level=bad]').count(), 1);
});

test('paused streams and idle layers are not bad', async (t) => {
  const fake = still({ rooms: 1, hostile: false });
  for (const row of fake.rows.consumers) Object.assign(row, { paused: true, score: 0, bitrate: 0, fractionLost: 200 });
  Object.assign(fake.rows.consumers[0], { paused: false, score: 9, bitrate: 1000, fractionLost: 0 });
  const { page } = await openFake(t, fake);
  await live(page);
  assert.equal(await tile(page, 'Worst score'), '9');
  assert.equal(await tile(page, 'Loss'), '0 %');
  assert.equal(await tile(page, 'Bad streams'), '0');
  await page.click('tbody th a');
  assert.equal(await page.locator('tbody [data-level=bad], tbody [data-level=poor]').count(), 0);
  assert.equal((await tableRows(page, 'Streams')).at(-1).Score, 'paused');
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
  await page.waitForFunction(() => document.querySelectorAll('tbody tr').length === 200);
  assert.match(await page.textContent('caption'), /^Streams200 of 20,404$/);
  await page.evaluate(() => { for (const row of document.querySelectorAll('tbody tr')) row.before = true; });
  const polls = bodies['/consumers'].length;
  await until(() => bodies['/consumers'].length >= polls + 2, { what: 'two polls', timeout: PATIENCE * 2 });
  assert.ok(await page.evaluate(() => [...document.querySelectorAll('tbody tr')].filter((row) => row.before).length) >= 190, 'rows are kept');
  await page.click('.more');
  assert.equal(await page.locator('tbody tr').count(), 400);
  await page.fill('#filter', 'peer-50 audio/opus');
  await page.waitForFunction(() => document.querySelectorAll('tbody tr').length < 400);
  t.diagnostic(`the longest task: ${await page.evaluate(() => Math.round(window.longest))} ms`);
});
