/* SPDX-License-Identifier: MIT */
/*
 * How an endpoint is, by its last value list: up, down, or silent.
 */
#ifndef COLLECTD_MEDIASOUP_ENDPOINT_STATE_H
#define COLLECTD_MEDIASOUP_ENDPOINT_STATE_H

#include "write_mediasoup/store/store.h"

/* An endpoint, by its row. The texts are lent by the row. */
typedef struct {
  const store_row_t *row;
  const char *name;
  int process;   /* its number where the endpoint is a glob of sockets; else -1 */
  double age;    /* seconds, of the row */
  bool is_stale; /* no value list has come for two intervals */
  bool is_up;    /* as the row says */
} endpoint_state_t;

endpoint_state_t endpoint_state(const store_row_t *row, double now);

/* Appends its name and where it is: "sfu", process 2 on media-1 */
void endpoint_state_append_name(const endpoint_state_t *endpoint, buffer_t *text);

/* Leaves the rows that count at the beginning, in the order of their names, and returns how many: one process of
 * several that has ended is no endpoint that fell silent. The others follow. */
size_t endpoint_state_choose(const store_row_t **rows, size_t length, double now);

#endif
