/* SPDX-License-Identifier: MIT */
/*
 * What a request asks of records: ?kind=room_bad&room=red&since=17&limit=10&fields=time,text
 */
#ifndef COLLECTD_MEDIASOUP_RECORD_QUERY_H
#define COLLECTD_MEDIASOUP_RECORD_QUERY_H

#include "record.h"
#include "write_mediasoup/views/query.h"

/* Zero-initialise. Texts are lent: they live as long as those of the request. */
typedef struct {
  query_t query;
  size_t since; /* only records of a greater number */
  bool has_since;
} record_query_t;

/* Adds one parameter of the request, as query_add() does. STATUS_QUERY says which parameter is wrong, and what it
 * takes. */
MUST_CHECK status_t record_query_add(record_query_t *query, const record_type_t *type, const char *key,
                                     const char *value, failure_t *failure);

/* Leaves the records that are asked for together, in their order, and returns the first; `*length` then says how many.
 * Each of the others still stands in `records` once. */
record_t **record_query_select(const record_query_t *query, record_t **records, size_t *length);

#endif
