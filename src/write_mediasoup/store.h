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

/* Takes the sample unless a newer one of the same identity is there. `facts` are taken over; NULL keeps those the row
 * had. O(1), and waits for nobody longer than it takes to move a pointer, or to list a class's rows. */
void store_write(store_t *store, const sample_t *sample, facts_t *facts);

/* The object of these identifiers is gone. */
void store_forget(store_t *store, const class_t *class, const char *host, const char *plugin_instance,
                  const char *type_instance);

/* The rows of a class, as they are at this moment; those are left out whose interval has gone by twice, and those of an
 * object that has a newer row under another name. `*length` of them; NULL when out of memory or none. */
const store_row_t **store_take(store_t *store, const class_t *class, double now, size_t *length);
void store_release(const store_row_t **rows, size_t length);

/* How many samples found no room. */
uint64_t store_skipped(store_t *store);

#endif
