/* SPDX-License-Identifier: MIT */
#include "way.h"

#include "common/limits.h"
#include "known.h"

#include <math.h>
#include <string.h>

/* RTCP reports the fraction lost in 256ths. */
static const double fraction_lost_unit = 256;
static const double milliseconds = 1000;

void way_init(way_t *way, double figures[WAY_FIGURES]) {
  *way = (way_t){.figures = figures};
  for (size_t i = 0; i < WAY_FIGURES; i++)
    figures[i] = i >= WAY_SCORE && i <= WAY_JITTER ? NAN : 0;
}

static double loss_of(const stream_row_t *stream, const stream_columns_t *columns) {
  return stream_gauge(stream, columns->fraction_lost) / fraction_lost_unit;
}

static void add_figures(double *figures, const stream_row_t *stream, const stream_columns_t *columns) {
  double jitter = stream_gauge(stream, columns->jitter) / stream->told->clock_rate * milliseconds;
  double bitrate = stream_gauge(stream, columns->bitrate);
  figures[WAY_SCORE] = known_least(figures[WAY_SCORE], stream_gauge(stream, columns->score));
  figures[WAY_LOSS_RATIO] = known_most(figures[WAY_LOSS_RATIO], loss_of(stream, columns));
  figures[WAY_ROUND_TRIP_TIME] =
      known_most(figures[WAY_ROUND_TRIP_TIME], stream_gauge(stream, columns->round_trip_time));
  figures[WAY_JITTER] = known_most(figures[WAY_JITTER], isfinite(jitter) ? jitter : NAN);
  figures[WAY_BITRATE] += isnan(bitrate) ? 0 : bitrate;
}

static void add_cause(way_t *way, const stream_row_t *stream, const stream_columns_t *columns) {
  const way_cause_t cause = {.cause = stream->told->cause,
                             .flows = stream->told->flow == FLOW_FLOWS,
                             .score = stream_gauge(stream, columns->score),
                             .loss_ratio = loss_of(stream, columns)};
  if (stream->told->cause != NULL)
    way->worst = *way_worse(&way->worst, &cause);
}

/* Where the row does not say it, the figures say that a stream flows, and how well. Whether one that does not should,
 * nobody knows. */
static flow_t flow_of(const stream_row_t *stream, const stream_columns_t *columns) {
  bool has_bitrate = stream_gauge(stream, columns->bitrate) > 0;
  return stream->told->flow == FLOW_UNKNOWN && has_bitrate ? FLOW_FLOWS : stream->told->flow;
}

static bool is_bad(const stream_row_t *stream, const stream_columns_t *columns) {
  if (stream->told->flow != FLOW_UNKNOWN)
    return stream->told->bad;
  return flow_of(stream, columns) == FLOW_FLOWS && stream_gauge(stream, columns->score) <= (double)BAD_SCORE;
}

void way_add(way_t *way, const stream_row_t *stream, const stream_columns_t *columns) {
  flow_t flow = flow_of(stream, columns);
  way->figures[WAY_STREAMS] += flow == FLOW_FLOWS ? 1 : 0;
  way->figures[WAY_STREAMS_BAD] += is_bad(stream, columns) ? 1 : 0;
  way->figures[WAY_STREAMS_SILENT] += flow == FLOW_SILENT ? 1 : 0;
  way->unknown += flow == FLOW_UNKNOWN ? 1 : 0;
  way->waiting += flow == FLOW_NOT && stream->told->cause != NULL ? 1 : 0;
  if (flow == FLOW_FLOWS || flow == FLOW_UNKNOWN)
    add_figures(way->figures, stream, columns);
  add_cause(way, stream, columns);
}

/* Unknown is not bad. */
static double or_else(double number, double unknown) { return isnan(number) ? unknown : number; }

/* The order of the text decides where nothing else does: the answer is the same whatever the order of the rows. */
static int compare(const way_cause_t *left, const way_cause_t *right) {
  if (left->flows != right->flows)
    return left->flows ? -1 : 1;
  double score = or_else(left->score, 10) - or_else(right->score, 10);
  if (score != 0 && left->flows)
    return score < 0 ? -1 : 1;
  double loss = or_else(left->loss_ratio, 0) - or_else(right->loss_ratio, 0);
  return loss != 0 ? (loss > 0 ? -1 : 1) : strcmp(left->cause, right->cause);
}

const way_cause_t *way_worse(const way_cause_t *left, const way_cause_t *right) {
  if (left->cause == NULL || right->cause == NULL)
    return left->cause != NULL ? left : right;
  return compare(left, right) <= 0 ? left : right;
}
