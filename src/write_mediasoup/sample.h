/* SPDX-License-Identifier: MIT */
/*
 * The door for value lists of this collectd: they become rows. With plugin.c and notify.c, the only file that knows
 * collectd.
 */
#ifndef COLLECTD_MEDIASOUP_SAMPLE_H
#define COLLECTD_MEDIASOUP_SAMPLE_H

#include "write_mediasoup/store/store.h"

#include <collectd/core/daemon/plugin.h>
#include <stdatomic.h>

/* Where value lists go. */
typedef struct {
  store_t *store;
  void (*on_full)(void); /* called when new objects begin to find no room in the store */
  /* called once for each class whose data set has other data sources than the table, with its name */
  void (*on_foreign)(const char *class_name);
  atomic_uint foreign; /* the bit 1 << class_id_t of each such class */
  /* the data set of each class that is the table's; NULL until it came */
  _Atomic(const data_set_t *) known[CLASS_COUNT];
} sample_target_t;

/* The write callback: writes a value list of the plugin mediasoup, with its metadata if it brings some, as a row of the
 * store. Passes over those of other plugins, and of data sets that are not the table's, which it says. The data of
 * `user_data` is a sample_target_t. Returns 0. Any thread. */
int sample_write(const data_set_t *set, const value_list_t *list, user_data_t *user_data);

/* The missing callback: removes the row of a value list that collectd has not seen for two intervals. As above. */
int sample_missing(const value_list_t *list, user_data_t *user_data);

#endif
