// SPDX-License-Identifier: MIT
'use strict';

// What the page calls the rooms and participants of applications that nobody changed for collectd, and that it says where
// a router's id stands for a room's name.

const assert = require('node:assert/strict');
const { after, before, describe } = require('node:test');
const { Application } = require('../e2e/application.js');
const { until } = require('../lib/wait.js');
const { LIMIT, live, open, section, tableRows, test } = require('./browser.js');

const KEYS = 'RoomKeys "roomId" "meetingId" "room"\nParticipantKeys "peerId" "displayName"';
const routers = (ids) => ids.map((id) => `router ${id.slice(0, 8)}`);

// rooms(routerIds): what the page calls them. peers: what it calls those of the streams.
const CASES = {
  bare: { rooms: routers, nameless: true },
  unusual: { lines: KEYS, rooms: () => ['Team A/B', 'hall'], peers: ['ann', 'ben'] },
  classes: { rooms: routers, nameless: true, peers: ['consuming=true', 'producing=true'] },
};

for (const [name, { lines, rooms, nameless = false, peers }] of Object.entries(CASES))
  describe(`an application: ${name}`, () => {
    let application, url;
    before(async () => {
      application = await Application.start(name, { lines, prometheus: false });
      url = `http://127.0.0.1:${application.viewsPort}/`;
      await application.until(() => application.view('consumers'), (rows) => rows.length === 2 && rows.every((row) => row.bitrate > 0), 'RTP in the views');
    }, LIMIT);
    after(() => application?.stop(), LIMIT);

    test(`${name}: the rooms have names, and a router's id is said to be one`, async (t) => {
      const { page } = await open(t, url);
      await live(page);
      const expected = rooms(application.routerIds).sort();
      let shown;
      await until(async () => {
        shown = (await tableRows(page, 'Rooms')).map(({ Room }) => Room).sort();
        return String(shown) === String(expected);
      }, { what: String(expected), detail: () => String(shown) });
      const cells = section(page, 'Rooms').locator('tbody th');
      for (const cell of await cells.all()) {
        assert.equal(/no name in appData/.test(await cell.textContent()), nameless);
        assert.equal(/id of the router stands for the name/.test(await cell.getAttribute('title') ?? ''), nameless);
      }
    });

    test(`${name}: the page of a room says what it took for its name, and whose its streams are`, async (t) => {
      const { page } = await open(t, url);
      await live(page);
      const title = rooms(application.routerIds)[0];
      await page.locator('tbody th a', { hasText: title }).click();
      await page.locator('h1').getByText(title, { exact: true }).waitFor(); // the page follows its address in a later turn
      const path = await page.locator('main p.path').textContent();
      assert.equal(path.includes(`named by its router ${application.routerIds[0]}: appData has no key of RoomKeys`), nameless, path);
      assert.ok(!/\[\w+\]/.test(path), `no placeholder: ${path}`);
      const streams = (await tableRows(page, 'Streams')).map(({ Stream }) => Stream);
      for (const stream of streams) assert.ok(!/\[\w+\]/.test(stream), `no placeholder: ${stream}`);
      if (peers) for (const stream of streams) assert.ok(peers.some((peer) => stream.startsWith(peer) || stream.split(', ').includes(peer)), stream);
    });
  });
