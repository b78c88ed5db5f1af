// SPDX-License-Identifier: MIT
'use strict';

// Takes the documents' pictures from a running ./demo: the page, and a dashboard's query in Prometheus' own graph.
// Start ./demo first and give it five minutes, so that the graphs are full.
//
//   node tests/demo/screenshots.js [FOLDER]     docs/ when FOLDER is not given
//
//   DEMO_VIEWS_PORT, DEMO_PROMETHEUS_PORT       as ./demo was given them: 4000 and 9090 when not set
//   CHROMIUM                                    the browser; /usr/bin/chromium when not set

const fs = require('node:fs');
const path = require('node:path');
const { chromium } = require('playwright-core');
const { dashboards, substituted } = require('../lib/dashboards.js');
const { sleep } = require('../lib/wait.js');

const { DEMO_VIEWS_PORT = '4000', DEMO_PROMETHEUS_PORT = '9090', CHROMIUM = '/usr/bin/chromium' } = process.env;
const FOLDER = process.argv[2] ?? path.resolve(__dirname, '../../docs');
const WIDTH = 1280;
const SETTLE = 5000; // ms: the lines come from /history, and two of the page's own readings follow
const LARGEST = 200000; // bytes: every clone and every reader of the README loads them

// The query of a dashboard's panel, for all hosts and applications.
function queryOf(file, title) {
  const { dashboard } = dashboards.find((one) => one.file === file);
  const [{ expr }] = dashboard.panels.find((panel) => panel.title === title).targets;
  return substituted(expr, { instance: '.*', endpoint: '.*' });
}

async function takePage(page) {
  await page.goto(`http://127.0.0.1:${DEMO_VIEWS_PORT}/`);
  await page.waitForSelector('tbody tr');
  await sleep(SETTLE);
}

async function takePrometheus(page) {
  const query = new URLSearchParams({ 'g0.expr': queryOf('worst.json', 'Rooms with the highest loss'), 'g0.tab': '0', 'g0.range_input': '5m' });
  await page.goto(`http://127.0.0.1:${DEMO_PROMETHEUS_PORT}/graph?${query}`);
  await page.waitForSelector('.legend .line, .graph-legend .legend-item'); // Debian's Prometheus has the older page
  await sleep(1000); // the lines are drawn after their legend
}

const PICTURES = { 'page.png': { take: takePage, height: 672 }, 'prometheus.png': { take: takePrometheus, height: 926 } };

async function main() {
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--headless', '--no-sandbox', '--disable-gpu'] });
  try {
    await Promise.all(Object.entries(PICTURES).map(async ([name, { take, height }]) => {
      const page = await browser.newPage({ viewport: { width: WIDTH, height }, colorScheme: 'light' });
      await take(page);
      const file = path.join(FOLDER, name);
      await page.screenshot({ path: file });
      const { size } = fs.statSync(file);
      if (size > LARGEST) throw new Error(`${file} has ${size} bytes, more than ${LARGEST}: make the picture smaller`);
      console.log(`${file}: ${size} bytes`);
    }));
  } finally {
    await browser.close();
  }
}

main().catch((error) => {
  console.error(`screenshots: ${error.message}\nIs ./demo running, on the ports that DEMO_VIEWS_PORT and DEMO_PROMETHEUS_PORT name?`);
  process.exit(1);
});
