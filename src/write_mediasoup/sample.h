/* SPDX-License-Identifier: MIT */
/*
 * The door for value lists of this collectd: they become rows. With plugin.c, the only file that knows collectd.
 */
#ifndef COLLECTD_MEDIASOUP_SAMPLE_H
#define COLLECTD_MEDIASOUP_SAMPLE_H

#include "write_mediasoup/store/store.h"

#include <collectd/core/daemon/plugin.h>

/* Writes a value list of the plugin mediasoup, with its metadata if it brings some, as a row of the store. Passes over
 * those of other plugins, and of data sets that are not the table's. Any thread. */
void sample_write(store_t *store, const data_set_t *set, const value_list_t *list);

/* Removes the row of a value list that collectd has not seen for two intervals. Any thread. */
void sample_forget(store_t *store, const value_list_t *list);

#endif
