/* SPDX-License-Identifier: MIT */
/*
 * Records as a JSON array, newest first.
 */
#ifndef COLLECTD_MEDIASOUP_RECORD_VIEW_H
#define COLLECTD_MEDIASOUP_RECORD_VIEW_H

#include "record_log.h"
#include "record_query.h"
#include "write_mediasoup/body.h"

/* The records as they are now, for the caller to free with body_free(). The texts of the query are lent until then.
 * STATUS_NO_MEMORY. */
MUST_CHECK status_t record_view_new(record_log_t *log, const record_query_t *query, body_t **view, failure_t *failure);

#endif
