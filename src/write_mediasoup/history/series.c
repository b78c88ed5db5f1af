/* SPDX-License-Identifier: MIT */
#include "series.h"

#include "common/heap.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
  /* Room for newer samples grows by so many bytes. */
  STEP_BYTES = 128,
  /* When there is no memory for a chunk, so many samples wait for it before they are forgotten. */
  WAITING_MAX = 4 * CHUNK_SAMPLES,
};

/* --- life --- */

series_t *series_new(const store_row_t *row, uint64_t counters, uint64_t number) {
  series_t *series = calloc(1, sizeof(*series));
  if (series == NULL)
    return NULL;
  series->row = store_row_share(row);
  series->name = row_name_share(row->name);
  series->labels = store_row_size(row);
  series->number = number;
  series->codec = (codec_t){.figures = row->class->fields_length, .counters = counters};
  series->last = INT64_MIN;
  /* All series begin together when collectd does. Their chunks do not have to. */
  series->samples_max = (uint32_t)(1 + number % CHUNK_SAMPLES);
  return series;
}

void series_free(series_t *series) {
  if (series == NULL)
    return;
  store_row_release(series->row);
  row_name_release(series->name);
  free(series->bytes);
  free(series);
}

size_t series_length(const series_t *series) { return (series->bits + 7) / 8; }

/* The store may share the row, and other rows its facts; but they are the series' alone once the row is gone. */
size_t series_size(const series_t *series) {
  return heap_block(sizeof(*series)) + series->labels + heap_block(series->room);
}

/* --- adding --- */

int64_t series_time(const store_row_t *row) { return (int64_t)floor(row->time * 1000 + 0.5); }

static MUST_CHECK bool has_room(series_t *series, size_t length) {
  if (length <= series->room)
    return true;
  size_t room = (length + STEP_BYTES - 1) / STEP_BYTES * STEP_BYTES;
  unsigned char *bytes = realloc(series->bytes, room);
  if (bytes == NULL)
    return false;
  series->bytes = bytes;
  series->room = room;
  return true;
}

/* Writes the sample behind the others. The first of those that are no chunk stands by itself, so that what is before it
 * can be forgotten. */
static MUST_CHECK bool append_sample(series_t *series, codec_t *codec, int64_t time, const store_row_t *row) {
  static const store_value_t none[CODEC_FIGURES_MAX];
  unsigned char sample[CODEC_SAMPLE_MAX] = {0};
  size_t whole = series->bits / 8, begun = series->bits % 8;
  if (begun > 0)
    sample[0] = series->bytes[whole];
  size_t bits = codec_write(codec, series->samples > 0 ? series->row->values : none, time, row->values, sample, begun);
  size_t length = (bits + 7) / 8;
  if (!has_room(series, whole + length))
    return false;
  memcpy(series->bytes + whole, sample, length);
  series->bits = whole * 8 + bits;
  return true;
}

static void keep_row(series_t *series, const store_row_t *row) {
  const store_row_t *last = series->row;
  series->row = store_row_share(row);
  if (row->facts != last->facts)
    series->labels = store_row_size(row);
  store_row_release(last);
}

bool series_add(series_t *series, const store_row_t *row, double now) {
  codec_t codec = series->codec;
  int64_t time = series_time(row);
  if (time <= series->last)
    return true;
  if (!append_sample(series, &codec, time, row))
    return false;
  series->codec = codec;
  series->first = series->samples++ == 0 ? time : series->first;
  series->last = time;
  series->added = now;
  keep_row(series, row);
  return true;
}

/* --- chunks --- */

bool series_is_full(const series_t *series) { return series->samples >= series->samples_max; }

void series_forget_newest(series_t *series) {
  free(series->bytes);
  series->bytes = NULL;
  series->bits = series->room = 0;
  series->samples = 0;
  series->samples_max = CHUNK_SAMPLES;
  series->codec = (codec_t){.figures = series->codec.figures, .counters = series->codec.counters};
  series->last = series->newest != NULL ? series->newest->last : INT64_MIN;
}

static void append(series_t *series, chunk_t *chunk) {
  if (series->newest != NULL)
    series->newest->later = chunk;
  else
    series->oldest = chunk;
  series->newest = chunk;
}

chunk_t *series_pack(series_t *series) {
  chunk_t *chunk = chunk_new(series->bytes, series_length(series));
  if (chunk == NULL) {
    if (series->samples >= WAITING_MAX)
      series_forget_newest(series);
    return NULL;
  }
  chunk->series = series;
  chunk->first = series->first;
  chunk->last = series->last;
  chunk->added = series->added;
  chunk->samples = series->samples;
  append(series, chunk);
  series_forget_newest(series); /* `last` is the chunk's, as before */
  return chunk;
}

chunk_t *series_take_oldest(series_t *series) {
  chunk_t *chunk = series->oldest;
  series->oldest = chunk->later;
  if (series->oldest == NULL)
    series->newest = NULL;
  return chunk;
}

chunk_t *series_take_newest(series_t *series) {
  chunk_t *chunk = series->newest, *before = series->oldest;
  series->last = INT64_MIN;
  if (before == chunk)
    return series_take_oldest(series);
  while (before->later != chunk)
    before = before->later;
  before->later = NULL;
  series->newest = before;
  series->last = before->last;
  return chunk;
}
