// SPDX-License-Identifier: MIT
'use strict';

// The shipped Grafana dashboards, and what they ask Prometheus.

const fs = require('node:fs');
const path = require('node:path');
const { SHIPPED } = require('./shipped.js');

const FOLDER = path.join(SHIPPED, 'grafana');

// [{ file, text, dashboard }]
const dashboards = fs.readdirSync(FOLDER).sort().map((file) => {
  const text = fs.readFileSync(path.join(FOLDER, file), 'utf8');
  return { file, text, dashboard: JSON.parse(text) };
});

// The query behind a variable: of label_values(METRIC, LABEL), the metric where it has that label.
const labelValues = (query) => query.replace(/^label_values\(([^]*), (\w+)\)$/, '$1');

// [{ name, expression }]: of its panels, annotations and variables, as written.
function queriesOf({ panels, annotations, templating }) {
  return [
    ...panels.flatMap(({ title, targets }) => targets.map(({ refId, expr }) => ({ name: `${title} ${refId}`, expression: expr }))),
    ...annotations.list.map(({ name, expr }) => ({ name: `annotation ${name}`, expression: expr })),
    ...templating.list.filter(({ type }) => type === 'query').map(({ name, query }) => ({ name: `variable ${name}`, expression: labelValues(query) })),
  ];
}

// `expression` with Grafana's variables replaced by `values`; throws on one that is not among them. `$1` is the first group of a
// regular expression.
function substituted(expression, values) {
  return expression.replace(/\$\{?([A-Za-z_]\w*)\}?/g, (_, name) => {
    if (!(name in values)) throw new Error(`no value for $${name} in ${expression}`);
    return values[name];
  });
}

module.exports = { dashboards, queriesOf, substituted };
