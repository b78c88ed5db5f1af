// SPDX-License-Identifier: MIT
'use strict';

// The benchmarks' entry, called by ./bench: [--quick] [FIGURE...]. MEDIASOUP_DIRS: directories as tests/setup/worker prints
// them, separated by colons; the last one is the newest.

const fs = require('node:fs');
const path = require('node:path');
const { Report } = require('./lib/report.js');

const GROUPS = [require('./application.js'), require('./plugin.js'), require('./new_series.js')];
const FOLDER = path.resolve(__dirname, '../../build/bench');

function understand(args) {
  const quick = args.includes('--quick');
  const names = args.filter((arg) => arg !== '--quick');
  const known = GROUPS.flatMap(({ FIGURES }) => FIGURES);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown) {
    process.stderr.write(`bench: no such figure: ${unknown} (there are: ${known.join(' ')})\n`);
    process.exit(2);
  }
  return { quick, wants: (figure) => names.length === 0 || names.includes(figure) };
}

function versionsOf(directories) {
  return directories.split(':').map((directory) =>
    [JSON.parse(fs.readFileSync(path.join(directory, 'node_modules/mediasoup/package.json'), 'utf8')).version, directory]);
}

async function main(args) {
  const { quick, wants } = understand(args);
  const headline = quick ? 1000 : 5000;
  const report = new Report({ folder: FOLDER, headline });
  const versions = versionsOf(process.env.MEDIASOUP_DIRS);
  const context = { quick, wants, report, headline, versions, newest: versions.at(-1)[0],
    sizes: quick ? [headline] : [100, 1000, headline, 20000],
    runsAt: (size) => (quick ? 2 : size > headline ? 3 : 5),
    leftOut: (figure, why) => report.say(`${figure} is left out: ${why}`) };
  for (const group of GROUPS) {
    if (!group.FIGURES.some(wants)) continue;
    await group.run(context);
    report.write();
  }
  report.say(`table and plots: ${path.relative(process.cwd(), FOLDER)}/`);
}

main(process.argv.slice(2)).catch((error) => {
  process.stderr.write(`bench: ${error.stack}\n`);
  process.exit(1); // whatever else still runs
});
