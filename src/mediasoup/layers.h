/* SPDX-License-Identifier: MIT */
/*
 * The layer of a simulcast or SVC stream that a consumer gets, and the one that it prefers.
 */
#ifndef COLLECTD_MEDIASOUP_LAYERS_H
#define COLLECTD_MEDIASOUP_LAYERS_H

#include "object.h"

/* 1: the consumer gets a lower spatial layer than it prefers, or the same with a lower temporal layer. 0: it does not,
 * or its stream has no layers. NaN where the stream has layers and one of the two is unknown. */
double layers_below_preferred(const object_t *consumer);

/* Whether the consumer of such a stream gets no layer at all. mediasoup says so by leaving the current one out, and has
 * a preferred one always; an older endpoint tells neither. */
bool layers_are_missing(const object_t *consumer);

#endif
