/* SPDX-License-Identifier: MIT */
/*
 * What a request asks of the history: ?class=group_consumers&appData.roomId=x&fields=scoreMean&from=MS&to=MS&points=60
 */
#ifndef COLLECTD_MEDIASOUP_HISTORY_QUERY_H
#define COLLECTD_MEDIASOUP_HISTORY_QUERY_H

#include "history.h"

enum {
  /* Samples of one series: more than any screen has points. They are in memory while the series is written. */
  HISTORY_POINTS_MAX = 10000,
  /* Numbers of all series: some 40 MB of text. */
  HISTORY_NUMBERS_MAX = 5000000,
};

/* The parameters that have one value. */
typedef enum { ASKED_CLASS, ASKED_FROM, ASKED_TO, ASKED_POINTS, ASKED_TEXTS } asked_text_t;

/* The parameters as they come: what most of them mean depends on the class, which may come last. Zero-initialise.
 * Texts are lent: they live as long as those of the request. */
typedef struct {
  const char *texts[ASKED_TEXTS]; /* NULL: not given */
  struct {
    const char *key, *value;
  } filters[QUERY_MAX_FILTERS];
  size_t filters_length;
  field_set_t fields;
} history_query_t;

/* Adds one parameter of the request. STATUS_QUERY says which parameter is wrong, and what it takes. */
MUST_CHECK status_t history_query_add(history_query_t *query, const char *key, const char *value, failure_t *failure);

/* What all parameters together mean. */
typedef struct {
  const class_t *class;
  query_t query;              /* the filters, and which figures are wanted: its `fields` */
  int64_t from, to;           /* epoch milliseconds, both included */
  int64_t told_from, told_to; /* what the answer says of them */
  size_t points;              /* at most so many samples of a series */
  size_t numbers;             /* and so many numbers of all */
} history_asked_t;

/* Without `from` and `to` it is all that is kept, also of hosts whose clock is ahead. STATUS_QUERY. */
MUST_CHECK status_t history_query_read(const history_query_t *query, const history_t *history, double now,
                                       history_asked_t *asked, failure_t *failure);

#endif
