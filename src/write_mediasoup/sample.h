/* SPDX-License-Identifier: MIT */
/*
 * collectd's value lists become samples and facts. With plugin.c, the only file that knows collectd.
 */
#ifndef COLLECTD_MEDIASOUP_SAMPLE_H
#define COLLECTD_MEDIASOUP_SAMPLE_H

#include "write_mediasoup/store/store.h"

#include <collectd/core/daemon/plugin.h>

/* The class of a value list of the plugin mediasoup; NULL for any other, or one of another shape. */
const class_t *sample_class(const data_set_t *set, const value_list_t *list);

/* Puts the value list into the store, with its metadata if it brings some. Any thread. */
void sample_store(store_t *store, const class_t *class, const value_list_t *list);

#endif
