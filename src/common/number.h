/* SPDX-License-Identifier: MIT */
/*
 * Numbers as text, as JSON and Prometheus both read them.
 */
#ifndef COLLECTD_MEDIASOUP_NUMBER_H
#define COLLECTD_MEDIASOUP_NUMBER_H

#include "common/buffer.h"

#include <stdint.h>

MUST_CHECK status_t number_append_whole(buffer_t *text, int64_t value);

/* The fewest digits that are read back as the same number. `value` is finite. */
MUST_CHECK status_t number_append_double(buffer_t *text, double value);

#endif
