// SPDX-License-Identifier: MIT
'use strict';

// The linter's rules for all JavaScript of the project. They look for mistakes, not for looks.
//
//   tests/setup/node-modules && tests/node_modules/.bin/eslint .
//
// There are three languages: src/endpoint has to run in Node 14.6, the tests in Node 18, the page in a browser.

const fs = require('node:fs');
const path = require('node:path');
const { Linter } = require('./tests/node_modules/eslint');
const js = require('./tests/node_modules/@eslint/js');

const PAGE = 'src/write_mediasoup/page';

const names = (text) => Object.fromEntries(text.trim().split(/\s+/).map((name) => [name, 'readonly']));

const NODE_14 = names(`require module exports __dirname __filename process Buffer console globalThis URL URLSearchParams
  setTimeout clearTimeout setInterval clearInterval setImmediate clearImmediate queueMicrotask SharedArrayBuffer Atomics`);
const NODE_18 = { ...NODE_14, ...names('fetch AbortController AbortSignal structuredClone performance TextDecoder TextEncoder Response Request Headers') };
const BROWSER = names(`window document location history navigator addEventListener removeEventListener dispatchEvent
  setTimeout clearTimeout setInterval clearInterval requestAnimationFrame cancelAnimationFrame queueMicrotask structuredClone performance console
  fetch AbortController AbortSignal URL URLSearchParams TextDecoder TextEncoder localStorage sessionStorage matchMedia getComputedStyle
  CSS Node Element HTMLElement SVGElement Event CustomEvent MutationObserver ResizeObserver IntersectionObserver PerformanceObserver scrollTo scrollX scrollY innerWidth innerHeight`);

const MISTAKES = {
  'array-callback-return': 'error',
  'default-case-last': 'error',
  eqeqeq: ['error', 'always'],
  'no-constructor-return': 'error',
  'no-control-regex': 'off', // control characters are looked for on purpose
  'no-eval': 'error',
  'no-implicit-globals': 'error',
  'no-implied-eval': 'error',
  'no-new-wrappers': 'error',
  'no-self-compare': 'error',
  'no-throw-literal': 'error',
  'no-undef-init': 'error',
  'no-unreachable-loop': 'error',
  'no-unused-expressions': 'error',
  'no-unused-vars': ['error', { args: 'after-used', caughtErrors: 'none', ignoreRestSiblings: true }],
  'no-use-before-define': ['error', { functions: false, classes: false, variables: false }],
  'no-useless-return': 'error',
  'no-var': 'error',
  'prefer-const': ['error', { destructuring: 'all' }],
  strict: ['error', 'global'],
};

// What Node 14.6 does not know. ECMAScript 2022 is the first edition with the private methods that it does know, so
// the rest of 2021 and 2022 is named here.
const NEWER_SYNTAX = [
  ['AssignmentExpression[operator=/^(\\?\\?|\\|\\||&&)=$/]', 'logical assignment needs Node 15'],
  ['StaticBlock', 'a static block needs Node 16.11'],
  ['BinaryExpression[operator="in"] > PrivateIdentifier', '`#name in object` needs Node 16.9'],
  ['Literal[regex.flags=/[dv]/]', 'this flag of regular expressions needs a newer Node'],
  ['CallExpression[callee.name="require"] > Literal[value=/^node:/]', 'require of `node:` needs Node 14.18'],
  ['CallExpression > MemberExpression.callee[computed=false][property.name=/^(replaceAll|at|hasOwn|findLast|findLastIndex|toSorted|toReversed|toSpliced|withResolvers|any)$/]', 'this method needs a newer Node'],
].map(([selector, message]) => ({ selector, message }));

// The page's scripts are joined into one: what a file declares at its top, all of them see.
function namesOfThePage() {
  const folder = path.join(__dirname, PAGE);
  const linter = new Linter();
  return Object.fromEntries(fs.readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.js')).flatMap((name) => {
    linter.verify(fs.readFileSync(path.join(folder, name), 'utf8'), { languageOptions: { sourceType: 'script', globals: {} } });
    const [{ variables }] = linter.getSourceCode()?.scopeManager.scopes ?? [{ variables: [] }];
    return variables.filter(({ defs }) => defs.length > 0).map((variable) => [variable.name, 'writable']);
  }));
}

module.exports = [
  { ignores: ['build/', '**/node_modules/'] },
  { files: ['**/*.js'], ...js.configs.recommended },
  { files: ['**/*.js'], rules: MISTAKES, languageOptions: { ecmaVersion: 2022, sourceType: 'commonjs', globals: NODE_18 } },
  { files: ['**/*.mjs'], ...js.configs.recommended, languageOptions: { ecmaVersion: 2022, sourceType: 'module', globals: NODE_18 } },
  {
    files: ['src/endpoint/*.js', 'src/endpoint/lib/**/*.js'],
    // The names of Node 18 that Node 14 lacks are turned off: whatever is listed stays known otherwise.
    languageOptions: { globals: Object.fromEntries(Object.keys(NODE_18).map((name) => [name, NODE_14[name] ?? 'off'])) },
    rules: { 'max-lines-per-function': ['error', { max: 40, skipBlankLines: true, skipComments: true }], 'no-restricted-syntax': ['error', ...NEWER_SYNTAX] },
  },
  { files: ['tests/harmless/serve_in_each_file.js'], languageOptions: { globals: names('expect beforeAll afterAll') } }, // jest's
  { files: ['tests/browser/**/*.js', 'tests/webrtc/page/*.js', 'tests/webrtc/participant.js', 'tests/demo/screenshots.js'], languageOptions: { globals: BROWSER } }, // page.evaluate() runs there
  {
    files: [`${PAGE}/**/*.js`],
    languageOptions: { sourceType: 'script', globals: { ...Object.fromEntries(Object.keys(NODE_18).map((name) => [name, 'off'])), ...BROWSER, ...namesOfThePage() } },
    rules: {
      'no-implicit-globals': 'off',
      'no-redeclare': ['error', { builtinGlobals: false }],
      'no-unused-vars': ['error', { ...MISTAKES['no-unused-vars'][1], vars: 'local' }],
      strict: 'off',
    },
  },
];
