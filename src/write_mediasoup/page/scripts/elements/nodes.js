// SPDX-License-Identifier: MIT
'use strict';

// Makes and changes elements of the document. An element is touched only where something has changed. Text is set as
// text, never as HTML.

const byId = (id) => document.getElementById(id);

function makeElement(name, properties = {}, ...children) {
  const node = Object.assign(document.createElement(name), properties);
  node.append(...children);
  return node;
}

function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

// Removes the attribute if there is no value.
function setAttribute(node, name, value) {
  if (!value) node.removeAttribute(name);
  else if (node.getAttribute(name) !== value) node.setAttribute(name, value);
}

// Makes `nodes` the children of `parent`, in this order. Leaves alone those that are in place, and keeps the focus.
function setChildren(parent, nodes) {
  const focused = document.activeElement;
  const wanted = new Set(nodes);
  for (const child of [...parent.children]) if (!wanted.has(child)) child.remove();
  nodes.forEach((node, i) => {
    if (parent.children[i] !== node) parent.insertBefore(node, parent.children[i] ?? null);
  });
  if (focused && focused !== document.activeElement && focused.isConnected) focused.focus({ preventScroll: true });
}

// Text in an element of its own, so that right-to-left text does not reorder the text around it.
const isolated = (text = '') => makeElement('bdi', { textContent: text });

// Text that may be broken into lines where `pattern` matches, and between words.
function breakable(text, pattern) {
  const parts = text.split(pattern);
  return makeElement('bdi', {}, ...parts.flatMap((part, i) => (i ? [makeElement('wbr'), part] : [part])));
}

const makeLink = (href, text) => makeElement('a', { href }, isolated(text));
