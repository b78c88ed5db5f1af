/* SPDX-License-Identifier: MIT */
/*
 * What Prometheus reads: the rows as families of samples, family by family, in pieces of bounded size. The work grows
 * with the number of samples and nothing else: a row's labels are written once and stand before each of its figures;
 * nothing is kept between scrapes, so a new object costs its own samples.
 *
 * Samples have no timestamps: they are of the scrape. With collectd's times, Prometheus would show what is gone for
 * another five minutes. A row that has expired is not there. What is not known (NaN) is no sample.
 */
#ifndef COLLECTD_MEDIASOUP_METRICS_H
#define COLLECTD_MEDIASOUP_METRICS_H

#include "scrape.h"
#include "write_mediasoup/views/view.h"

/* The rows as they are now, whatever comes later, as a view. STATUS_NO_MEMORY. */
MUST_CHECK status_t metrics_new(store_t *store, const scrape_t *scrape, double now, view_t **view, failure_t *failure);

#endif
