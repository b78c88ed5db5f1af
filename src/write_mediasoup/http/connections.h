/* SPDX-License-Identifier: MIT */
/*
 * The connections of the server, of which there is a maximum. When there are more, one is shut down to make room: the
 * one that has waited longest for the end of its request, or one whose answer takes far too long. So a flood of
 * connections that send nothing, or read nothing, does not keep out a client with a request. Answers hold rows, so they
 * have a maximum of their own; the answer that began first makes room.
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

/* Its answer begins; if more than `maximum` are answering then, the oldest answer is shut down. Its answer ends, and it
 * waits for the next request. Both take NULL. */
void connections_answer(connections_t *connections, connection_t *connection, size_t maximum, double now);
void connections_wait(connections_t *connections, connection_t *connection, double now);

/* Frees it; it has ended. Takes NULL. */
void connections_remove(connections_t *connections, connection_t *connection);

#endif
