// SPDX-License-Identifier: MIT
'use strict';

// Returns what a screen reader could not tell of the page: controls and tables without a name, headings that skip a level,
// ids that stand twice, labels and other references that lead nowhere.
const inaccessible = (page) => page.evaluate(() => {
  const isVisible = (node) => node.checkVisibility();
  const all = (selector) => [...document.querySelectorAll(selector)].filter(isVisible);
  const nameOf = (node) => (node.getAttribute('aria-label') ?? [...node.labels ?? []].map((label) => label.textContent).join(' ')) || node.textContent.trim();
  const what = (node) => node.outerHTML.slice(0, 120);
  const found = all('button, input, a, select').filter((node) => !nameOf(node)).map((node) => `no name: ${what(node)}`);
  found.push(...all('table').filter(({ caption }) => !caption?.textContent.trim()).map((node) => `no caption: ${what(node)}`));
  found.push(...all('th').filter((node) => !node.scope).map((node) => `no scope: ${what(node)}`));
  found.push(...all('svg').filter((node) => node.getAttribute('aria-hidden') !== 'true').map((node) => `a picture without words: ${what(node)}`));
  const levels = all('h1, h2, h3, h4').map(({ localName }) => Number(localName[1]));
  if (levels.filter((level) => level === 1).length !== 1 || levels[0] !== 1) found.push(`headings: ${levels}`);
  if (levels.some((level, i) => i > 0 && level > levels[i - 1] + 1)) found.push(`a heading skips a level: ${levels}`);
  const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
  found.push(...ids.filter((id, i) => ids.indexOf(id) !== i).map((id) => `twice: #${id}`));
  for (const attribute of ['for', 'aria-labelledby', 'aria-describedby', 'aria-controls'])
    for (const node of document.querySelectorAll(`[${attribute}]`)) if (!ids.includes(node.getAttribute(attribute))) found.push(`leads nowhere: ${what(node)}`);
  return found;
});

module.exports = { inaccessible };
