// SPDX-License-Identifier: MIT
'use strict';

// The appData of a node of the tree, its own or with what it inherits, as app_data.js makes text of it:
// { text, truncated }.

const { appDataText } = require('./app_data');
const { CLASS_OF } = require('./classes');

function readAppData(object) {
  try {
    return object.appData;
  } catch (error) {
    return undefined;
  }
}

// Returns the same object as before when nothing has changed. `allow` is the option appData.
function appDataOf(node, allow) {
  const about =
    typeof allow === 'function'
      ? { class: CLASS_OF[node.kind], id: node.kind === 'worker' ? node.slot : node.object.id }
      : undefined;
  return appDataText(readAppData(node.object), allow, about, node);
}

// Returns a transport's appData with what it inherits of its router and its worker. Its own keys come
// first and win, and all of it together is bounded as one object's is.
function inheritedAppData(transport, allow) {
  const router = transport.parent;
  const results = [transport, router, router.parent].map((node) => appDataOf(node, allow));
  const truncated = results.some((result) => result.truncated);
  const texts = results.filter(({ text }) => text !== undefined).map(({ text }) => text);
  if (texts.length < 2) return { text: texts[0], truncated };
  const [first, ...others] = texts.map((text) => JSON.parse(text));
  const merged = others.reduce((own, above) => ({ ...own, ...above, ...own }), first);
  const whole = appDataText(merged);
  return { text: whole.text, truncated: truncated || whole.truncated };
}

// Returns the members of a row.
function appDataMembers({ text, truncated }) {
  return (text ? `,"appData":${text}` : '') + (truncated ? ',"appDataTruncated":true' : '');
}

module.exports = { appDataMembers, appDataOf, inheritedAppData };
