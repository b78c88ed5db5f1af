/* SPDX-License-Identifier: MIT */
/*
 * Which objects are below which: the rows of several classes, sorted so that those below one object are found at once.
 */
#ifndef COLLECTD_MEDIASOUP_RELATIONS_H
#define COLLECTD_MEDIASOUP_RELATIONS_H

#include "write_mediasoup/store/store.h"

typedef struct relations relations_t;

enum { RELATIONS_ABOVE_MAX = 3 };

/* Where a row belongs. Texts are the row's. */
typedef struct {
  const char *host;
  const char *above[RELATIONS_ABOVE_MAX]; /* ids of what is above it; NULL after the last */
} position_t;

/* A row and the texts it is sorted by. They are looked up once for each row, not for each comparison. */
typedef struct {
  const store_row_t *row;
  position_t position;
  const char *source; /* the id of the producer that a consumer consumes; of other rows, the row's own */
  const char *id;
} related_t;

/* Takes the rows of these classes, a bit (1 << class_id_t) for each. It costs a sort of them. NULL when out of memory.
 */
relations_t *relations_new(store_t *store, unsigned classes_taken, double now);
void relations_free(relations_t *relations); /* takes NULL */

/* Adds the rows to the hash of what came before them, as store_hash() does. `relations` may be NULL: nothing. */
uint64_t relations_hash(const relations_t *relations, uint64_t hash);

/* The rows of `class` below `above`, sorted by source and id: a router's transports, producers and consumers, or a
 * worker's routers. Returns the first of `*length`. Lent until relations_free(). */
const related_t *relations_below(const relations_t *relations, class_id_t class, const store_row_t *above,
                                 size_t *length);

#endif
