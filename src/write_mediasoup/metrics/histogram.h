/* SPDX-License-Identifier: MIT */
/*
 * The histograms of a distribution. Its own rows hold sum and count, the rows of its class of buckets one bucket each.
 * They come as separate value lists and are put together here.
 */
#ifndef COLLECTD_MEDIASOUP_HISTOGRAM_H
#define COLLECTD_MEDIASOUP_HISTOGRAM_H

#include "common/buffer.h"
#include "write_mediasoup/store/store.h"

typedef struct histograms histograms_t;

/* The rows are lent until histograms_free(). A histogram whose rows are not all there is left out. NULL when out of
 * memory. */
histograms_t *histograms_new(const store_row_t *const *sums, size_t sums_length, const store_row_t *const *buckets,
                             size_t buckets_length);
void histograms_free(histograms_t *histograms); /* takes NULL */

/* Whether all of them have been appended. */
bool histograms_is_over(const histograms_t *histograms);

/* Appends the samples of the next one; call it only while there is one. */
void histograms_append_next(histograms_t *histograms, const char *name, buffer_t *text);

#endif
