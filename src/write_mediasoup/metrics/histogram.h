/* SPDX-License-Identifier: MIT */
/*
 * The histograms of a class: its rows have sum and count, those of the class that follows a bucket each. They come as
 * separate value lists, and are put together here.
 */
#ifndef COLLECTD_MEDIASOUP_HISTOGRAM_H
#define COLLECTD_MEDIASOUP_HISTOGRAM_H

#include "common/buffer.h"
#include "write_mediasoup/store/store.h"

typedef struct histograms histograms_t;

/* The rows are lent until histograms_free. NULL when out of memory. */
histograms_t *histograms_new(const store_row_t *const *sums, size_t sums_length, const store_row_t *const *buckets,
                             size_t buckets_length);
void histograms_free(histograms_t *histograms);

/* Appends the samples of the next histogram. false, and nothing is appended, after the last. One of which there is not
 * all yet is left out. */
bool histograms_append_next(histograms_t *histograms, const char *name, buffer_t *text);

#endif
