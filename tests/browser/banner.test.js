// SPDX-License-Identifier: MIT
'use strict';

// The banner says what is wrong and what to do, as /status has it: with real applications, workers and collectd. With
// SCREENSHOTS, the name of a folder, it leaves pictures there.

const assert = require('node:assert/strict');
const path = require('node:path');
const { after, before, describe } = require('node:test');
const { Application } = require('../e2e/application.js');
const { Collectd } = require('../lib/collectd.js');
const { freePort } = require('../lib/free_port.js');
const { until } = require('../lib/wait.js');
const { LIMIT, PATIENCE, live, open, openFake, tableRows, test } = require('./browser.js');
const { lowContrast } = require('./contrast.js');
const { FakeViews } = require('./fake_views.js');
const { HOSTILE } = require('./hostile.js');

const { SCREENSHOTS } = process.env;
const PHONE = { width: 360, height: 740 };
const KEYS = 'RoomKeys "roomId" "meetingId" "room"';

const problems = (page) => page.locator('#problems li');
const hints = (page) => page.locator('#hints li');
const statusOf = async (url) => (await fetch(`${url}status`)).json();

// What the banner says is what /status says, on any screen and in both themes, in words, to screen readers too.
async function assertSays(t, page, url, list, name) {
  await list(page).first().waitFor();
  const [problem] = (await statusOf(url)).problems;
  const item = list(page).first();
  assert.equal(await item.locator('bdi').textContent(), problem.text);
  assert.equal(await item.locator('small').textContent(), `What to do: ${problem.remedy}`);
  assert.ok(await item.locator('strong').textContent(), 'a word beside the colour');
  assert.deepEqual([await page.locator('#problems').getAttribute('role'), await page.locator('#hints').getAttribute('role')], ['alert', 'status']);
  for (const [size, theme] of [[PHONE, 'light'], [PHONE, 'dark'], [{ width: 1280, height: 800 }, 'light'], [{ width: 1280, height: 800 }, 'dark']]) {
    const shown = await open(t, url, { ...size, colorScheme: theme });
    await list(shown.page).first().waitFor();
    assert.ok(await shown.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `nothing sticks out at ${size.width}`);
    assert.deepEqual(await lowContrast(shown.page), []);
    if (SCREENSHOTS) await shown.page.screenshot({ path: path.join(SCREENSHOTS, `banner-${name}-${size.width}-${theme}.png`) });
  }
}

describe('an application without appData', () => {
  let application, url;
  before(async () => {
    application = await Application.start('bare', { prometheus: false });
    url = `http://127.0.0.1:${application.viewsPort}/`;
    await application.until(() => application.view('status'), ({ endpoints: [one] }) => one?.roomNames === 'router', 'rooms that are called by their routers');
  }, LIMIT);
  after(() => application?.stop(), LIMIT);

  test('rooms without names: the line that gives them one, until it is dismissed', async (t) => {
    const { page } = await open(t, url);
    await live(page);
    await assertSays(t, page, url, hints, 'rooms');
    assert.match(await hints(page).textContent(), /router\.appData\.roomId = 'the name of the room'/);
    assert.equal(await problems(page).count(), 0);
    const button = hints(page).getByRole('button', { name: 'Dismiss' });
    await button.focus();
    await page.keyboard.press('Enter');
    await page.waitForSelector('#banner', { state: 'hidden' });
    assert.equal(await page.evaluate(() => document.activeElement.id), 'main', 'the focus is not lost');
    await page.reload();
    await live(page);
    assert.equal(await hints(page).count(), 0, 'it stays dismissed');
    assert.equal(await page.isVisible('#banner'), false);
  });

  test('the application ends: down, the cause and the remedy', async (t) => {
    const { page } = await open(t, url);
    await live(page);
    application.process.disconnect();
    await application.ended;
    await application.until(() => application.view('status'), ({ endpoints: [one] }) => one?.state === 'down', 'the endpoint to be down');
    await assertSays(t, page, url, problems, 'down');
    assert.match(await problems(page).textContent(), /^DownEndpoint ".*" on testhost is down: cannot connect to .*What to do: start the mediasoup application/);
    assert.equal(await hints(page).count(), 0, 'names are no matter now');
    let shown;
    await until(async () => (shown = await tableRows(page, 'What happened')).some(({ Event }) => Event === 'endpoint down'), { what: 'the event', timeout: PATIENCE, detail: () => JSON.stringify(shown) });
    const [event] = await (await fetch(`${url}events?kind=endpoint_down`)).json();
    assert.equal(shown.find(({ Event }) => Event === 'endpoint down').Details, event.text);
  });
});

describe('an application whose rooms have names', () => {
  let application, url;
  before(async () => {
    application = await Application.start('unusual', { lines: KEYS, prometheus: false });
    url = `http://127.0.0.1:${application.viewsPort}/`;
    await application.until(() => application.view('status'), ({ endpoints: [one] }) => one?.roomNames, 'rooms with names');
  }, LIMIT);
  after(() => application?.stop(), LIMIT);

  test('all is well: no banner', async (t) => {
    const { page } = await open(t, url);
    await live(page);
    assert.deepEqual(await statusOf(url).then(({ status, problems: list }) => [status, list]), ['ok', []]);
    assert.equal(await page.isVisible('#banner'), false);
    if (SCREENSHOTS) await page.screenshot({ path: path.join(SCREENSHOTS, 'banner-well.png') });
  });
});

describe('a collectd without the plugin mediasoup', () => {
  let collectd, url;
  before(async () => {
    const port = await freePort();
    url = `http://127.0.0.1:${port}/`;
    collectd = await Collectd.start({ views: { Port: port }, mediasoup: false });
  }, LIMIT);
  after(() => collectd?.stop(), LIMIT);

  test('nothing received: the likely causes', async (t) => {
    const { page } = await open(t, url);
    await assertSays(t, page, url, problems, 'nothing');
  });
});

test('many problems do not bury the page, and hostile names stay text', async (t) => {
  const fake = new FakeViews();
  fake.problems = Array.from({ length: 30 }, (_, i) => ({ kind: i % 2 ? 'stale' : 'down', level: 'bad', endpoint: `sfu-${i}`, host: HOSTILE.tag,
    text: `Endpoint "sfu-${i}" on ${HOSTILE.tag} is down`, remedy: HOSTILE.close }));
  fake.problems.unshift({ kind: 'lane', level: 'poor', endpoint: 'sfu', host: 'x'.repeat(200), text: 'x'.repeat(400), remedy: 'x'.repeat(400) });
  const { page } = await openFake(t, fake, PHONE);
  await live(page);
  assert.equal(await problems(page).count(), 6);
  assert.match(await problems(page).last().textContent(), /^26 more problems: see \/status$/);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  assert.ok((await problems(page).nth(1).textContent()).includes(HOSTILE.tag));
  fake.problems = [];
  await page.waitForSelector('#banner', { state: 'hidden' });
});
