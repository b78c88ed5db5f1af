/* SPDX-License-Identifier: MIT */
/*
 * The answer to GET /history: what was, as columns.
 */
#ifndef COLLECTD_MEDIASOUP_HISTORY_VIEW_H
#define COLLECTD_MEDIASOUP_HISTORY_VIEW_H

#include "history_query.h"
#include "write_mediasoup/body.h"

/* {"class":...,"from":...,"to":...,"series":[{<labels>,"times":[...],"figures":{"key":[...],...}},...]} as it is now,
 * for the caller to free with body_free(). Its texts are lent until then. STATUS_QUERY where that is more than
 * HISTORY_NUMBERS_MAX; STATUS_NO_MEMORY. */
MUST_CHECK status_t history_view_new(history_t *history, const history_asked_t *asked, double now, body_t **view,
                                     failure_t *failure);

#endif
