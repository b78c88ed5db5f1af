// SPDX-License-Identifier: MIT
'use strict';

// Listens on a TCP port: on loopback, unless the application allows any address.

const { EndpointError, reason } = require('../common/errors');
const { isLoopback } = require('../common/loopback');

function listenFailure({ host, port }, error) {
  if (error.code === 'EADDRINUSE') {
    return new EndpointError(
      'ERR_PORT_IN_USE',
      `cannot listen on ${host} port ${port}: another server listens there already; pass another port`
    );
  }
  return new EndpointError(
    'ERR_LISTEN',
    `cannot listen on ${host} port ${port}: ${reason(error)}; pass another host or port`
  );
}

// Listens with `server` (a Server or RemoteServer) at options.host and options.port. Resolves with the
// port, which the system chooses when options.port is 0; rejects with an EndpointError.
async function listenOnPort(server, options) {
  const { host, port, allowRemote } = options;
  try {
    await server.listen({ host, port });
  } catch (error) {
    throw listenFailure(options, error);
  }
  const { address, port: actual } = server.address();
  // The hosts file may give "localhost" any address.
  if (!allowRemote && !isLoopback(address)) {
    throw new EndpointError(
      'ERR_HOST_NOT_LOOPBACK',
      `host ${host} is ${address} on this machine, which is not loopback; use 127.0.0.1 or ::1`
    );
  }
  return actual;
}

module.exports = { listenOnPort };
