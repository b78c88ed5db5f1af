// SPDX-License-Identifier: MIT
'use strict';

// Ways through the page: by mouse, by keyboard alone, by links and by the filter; in both themes.

const assert = require('node:assert/strict');
const { until } = require('../lib/wait.js');
const { headed, live, openFake, section, tableRows, test } = require('./browser.js');
const { inaccessible } = require('./accessible.js');
const { lowContrast } = require('./contrast.js');
const { FakeViews, addEvents, badUplink, trouble } = require('./fake_views.js');
const { HOSTILE } = require('./hostile.js');

test('from a room to a stream, and back; and by a link', async (t) => {
  const { page, url } = await openFake(t, new FakeViews());
  await live(page);
  const room = page.locator('tbody th a').filter({ hasText: /room/ }).first();
  const name = await room.textContent();
  await room.click();
  await headed(page, name);
  assert.match(page.url(), /#\/room\//);
  await page.locator('tbody tr', { hasText: 'consumer' }).locator('a').first().click();
  assert.match(page.url(), /#\/stream\/consumers\//);
  const fields = section(page, 'Fields').locator('tbody tr').first();
  await fields.waitFor();
  const title = await page.textContent('h1'), link = page.url();
  await page.goBack();
  await headed(page, name);
  await page.goBack();
  await headed(page, 'Overview');
  await page.goto('about:blank');
  await page.goto(`${url}${new URL(link).hash}`); // as somebody else would open it
  await fields.waitFor();
  await headed(page, title);
});

test('the filter finds rooms, peers, kinds, types, ids and values', async (t) => {
  const { page, fake } = await openFake(t, new FakeViews());
  await live(page);
  const { consumerId, routerId } = fake.rows.consumers.at(-1);
  for (const [words, count] of [['room-1', 1], ['ROOM-', 3], ['carol', 3], ['video/vp8', 4], ['peer-7', 0], [consumerId, 1], [routerId, 1], ['onerror=', 1], ['alice room-2 opus', 1]]) {
    await page.fill('#filter', words);
    await until(async () => (await tableRows(page, 'Rooms')).length === count, { what: `${count} rooms for ${words}` });
  }
  await page.fill('#filter', 'nobody');
  await page.waitForSelector('text=none match the filter');
  await page.fill('#filter', 'room-1 audio');
  await page.click('tbody th a');
  await until(async () => (await tableRows(page, 'Streams')).length === 9, { what: '3 producers, 6 consumers' });
  await page.keyboard.press('Escape');
  assert.equal(await page.inputValue('#filter'), '');
  await until(async () => (await tableRows(page, 'Streams')).length > 9, { what: 'all of them' });
});

test('by the keyboard alone', async (t) => {
  const { page, bodies } = await openFake(t, new FakeViews());
  await live(page);
  const press = (key) => page.keyboard.press(key);
  const focus = () => page.evaluate(() => ({ text: document.activeElement.textContent.trim(), name: document.activeElement.localName, id: document.activeElement.id, href: document.activeElement.getAttribute('href'), outline: getComputedStyle(document.activeElement).outlineStyle }));
  async function tabTo(condition) {
    const seen = [];
    for (let i = 0; i < 80; i++) {
      await press('Tab');
      const at = await focus();
      seen.push(at.id || at.text);
      assert.notEqual(at.outline, 'none', `the focus on ${JSON.stringify(at)} is not visible`);
      if (condition(at)) return at;
    }
    return assert.fail(`not reached by Tab; seen ${seen}`);
  }
  await tabTo(({ id }) => id === 'filter');
  await tabTo(({ id }) => id === 'pause');
  await tabTo(({ id }) => id === 'theme');
  await tabTo(({ text, name }) => name === 'button' && text === 'Downlink');
  await press('Enter');
  assert.equal(await page.getAttribute('th:has-text("Downlink")', 'aria-sort'), 'descending');
  await press('/');
  assert.equal((await focus()).id, 'filter');
  await page.keyboard.type('audio/');
  assert.equal(await page.inputValue('#filter'), 'audio/');
  await press('Escape');
  assert.equal(await page.inputValue('#filter'), '');
  const room = await tabTo(({ href }) => href?.startsWith('#/room/'));
  const polls = bodies['/consumers'].length;
  await until(() => bodies['/consumers'].length > polls + 1, { what: 'a poll, which must not move the focus' });
  assert.equal((await focus()).href, room.href);
  await press('Enter');
  await page.waitForFunction(() => document.activeElement.localName === 'h1');
  await tabTo(({ href }) => href?.startsWith('#/stream/consumers/'));
  await press('Enter');
  await section(page, 'Fields').locator('tbody tr').first().waitFor();
  assert.match(page.url(), /#\/stream\/consumers\//);
});

test('hostile appData is text', async (t) => {
  const { page, fake, url } = await openFake(t, new FakeViews());
  await live(page);
  await page.locator('tbody th a', { hasText: '<script>' }).click();
  await headed(page, HOSTILE.tag, 'h1 bdi');
  const { producerId } = fake.rows.producers.at(-1);
  await page.goto(`${url}#/stream/producers/${producerId}`);
  await section(page, 'appData').locator('tbody tr').first().waitFor();
  const shown = Object.fromEntries((await tableRows(page, 'appData')).map(({ Key, Value }) => [Key, Value]));
  for (const key of ['tag', 'close', 'quotes', 'reversed', 'long', 'href']) assert.equal(shown[key], HOSTILE[key], key);
  assert.equal(shown.control, 'a\u2400b\u2407c\u240Ad\u241B[31m');
  assert.equal(shown.half, 'x\ufffdy');
  assert.equal(shown.nested, JSON.stringify(HOSTILE.nested));
  assert.equal(shown['<i>key</i>'], '1');
  assert.deepEqual(await page.evaluate(() => [window.ran, document.querySelectorAll('script').length, document.querySelectorAll('img, i').length, {}.polluted]), [undefined, 1, 0, undefined]);
  assert.ok(await page.evaluate(() => [...document.querySelectorAll('bdi')].every((node) => getComputedStyle(node).unicodeBidi === 'isolate')));
});

for (const colorScheme of ['light', 'dark'])
  test(`${colorScheme}, narrow, in trouble: readable, nothing sticks out`, async (t) => {
    const fake = new FakeViews();
    trouble(fake);
    const { page } = await openFake(t, fake, { width: 360, height: 740, colorScheme, expected: /500/ });
    await live(page);
    const look = async (name) => {
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${name} scrolls sideways`);
      assert.deepEqual(await lowContrast(page), [], name);
    };
    await look('overview');
    await section(page, 'Rooms').locator('tbody th a').first().click();
    await look('room');
    fake.status = 500;
    await page.waitForSelector('body[data-state=error]');
    await look('error');
  });

test('a screen reader can tell every control, table and heading, on each page and in the past', async (t) => {
  const fake = new FakeViews({ past: 600 }).remember();
  trouble(fake);
  addEvents(fake);
  const { producer } = badUplink(fake);
  const { page, url } = await openFake(t, fake);
  await live(page);
  await page.waitForSelector('#timeline:not([hidden])');
  const pages = ['#/', '#/room/demo/roomId/room-0', '#/participant/demo/roomId/room-0/bob', `#/stream/producers/${producer.producerId}`, `#/?at=${Date.now() - 60000}`];
  for (const hash of pages) {
    await page.goto(url + hash);
    await page.waitForSelector('main :is(tbody tr, dd):visible');
    await until(async () => (await page.textContent('#status')) !== 'Loading what was', { what: hash });
    assert.deepEqual(await inaccessible(page), [], hash);
    assert.deepEqual(await lowContrast(page), [], hash);
  }
});

test('light and dark follow the system, and a button, which is remembered', async (t) => {
  const { page } = await openFake(t, new FakeViews());
  await live(page);
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await ground();
  await page.emulateMedia({ colorScheme: 'dark' });
  assert.notEqual(await ground(), light);
  await page.click('#theme');
  assert.equal(await ground(), light);
  await page.reload();
  assert.equal(await ground(), light);
});
