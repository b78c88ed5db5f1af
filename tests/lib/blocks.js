// SPDX-License-Identifier: MIT
'use strict';

// The fenced blocks of code in a Markdown text as [{ language, text }], in their order.
const fencedBlocks = (markdown) => Array.from(markdown.matchAll(/^```(\w+)\n([^]*?)^```$/gm), ([, language, text]) => ({ language, text }));

module.exports = { fencedBlocks };
