/* SPDX-License-Identifier: MIT */
/*
 * Where the views are served: a listening socket, and by which names it may be asked.
 */
#ifndef COLLECTD_MEDIASOUP_LISTEN_H
#define COLLECTD_MEDIASOUP_LISTEN_H

#include "common/status.h"

#include <stdbool.h>

enum { LISTENER_HOST_SIZE = 64 };

typedef struct {
  int descriptor; /* does not block */
  bool loopback;
  char host[LISTENER_HOST_SIZE]; /* the address as a Host header has it; "" for a Unix socket */
} listener_t;

/* Listens on the Unix socket of this path or, where that is NULL, on the IP address and port. A socket file that nobody
 * listens on is replaced. STATUS_OPTION for an address that is none, STATUS_LISTEN where one cannot listen there. */
MUST_CHECK status_t listen_at(const char *socket, const char *ip, unsigned short port, listener_t *listener,
                              failure_t *failure);

/* Whether a request with this Host header is for us. A page of somewhere else, whose name was made to resolve to this
 * machine, sends that name: on loopback, only loopback's own names and the address itself do. */
bool listener_accepts(const listener_t *listener, const char *host);

#endif
