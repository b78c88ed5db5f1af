/* SPDX-License-Identifier: MIT */
/*
 * The connections of the server, of which there is a maximum. When there are more, the one that has waited longest for
 * the end of its request is shut down to make room. So a flood of connections that send nothing does not keep out a
 * client with a request. Answers hold rows, so they have a maximum of their own: a newcomer is told to come again. An
 * answer that goes on is never cut; one whose client has taken nothing for some seconds makes room.
 */
#ifndef COLLECTD_MEDIASOUP_CONNECTIONS_H
#define COLLECTD_MEDIASOUP_CONNECTIONS_H

#include <stdbool.h>
#include <stddef.h>

typedef struct connection connection_t;

/* Zero-initialise. For one thread. */
typedef struct {
  connection_t *waiting;   /* for the end of a request; the first waits longest */
  connection_t *answering; /* whose answers are sent; the first began first */
  size_t answers;          /* how many are answering */
  size_t length;           /* how many there are in both lists */
} connections_t;

/* Adds a connection, which waits. If `maximum` are there already, another one is shut down, which ends it soon. NULL
 * when out of memory: then it cannot be shut down. `now` is in steady seconds, here and below. */
connection_t *connections_add(connections_t *connections, int descriptor, size_t maximum, double now);

/* Whether one answer more may begin, where `maximum` may run. An answer that does not go on may be shut down for it. */
bool connections_may_answer(connections_t *connections, size_t maximum, double now);

/* Its answer begins. Its answer ends, and it waits for the next request. Both take NULL. */
void connections_answer(connections_t *connections, connection_t *connection, double now);
void connections_wait(connections_t *connections, connection_t *connection, double now);

/* Frees it; it has ended. Takes NULL. */
void connections_remove(connections_t *connections, connection_t *connection);

#endif
