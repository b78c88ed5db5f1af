// SPDX-License-Identifier: MIT
'use strict';

// The page as the build embeds it: made by the same tool, and read back from the C data that it writes.

const { spawnSync } = require('node:child_process');
const path = require('node:path');

const PAGE = path.resolve(__dirname, '../../src/write_mediasoup/page/page.html');
const TOOL = path.join(path.dirname(PAGE), 'embed.sh');

// Returns {status, stdout, stderr} of embed.sh.
const embed = (...pages) => spawnSync('sh', [TOOL, ...pages], { encoding: 'utf8', maxBuffer: 1 << 24 });

// The adjacent C strings of a `const char name[] = "..." "...";`, as one text.
function cString(source, name) {
  const lines = source.split('\n');
  const begin = lines.indexOf(`const char ${name}[] =`) + 1;
  const end = lines.findIndex((line, i) => i >= begin && line.endsWith('";'));
  return lines.slice(begin, end + 1).map((line) => line.match(/"(.*)"/)[1]).join('');
}

// Returns {html, policy}: the page's bytes, and its Content-Security-Policy.
function embedded(page = PAGE) {
  const { status, stdout, stderr } = embed(page);
  if (status !== 0) throw new Error(stderr);
  const numbers = stdout.match(/page_html\[\] = \{([^}]*)\}/)[1].split(',').slice(0, -1);
  return { html: Buffer.from(numbers.map(Number)), policy: cString(stdout, 'page_policy') };
}

module.exports = { PAGE, embed, embedded };
