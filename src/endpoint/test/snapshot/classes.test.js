// SPDX-License-Identifier: MIT
'use strict';

const assert = require('assert');
const { test } = require('node:test');
const { CLASS_OF, CLASSES, hasRows, isAsked } = require('../../lib/snapshot/classes');
const { schema } = require('../helpers/schema');

const KINDS = [...Object.keys(CLASS_OF), 'rtpObserver', 'webRtcServer'];
const which = (choose, ...classes) => KINDS.filter((kind) => choose({ kind }, new Set(classes)));

test('the classes are those of the schema', () => {
  const rows = Object.values(schema.definitions).flatMap(({ properties = {} }) => (properties.row ? [properties.row.const] : []));
  assert.deepStrictEqual([...CLASSES, 'connections', 'endpoint', 'end'].sort(), rows.sort());
});

test('workers, routers and transports always have rows, others when they are selected', () => {
  const always = ['worker', 'router', 'transport'];
  assert.deepStrictEqual(which(hasRows), always);
  assert.deepStrictEqual(which(hasRows, 'usage', 'workers'), always);
  assert.deepStrictEqual(which(hasRows, 'consumers', 'data_producers'), [...always, 'consumer', 'dataProducer']);
  assert.deepStrictEqual(which(hasRows, ...CLASSES), Object.keys(CLASS_OF));
});

test('workers are asked for what is selected, and never for routers', () => {
  assert.deepStrictEqual(which(isAsked), []);
  assert.deepStrictEqual(which(isAsked, 'transports', 'routers'), ['transport']);
  assert.deepStrictEqual(which(isAsked, ...CLASSES), Object.keys(CLASS_OF).filter((kind) => kind !== 'router'));
});
