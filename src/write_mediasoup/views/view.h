/* SPDX-License-Identifier: MIT */
/*
 * A view: the rows of one class as a JSON array. An object that is asked for by its id is an array too, since a
 * producer has a row for each of its streams.
 */
#ifndef COLLECTD_MEDIASOUP_VIEW_H
#define COLLECTD_MEDIASOUP_VIEW_H

#include "query.h"
#include "write_mediasoup/body.h"

/* The rows as they are now, whatever is written later, for the caller to free with body_free(). The texts of the query
 * are lent until then. STATUS_NOT_FOUND where the query names an object and there is none; STATUS_NO_MEMORY. */
MUST_CHECK status_t view_new(store_t *store, const class_t *class, const query_t *query, double now, body_t **view,
                             failure_t *failure);

#endif
