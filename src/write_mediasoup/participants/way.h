/* SPDX-License-Identifier: MIT */
/*
 * One way of a participant, summed up from its streams: those that it sends, or those that it gets.
 */
#ifndef COLLECTD_MEDIASOUP_WAY_H
#define COLLECTD_MEDIASOUP_WAY_H

#include "figures.h"
#include "stream_row.h"

/* Why a stream is bad or silent, and how bad it is. Zero-initialised: there is none. */
typedef struct {
  const char *cause;
  bool flows; /* it is bad rather than silent, which is worse */
  double score;
  double loss_ratio;
} way_cause_t;

typedef struct {
  double *figures;   /* by way_figure_t; NaN: unknown. The participant's */
  unsigned unknown;  /* streams of which nobody knows whether they flow */
  unsigned waiting;  /* streams that wait, for a cause: their transport is disconnected or cannot connect */
  way_cause_t worst; /* of the streams that have a cause */
} way_t;

/* A way without streams. The figures are lent as long as it is used. */
void way_init(way_t *way, double figures[WAY_FIGURES]);

/* Adds a stream, whose figures count if it flows. A row without metadata does not say so, but a bitrate does, and its
 * score whether it is bad. One of which nobody knows is not counted among those that flow, but its figures are. */
void way_add(way_t *way, const stream_row_t *stream, const stream_columns_t *columns);

/* The worse of two. */
const way_cause_t *way_worse(const way_cause_t *left, const way_cause_t *right);

#endif
