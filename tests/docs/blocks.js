// SPDX-License-Identifier: MIT
'use strict';

// The code of a document, for the tests that run it.

const { fencedBlocks } = require('../lib/blocks.js');
const { read } = require('./tree.js');

// The blocks of a language, in their order.
const blocksOf = (file, language) => fencedBlocks(read(file)).filter((block) => block.language === language).map(({ text }) => text);

module.exports = { blocksOf };
