// SPDX-License-Identifier: MIT
'use strict';

// One headless Chromium for a test file, a context of its own for each page; and reading figures off the screen.
// Everything waits for PATIENCE at most, a test for LIMIT, so that the suite ends whatever happens.

const assert = require('node:assert/strict');
const { after, before, test: nodeTest } = require('node:test');
const { chromium } = require('playwright-core');

const { CHROMIUM = '/usr/bin/chromium' } = process.env;
const PATIENCE = 30000;
const LIMIT = { timeout: 120000 };
const ARGUMENTS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync'];

let browser;
before(async () => { browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS, timeout: PATIENCE }); }, LIMIT);
after(async () => {
  await browser?.close();
  setTimeout(() => { console.error('something keeps this test file alive'); process.exit(1); }, PATIENCE).unref();
}, LIMIT);

const test = (name, body) => nodeTest(name, LIMIT, body);

// What a page must never do, as texts.
function watch(page, origin) {
  const problems = [];
  page.on('console', (message) => { if (['error', 'warning'].includes(message.type())) problems.push(message.text()); });
  page.on('pageerror', (error) => problems.push(error.stack));
  page.on('dialog', (dialog) => { problems.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  page.on('request', (request) => { if (new URL(request.url()).origin !== origin) problems.push(`request to ${request.url()}`); });
  return problems;
}

// Opens the page of `url`. What it must never do fails the test, unless `expected`. `requests` are URLs, `bodies` the
// views' answers by path; with `clock` the page's time goes by page.clock.
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

// Opens the page of a FakeViews, which listens until the test's end.
async function openFake(t, fake, options) {
  const url = await fake.listen();
  const shown = await open(t, url, options); // its context is closed before the fake is
  t.after(() => fake.close());
  return { ...shown, fake };
}

const live = (page) => page.waitForSelector('body[data-state=live] tbody tr');
const section = (page, title) => page.locator('.scroll', { has: page.locator(`h2:text-is("${title}")`) });
const tile = (page, title) => page.locator('.tiles div', { has: page.locator(`dt:text-is("${title}")`) }).locator('dd bdi').first().textContent();

// A table's rows as objects: { Room: 'room-1', Sent: '1.20 Mbit/s', ... }; of each cell only what is written large.
const tableRows = (page, title) => section(page, title).locator('table').evaluate((table) => {
  const names = [...table.tHead.rows[0].cells].map((cell) => cell.textContent);
  return [...table.tBodies[0].rows].map((row) => Object.fromEntries([...row.cells].map((cell, i) => [names[i], (cell.querySelector('details > bdi') ?? cell.querySelector('bdi')).textContent])));
});

const FACTORS = { 'bit/s': 1, 'kbit/s': 1e3, 'Mbit/s': 1e6, 'Gbit/s': 1e9, '%': 0.01, B: 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, ms: 1, s: 1 };
// That what is shown is `value`, rounded to the digits shown.
function assertShows(text, value, what = '') {
  const [, number, decimals = '', unit = ''] = text.match(/^(-?[\d,]+(?:\.(\d+))?)(?: (\S+))?$/) ?? assert.fail(`${what}: not a figure: ${text}, wanted ${value}`);
  const factor = FACTORS[unit] ?? (unit === '' ? 1 : assert.fail(`${what}: no unit: ${unit}`));
  assert.ok(Math.abs(Number(number.replaceAll(',', '')) * factor - value) <= 0.5001 * 10 ** -decimals.length * factor, `${what}: ${text} is not ${value}`);
}

const sum = (rows, key) => rows.reduce((total, row) => total + (row[key] ?? 0), 0);

module.exports = { LIMIT, PATIENCE, assertShows, live, open, openFake, section, sum, tableRows, test, tile };
