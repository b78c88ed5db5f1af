// SPDX-License-Identifier: MIT
'use strict';

const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
const SURROGATE = /[\ud800-\udfff]/;

// Half a surrogate pair becomes U+FFFD: it is no Unicode text and would not survive UTF-8.
function wellFormed(text) {
  return SURROGATE.test(text) ? text.replace(LONE_SURROGATE, '\ufffd') : text;
}

module.exports = { wellFormed };
