/* SPDX-License-Identifier: MIT */
/*
 * What a scrape asks for: /metrics?class=consumers,workers&appData.roomId=x&fields=byteCount&names=mediasoup-exporter,
 * and in which format by its Accept header.
 */
#ifndef COLLECTD_MEDIASOUP_SCRAPE_H
#define COLLECTD_MEDIASOUP_SCRAPE_H

#include "exposition.h"
#include "write_mediasoup/views/query.h"

/* Zero-initialise. Texts are lent: they live as long as the request's. */
typedef struct {
  exposition_t exposition;
  unsigned long classes;                    /* a bit for each that `class` names; 0: all */
  query_t query;                            /* its filters: those of a class are made of these */
  unsigned long lacking[QUERY_MAX_FILTERS]; /* classes that do not have the filter's key */
} scrape_t;

/* Adds one parameter. STATUS_QUERY names the parameter, and what is wrong with it. */
MUST_CHECK status_t scrape_add(scrape_t *scrape, const char *key, const char *value, failure_t *failure);

/* Once all are added: whether each filter and each of `fields` is of any class that is asked for. */
MUST_CHECK status_t scrape_check(const scrape_t *scrape, failure_t *failure);

/* The format by the request's Accept header, which may be "". */
void scrape_accept(scrape_t *scrape, const char *accept);

/* Sets what is asked of the rows of this class; false where none can be wanted. */
MUST_CHECK bool scrape_query(const scrape_t *scrape, const class_t *class, query_t *query);

#endif
