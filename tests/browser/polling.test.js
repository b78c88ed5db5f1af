// SPDX-License-Identifier: MIT
'use strict';

// When the page polls, and what it says when it gets nothing new. These tests mostly wait, so they run side by side.

const assert = require('node:assert/strict');
const { describe } = require('node:test');
const { until } = require('../lib/wait.js');
const { PATIENCE, live, openFake, test } = require('./browser.js');
const { FakeViews } = require('./fake_views.js');

const says = (page, words) => until(async () => (await page.textContent('#state')).match(words),
  { what: `${words}`, timeout: PATIENCE, every: 100 });
const times = (fake) => fake.requests.filter(({ url }) => url === '/workers').map(({ at }) => at);
const enough = (what, condition) => until(condition, { what, timeout: 2 * PATIENCE, every: 100 });

describe('polling', { concurrency: 4 }, () => {
  test('pause stops it, and so does a hidden tab', async (t) => {
    const { page, fake } = await openFake(t, new FakeViews({ rooms: 1 }), { clock: true, expected: /404/ });
    await live(page);
    const hide = (hidden) => page.evaluate((value) => { Object.defineProperty(document, 'hidden', { value, configurable: true }); document.dispatchEvent(new Event('visibilitychange')); }, hidden);
    for (const [stop, go] of [[() => page.click('#pause'), () => page.click('#pause')], [() => hide(true), () => hide(false)]]) {
      await stop();
      await page.evaluate(() => fetch('/healthz').catch(() => undefined)); // requests from before have arrived
      const { length } = fake.requests;
      await page.clock.runFor(120000);
      await page.evaluate(() => fetch('/healthz').catch(() => undefined));
      assert.deepEqual(fake.requests.slice(length).map(({ url }) => url), ['/healthz']);
      await go();
      await enough('the next poll', () => fake.requests.length > length + 1);
      await says(page, 'Live');
    }
    await page.click('#pause');
    assert.equal(await page.getAttribute('#pause', 'aria-pressed'), 'true');
    assert.equal(await page.textContent('#status'), 'Paused');
  });

  test('it works below a path of a proxy', async (t) => {
    const fake = Object.assign(new FakeViews({ rooms: 1 }), { base: '/mediasoup/' });
    const { page } = await openFake(t, fake);
    await live(page);
    assert.ok(fake.requests.some(({ url }) => url === '/mediasoup/workers'));
  });

  test('it polls no faster than rows come', async (t) => {
    const fake = new FakeViews({ interval: 4000, rooms: 1 });
    const { page } = await openFake(t, fake);
    await live(page);
    await enough('three polls, to learn from', () => times(fake).length >= 3);
    const polls = times(fake).length, { ticks } = fake;
    await enough('four more', () => times(fake).length >= polls + 4);
    assert.ok(fake.ticks - ticks >= 3, `${fake.ticks - ticks} samples within four polls`);
  });

  test('slow answers do not pile up', async (t) => {
    const fake = new FakeViews({ rooms: 1 });
    const { page } = await openFake(t, fake);
    await live(page);
    await page.evaluate(() => { // counted here, because the browser's cache sends requests for one URL one by one
      const ask = window.fetch, waiting = new Map();
      window.most = 0;
      window.fetch = (url, options) => {
        waiting.set(url, (waiting.get(url) ?? 0) + 1);
        window.most = Math.max(window.most, waiting.get(url));
        return ask(url, options).finally(() => waiting.set(url, waiting.get(url) - 1));
      };
    });
    fake.delay = 2500; // longer than the time between two polls
    const polls = times(fake).length;
    await enough('some slow polls', () => times(fake).length >= polls + 3);
    assert.equal(await page.evaluate(() => window.most), 1);
  });

  test('it notices that it polls too slowly', async (t) => {
    const fake = new FakeViews({ rooms: 1 });
    fake.delay = 1500;
    const { page } = await openFake(t, fake);
    await live(page);
    await enough('some polls', () => times(fake).length >= 4);
    fake.delay = 0;
    await enough('polls at the rows\' pace', () => times(fake).at(-1) - times(fake).at(-2) < 3000);
  });

  test('it says when there are no rows yet, old rows, or no rows any more', async (t) => {
    const fake = new FakeViews({ rooms: 1 });
    fake.gone = true;
    const { page } = await openFake(t, fake);
    await says(page, 'collectd answers, but has no rows yet');
    fake.gone = false;
    await says(page, 'Live');
    fake.age = 40;
    await says(page, 'collectd answers, but no new rows arrive');
    await says(page, 'last rows 40 s old');
    delete fake.age;
    await says(page, 'Live');
    fake.frozen = true; // answered with 304, so the rows come from the browser's cache
    await says(page, 'last rows 7 s old');
    fake.frozen = false;
    await says(page, /last rows [0-4] s old/);
    fake.gone = true;
    await says(page, 'collectd answers, but no new rows arrive');
    assert.ok(await page.locator('tbody tr').count() > 0, 'the last picture stays');
  });

  test('it says that collectd fails or is gone, and recovers by itself', async (t) => {
    const fake = new FakeViews({ rooms: 1 });
    const { page } = await openFake(t, fake, { expected: /500|ERR_/ });
    await live(page);
    fake.status = 500;
    await says(page, 'collectd answers 500 to /');
    await says(page, 'next try in');
    fake.status = 200;
    await says(page, 'Live');
    const { port } = new URL(page.url());
    await fake.close();
    await says(page, 'collectd does not answer: is it running?');
    assert.ok(await page.locator('tbody tr').count() > 0, 'the last picture stays');
    await fake.listen(Number(port));
    await says(page, 'Live');
  });

  test('an answer that never comes is given up', async (t) => {
    const fake = new FakeViews({ rooms: 1 });
    const { page } = await openFake(t, fake, { clock: true, expected: /ERR_/ });
    await live(page);
    fake.delay = 1e9;
    await until(async () => { await page.clock.runFor(10000); return (await page.textContent('#state')).includes('did not answer within 30 s'); }, { what: 'giving up' });
    fake.delay = 0;
    await until(async () => { await page.clock.runFor(10000); return (await page.textContent('#state')).includes('Live'); }, { what: 'the next try' });
  });
});
