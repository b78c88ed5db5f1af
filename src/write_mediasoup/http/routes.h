/* SPDX-License-Identifier: MIT */
/*
 * The table of routes: for each path and method, which parameters it takes and what answers.
 */
#ifndef COLLECTD_MEDIASOUP_ROUTES_H
#define COLLECTD_MEDIASOUP_ROUTES_H

#include "answer.h"
#include "write_mediasoup/events/chronicle.h"
#include "write_mediasoup/events/record_query.h"
#include "write_mediasoup/history/history_query.h"
#include "write_mediasoup/metrics/scrape.h"
#include "write_mediasoup/views/query.h"

#include <stdbool.h>

typedef struct route route_t;

/* A route, and what its path names. */
typedef struct {
  const route_t *route; /* NULL: there is none */
  const class_t *class;
  const char *id; /* lent by the path */
} route_match_t;

/* The route of this path and method. `receive_path` is the path that other hosts may post to; NULL: they may not. */
route_match_t routes_find(const char *method, const char *path, const char *receive_path);

/* Whether a request needs the token, or the user and password, of <Receive>. `route` may be NULL. */
bool route_needs_secret(const route_t *route);

/* How many answers of all routes may run when one of this route begins; 0: however many. `route` is not NULL. */
size_t route_places(const route_t *route);

/* A request. The caller sets the first part; texts live as long as the answer. The rest is zero at the beginning. */
typedef struct {
  route_match_t match;  /* with a route */
  const char *accept;   /* the Accept header, or "" */
  const buffer_t *body; /* what was sent, or how that failed */
  store_t *store;
  history_t *history;           /* NULL: nothing of the past is kept */
  const chronicle_t *chronicle; /* NULL: nobody looks at what happens */
  double now;                   /* epoch seconds */

  query_t query;
  scrape_t scrape;
  history_query_t history_query;
  record_query_t record_query;
  failure_t failure; /* of the first parameter that is wrong */
} request_t;

/* Adds a parameter. What is wrong with it is for routes_answer(). */
void routes_add_parameter(request_t *request, const char *key, const char *value);

void routes_answer(request_t *request, answer_t *answer);

/* The answer where there is no route: which paths, or which methods there are. */
void routes_answer_unknown(const char *method, const char *path, const char *receive_path, answer_t *answer);

#endif
