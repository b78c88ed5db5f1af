// SPDX-License-Identifier: MIT
'use strict';

// The code of a document, for the tests that run it.

const { read } = require('./tree.js');

// The blocks of a language, in their order.
const blocksOf = (file, language) => [...read(file).matchAll(new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\`$`, 'gm'))].map((match) => match[1]);

module.exports = { blocksOf };
