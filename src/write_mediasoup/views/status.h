/* SPDX-License-Identifier: MIT */
/*
 * The answer to GET /status: each endpoint as its last value list tells it, also one that has fallen silent, and what
 * an operator should do something about.
 */
#ifndef COLLECTD_MEDIASOUP_VIEWS_STATUS_H
#define COLLECTD_MEDIASOUP_VIEWS_STATUS_H

#include "write_mediasoup/body.h"
#include "write_mediasoup/store/store.h"

/* For the caller to free with body_free(). STATUS_NO_MEMORY. */
MUST_CHECK status_t status_new(store_t *store, double now, body_t **status, failure_t *failure);

#endif
