// SPDX-License-Identifier: MIT
'use strict';

// What appData may hold, by accident or as an attack.
const HOSTILE = {
  tag: '<script>document.title = "ran"; window.ran = true</script>',
  close: '</script></style><img src=x onerror="window.ran = true">',
  quotes: `"'\`; window.ran = true //`,
  reversed: '\u202Egnp.exe \u05E9\u05DC\u05D5\u05DD \u0645\u0631\u062D\u0628\u0627',
  control: 'a\u0000b\u0007c\nd\u001b[31m',
  half: 'x\ud800y',
  long: 'long '.repeat(2000),
  href: 'javascript:window.ran=true',
  nested: { a: [1, { b: null }], '<b>': true },
  ['__proto__']: { polluted: true },
  '<i>key</i>': 1,
};

module.exports = { HOSTILE };
