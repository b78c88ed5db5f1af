/* SPDX-License-Identifier: MIT */
/*
 * The worst streams of an endpoint, by rank: lowest score first, then highest loss.
 */
#ifndef COLLECTD_MEDIASOUP_WORST_H
#define COLLECTD_MEDIASOUP_WORST_H

#include "reading.h"

typedef struct worst worst_t;

/* Of CLASS_PRODUCERS or CLASS_CONSUMERS, `ranks` up to WORST_MAX. NULL when out of memory. */
worst_t *worst_new(class_id_t class, size_t ranks);
void worst_free(worst_t *worst);

/* A new reading. */
void worst_begin(worst_t *worst);

/* A stream that is measured; one that is paused, or of another class, or without a score, is passed over. */
void worst_add(worst_t *worst, const object_t *stream, const reading_t *reading);

/* The stream of this rank, from 0 on; NULL after the last. `*values` are those of its row; both are lent until the next
 * call. */
const object_t *worst_at(const worst_t *worst, size_t rank, object_value_t values[FIELDS_MAX]);

/* The class of its rows. */
const class_t *worst_class(const worst_t *worst);

#endif
