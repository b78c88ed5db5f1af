/* SPDX-License-Identifier: MIT */
/*
 * The worst streams of an endpoint, by rank: lowest score first, then highest loss.
 */
#ifndef COLLECTD_MEDIASOUP_WORST_H
#define COLLECTD_MEDIASOUP_WORST_H

#include "mediasoup/reading.h"

typedef struct worst worst_t;

/* For streams of CLASS_PRODUCERS or CLASS_CONSUMERS; `ranks` is at most WORST_MAX. NULL when out of memory. */
worst_t *worst_new(class_id_t class, size_t ranks);
void worst_free(worst_t *worst);

/* A new reading begins. */
void worst_begin(worst_t *worst);

/* Adds a stream that is measured. It is passed over where it does not flow, is piped, of another class or
 * without a score. */
void worst_add(worst_t *worst, const object_t *stream, const reading_t *reading);

/* The stream of this rank, counted from 0, and the values of its row; NULL after the last. Lent: no stream may be freed
 * before the next reading. */
const object_t *worst_at(const worst_t *worst, size_t rank, object_value_t values[FIELDS_MAX]);

/* The class of its rows. */
const class_t *worst_class(const worst_t *worst);

#endif
