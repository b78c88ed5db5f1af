// SPDX-License-Identifier: MIT
'use strict';

// The address has all that the page shows, so that one can paste it into a ticket: room, participant, stream, moment, filter.

const assert = require('node:assert/strict');
const { until } = require('../lib/wait.js');
const { live, open, openFake, section, tableRows, test } = require('./browser.js');
const { FakeViews, badUplink } = require('./fake_views.js');

const lively = () => {
  const fake = new FakeViews({ rooms: 3, past: 600, interval: 2000 }).remember();
  badUplink(fake);
  return fake;
};
const heading = (page, text) => page.locator('h1').getByText(text, { exact: true }).waitFor();

test('a filter stands in the address, stays on the way through the page, and opens elsewhere', async (t) => {
  const { page, url } = await openFake(t, lively());
  await live(page);
  await page.fill('#filter', 'carol video/vp8 &?#');
  await until(() => page.url().includes('filter='), { what: 'the address' });
  await page.fill('#filter', 'carol');
  await section(page, 'Rooms').locator('a', { hasText: 'room-1' }).click();
  await heading(page, 'room-1');
  assert.equal(await page.inputValue('#filter'), 'carol');
  assert.match(page.url(), /#\/room\/demo\/roomId\/room-1\?filter=carol$/);
  await until(async () => (await tableRows(page, 'Participants')).length === 1, { what: 'carol only' });
  const streams = (await tableRows(page, 'Streams')).length;
  const other = await open(t, url, { hash: new URL(page.url()).hash });
  await live(other.page);
  assert.equal(await other.page.inputValue('#filter'), 'carol');
  await until(async () => (await tableRows(other.page, 'Streams')).length === streams && (await tableRows(other.page, 'Participants')).length === 1, { what: 'the same' });
});

test('every character of a filter comes through the address', async (t) => {
  const { page } = await openFake(t, lively());
  await live(page);
  await page.fill('#filter', '100% a&b?c#d=e+f ü "');
  await until(() => page.url().includes('filter='), { what: 'the address' });
  await page.reload();
  await live(page).catch(() => undefined);
  assert.equal(await page.inputValue('#filter'), '100% a&b?c#d=e+f ü "');
});

test('the back button goes back through rooms, participants, streams, filters and moments', async (t) => {
  const { page } = await openFake(t, lively());
  await live(page);
  await section(page, 'Rooms').locator('a', { hasText: 'room-0' }).click();
  await heading(page, 'room-0');
  await section(page, 'Participants').locator('a', { hasText: 'bob' }).click();
  await heading(page, 'bob');
  await section(page, 'Streams').locator('tbody th a').first().click();
  await section(page, 'Fields').waitFor();
  await page.goBack();
  await heading(page, 'bob');
  await page.goBack();
  await heading(page, 'room-0');
  await page.focus('#moment');
  for (let i = 0; i < 3; i += 1) await page.keyboard.press('PageDown');
  await page.waitForSelector('body[data-state=past]');
  await until(() => /at=/.test(page.url()), { what: 'the moment in the address' });
  await page.keyboard.press('PageDown'); // moves within the past are no steps of their own
  await page.goBack();
  await page.waitForSelector('body[data-state=live]');
  await heading(page, 'room-0');
  await page.waitForTimeout(400); // the slider's last move would be followed by now
  assert.equal(await page.getAttribute('body', 'data-state'), 'live');
  await page.goForward();
  await page.waitForSelector('body[data-state=past]');
  await page.goBack();
  await page.goBack();
  await heading(page, 'Overview');
  await page.fill('#filter', 'room-2');
  await section(page, 'Rooms').locator('a', { hasText: 'room-2' }).click();
  await heading(page, 'room-2');
  await page.keyboard.press('Escape');
  await page.goBack();
  await heading(page, 'Overview');
  assert.equal(await page.inputValue('#filter'), 'room-2');
});

test('a link to a participant at a moment opens just that', async (t) => {
  const at = Date.now() - 120000;
  const { page } = await openFake(t, lively(), { hash: `#/participant/demo/roomId/room-0/bob?at=${at}` });
  await page.waitForSelector('body[data-state=past]');
  await heading(page, 'bob');
  await page.locator('.tiles', { hasText: 'Uplink' }).waitFor();
  const room = await page.locator('main .path a').getAttribute('href');
  assert.equal(room, `#/room/demo/roomId/room-0?at=${at}`, 'its room at the same moment');
});

test('a moment that makes no sense is now', async (t) => {
  const { page, url } = await openFake(t, lively(), { hash: '#/?at=yesterday&filter=' });
  await live(page);
  await page.goto(`${url}#/?at=-5`);
  await live(page);
});
