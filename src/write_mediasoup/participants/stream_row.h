/* SPDX-License-Identifier: MIT */
/*
 * A row of a producer's or consumer's stream, with what a participant is made of.
 */
#ifndef COLLECTD_MEDIASOUP_STREAM_ROW_H
#define COLLECTD_MEDIASOUP_STREAM_ROW_H

#include "said_names.h"
#include "write_mediasoup/store/row.h"

/* Where the fields are in a class; -1: it has none such. */
typedef struct {
  int score, fraction_lost, round_trip_time, jitter, bitrate, mos, consumers_affected;
} stream_columns_t;

typedef enum {
  FLOW_UNKNOWN, /* the row came without metadata, or its worker has never answered */
  FLOW_FLOWS,
  FLOW_SILENT,
  FLOW_NOT, /* and nothing should: paused, waiting, inactive */
} flow_t;

/* What the facts of a stream tell. It is read once, and kept with the facts. Texts are theirs; NULL where they have
 * none. Numbers are NaN where unknown. */
typedef struct {
  const char *producer_id, *router_id, *transport_id;
  const char *cause;
  flow_t flow;
  bool bad;
  bool piped;
  double bad_since;  /* epoch milliseconds */
  double clock_rate; /* Hz */
  said_names_t said;
} told_stream_t;

typedef struct {
  const store_row_t *row;
  const told_stream_t *told; /* NULL when out of memory */
} stream_row_t;

stream_columns_t stream_columns(const class_t *class);
stream_row_t stream_row_of(const store_row_t *row);

/* The gauge in this column; NaN where it is unknown. */
double stream_gauge(const stream_row_t *stream, int column);

#endif
