/* SPDX-License-Identifier: MIT */
/*
 * Where the views are served: a listening socket.
 */
#ifndef COLLECTD_MEDIASOUP_LISTEN_H
#define COLLECTD_MEDIASOUP_LISTEN_H

#include "common/status.h"

#include <stdbool.h>
#include <sys/types.h>

enum { LISTENER_HOST_SIZE = 64 };

/* Where to listen: at a Unix socket's path or, where that is NULL, at an IP address and port. */
typedef struct {
  const char *socket;
  const char *owner, *group; /* of the socket's file, by name or number; NULL: as collectd runs */
  unsigned mode;             /* of the socket's file; 0: 0660 */
  const char *address;
  unsigned short port;
} site_t;

typedef struct {
  int descriptor; /* does not block */
  dev_t device;   /* of a Unix socket's file, and the next one too */
  ino_t inode;
  bool is_loopback;
  char host[LISTENER_HOST_SIZE]; /* the address as a Host header has it; "" for a Unix socket */
} listener_t;

/* Listens there. A socket file that nobody listens on is replaced; the new one never has more rights than it is to
 * have. Does not wait for whoever listens there. STATUS_OPTION for what is no address, owner or group, STATUS_LISTEN
 * where it cannot be listened on. The caller closes the descriptor. */
MUST_CHECK status_t listen_at(const site_t *site, listener_t *listener, failure_t *failure);

/* Removes the socket's file, unless it is another one's by now. */
void listen_end(const site_t *site, const listener_t *listener);

#endif
