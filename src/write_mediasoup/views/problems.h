/* SPDX-License-Identifier: MIT */
/*
 * What an operator should do something about: what is wrong with an endpoint, in which words, and the remedy. /status
 * and the page's banner show it.
 */
#ifndef COLLECTD_MEDIASOUP_PROBLEMS_H
#define COLLECTD_MEDIASOUP_PROBLEMS_H

#include "common/json_writer.h"
#include "endpoint_state.h"

/* Write a JSON object {"kind":...,"level":"bad","poor" or "hint",...,"text":...,"remedy":...} for each problem of the
 * endpoint, or the only one where there is no endpoint at all. Return how many are no mere hints. */
size_t problems_write(const endpoint_state_t *endpoint, json_writer_t *json);
size_t problems_write_none(json_writer_t *json);

/* Why the endpoint cannot be read, as the problems of the kinds `stale` and `down` say it: appends the text, and
 * returns the remedy, lent by the row. NULL where it can be read; then nothing is appended. */
const char *problems_outage(const endpoint_state_t *endpoint, buffer_t *text);

#endif
