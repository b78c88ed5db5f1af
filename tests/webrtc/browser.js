// SPDX-License-Identifier: MIT
'use strict';

// A headless Chromium for participants, with cameras and microphones that are made up, and the page that they open.

const path = require('node:path');
const { buildSync } = require('esbuild');
const { chromium } = require('playwright-core');

const { CHROMIUM = '/usr/bin/chromium' } = process.env;
const PATIENCE = 30000;
const ARGUMENTS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream',
  '--autoplay-policy=no-user-gesture-required', '--allow-loopback-in-peer-connection'];
// A browser lends its devices to a page of this address; nobody listens there, the pages are made here.
const ADDRESS = 'http://localhost/';

let bundled;
// The page's script with mediasoup-client.
function script() {
  bundled ??= buildSync({ entryPoints: [path.join(__dirname, 'page/client.js')], bundle: true, write: false, format: 'iife',
    platform: 'browser', target: 'chrome110', define: { global: 'globalThis' }, logLevel: 'error' }).outputFiles[0].text;
  return bundled;
}

const launch = () => chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS, timeout: PATIENCE });

// Opens a participant's page in a context, and so in a process, of its own. `application(request, data)` answers what the
// page asks. `problems` gets what the page complains of.
async function open(browser, { application, problems }) {
  const context = await browser.newContext();
  context.setDefaultTimeout(PATIENCE);
  await context.route('**/*', (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>participant</title>' }));
  await context.exposeBinding('application', (source, request, data) => application(request, data));
  const page = await context.newPage();
  page.on('pageerror', (error) => problems.push(error.stack));
  await page.goto(ADDRESS);
  await page.addScriptTag({ content: script() });
  return page;
}

module.exports = { launch, open };
