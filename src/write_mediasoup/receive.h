/* SPDX-License-Identifier: MIT */
/*
 * The door for value lists of other hosts: what their write_http posts becomes rows.
 */
#ifndef COLLECTD_MEDIASOUP_RECEIVE_H
#define COLLECTD_MEDIASOUP_RECEIVE_H

#include "common/status.h"
#include "write_mediasoup/store/store.h"

enum { RECEIVE_MAX_BYTES = 4 * 1024 * 1024 }; /* write_http's BufferSize is some tens of kilobytes */

/* Writes the value lists of the plugin mediasoup as rows of the store and counts them in `*taken`. Those of other
 * plugins are passed over. All or none: STATUS_SYNTAX, STATUS_PROTOCOL or STATUS_NO_MEMORY name the value list, counted
 * from 1, and what is wrong with it. The memory it takes beside the rows does not grow with the body, except for the
 * longest text in it. `now` is in epoch seconds. */
MUST_CHECK status_t receive(store_t *store, const char *json, size_t length, double now, size_t *taken,
                            failure_t *failure);

#endif
