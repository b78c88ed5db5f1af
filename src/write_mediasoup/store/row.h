/* SPDX-License-Identifier: MIT */
/*
 * A row: the last values of one object and what is known of it. Whoever makes a row fills it in and gives it to the
 * store. From then on it is shared and never changes.
 */
#ifndef COLLECTD_MEDIASOUP_STORE_ROW_H
#define COLLECTD_MEDIASOUP_STORE_ROW_H

#include "common/fields.h"
#include "facts.h"

#include <stdatomic.h>
#include <stdint.h>

typedef union {
  double gauge; /* NaN when unknown */
  int64_t counter;
} store_value_t;

/* The name of a value list: its host, plugin_instance and type_instance. What is no value list may be called by more
 * texts. All rows of a name share it. */
typedef struct {
  atomic_uint references;
  size_t length; /* of `texts` */
  char texts[];  /* the three and those behind them, each with its NUL */
} row_name_t;

typedef struct {
  const class_t *class;
  const char *host; /* this one and the next two are the name's */
  const char *plugin_instance;
  const char *type_instance;
  double time;     /* epoch seconds, by the clock of the host that read it */
  double received; /* epoch seconds, by this host's clock: its age counts from here */
  double interval; /* seconds */
  facts_t *facts;  /* the row's own reference. NULL until they are known; never NULL in the store */
  row_name_t *name;
  atomic_uint references;
  store_value_t values[]; /* one for each field of the class */
} store_row_t;

/* A row with one reference, the caller's. It has no facts, and its times, interval and values are 0. The texts are
 * copied. NULL when out of memory. */
store_row_t *store_row_new(const class_t *class, const char *host, const char *plugin_instance,
                           const char *type_instance);

/* The same, of a name that it shares. */
store_row_t *store_row_new_named(const class_t *class, row_name_t *name);

/* One reference more, and one less. The second takes NULL. Any thread. */
const store_row_t *store_row_share(const store_row_t *row);
void store_row_release(const store_row_t *row);

/* The memory that it takes with its name and its facts, though others may share them. It is counted anew at each call.
 */
size_t store_row_size(const store_row_t *row);

/* Whether this row is older than `before`, which has its name, since it came late; and not since the clock of its host
 * was set back in between. */
bool store_row_is_late(const store_row_t *before, const store_row_t *row);

/* These two change a row that nobody else has yet. */

/* Takes over a reference to a name of the same texts. */
void store_row_set_name(store_row_t *row, row_name_t *name);

/* Copies the times, the interval and the values. `from` is of the same class. */
void store_row_copy_values(store_row_t *row, const store_row_t *from);

/* A name with one reference, the caller's. NULL when out of memory. */
row_name_t *row_name_new(const char *host, const char *plugin_instance, const char *type_instance);

/* The same, of three texts or more that lie one after the other, each with its NUL. */
row_name_t *row_name_of(const char *texts, size_t length);

/* One reference more, and one less. The second takes NULL. Any thread. */
row_name_t *row_name_share(row_name_t *name);
void row_name_release(row_name_t *name);

#endif
