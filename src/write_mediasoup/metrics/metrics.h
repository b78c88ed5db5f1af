/* SPDX-License-Identifier: MIT */
/*
 * What Prometheus reads: the rows as families of samples, family by family. The work grows with the number of samples
 * and with nothing else: the labels of a row are made once, and nothing is kept between scrapes, so a new object costs
 * its own samples.
 *
 * Samples have no timestamps: they are of the time of the scrape. With collectd's times, Prometheus would show a series
 * that is gone for five more minutes. A row that is out of date is left out, and so is an unknown value (NaN).
 */
#ifndef COLLECTD_MEDIASOUP_METRICS_H
#define COLLECTD_MEDIASOUP_METRICS_H

#include "scrape.h"
#include "write_mediasoup/body.h"

/* The rows as they are now, whatever is written later, for the caller to free with body_free(). The texts of the scrape
 * are lent until then. STATUS_NO_MEMORY. */
MUST_CHECK status_t metrics_new(store_t *store, const scrape_t *scrape, double now, body_t **metrics,
                                failure_t *failure);

#endif
