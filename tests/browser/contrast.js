// SPDX-License-Identifier: MIT
'use strict';

// Returns the texts whose contrast to their background is below 4.5, by the formula of WCAG 2.
const lowContrast = (page) => page.evaluate(() => {
  const channels = (colour) => colour.match(/[\d.]+/g).map(Number);
  const luminance = ([r, g, b]) => [r, g, b].map((c) => c / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)).reduce((total, c, i) => total + c * [0.2126, 0.7152, 0.0722][i], 0);
  function ground(node) {
    for (let at = node; at; at = at.parentElement) { const colour = channels(getComputedStyle(at).backgroundColor); if (colour[3] !== 0) return colour; }
    return [255, 255, 255];
  }
  const found = [];
  for (const node of document.querySelectorAll('body *')) {
    if (!node.checkVisibility() || ![...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim())) continue;
    const [a, b] = [luminance(channels(getComputedStyle(node).color)), luminance(ground(node))].sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) < 4.5) found.push(`${node.textContent}: ${((a + 0.05) / (b + 0.05)).toFixed(2)}`);
  }
  return found;
});

module.exports = { lowContrast };
