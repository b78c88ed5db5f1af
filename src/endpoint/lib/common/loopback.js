// SPDX-License-Identifier: MIT
'use strict';

// Whether a host name or address, as a string, means this machine alone. Names other than
// `localhost` are not resolved. An IPv4 address may be written as an IPv6 one.
function isLoopback(host) {
  const name = host.toLowerCase();
  const address = name.startsWith('::ffff:') ? name.slice('::ffff:'.length) : name;
  return name === 'localhost' || name === '::1' || /^127(\.\d{1,3}){3}$/.test(address);
}

module.exports = { isLoopback };
