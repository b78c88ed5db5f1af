// SPDX-License-Identifier: MIT
'use strict';

// Listening on a TCP port, which options.js has allowed: loopback unless the application insists.

const { EndpointError, reason } = require('../errors');
const { isLoopback } = require('../start/options');

function listenFailure({ host, port }, error) {
  if (error.code === 'EADDRINUSE') {
    return new EndpointError(
      'ERR_PORT_IN_USE',
      `cannot listen on ${host} port ${port}: somebody listens there already; pass another port`
    );
  }
  return new EndpointError(
    'ERR_LISTEN',
    `cannot listen on ${host} port ${port}: ${reason(error)}; pass another host or port`
  );
}

// Returns the port, which the system chooses when options.port is 0.
async function listenOnPort(server, options) {
  const { host, port, allowRemote } = options;
  try {
    await server.listen({ host, port });
  } catch (error) {
    throw listenFailure(options, error);
  }
  const { address, port: actual } = server.address();
  // "localhost" is whatever the hosts file says.
  if (!allowRemote && !isLoopback(address)) {
    throw new EndpointError(
      'ERR_HOST_NOT_LOOPBACK',
      `host ${host} is ${address} here, which is not loopback; use 127.0.0.1 or ::1`
    );
  }
  return actual;
}

module.exports = { listenOnPort };
