// SPDX-License-Identifier: MIT
'use strict';

// The classes of a snapshot's rows, and which nodes of the tree have rows in it.

// The class of a node's rows, by the node's kind. Kinds that are not here have no rows.
const CLASS_OF = {
  worker: 'workers',
  router: 'routers',
  transport: 'transports',
  producer: 'producers',
  consumer: 'consumers',
  dataProducer: 'data_producers',
  dataConsumer: 'data_consumers',
};

// The classes that a reader can select.
const CLASSES = ['usage', ...Object.values(CLASS_OF)];

// Objects inherit appData through these, so their rows are sent even when they are not selected.
const ALWAYS = new Set(['workers', 'routers', 'transports']);

// Whether a node has rows when these classes (a Set) are selected.
function hasRows({ kind }, classes) {
  const rowClass = CLASS_OF[kind];
  return rowClass !== undefined && (ALWAYS.has(rowClass) || classes.has(rowClass));
}

// Whether the worker is asked for a node's statistics when these classes (a Set) are selected.
function isAsked({ kind }, classes) {
  return kind !== 'router' && classes.has(CLASS_OF[kind]);
}

module.exports = { CLASS_OF, CLASSES, hasRows, isAsked };
