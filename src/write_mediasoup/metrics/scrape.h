/* SPDX-License-Identifier: MIT */
/*
 * What a scrape asks for: /metrics?class=consumers,workers&appData.roomId=x&fields=byteCount&names=mediasoup-exporter
 */
#ifndef COLLECTD_MEDIASOUP_SCRAPE_H
#define COLLECTD_MEDIASOUP_SCRAPE_H

#include "exposition.h"
#include "write_mediasoup/views/query.h"

/* Zero-initialise. Texts are lent: they live as long as those of the request. */
typedef struct {
  exposition_t exposition;
  unsigned long classes;                    /* a bit for each that `class` names; 0: all */
  query_t query;                            /* its filters, from which those of each class are made */
  unsigned long lacking[QUERY_MAX_FILTERS]; /* a bit for each class that does not have the filter's key */
} scrape_t;

/* Adds one parameter of the request. STATUS_QUERY says which parameter is wrong, and what it takes. */
MUST_CHECK status_t scrape_add(scrape_t *scrape, const char *key, const char *value, failure_t *failure);

/* Checks the parameters together: at least one of the classes asked for must have each filter and each of `fields`.
 * STATUS_QUERY. */
MUST_CHECK status_t scrape_check(const scrape_t *scrape, failure_t *failure);

/* Sets what is asked of the rows of this class. false where none of them can be wanted. */
MUST_CHECK bool scrape_query(const scrape_t *scrape, const class_t *class, query_t *query);

#endif
