// SPDX-License-Identifier: MIT
'use strict';

// Checks rows against schema.json, with the tests' own copy of ajv.

const path = require('path');
const schema = require('../../schema.json');

function loadAjv() {
  try {
    return require(path.join(__dirname, '../../../../tests/node_modules/ajv'));
  } catch (error) {
    if (error.code !== 'MODULE_NOT_FOUND') throw error;
    return require('ajv');
  }
}

const Ajv = loadAjv();
const validate = new Ajv({ strict: false, allErrors: true }).compile(schema);

// Returns what is wrong with a row as a list of texts. Members that the schema does not know count as well:
// readers ignore them, but we do not send any.
function faults(row) {
  const found = validate(row) ? [] : validate.errors.map((e) => `${e.instancePath} ${e.message}`);
  const definition = schema.definitions[row.row];
  if (definition === undefined) return found;
  for (const member of Object.keys(row)) {
    if (!(member in definition.properties)) found.push(`unknown member ${member}`);
  }
  return found;
}

module.exports = { Ajv, faults, schema };
