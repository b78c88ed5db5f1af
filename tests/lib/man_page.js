// SPDX-License-Identifier: MIT
'use strict';

// What a man page says of options, paths and parameters, and its examples: read from its mdoc source.

const fs = require('node:fs');
const path = require('node:path');

const ROOT = path.resolve(__dirname, '../..');
const READER = 'src/mediasoup/collectd-mediasoup.5';
const WRITER = 'src/write_mediasoup/collectd-write_mediasoup.5';

const read = (page) => fs.readFileSync(path.join(ROOT, page), 'utf8');

// The text after the line that begins with `from`, up to the next one that begins with `to`.
function between(text, from, to) {
  const start = text.indexOf(`\n${from}`);
  const end = text.indexOf(`\n${to}`, start + 1);
  if (start < 0 || end < 0) throw new Error(`no ${from} or ${to}`);
  return text.slice(start, end);
}

// The names of the options between the markers of `block`.
const optionsOf = (page, block) =>
  [...between(read(page), `.\\" ${block}:`, `.\\" end of ${block}`).matchAll(/^\.It Cm (\S+) Ar /gm)].map((match) => match[1]);

// The configurations it shows.
function examplesOf(page) {
  const blocks = [...read(page).matchAll(/^\.Bd -literal.*\n([^]*?)^\.Ed$/gm)].map((match) => match[1]);
  const examples = blocks.filter((text) => text.includes('LoadPlugin'));
  if (examples.length === 0) throw new Error(`no example in ${page}`);
  return examples;
}

const sectionOf = (page, name) => between(read(page), `.Sh ${name}`, '.Sh ');

module.exports = { READER, WRITER, examplesOf, optionsOf, sectionOf };
