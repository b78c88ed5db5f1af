// SPDX-License-Identifier: MIT
'use strict';

// The files of the tree, and what is in them, for the tests that compare documents with each other and with the sources.

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const ROOT = path.resolve(__dirname, '../..');

const run = (program, ...args) => execFileSync(program, args, { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
const read = (file) => fs.readFileSync(path.join(ROOT, file), 'utf8');

// All files, tracked or not yet, by their paths from ROOT.
const files = run('git', 'ls-files', '-co', '--exclude-standard').split('\n').filter((file) => file && fs.existsSync(path.join(ROOT, file)));

module.exports = { ROOT, files, read, run };
