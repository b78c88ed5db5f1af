/* SPDX-License-Identifier: MIT */
/*
 * Where the views are served: a listening socket.
 */
#ifndef COLLECTD_MEDIASOUP_LISTEN_H
#define COLLECTD_MEDIASOUP_LISTEN_H

#include "common/status.h"

#include <stdbool.h>

enum { LISTENER_HOST_SIZE = 64 };

typedef struct {
  int descriptor; /* does not block */
  bool is_loopback;
  char host[LISTENER_HOST_SIZE]; /* the address as a Host header has it; "" for a Unix socket */
} listener_t;

/* Listens on the Unix socket at this path or, where that is NULL, on the IP address and port. A socket file that nobody
 * listens on is replaced. STATUS_OPTION for what is no address, STATUS_LISTEN where it cannot be listened on. The
 * caller closes the descriptor. */
MUST_CHECK status_t listen_at(const char *socket, const char *ip, unsigned short port, listener_t *listener,
                              failure_t *failure);

#endif
