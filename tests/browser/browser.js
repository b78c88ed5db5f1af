// SPDX-License-Identifier: MIT
'use strict';

// Runs one headless Chromium for a test file, with a new context for each page, and reads figures off the page.
// Each wait ends after PATIENCE and each test after LIMIT, so that the suite always ends.

const assert = require('node:assert/strict');
const { after, before, test: nodeTest } = require('node:test');
const { chromium } = require('playwright-core');
const { until } = require('../lib/wait.js');

const { CHROMIUM = '/usr/bin/chromium' } = process.env;
const PATIENCE = 30000;
const LIMIT = { timeout: 120000 };
const ARGUMENTS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync'];

let browser;
before(async () => { browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS, timeout: PATIENCE }); }, LIMIT);
after(async () => {
  await browser?.close();
  setTimeout(() => { console.error('this test file does not end: something still listens or runs'); process.exit(1); }, PATIENCE).unref();
}, LIMIT);

const test = (name, body) => nodeTest(name, LIMIT, body);

// Returns a list that gets a text for everything that a page must never do: errors, dialogs, requests to other servers.
function watch(page, origin) {
  const problems = [];
  page.on('console', (message) => { if (['error', 'warning'].includes(message.type())) problems.push(message.text()); });
  page.on('pageerror', (error) => problems.push(error.stack));
  page.on('dialog', (dialog) => { problems.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  page.on('request', (request) => { if (new URL(request.url()).origin !== origin) problems.push(`request to ${request.url()}`); });
  return problems;
}

// Opens `url`. The test fails if the page does what `watch` lists, unless that matches `expected`. `requests` gets the
// URLs of its requests, `bodies` the views' answers by path. With `clock`, the test sets the page's time by page.clock.
async function open(t, url, { hash = '', width = 1280, height = 900, colorScheme = 'light', expected = /^$/, clock = false } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme });
  context.setDefaultTimeout(PATIENCE);
  const page = await context.newPage();
  const problems = watch(page, new URL(url).origin), requests = [], bodies = {};
  t.after(async () => {
    await context.close();
    assert.deepEqual(problems.filter((text) => !expected.test(text)), []);
  });
  page.on('request', (request) => requests.push(request.url()));
  page.on('response', async (response) => {
    const { pathname, search } = new URL(response.url());
    const rows = await response.json().catch(() => undefined);
    if (rows) (bodies[pathname] ??= []).push({ rows, search });
  });
  await page.addInitScript(() => addEventListener('securitypolicyviolation', (event) => console.error(`violates ${event.violatedDirective}`)));
  if (clock) await page.clock.install();
  const response = await page.goto(url + hash);
  return { page, url, requests, bodies, response };
}

// Opens the page of a FakeViews, and closes that when the test ends.
async function openFake(t, fake, options) {
  const url = await fake.listen();
  const shown = await open(t, url, options); // its context is closed before the fake is
  t.after(() => fake.close());
  return { ...shown, fake };
}

const live = (page) => page.waitForSelector('body[data-state=live] tbody tr');
const section = (page, title) => page.locator('.scroll', { has: page.locator(`h2:text-is("${title}")`) });
const tile = (page, title) => page.locator('.tiles div', { has: page.locator(`dt:text-is("${title}")`) }).locator('dd bdi').first().textContent();

// Returns a table's rows as objects: { Room: 'room-1', Downlink: '1.20 Mbit/s', ... }. Small print is left out.
const tableRows = (page, title) => section(page, title).locator('table').evaluate((table) => {
  const names = [...table.tHead.rows[0].cells].map((cell) => cell.textContent);
  return [...table.tBodies[0].rows].map((row) => Object.fromEntries([...row.cells].map((cell, i) => [names[i], (cell.querySelector('details > bdi') ?? cell.querySelector('bdi')).textContent])));
});

const FACTORS = { 'bit/s': 1, 'kbit/s': 1e3, 'Mbit/s': 1e6, 'Gbit/s': 1e9, '%': 0.01, B: 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, ms: 1, s: 1 };
// Asserts that `text` shows `value`, rounded to the digits shown.
function assertShows(text, value, what = '') {
  const [, number, decimals = '', unit = ''] = text.match(/^(-?[\d,]+(?:\.(\d+))?)(?: (\S+))?$/) ?? assert.fail(`${what}: not a figure: ${text}, wanted ${value}`);
  const factor = FACTORS[unit] ?? (unit === '' ? 1 : assert.fail(`${what}: no unit: ${unit}`));
  assert.ok(Math.abs(Number(number.replaceAll(',', '')) * factor - value) <= 0.5001 * 10 ** -decimals.length * factor, `${what}: ${text} is not ${value}`);
}

const sum = (rows, key) => rows.reduce((total, row) => total + (row[key] ?? 0), 0);

// Until the page is headed by `text`: what a click leads to is painted a little later.
const headed = (page, text, selector = 'h1') => until(async () => await page.textContent(selector) === text, { what: `the heading ${text}` });

module.exports = { LIMIT, PATIENCE, assertShows, headed, live, open, openFake, section, sum, tableRows, test, tile };
