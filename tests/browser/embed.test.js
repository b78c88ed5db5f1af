// SPDX-License-Identifier: MIT
'use strict';

// embed.sh: how the files of the page become one, and what it refuses. And what holds for the page's own files. No
// browser is needed.

const assert = require('node:assert/strict');
const crypto = require('node:crypto');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { test } = require('node:test');
const { PAGE, embed, embedded } = require('./embedded.js');

const FOLDER = path.dirname(PAGE);
const MAKEFILE = path.resolve(__dirname, '../../Makefile.am');

const PARTS = {
  'page.html': `<!DOCTYPE html>
<link rel="stylesheet" href="look.css">
<p>&amp; "text" \\n %s</p>
<script src="scripts/second.js"></script>
<script src="first.js"></script>
</html>
`,
  'look.css': 'p { color: red; }\n',
  'first.js': 'const first = `\\n`;\n\n',
  'scripts/second.js': '// a comment\nconst second = "ü %"; // http://x\n  // and one more\n',
};

// A folder with PARTS, some of them changed by `changes`, undefined leaving a file out. Returns the path of its page.
function folderOf(t, changes = {}) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mediasoup-page-'));
  t.after(() => fs.rmSync(folder, { recursive: true }));
  fs.mkdirSync(path.join(folder, 'scripts'));
  for (const [name, text] of Object.entries({ ...PARTS, ...changes })) if (text !== undefined) fs.writeFileSync(path.join(folder, name), text);
  return path.join(folder, 'page.html');
}

const hashOf = (text) => `'sha256-${crypto.createHash('sha256').update(text).digest('base64')}'`;

// The policy for a page, worked out from what stands between its tags.
function policyFor(html) {
  const [[, style], [, script]] = ['style', 'script'].map((tag) => html.match(new RegExp(`<${tag}>([^]*?)</${tag}>`)));
  return `default-src 'none'; style-src ${hashOf(style)}; script-src ${hashOf(script)}; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
}

test('files stand in the page in the order in which it names them', (t) => {
  const { html, policy } = embedded(folderOf(t));
  assert.equal(String(html), `<!DOCTYPE html>
<style>
p { color: red; }
</style>
<p>&amp; "text" \\n %s</p>
<script>
const second = "ü %"; // http://x
const first = \`\\n\`;

</script>
</html>
`);
  assert.equal(policy, policyFor(String(html)));
});

test('two style sheets become one <style>', (t) => {
  const page = folderOf(t, { 'page.html': PARTS['page.html'].replace(/^<link.*\n/m, '$&$&') });
  assert.match(String(embedded(page).html), /^<style>\np \{ color: red; \}\np \{ color: red; \}\n<\/style>$/m);
});

test('one changed character changes the hash of its own part only', (t) => {
  const sources = (policy) => policy.split('; ').slice(1, 3);
  const [style, script] = sources(embedded(folderOf(t)).policy);
  const [otherStyle, sameScript] = sources(embedded(folderOf(t, { 'look.css': 'p { color: rad; }\n' })).policy);
  assert.notEqual(otherStyle, style);
  assert.equal(sameScript, script);
});

