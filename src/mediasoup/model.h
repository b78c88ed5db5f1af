/* SPDX-License-Identifier: MIT */
/*
 * What is known of one mediasoup application: its objects, kept from snapshot to snapshot. Rows are applied as they
 * come; they count only once the snapshot is committed. A snapshot that fails half-way changes no sum, ends no object,
 * and is overwritten by the next whole one.
 *
 * Not for several threads at once.
 */
#ifndef COLLECTD_MEDIASOUP_MODEL_H
#define COLLECTD_MEDIASOUP_MODEL_H

#include "object.h"

typedef struct model model_t;

/* `selected` has the bit 1 << class_id_t for each class that is asked for; at most `max_objects` of those that the
 * application made are admitted. NULL when out of memory. */
model_t *model_new(unsigned selected, size_t max_objects);
void model_free(model_t *model);

/* A new snapshot. */
void model_begin(model_t *model);

/* The next row of it; a parser_row_t with the model as its context. STATUS_PROTOCOL, STATUS_VERSION, STATUS_INCOMPLETE
 * (the end row's counts), STATUS_NO_MEMORY. */
MUST_CHECK status_t model_apply(void *model, const row_t *row, failure_t *failure);

/* The snapshot ends here; it was asked for at `now` seconds on any steady clock, and took `seconds`. STATUS_INCOMPLETE
 * where there was no end row; else all it said holds from now on, and objects that it did not name are gone. */
MUST_CHECK status_t model_commit(model_t *model, double now, double seconds, failure_t *failure);

/* The snapshot could not be had: the endpoint's row says so, nothing else changes. */
void model_fail(model_t *model);

/* The endpoint's own object; it lives as long as the model. */
object_t *model_endpoint(model_t *model);

/* All other objects in turn, every parent before its children; NULL after the last. Start with NULL. */
object_t *model_next(const model_t *model, const object_t *object);

/* Which snapshot this is, counted from 1. */
uint64_t model_snapshot(const model_t *model);

/* Whether the object gets a value list: its class is selected, it is within MaxObjects, and its figures are known (a
 * worker that does not answer still has its row, which says so). */
bool model_dispatches(const model_t *model, const object_t *object);

#endif
