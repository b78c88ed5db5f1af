/* SPDX-License-Identifier: MIT */
/*
 * Makes a snapshot count in the model, once all its rows were applied.
 */
#ifndef COLLECTD_MEDIASOUP_COMMIT_H
#define COLLECTD_MEDIASOUP_COMMIT_H

#include "model.h"

/* The snapshot is whole: what it said holds from now on, and objects that it did not name are freed. It was asked for
 * at `now`, in seconds on any steady clock, and took `seconds`. STATUS_INCOMPLETE where it has no end row; then nothing
 * changes. */
MUST_CHECK status_t commit_snapshot(model_t *model, double now, double seconds, failure_t *failure);

/* The snapshot could not be read: the endpoint's object says so, nothing else changes. */
void commit_failure(model_t *model);

#endif
