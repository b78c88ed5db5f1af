/* SPDX-License-Identifier: MIT */
/*
 * What a request asks of a view: ?appData.roomId=x&kind=video&limit=10&offset=20&worst=5&fields=kind,score
 */
#ifndef COLLECTD_MEDIASOUP_QUERY_H
#define COLLECTD_MEDIASOUP_QUERY_H

#include "common/status.h"
#include "field_set.h"
#include "write_mediasoup/store/store.h"

enum { QUERY_MAX_FILTERS = 16, QUERY_NUMBER_MAX = 1000000000 };

/* The parameters that take one number. */
typedef enum { NUMBER_LIMIT, NUMBER_OFFSET, NUMBER_WORST, NUMBERS } number_id_t;

typedef struct {
  const char *key;   /* of a field or a fact, or of appData */
  const char *value; /* what the row's text has to equal */
  bool is_app_data;
  int field;     /* the index of the number with this key, or -1 */
  double number; /* `value` as a number, to compare with a field; NaN where it is none */
} filter_t;

/* Zero-initialise. Texts are lent: they live as long as those of the request. */
typedef struct {
  const char *id; /* of the one object that is asked for; NULL: all */
  filter_t filters[QUERY_MAX_FILTERS];
  size_t filters_length;
  size_t limit; /* 0: no limit */
  size_t offset;
  bool is_given[NUMBERS];
  size_t worst;       /* how many of the worst rows, by score, then by loss, then by id; 0: all, in no order */
  field_set_t fields; /* the wanted keys */
} query_t;

/* Reads the value of a parameter that takes one whole number from `least` to `most`. STATUS_QUERY says what it takes.
 */
MUST_CHECK status_t query_read_number(const char *key, const char *value, size_t least, size_t most, size_t *number,
                                      failure_t *failure);

/* What the rows of a view have, by key. */
typedef struct {
  const char *name;                                       /* of the view */
  int (*find_number)(const void *of, const char *key);    /* the index of the number, or -1 */
  bool (*is_text)(const void *of, const char *key);       /* a text to filter by */
  bool (*is_shown_only)(const void *of, const char *key); /* a member that cannot be filtered by */
  const void *of;                                         /* what these take */
  bool has_app_data, has_worst;
} row_keys_t;

/* Adds one parameter of the request. A parameter that is there several times counts each time, or is refused: filters
 * must all match, and `fields` are added up. STATUS_QUERY says which parameter is wrong, and what it takes. */
MUST_CHECK status_t query_add(query_t *query, const class_t *class, const char *key, const char *value,
                              failure_t *failure);

/* The same for rows that are no rows of a class. */
MUST_CHECK status_t query_add_for(query_t *query, const row_keys_t *keys, const char *key, const char *value,
                                  failure_t *failure);

/* The rows of `class` that match the id and the filters, as store_take() is asked for them. The query is lent as long
 * as the selection is used. */
selection_t query_selection(const query_t *query, const class_t *class);

/* Whether the row matches the id and the filters. */
bool query_matches(const query_t *query, const store_row_t *row);

/* Whether the answer has the member of this key. */
bool query_wants(const query_t *query, const char *key);

/* Whether a filter takes this number, or this text, which may be NULL. */
bool filter_takes_number(const filter_t *filter, double number);
bool filter_takes_text(const filter_t *filter, const char *text);

/* Which of `*length` rows, the worst first where the query asks for those, are shown: from the one that it returns on,
 * so many as `*length` then says. */
size_t query_range(const query_t *query, size_t *length);

/* Applies what the query says of the list as a whole: worst, offset, limit. Sorts `rows` if need be, returns the first
 * row to be shown, and sets `*length` to how many. All rows stay the caller's. */
const store_row_t **query_select(const query_t *query, const store_row_t **rows, size_t *length);

#endif
