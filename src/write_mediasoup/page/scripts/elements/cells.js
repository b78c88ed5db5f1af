// SPDX-License-Identifier: MIT
'use strict';

// Paints cells of tables and tiles. An object describes what a cell shows; only `text` is required:
//   text     a figure or a name
//   href     makes it a link
//   small    a smaller line below
//   points   values for a chart, `top`, the value at its upper edge, and `marks`, the places of events (model/lines.js)
//   level    '', 'quiet', 'poor' or 'bad': sets the colour
//   hint     a tooltip

// `node.parts` remembers the elements in the cell.
function paintCell(node, cell) {
  const parts = node.parts ??= {};
  paintText(node, parts, cell);
  if (cell.small && !parts.small) {
    parts.small = isolated();
    parts.main.after(makeElement('small', {}, parts.small));
  }
  if (parts.small) setText(parts.small, cell.small ?? '');
  if (cell.points) {
    if (!parts.chart) node.append(parts.chart = makeChart());
    setAttribute(parts.chart.firstChild, 'd', chartPath(cell.points, cell.top));
    setAttribute(parts.chart.lastChild, 'd', marksPath(cell.marks ?? []));
  }
  setAttribute(node, 'data-level', cell.level);
  setAttribute(node, 'title', cell.hint);
}

function paintText(node, parts, { text, href }) {
  const isLink = href !== undefined;
  if (!parts.main || parts.isLink !== isLink) {
    const before = parts.main;
    parts.text = isolated();
    parts.main = isLink ? makeElement('a', {}, parts.text) : parts.text;
    parts.isLink = isLink;
    if (before) before.replaceWith(parts.main);
    else node.prepend(parts.main);
  }
  setText(parts.text, text);
  if (isLink) setAttribute(parts.main, 'href', hrefNow(href));
}
