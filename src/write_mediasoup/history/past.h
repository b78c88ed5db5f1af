/* SPDX-License-Identifier: MIT */
/*
 * What a reader is given of the history: the samples of some series at one moment, whatever is added or forgotten
 * later. It needs no lock.
 */
#ifndef COLLECTD_MEDIASOUP_HISTORY_PAST_H
#define COLLECTD_MEDIASOUP_HISTORY_PAST_H

#include "series.h"

/* The samples of one series between two times, which are epoch milliseconds by the clock of the row's host. */
typedef struct {
  const store_row_t *row; /* the last one: its facts are the labels */
  uint64_t number;        /* of the series */
  uint64_t counters;
  int64_t from, to; /* both included */
  int64_t last;     /* the time of the newest sample of all */
  chunk_t **chunks; /* those with such samples, in their order */
  size_t chunks_length;
  unsigned char *bytes; /* the samples that are no chunk, if there are such among them */
  size_t length, loose; /* how many bytes, and how many samples */
  int64_t first_loose;
} past_series_t;

typedef struct {
  past_series_t *list;
  size_t length;
} past_t;

/* Adds what the series holds now from `from` to `to`. There is room for it. false when out of memory: nothing is added.
 */
MUST_CHECK bool past_add(past_t *past, const series_t *series, int64_t from, int64_t to);

/* How many samples there are between the times, or some more: those of whole chunks. */
size_t past_count_about(const past_series_t *series);

/* How many there are. It reads the chunks that begin before or end after the times, which are two at the most. */
size_t past_count(const past_series_t *series);

/* Takes NULL. */
void past_free(past_t *past);

/* Reads the samples of a series between the times, from the oldest on. Initialise with `series`. */
typedef struct {
  const past_series_t *series;
  int64_t time;                             /* of the sample that was read, epoch milliseconds */
  store_value_t figures[CODEC_FIGURES_MAX]; /* its figures */
  codec_t codec;
  size_t chunk; /* which is read; chunks_length: what is no chunk; greater: none */
  size_t left;  /* samples of it */
  size_t at;    /* bits of it that were read */
  bool has_begun;
} past_reader_t;

/* The next sample. false after the last. */
bool past_read(past_reader_t *reader);

#endif