const changed = (name, pattern, text) => ({ [name]: PARTS[name].replace(pattern, text) });
const REFUSED = {
  'a page that is not there': [{ 'page.html': undefined }, /^embed\.sh: there is no file .*page\.html$/m],
  'a script that is not there': [{ 'first.js': undefined }, /^embed\.sh: .*page\.html names 'first\.js', but there is no file .*first\.js$/m],
  'a style sheet that is not there': [{ 'look.css': undefined }, /names 'look\.css', but there is no file/],
  'a folder in the place of a script': [changed('page.html', 'first.js', 'scripts'), /names 'scripts', but there is no file/],
  'an end tag in a script': [{ 'first.js': 'let a;\nlet b = "</ScRiPt>";\n' }, /^2:let b.*\nembed\.sh: .*first\.js must not contain '<\/script' or '<!--'/m],
  'a comment of HTML in a script': [{ 'first.js': 'let a = "<!--<script";\n' }, /first\.js must not contain/],
  'an end tag in a style sheet': [{ 'look.css': '/* </style > */\n' }, /look\.css must not contain '<\/style'/],
  'a last line without its newline': [{ 'first.js': 'let a; // b' }, /first\.js must end with a newline/],
  'no script': [changed('page.html', /^<script.*\n/gm, ''), /page\.html: the placeholders for <script>/],
  'no style sheet': [changed('page.html', /^<link.*\n/m, ''), /page\.html: the placeholders for <style>/],
  'a script of its own': [changed('page.html', '</html>', '<script>let a;</script>'), /the placeholders for <script>/],
  'scripts with a line between them': [changed('page.html', '<script src="first', '\n<script src="first'), /the placeholders for <script>/],
  'a placeholder that is indented': [changed('page.html', '<script src="first', '  <script src="first'), /the placeholders for <script>/],
  'a placeholder with another attribute': [changed('page.html', 'second.js">', 'second.js" defer>'), /the placeholders for <script>/],
  'another link': [changed('page.html', '</html>', '<link rel="icon" href="look.css">'), /a <link> is not a placeholder/],
};
for (const [what, [changes, message]] of Object.entries(REFUSED))
  test(`refused: ${what}`, (t) => {
    const { status, stdout, stderr } = embed(folderOf(t, changes));
    assert.deepEqual([status, stdout], [1, '']);
    assert.match(stderr, message);
  });

test('refused: no argument, and two', () => {
  for (const pages of [[], [PAGE, PAGE]]) assert.match(embed(...pages).stderr, /^embed\.sh: wants one argument, the path of page\.html$/m);
});

/* --- the page itself --- */

const read = (name) => fs.readFileSync(path.join(FOLDER, name), 'utf8');
const named = [...read('page.html').matchAll(/ (?:href|src)="(.*\.(?:css|js))"/g)].map(([, name]) => name);
const scripts = named.filter((name) => name.endsWith('.js'));

test('the policy has the hashes of the page', () => {
  const { html, policy } = embedded();
  assert.equal(policy, policyFor(String(html)));
});

test('the page stays below 40 kB when it is compressed', () => {
  const size = require('node:zlib').gzipSync(embedded().html).length;
  assert.ok(size < 40000, `${size} bytes`);
});

test('the Makefile and the page name every file of the page', () => {
  const [, list] = fs.readFileSync(MAKEFILE, 'utf8').match(/^page_files = \\\n((?:\t.*\n)*)/m);
  const made = list.trim().split(/\s+/).filter((word) => word !== '\\').map((name) => path.relative('src/write_mediasoup/page', name));
  assert.deepEqual(made, ['page.html', ...named]);
  const there = fs.readdirSync(FOLDER, { recursive: true }).filter((name) => /\.(css|js)$/.test(name));
  assert.deepEqual(there.sort(), [...named].sort());
});

// The names that a script gives to all that follow.
const declared = (text) => [...text.matchAll(/^(?:async function|function|class|const|let) (\w+)/gm)].map(([, name]) => name);
const withoutTexts = (text) => text.replace(/'[^'\n]*'/g, '\'\'').replace(/\/\/.*$|\/\*[^]*?\*\//gm, '');

test('scripts share one scope: each name is declared once', () => {
  const names = scripts.flatMap((name) => declared(read(name)));
  assert.ok(names.includes('fetchViews') && names.includes('poll'));
  assert.deepEqual(names.filter((name, i) => names.indexOf(name) !== i), []);
  for (const name of scripts) assert.doesNotMatch(read(name), /^(?:const|let) (?!\w+(?: =|;))|^var /m, `${name}: one plain name for each const and let`);
});

test('the arrows between scripts go one way: none uses a name of a script below it', () => {
  const arrows = scripts.flatMap((name, i) => {
    const text = withoutTexts(read(name));
    const later = scripts.slice(i + 1).flatMap((other) => declared(read(other)).map((word) => [word, other]));
    return later.filter(([word]) => new RegExp(`(?<![.\\w#])${word}\\b(?!:)`).test(text)).map(([word, other]) => `${name} uses ${word} of ${other}`);
  });
  assert.deepEqual(arrows, []);
});
