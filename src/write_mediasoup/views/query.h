/* SPDX-License-Identifier: MIT */
/*
 * What a request asks for: ?appData.roomId=x&kind=video&limit=10&offset=20&worst=5&fields=kind,score
 */
#ifndef COLLECTD_MEDIASOUP_QUERY_H
#define COLLECTD_MEDIASOUP_QUERY_H

#include "write_mediasoup/store/store.h"

enum { QUERY_MAX_FILTERS = 16 };

typedef struct {
  const char *key;   /* a field's or a fact's key, or appData's */
  const char *value; /* equals its text */
  bool is_app_data;
  int field;     /* the index of a field of this key, or -1 */
  double number; /* the value, for a field; NaN where it is none */
} filter_t;

/* Zero-initialise. Texts are lent: they live as long as the request's. */
typedef struct {
  const char *id; /* of one object, or NULL */
  filter_t filters[QUERY_MAX_FILTERS];
  size_t filters_length;
  size_t limit; /* 0: no limit */
  size_t offset;
  size_t worst;       /* 0: all; else the worst so many, by score, then by loss, then by id */
  const char *fields; /* the keys wanted, separated by commas; NULL: all */
} query_t;

/* Adds one parameter. STATUS_QUERY names the parameter, and what is wrong with it. */
MUST_CHECK status_t query_add(query_t *query, const class_t *class, const char *key, const char *value,
                              failure_t *failure);

/* Whether the row is asked for (limit, offset and worst apart). */
bool query_matches(const query_t *query, const store_row_t *row);

/* Those rows of a class, as the store is asked for them. The query is lent as long as it is used. */
selection_t query_selection(const query_t *query, const class_t *class);

/* Whether this key is wanted in the answer. */
bool query_wants(const query_t *query, const char *key);

/* Takes away and puts in order what the query says of the list as a whole: worst, offset, limit. Returns the first row
 * to be shown, and sets `*length` to how many. The rows before and after stay the caller's. */
const store_row_t **query_select(const query_t *query, const store_row_t **rows, size_t *length);

#endif
