/* SPDX-License-Identifier: MIT */
/*
 * The last row of every object. Writers put rows in, in any order and from any thread. A reader takes all rows of a
 * class at once and keeps them as long as it likes: a row never changes, a newer one takes its place.
 */
#ifndef COLLECTD_MEDIASOUP_STORE_H
#define COLLECTD_MEDIASOUP_STORE_H

#include "row.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct store store_t;

/* Holds up to `max_objects` rows. NULL when out of memory. */
store_t *store_new(size_t max_objects);
void store_free(store_t *store); /* takes NULL */

/* Takes over the row, which may be NULL. Rows may come in any order: the newest values and the newest facts of a name
 * are kept, also where a host's clock was set back, and a row without facts keeps those of the row before it. O(1),
 * except that a full store looks for rows that are out of date once in an interval. */
void store_write(store_t *store, store_row_t *row);

/* Removes the row of this name; that of an endpoint is kept for as long as it may be asked for though it is silent. */
void store_forget(store_t *store, const class_t *class, const char *host, const char *plugin_instance,
                  const char *type_instance);

/* Which rows of a class are wanted. Zero-initialised: all. */
typedef struct {
  const char *id; /* the rows of one object only, found without a look at the others; NULL: all */
  bool (*matches)(const void *context,
                  const store_row_t *row); /* NULL: all. Writers wait meanwhile, so keep it short */
  const void *context;
  bool also_silent; /* endpoints too that are out of date; see SILENT_SECONDS in limits.h */
} selection_t;

/* Whether the row is not older than two of its intervals, nor from so far ahead, as one is when the clock has been set
 * back: collectd then reads nothing until it has caught up. */
bool store_is_current(const store_row_t *row, double now);

/* The rows of a class as they are now. Left out are rows that are not current, and rows of an object that has a newer
 * row under another name. `selection` may be NULL: all. Returns `*length` rows for store_release(), or NULL
 * when out of memory; with no row at all it is not NULL. */
const store_row_t **store_take(store_t *store, const class_t *class, const selection_t *selection, double now,
                               size_t *length);
void store_release(const store_row_t **rows, size_t length);

typedef struct {
  size_t objects; /* rows, whatever their age */
  size_t max_objects;
  uint64_t skipped; /* rows of new objects that found no room, since the beginning */
} store_usage_t;

store_usage_t store_usage(store_t *store);

/* True once when objects begin to find no room, and once more each time this begins again after a tenth of the room was
 * free. Cheap; any thread. */
bool store_begins_to_skip(store_t *store);

/* Adds these rows to the hash of what came before them. Other rows, newer rows or other facts give another hash. */
uint64_t store_hash(uint64_t hash, const store_row_t *const *rows, size_t length);

#endif
