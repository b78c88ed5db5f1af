// SPDX-License-Identifier: MIT
'use strict';

const fs = require('node:fs');

// How many UDP packets this network namespace has dropped so far as their reader was too slow: loss that no trial has ordered.
function udpDrops() {
  const [names, numbers] = fs.readFileSync('/proc/net/snmp', 'latin1').split('\n').filter((line) => line.startsWith('Udp:')).map((line) => line.split(' '));
  return Number(numbers[names.indexOf('RcvbufErrors')]);
}

module.exports = { udpDrops };
