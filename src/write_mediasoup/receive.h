/* SPDX-License-Identifier: MIT */
/*
 * What another host's write_http posts: value lists as JSON, which become rows like those of this host.
 */
#ifndef COLLECTD_MEDIASOUP_RECEIVE_H
#define COLLECTD_MEDIASOUP_RECEIVE_H

#include "write_mediasoup/store/store.h"

enum { RECEIVE_MAX_BYTES = 4 * 1024 * 1024 }; /* write_http's BufferSize is some tens of kilobytes */

/* Puts the value lists of the plugin mediasoup into the store; those of others are passed over. All or none:
 * STATUS_SYNTAX and STATUS_PROTOCOL name the value list, counted from 1, and what is wrong with it. `json` ends in a
 * NUL that is not counted in `length`; `now` is in epoch seconds. */
MUST_CHECK status_t receive(store_t *store, const char *json, size_t length, double now, size_t *taken,
                            failure_t *failure);

#endif
