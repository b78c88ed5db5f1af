// SPDX-License-Identifier: MIT
'use strict';

// Does with what prometheus-lines printed what its first line says: entries of a key that the prometheus.yml `text` has go
// below that key, the rest to the end.
function withLines(text, printed) {
  const blocks = printed.split(/^(?=\w+:)/m).filter((block) => !block.startsWith('#'));
  return blocks.reduce((whole, block) => {
    const [key, ...entries] = block.split('\n');
    const place = new RegExp(`^${key}.*\n`, 'm');
    return place.test(whole) ? whole.replace(place, (found) => found + entries.join('\n')) : `${whole}${block}`;
  }, text);
}

module.exports = { withLines };
