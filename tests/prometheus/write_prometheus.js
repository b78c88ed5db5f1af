// SPDX-License-Identifier: MIT
'use strict';

// What collectd's write_prometheus serves for the plugin's value lists, in its own form: labels move up when
// an instance is empty, counters end in _total, a data source `value` is not named, each sample has a time.

const escaped = (text) => text.replace(/[\\"]/g, '\\$&').replace(/\n/g, '\\n');

function labels({ plugin_instance: plugin, type_instance: type, host }) {
  const pairs = [];
  if (plugin) pairs.push(['mediasoup', plugin]);
  if (type) pairs.push([plugin ? 'type' : 'mediasoup', type]);
  pairs.push(['instance', host]);
  return pairs.map(([name, value]) => `${name}="${escaped(value)}"`).join(',');
}

// Text of many rows { type, plugin_instance, type_instance, host, derive: { name: value }, gauge: { ... } }.
function exposition(rows) {
  const families = new Map();
  const add = (row, kind, name, value) => {
    const family = `collectd_mediasoup_${row.type}${name === 'value' ? '' : `_${name}`}${kind === 'counter' ? '_total' : ''}`;
    if (!families.has(family)) {
      families.set(family, [`# HELP ${family} write_prometheus plugin: 'mediasoup' Type: '${row.type}', ` +
        `Dstype: '${kind === 'counter' ? 'derive' : 'gauge'}', Dsname: '${name}'`, `# TYPE ${family} ${kind}`]);
    }
    families.get(family).push(`${family}{${labels(row)}} ${value} ${Date.now()}`);
  };
  for (const row of rows) {
    for (const [name, value] of Object.entries(row.derive ?? {})) add(row, 'counter', name, value);
    for (const [name, value] of Object.entries(row.gauge ?? {})) add(row, 'gauge', name, value);
  }
  return `${[...families.values()].flat().join('\n')}\n# collectd/write_prometheus 5.12.0 at testhost\n`;
}

module.exports = { exposition };
