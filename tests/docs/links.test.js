// SPDX-License-Identifier: MIT
'use strict';

// Every reference from one document to another leads somewhere: links and their anchors in Markdown, cross references
// and paths in man pages, documents that other files name. Links to other sites are not followed.

const { test } = require('node:test');
const assert = require('node:assert');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { ROOT, files, read } = require('./tree.js');

const README_MAX_LINES = 200; // a front page: what grows beyond it belongs into docs/

const documents = files.filter((file) => file.endsWith('.md'));
const manPages = files.filter((file) => /^src\/.*\.[1-9]$/.test(file));

/* --- Markdown --- */

const withoutCode = (text) => text.replace(/^```[^]*?^```$/gm, '');

// The anchors that GitHub gives a document's headings; one that is there already gets a number.
function anchorsOf(file) {
  const anchors = new Set();
  for (const [, heading] of withoutCode(read(file)).matchAll(/^#{1,6} +(.*)$/gm)) {
    const words = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    const slug = words.replace(/[^\p{L}\p{N}\-_ ]/gu, '').replaceAll(' ', '-');
    let anchor = slug;
    for (let n = 1; anchors.has(anchor); n += 1) anchor = `${slug}-${n}`;
    anchors.add(anchor);
  }
  return anchors;
}

// [{ target, anchor }]: of links and pictures within the project.
const linksOf = (file) => [...withoutCode(read(file)).matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?\)/g)]
  .map(([, target, anchor]) => ({ target: target === '' ? file : path.join(path.dirname(file), target), anchor }));

for (const file of documents)
  test(`links in ${file} lead somewhere`, () => {
    for (const { target, anchor } of linksOf(file)) {
      assert.ok(fs.existsSync(path.join(ROOT, target)), `${target} is not there`);
      if (anchor !== undefined) assert.ok(anchorsOf(target).has(anchor), `${target} has no heading #${anchor}`);
    }
  });

test('the README links every document, and is a front page', () => {
  const linked = new Set(linksOf('README.md').map(({ target }) => target));
  for (const file of documents.filter((name) => !['README.md'].includes(name))) assert.ok(linked.has(file), `${file} is not linked`);
  const lines = read('README.md').split('\n').length - 1;
  assert.ok(lines <= README_MAX_LINES, `${lines} lines`);
});

test('a document that another file names is there', () => {
  for (const file of files.filter((name) => !/\.(png|ndjson)$/.test(name)))
    for (const [name] of read(file).matchAll(/\bdocs\/\w+\.(md|png)\b/g))
      assert.ok(files.includes(name) || files.includes(path.join('tests', name)), `${file} names ${name}`);
});

/* --- man pages --- */

// What Makefile.am installs under this name, as paths in the tree.
const installed = (name) => new RegExp(`^${name} = ((?:.*\\\\\\n)*.*)$`, 'm').exec(read('Makefile.am'))[1].split(/[\s\\]+/);
const documentation = [...installed('doc_DATA').map((file) => path.basename(file)), ...installed('docs_DATA')];
const configurations = [...installed('collectd_configurations'), ...installed('collectddata_DATA')].map((file) => path.basename(file));

const documentationFolder = '/usr/local/share/doc/collectd-mediasoup'; // configure's default

const ofCollectd = execFileSync('dpkg-query', ['-L', 'collectd-core'], { encoding: 'utf8' }).split('\n');
const ours = manPages.map((file) => path.basename(file));

for (const file of manPages) {
  const page = read(file);
  test(`pages and chapters that ${file} refers to are there`, () => {
    const references = [...page.matchAll(/^\.(?:.* )?Xr (\S+) (\d)/gm)];
    assert.ok(references.length > 0);
    for (const [, name, section] of references)
      assert.ok(ours.includes(`${name}.${section}`) || ofCollectd.includes(`/usr/share/man/man${section}/${name}.${section}.gz`), `${name}(${section})`);
    const chapters = [...page.matchAll(/^\.S[hs] (.*)$/gm)].map((match) => match[1]);
    for (const [, name] of page.matchAll(/^\.Sx (.*?)( [.,;])?$/gm)) assert.ok(chapters.includes(name), `chapter ${name}`);
  });

  test(`files that ${file} names are installed`, () => {
    const paths = [...page.matchAll(/^\.(?:It )?Pa (\S+)/gm)].map((match) => match[1]);
    assert.ok(paths.length > 0);
    for (const name of paths.filter((one) => !one.startsWith('/run/') && one !== documentationFolder)) {
      const known = path.isAbsolute(name) ? configurations : documentation;
      assert.ok(known.includes(path.isAbsolute(name) ? path.basename(name) : name), name);
    }
  });
}
