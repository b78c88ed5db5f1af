/* SPDX-License-Identifier: MIT */
/*
 * Who is connected. There is room for so many; when there are more, the one makes room that keeps the place for
 * nothing: it has been waiting for its request's end for longest, or its answer takes far too long. So a flood of
 * connections that say nothing, or read nothing, does not keep out one who has something to ask. Answers hold rows, and
 * are fewer: of too many, the one that was begun first makes room.
 */
#ifndef COLLECTD_MEDIASOUP_CONNECTIONS_H
#define COLLECTD_MEDIASOUP_CONNECTIONS_H

#include <stdbool.h>
#include <stddef.h>

typedef struct connection connection_t;

/* Zero-initialise. Of one thread. */
typedef struct {
  connection_t *waiting;   /* for a request's end; the first waits longest */
  connection_t *answering; /* the first was begun first */
  size_t answers;          /* being answered */
  size_t length;           /* of both */
} connections_t;

/* A connection begins, and waits. If `maximum` are there already, another one is shut down, which ends it soon.
 * NULL when out of memory: it cannot be shut down, then. `now` in steady seconds here and below. */
connection_t *connections_add(connections_t *connections, int descriptor, size_t maximum, double now);

/* Its request is there, and is being answered, as at most `maximum` are; or its answer is over, and it waits for the
 * next one. Both take NULL. */
void connections_answer(connections_t *connections, connection_t *connection, size_t maximum, double now);
void connections_wait(connections_t *connections, connection_t *connection, double now);

/* It has ended. Takes NULL. */
void connections_remove(connections_t *connections, connection_t *connection);

#endif
