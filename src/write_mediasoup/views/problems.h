/* SPDX-License-Identifier: MIT */
/*
 * What an operator should do something about: what is wrong with an endpoint, in which words, and the remedy. /status
 * and the page's banner show it.
 */
#ifndef COLLECTD_MEDIASOUP_PROBLEMS_H
#define COLLECTD_MEDIASOUP_PROBLEMS_H

#include "common/json_writer.h"
#include "write_mediasoup/store/row.h"

/* An endpoint, by its row. The texts are lent by the row. */
typedef struct {
  const store_row_t *row;
  const char *name;
  int process;   /* its number where the endpoint is a glob of sockets; else -1 */
  double age;    /* seconds, of the row */
  bool is_stale; /* no value list has come for two intervals */
  bool is_up;    /* as the row says */
} endpoint_state_t;

/* Write a JSON object {"kind":...,"level":"bad","poor" or "hint",...,"text":...,"remedy":...} for each problem of the
 * endpoint, or the only one where there is no endpoint at all. Return how many are no mere hints. */
size_t problems_write(const endpoint_state_t *endpoint, json_writer_t *json);
size_t problems_write_none(json_writer_t *json);

#endif
