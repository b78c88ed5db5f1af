/* SPDX-License-Identifier: MIT */
/*
 * The last row of every object. Writers put rows in, in any order and from any thread; a reader takes all rows of a
 * class at once and reads them in peace: rows are shared and never change, a newer one takes their place.
 */
#ifndef COLLECTD_MEDIASOUP_STORE_H
#define COLLECTD_MEDIASOUP_STORE_H

#include "common/fields.h"
#include "common/limits.h"
#include "facts.h"

#include <stdint.h>

typedef union {
  double gauge; /* NaN when unknown */
  int64_t counter;
} store_value_t;

/* A value list, as it passes. Texts are lent for the call. */
typedef struct {
  const class_t *class;
  const char *host;
  const char *plugin_instance;
  const char *type_instance;
  double time;                 /* epoch seconds */
  double interval;             /* seconds */
  const store_value_t *values; /* as many as the class has fields */
} sample_t;

/* What a reader sees; all of it is lent until store_release. */
typedef struct {
  const class_t *class;
  const char *host;
  const char *plugin_instance;
  const char *type_instance;
  double time;
  double interval;
  const store_value_t *values;
  const facts_t *facts; /* never NULL */
} store_row_t;

typedef struct store store_t;

/* Holds up to `max_objects` rows. NULL when out of memory. */
store_t *store_new(size_t max_objects);
void store_free(store_t *store);

/* Takes the sample: the newest values and the newest facts are kept, in whatever order they come. `facts` are taken
 * over; NULL keeps those the row had. O(1), and waits for nobody longer than it takes to move a pointer, or to look
 * through a class's rows. */
void store_write(store_t *store, const sample_t *sample, facts_t *facts);

/* The object of these identifiers is gone. */
void store_forget(store_t *store, const class_t *class, const char *host, const char *plugin_instance,
                  const char *type_instance);

/* Which rows of a class are wanted. Zero-initialised: all. */
typedef struct {
  const char *id; /* of the one object; NULL: all. Costs what it finds, not what there is */
  bool (*matches)(const void *context, const store_row_t *row); /* NULL: all. Short: writers wait for it */
  const void *context;
} selection_t;

/* The rows of a class, as they are at this moment; those are left out whose interval has gone by twice, and those of an
 * object that has a newer row under another name. `*length` of them; NULL when out of memory, but not for none. */
const store_row_t **store_take(store_t *store, const class_t *class, const selection_t *selection, double now,
                               size_t *length);
void store_release(const store_row_t **rows, size_t length);

typedef struct {
  size_t objects; /* rows, whatever their age */
  size_t max_objects;
  uint64_t skipped; /* samples of new objects that found no room, since the beginning */
} store_usage_t;

store_usage_t store_usage(store_t *store);

/* True once when objects begin to find no room, and once more each time that this begins again after a tenth of the
 * room was free in between. Costs next to nothing; any thread. */
bool store_begins_to_skip(store_t *store);

/* A number that differs where the rows do: `hash` is what came before them. */
uint64_t store_hash(uint64_t hash, const store_row_t *const *rows, size_t length);

#endif
