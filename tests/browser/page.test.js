'use strict';

// The page in a real browser. With VIEWS_URL it looks at a running collectd (./demo) instead of made-up rows, and what
// needs these is left out. With SCREENSHOTS it leaves pictures in that folder.

const { test, before, after } = require('node:test');
const assert = require('node:assert');
const path = require('node:path');
const { chromium } = require('playwright-core');
const { FakeViews, HOSTILE, trouble, lively, embedded } = require('./fake_views.js');
const { sleep, until } = require('../lib/wait.js');

const { VIEWS_URL, SCREENSHOTS, CHROMIUM = '/usr/bin/chromium' } = process.env;
const PATIENCE = 30000;
const ARGUMENTS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync'];

let browser;
before(async () => { browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS }); });
after(() => browser?.close());

const onFake = VIEWS_URL ? { skip: 'needs made-up rows' } : {};

// Opens the page. Whatever a page must never do is collected in `problems`, and is none at the test's end unless `expected`.
async function open(t, { fake: options, prepare, hash = '', width = 1280, height = 900, colorScheme = 'light', expected = /^$/ } = {}) {
  const fake = VIEWS_URL ? undefined : new FakeViews(options);
  if (fake) { prepare?.(fake); t.after(() => fake.close()); }
  const url = VIEWS_URL ?? await fake.listen();
  const context = await browser.newContext({ viewport: { width, height }, colorScheme });
  t.after(() => context.close());
  const page = await context.newPage();
  const problems = [], requests = [], bodies = {};
  page.on('console', (message) => { if (['error', 'warning'].includes(message.type())) problems.push(message.text()); });
  page.on('pageerror', (error) => problems.push(error.stack));
  page.on('dialog', (dialog) => { problems.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  page.on('request', (request) => {
    requests.push(request.url());
    if (new URL(request.url()).origin !== new URL(url).origin) problems.push(`request to ${request.url()}`);
  });
  page.on('response', async (response) => {
    const { pathname, search } = new URL(response.url());
    const rows = await response.json().catch(() => undefined);
    if (rows) (bodies[pathname] ??= []).push({ rows, search });
  });
  t.after(() => assert.deepStrictEqual(problems.filter((text) => !expected.test(text)), []));
  await page.addInitScript(() => addEventListener('securitypolicyviolation', (event) => console.error(`violates ${event.violatedDirective}`)));
  const response = await page.goto(url + hash);
  const shown = { fake, page, url, problems, requests, bodies, response };
  return shown;
}

const live = (page) => page.waitForSelector('body[data-state=live] tbody tr', { timeout: PATIENCE });

// The picture stands still, and is of the rows in `bodies`.
async function freeze({ page }) {
  await page.waitForFunction(() => document.querySelector('#age').textContent.includes('last rows 0') || document.querySelector('#age').textContent.includes('last rows 1'), undefined, { timeout: PATIENCE });
  await page.click('#pause');
  await sleep(300);
}

const tile = async (page, title) => (await page.locator('.tiles div', { has: page.locator(`dt:text-is("${title}")`) }).locator('dd bdi').first().textContent());
const lastRows = (bodies, name) => bodies[`/${name}`].at(-1).rows;
const sum = (rows, key) => rows.reduce((total, row) => total + (row[key] ?? 0), 0);

const FACTORS = { 'bit/s': 1, 'kbit/s': 1e3, 'Mbit/s': 1e6, 'Gbit/s': 1e9, '%': 0.01, B: 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 };
// Whether what is shown is `value`, rounded to the digits shown.
function assertShows(text, value) {
  const [, number, decimals = '', unit] = text.match(/^([\d,]+(?:\.(\d+))?)(?: (\S+))?$/) ?? assert.fail(`not a figure: ${text}`);
  const factor = FACTORS[unit ?? ''] ?? 1;
  assert.ok(Math.abs(Number(number.replaceAll(',', '')) * factor - value) <= 0.5001 * 10 ** -decimals.length * factor, `${text} is not ${value}`);
}

const column = (page, title, row) => page.evaluate(([name, index]) => {
  const table = document.querySelector('table');
  const at = [...table.tHead.rows[0].cells].findIndex((cell) => cell.textContent === name);
  return table.tBodies[0].rows[index].cells[at].querySelector('bdi').textContent;
}, [title, row]);

test('the page comes with a policy that lets only itself run', async (t) => {
  const { page, response } = await open(t, { expected: /violates script-src|Content Security Policy/ });
  const policy = response.headers()['content-security-policy'];
  assert.match(policy, /^default-src 'none'; style-src 'sha256-[\w+/]{43}='; script-src 'sha256-[\w+/]{43}='; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'$/);
  assert.strictEqual(policy, embedded().policy);
  await live(page);
  await page.evaluate(() => { const script = document.createElement('script'); script.textContent = 'window.ran = true'; document.body.append(script); });
  assert.strictEqual(await page.evaluate(() => window.ran), undefined);
});

test('the figures are those of the views', async (t) => {
  const shown = await open(t);
  const { page, bodies } = shown;
  await live(page);
  await freeze(shown);
  const consumers = lastRows(bodies, 'consumers'), producers = lastRows(bodies, 'producers'), workers = lastRows(bodies, 'workers');
  assertShows(await tile(page, 'Sent'), sum(consumers, 'bitrate'));
  assertShows(await tile(page, 'Received'), sum(producers, 'bitrate'));
  assertShows(await tile(page, 'Consumers'), consumers.length);
  assertShows(await tile(page, 'Producers'), producers.length);
  const names = await page.locator('.scroll:has(h2:text-is("Workers and the application")) tbody tr').evaluateAll((rows) => rows.map((row) => [...row.cells].map((cell) => cell.querySelector('bdi').textContent)));
  for (const worker of workers) {
    const cells = names.find(([name]) => name === `worker ${worker.worker}`);
    assert.ok(cells, `worker ${worker.worker}`);
    assertShows(cells[2], worker.cpuRatio);
    assertShows(cells[3], worker.residentMemory);
  }
  const rooms = await page.locator('.scroll:has(h2:text-is("Rooms")) tbody tr th a').evaluateAll((links) => links.map((link) => link.textContent));
  assertShows(await tile(page, 'Rooms'), rooms.length);
  // Each room's bitrate, by its own page.
  let sent = 0;
  for (const [index] of rooms.entries()) sent += parseFloat(await column(page, 'Sent', index)) * FACTORS[(await column(page, 'Sent', index)).split(' ')[1]];
  assert.ok(Math.abs(sent - sum(consumers, 'bitrate')) <= rooms.length * 50000, 'the rooms make up the whole');
});

test('what is not needed is not asked for', async (t) => {
  const { page, bodies, requests } = await open(t);
  await live(page);
  await until(() => bodies['/consumers']?.length >= 3, { what: 'three polls', timeout: PATIENCE });
  assert.ok(!bodies['/consumers'][2].search.includes('appData'), 'facts are known by then');
  assert.ok(requests.every((url) => !/\/(consumers|producers|transports)$/.test(url)), 'no whole list');
});

test('from a room to a stream, and back', async (t) => {
  const { page, bodies, url } = await open(t);
  await live(page);
  const room = page.locator('tbody th a').filter({ hasText: /room/ }).first();
  const name = await room.textContent();
  await room.click();
  assert.strictEqual(await page.locator('h1').textContent(), name);
  assert.match(page.url(), /#\/room\//);
  const rows = await page.locator('tbody tr').count();
  assert.ok(rows > 0);
  await page.locator('tbody tr', { hasText: 'consumer' }).locator('a').first().click();
  assert.match(page.url(), /#\/stream\/consumers\//);
  await page.waitForSelector('.fields tbody tr');
  const id = page.url().split('/').pop();
  const [row] = bodies[`/consumers/${id}`].at(-1).rows;
  const keys = await page.locator('.fields').first().locator('tbody th').allTextContents();
  assert.deepStrictEqual([...keys].sort(), Object.keys(row).filter((key) => key !== 'appData').sort());
  // A link to the same stream, opened by somebody else.
  const other = await page.context().newPage();
  await other.goto(`${url}#/stream/consumers/${id}`);
  await other.waitForSelector('.fields tbody tr');
  assert.strictEqual(await other.locator('h1').textContent(), await page.locator('h1').textContent());
  await other.close();
  await page.goBack();
  assert.strictEqual(await page.locator('h1').textContent(), name);
  await page.goBack();
  assert.strictEqual(await page.locator('h1').textContent(), 'Overview');
});

test('a producer shows its layers side by side, and its consumers', onFake, async (t) => {
  const { page, fake } = await open(t);
  const { producerId } = fake.rows.producers.find((row) => row.rid === 'h');
  await page.goto(`${page.url()}#/stream/producers/${producerId}`);
  await page.waitForSelector('.fields tbody tr');
  assert.deepStrictEqual(await page.locator('.fields').first().locator('thead th').allTextContents(), ['Field', 'rid l', 'rid m', 'rid h']);
  await page.waitForSelector('.scroll:has(h2:text-is("Its consumers")) tbody tr');
  assert.strictEqual(await page.locator('.scroll:has(h2:text-is("Its consumers")) tbody tr').count(), fake.rows.consumers.filter((row) => row.producerId === producerId).length);
  assert.strictEqual(await tile(page, 'Score'), '10'); // the layer at rest has 0
});

test('a stream that is gone is said to be so', async (t) => {
  const { page } = await open(t, { hash: '#/stream/consumers/00000000-0000-0000-0000-000000000000', expected: /404/ });
  await page.waitForSelector('text=There is no such stream now', { timeout: PATIENCE });
});

test('loss is what was lost between two polls', onFake, async (t) => {
  const shown = await open(t, { fake: { rooms: 1, hostile: false }, prepare: (fake) => { fake.loses = (row) => (row.kind === 'video' && row.consumerId ? 0.04 : 0); } });
  const { page, bodies } = shown;
  await live(page);
  await until(() => new Set(bodies['/consumers']?.map(({ rows }) => rows[0].timestamp)).size >= 2, { what: 'two samples', timeout: PATIENCE });
  await freeze(shown);
  const differences = (name) => {
    const samples = bodies[`/${name}`].filter(({ rows }, i, all) => i === 0 || rows[0].timestamp !== all[i - 1].rows[0].timestamp).slice(-2).map(({ rows }) => rows);
    return { lost: sum(samples[1], 'packetsLost') - sum(samples[0], 'packetsLost'), packets: sum(samples[1], 'packetCount') - sum(samples[0], 'packetCount') };
  };
  const [sent, received] = [differences('consumers'), differences('producers')];
  assert.ok(sent.lost > 0);
  assertShows(await tile(page, 'Loss'), sent.lost / (sent.packets + received.packets));
});

test('paused streams and resting layers are not bad', onFake, async (t) => {
  const { page } = await open(t, { fake: { rooms: 1, hostile: false }, prepare: (fake) => {
    for (const row of fake.rows.consumers) Object.assign(row, { paused: true, score: 0, bitrate: 0, fractionLost: 200 });
    Object.assign(fake.rows.consumers[0], { paused: false, score: 9, bitrate: 1000, fractionLost: 0 });
  } });
  await live(page);
  assert.strictEqual(await tile(page, 'Worst score'), '9');
  assert.strictEqual(await tile(page, 'Loss'), '0 %');
  await page.click('tbody th a');
  assert.strictEqual(await page.locator('tbody [data-level=bad], tbody [data-level=poor]').count(), 0);
  assert.strictEqual(await page.locator('tbody tr').last().locator('td').nth(5).textContent(), 'paused');
});

test('the filter finds rooms, peers, kinds, types, ids and values', onFake, async (t) => {
  const { page, fake } = await open(t);
  await live(page);
  const rooms = () => page.locator('.scroll:has(h2:text-is("Rooms")) tbody th a').allTextContents();
  const { consumerId, routerId } = fake.rows.consumers.at(-1);
  for (const [words, count] of [['room-1', 1], ['ROOM-', 3], ['carol', 3], ['video/vp8', 4], ['peer-7', 0], [consumerId, 1], [routerId, 1], ['onerror=', 1], ['alice room-2 opus', 1]]) {
    await page.fill('#filter', words);
    await page.waitForFunction((expected) => document.querySelectorAll('table')[0].tBodies[0].rows.length === expected, count, { timeout: 5000 }).catch(async () => assert.fail(`${words}: ${await rooms()}, not ${count}`));
  }
  await page.fill('#filter', 'nobody');
  await page.waitForSelector('text=none matches the filter');
  await page.fill('#filter', 'room-1 audio');
  await page.click('tbody th a');
  await page.waitForFunction(() => document.querySelector('table').tBodies[0].rows.length === 9); // 3 producers, 6 consumers
  await page.keyboard.press('Escape');
  assert.strictEqual(await page.inputValue('#filter'), '');
  await page.waitForFunction(() => document.querySelector('table').tBodies[0].rows.length > 9);
});

test('pause stops it, and so does a hidden tab', async (t) => {
  const { page, requests } = await open(t);
  await live(page);
  const hide = (hidden) => page.evaluate((value) => { Object.defineProperty(document, 'hidden', { value, configurable: true }); document.dispatchEvent(new Event('visibilitychange')); }, hidden);
  for (const [stop, go] of [[() => page.click('#pause'), () => page.click('#pause')], [() => hide(true), () => hide(false)]]) {
    await stop();
    await sleep(200);
    const length = requests.length;
    await sleep(5000);
    assert.strictEqual(requests.length, length);
    await go();
    await until(() => requests.length > length, { what: 'the next poll', timeout: 2000 });
    await sleep(500);
  }
  await page.click('#pause');
  assert.strictEqual(await page.getAttribute('#pause', 'aria-pressed'), 'true');
  assert.strictEqual(await page.textContent('#status'), 'Paused');
});

test('it polls no faster than rows come, and never twice at once', onFake, async (t) => {
  const { fake, page } = await open(t, { fake: { interval: 4000 }, prepare: (one) => { one.delay = 300; } });
  await live(page);
  const polls = () => fake.requests.filter(({ url }) => url === '/workers').map(({ at }) => at);
  await until(() => polls().length >= 5, { what: 'five polls', timeout: 40000 });
  const times = polls().slice(0, 5);
  assert.ok(times[1] - times[0] >= 2000, `${times}`);
  assert.ok(times[4] - times[3] >= 3900, `${times}`);
  fake.delay = 6000;
  await sleep(13000);
  assert.strictEqual(fake.busiest, 1);
});

test('it finds out that it polls too slowly', onFake, async (t) => {
  const { fake, page } = await open(t, { fake: { interval: 2000, rooms: 1 }, prepare: (one) => { one.delay = 1500; } });
  await live(page);
  const times = () => fake.requests.filter(({ url }) => url === '/workers').map(({ at }) => at);
  await until(() => times().length >= 4, { what: 'some polls', timeout: 40000 });
  fake.delay = 0;
  await until(() => times().at(-1) - times().at(-2) < 3000, { what: 'polls at the rows\' pace', timeout: 60000 });
});

test('by the keyboard alone', async (t) => {
  const { page } = await open(t);
  await live(page);
  const press = (key) => page.keyboard.press(key);
  const focus = () => page.evaluate(() => ({ text: document.activeElement.textContent.trim(), name: document.activeElement.localName, id: document.activeElement.id, href: document.activeElement.getAttribute('href'), outline: getComputedStyle(document.activeElement).outlineStyle }));
  const seen = [];
  async function tabTo(condition) {
    for (let i = 0; i < 80; i++) {
      await press('Tab');
      const at = await focus();
      seen.push(at.id || at.text);
      assert.notStrictEqual(at.outline, 'none', `the focus on ${JSON.stringify(at)} is not to be seen`);
      if (condition(at)) return at;
    }
    return assert.fail(`not reached by Tab; seen ${seen}`);
  }
  await tabTo(({ id }) => id === 'filter');
  await tabTo(({ id }) => id === 'pause');
  await tabTo(({ id }) => id === 'theme');
  await tabTo(({ text, name }) => name === 'button' && text === 'Sent');
  await press('Enter');
  assert.strictEqual(await page.getAttribute('th:has-text("Sent")', 'aria-sort'), 'descending');
  await press('/');
  assert.strictEqual((await focus()).id, 'filter');
  await page.keyboard.type('audio/');
  assert.strictEqual(await page.inputValue('#filter'), 'audio/');
  await press('Escape');
  assert.strictEqual(await page.inputValue('#filter'), '');
  const room = await tabTo(({ href }) => href?.startsWith('#/room/'));
  await sleep(2500); // a poll goes by, and takes nothing away
  assert.strictEqual((await focus()).href, room.href);
  await press('Enter');
  await page.waitForFunction(() => document.activeElement.localName === 'h1');
  await tabTo(({ href }) => href?.startsWith('#/stream/consumers/'));
  await press('Enter');
  await page.waitForSelector('.fields tbody tr');
  assert.match(page.url(), /#\/stream\/consumers\//);
});

test('hostile appData is text', onFake, async (t) => {
  const { page, fake, bodies } = await open(t);
  await live(page);
  assert.ok((await page.locator('tbody th a').allTextContents()).includes(HOSTILE.tag));
  await page.locator('tbody th a', { hasText: '<script>' }).click();
  assert.strictEqual(await page.locator('h1 bdi').textContent(), HOSTILE.tag);
  const { producerId } = fake.rows.producers.at(-1);
  await page.goto(`${page.url().split('#')[0]}#/stream/producers/${producerId}`);
  await page.waitForSelector('.fields tbody tr');
  const table = page.locator('.scroll:has(h2:text-is("appData")) tbody tr');
  const shown = Object.fromEntries(await table.evaluateAll((rows) => rows.map((row) => [row.cells[0].textContent, row.cells[1].querySelector('details > bdi, :scope > bdi').textContent])));
  for (const key of ['tag', 'close', 'quotes', 'reversed', 'long', 'href']) assert.strictEqual(shown[key], HOSTILE[key], key);
  assert.strictEqual(shown.control, 'a\u2400b\u2407c\u240Ad\u241B[31m');
  assert.strictEqual(shown.half, 'x\ufffdy');
  assert.strictEqual(shown.nested, JSON.stringify(HOSTILE.nested));
  assert.strictEqual(shown['<i>key</i>'], '1');
  assert.ok('device' in shown && bodies[`/producers/${producerId}`]);
  assert.deepStrictEqual(await page.evaluate(() => [window.ran, document.querySelectorAll('script').length, document.querySelectorAll('img, i').length, {}.polluted]), [undefined, 1, 0, undefined]);
  assert.ok(await page.evaluate(() => [...document.querySelectorAll('bdi')].every((node) => getComputedStyle(node).unicodeBidi === 'isolate')));
});

test('it says what it does not know: nothing yet, old rows, rows that stopped, an error, no answer', onFake, async (t) => {
  const { page, fake } = await open(t, { prepare: (one) => { one.gone = true; }, expected: /500|ERR_/ });
  const says = (words) => page.waitForFunction((text) => document.querySelector('#state').textContent.includes(text), words, { timeout: PATIENCE })
    .catch(async () => assert.fail(`${words}: it says ${await page.textContent('#state')}`));
  await says('collectd answers, but has no rows yet');
  fake.gone = false;
  await says('Live');
  fake.age = 40;
  await says('collectd answers, but no new rows come');
  await says('last rows 40 s old');
  delete fake.age;
  await says('Live');
  fake.frozen = true; // answered with 304, out of the browser's cache
  await says('last rows 7 s old');
  fake.frozen = false;
  await says('last rows 1 s old');
  fake.gone = true;
  await says('collectd answers, but no new rows come');
  assert.ok(await page.locator('tbody tr').count() > 0, 'the last picture stays');
  fake.gone = false;
  fake.status = 500;
  await says('collectd answers 500 to /');
  await says('next try in');
  fake.status = 200;
  await says('Live');
  const { port } = new URL(page.url());
  await fake.close();
  await says('collectd does not answer');
  await fake.listen(Number(port));
  await says('Live');
});

// Text by text: its colour upon what is behind it, by WCAG 2's formula.
const lowContrast = (page) => page.evaluate(() => {
  const channels = (colour) => colour.match(/[\d.]+/g).map(Number);
  const luminance = ([r, g, b]) => [r, g, b].map((c) => c / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)).reduce((total, c, i) => total + c * [0.2126, 0.7152, 0.0722][i], 0);
  function ground(node) {
    for (let at = node; at; at = at.parentElement) { const colour = channels(getComputedStyle(at).backgroundColor); if (colour[3] !== 0) return colour; }
    return [255, 255, 255];
  }
  const found = [];
  for (const node of document.querySelectorAll('body *')) {
    if (!node.checkVisibility() || ![...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim())) continue;
    const [a, b] = [luminance(channels(getComputedStyle(node).color)), luminance(ground(node))].sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) < 4.5) found.push(`${node.textContent}: ${((a + 0.05) / (b + 0.05)).toFixed(2)}`);
  }
  return found;
});

for (const colorScheme of ['light', 'dark'])
  for (const width of [1280, 360])
    test(`${colorScheme}, ${width} pixels wide: readable, nothing sticks out`, async (t) => {
      const { page } = await open(t, { width, height: width === 360 ? 740 : 900, colorScheme, prepare: SCREENSHOTS ? lively : trouble });
      await live(page);
      if (SCREENSHOTS) await sleep(60000);
      for (const [name, click] of [['overview'], ['room', 'tbody th a'], ['stream', 'tbody th a']]) {
        if (click) await page.click(click);
        if (name === 'stream') await page.waitForSelector('.fields tbody tr');
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${name} scrolls sideways`);
        assert.deepStrictEqual(await lowContrast(page), [], name);
        if (SCREENSHOTS) await page.screenshot({ path: path.join(SCREENSHOTS, `${name}-${width}-${colorScheme}.png`), fullPage: true });
      }
    });

test('light and dark follow the system, and a button, which is remembered', async (t) => {
  const { page } = await open(t);
  await live(page);
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await ground();
  await page.emulateMedia({ colorScheme: 'dark' });
  const dark = await ground();
  assert.notStrictEqual(dark, light);
  await page.click('#theme');
  assert.strictEqual(await ground(), light);
  await page.reload();
  assert.strictEqual(await ground(), light);
});

test('20,000 consumers', onFake, async (t) => {
  const { page, fake } = await open(t, { fake: { rooms: 1, peers: 101, hostile: false, interval: 5000 } });
  await page.waitForSelector('body[data-state=live] tbody tr', { timeout: 60000 });
  assertShows(await tile(page, 'Consumers'), 20200);
  await page.click('tbody th a');
  await page.waitForFunction(() => document.querySelectorAll('tbody tr').length === 200);
  await page.evaluate(() => { for (const row of document.querySelectorAll('tbody tr')) row.before = true; });
  const polls = fake.requests.length;
  await until(() => fake.requests.length >= polls + 10, { what: 'two polls', timeout: 60000 });
  await sleep(1000);
  assert.ok(await page.evaluate(() => [...document.querySelectorAll('tbody tr')].filter((row) => row.before).length) >= 190, 'rows are kept');
  await page.click('.more');
  assert.strictEqual(await page.locator('tbody tr').count(), 400);
  const begun = Date.now();
  await page.fill('#filter', 'peer-50 audio/opus');
  await page.waitForFunction(() => /^2\d\d of|^2\d\d$/.test(document.querySelector('caption span').textContent) || document.querySelectorAll('tbody tr').length < 400);
  const milliseconds = Date.now() - begun;
  t.diagnostic(`filtered in ${milliseconds} ms`);
  assert.ok(milliseconds < 3000, `${milliseconds} ms`);
});
