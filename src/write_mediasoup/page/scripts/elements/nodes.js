// SPDX-License-Identifier: MIT
'use strict';

// Elements of the document. They are made once, and touched only where something has changed. Text is always set as
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

// Without a value, the attribute goes.
function setAttribute(node, name, value) {
  if (!value) node.removeAttribute(name);
  else if (node.getAttribute(name) !== value) node.setAttribute(name, value);
}

// Makes `nodes` the children of `parent`, in this order. Moves as few as possible, and keeps the focus.
function setChildren(parent, nodes) {
  const focused = document.activeElement;
  const wanted = new Set(nodes);
  for (const child of [...parent.children]) if (!wanted.has(child)) child.remove();
  nodes.forEach((node, i) => {
    if (parent.children[i] !== node) parent.insertBefore(node, parent.children[i] ?? null);
  });
  if (focused && focused !== document.activeElement && focused.isConnected) focused.focus({ preventScroll: true });
}

// Text of applications stands in an element of its own, so that right-to-left text does not turn what is around it.
const isolated = (text = '') => makeElement('bdi', { textContent: text });

// A field's name, which may break before its capitals.
function breakableName(name) {
  const parts = name.split(/(?=[A-Z])/);
  return makeElement('bdi', {}, ...parts.flatMap((part, i) => (i ? [makeElement('wbr'), part] : [part])));
}
