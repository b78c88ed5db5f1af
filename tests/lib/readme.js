// SPDX-License-Identifier: MIT
'use strict';

// What a reader of README.md types: its code, word by word.

const fs = require('node:fs');
const path = require('node:path');
const { fencedBlocks } = require('./blocks.js');

const README = path.resolve(__dirname, '../../README.md');

// The fenced blocks of a chapter as [{ language, text }], in their order.
function blocksOf(chapter) {
  const words = fs.readFileSync(README, 'utf8').split(/^(?=## )/m).find((part) => part.startsWith(`## ${chapter}\n`));
  if (!words) throw new Error(`README.md has no chapter "${chapter}"`);
  return fencedBlocks(words);
}

// The one block of the chapter that has these words.
function blockWith(chapter, words) {
  const found = blocksOf(chapter).filter(({ text }) => text.includes(words));
  if (found.length !== 1) throw new Error(`README.md has ${found.length} blocks with "${words}" in its chapter "${chapter}"`);
  return found[0].text;
}

// `words`, if README.md has them as code in a sentence.
function inline(words) {
  const text = fs.readFileSync(README, 'utf8').replace(/\s+/g, ' ');
  if (!text.includes(`\`${words}\``)) throw new Error(`README.md does not say \`${words}\``);
  return words;
}

module.exports = { blocksOf, blockWith, inline };
