/* SPDX-License-Identifier: MIT */
/*
 * The answer to GET /participants: each participant as a row of a JSON array.
 */
#ifndef COLLECTD_MEDIASOUP_PARTICIPANTS_VIEW_H
#define COLLECTD_MEDIASOUP_PARTICIPANTS_VIEW_H

#include "query.h"
#include "write_mediasoup/body.h"

/* What a request may ask for, for query_add_for(). */
extern const row_keys_t participants_keys;

/* The participants as they are now, whatever is written later, for the caller to free with body_free(). The texts of
 * the query are lent until then. STATUS_NO_MEMORY. */
MUST_CHECK status_t participants_view_new(store_t *store, const query_t *query, double now, body_t **view,
                                          failure_t *failure);

#endif
