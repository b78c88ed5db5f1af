/* SPDX-License-Identifier: MIT */
#include "past.h"

#include <stdlib.h>
#include <string.h>

/* --- taking --- */

/* Whether some of the samples from `first` to `last` are between the times. */
static bool concerns(int64_t first, int64_t last, int64_t from, int64_t to) { return last >= from && first <= to; }

static size_t count_chunks(const series_t *series, int64_t from, int64_t to) {
  size_t count = 0;
  for (const chunk_t *chunk = series->oldest; chunk != NULL; chunk = chunk->later)
    count += concerns(chunk->first, chunk->last, from, to) ? 1 : 0;
  return count;
}

static void share_chunks(past_series_t *added, const series_t *series) {
  for (chunk_t *chunk = series->oldest; chunk != NULL; chunk = chunk->later)
    if (concerns(chunk->first, chunk->last, added->from, added->to))
      added->chunks[added->chunks_length++] = chunk_share(chunk);
}

bool past_add(past_t *past, const series_t *series, int64_t from, int64_t to) {
  bool has_loose = series->samples > 0 && concerns(series->first, series->last, from, to);
  size_t count = count_chunks(series, from, to), length = has_loose ? series_length(series) : 0;
  chunk_t **chunks = malloc((count + 1) * sizeof(*chunks) + length);
  if (chunks == NULL)
    return false;
  past_series_t *added = &past->list[past->length++];
  *added = (past_series_t){.row = store_row_share(series->row),
                           .number = series->number,
                           .counters = series->codec.counters,
                           .from = from,
                           .to = to,
                           .last = series->last,
                           .chunks = chunks,
                           .bytes = (unsigned char *)&chunks[count],
                           .length = length,
                           .loose = has_loose ? series->samples : 0,
                           .first_loose = series->first};
  share_chunks(added, series);
  if (length > 0)
    memcpy(added->bytes, series->bytes, length);
  return true;
}

static void release(past_series_t *series) {
  for (size_t i = 0; i < series->chunks_length; i++)
    chunk_release(series->chunks[i]);
  free(series->chunks);
  store_row_release(series->row);
}

void past_free(past_t *past) {
  if (past == NULL)
    return;
  for (size_t i = 0; i < past->length; i++)
    release(&past->list[i]);
  free(past->list);
  free(past);
}

/* --- reading --- */

static bool is_chunk(const past_reader_t *reader) { return reader->chunk < reader->series->chunks_length; }

/* Begins with the chunk of this number, or with what is none. */
static void begin(past_reader_t *reader, size_t chunk) {
  const past_series_t *series = reader->series;
  reader->has_begun = true;
  reader->chunk = chunk;
  reader->left = is_chunk(reader) ? series->chunks[chunk]->samples : series->loose;
  reader->at = 0;
  reader->codec = (codec_t){.figures = series->row->class->fields_length, .counters = series->counters};
  memset(reader->figures, 0, sizeof(reader->figures));
}

static bool read_next(past_reader_t *reader) {
  const past_series_t *series = reader->series;
  if (!reader->has_begun)
    begin(reader, 0);
  while (reader->left == 0 && is_chunk(reader))
    begin(reader, reader->chunk + 1);
  if (reader->left == 0)
    return false;
  const chunk_t *chunk = is_chunk(reader) ? series->chunks[reader->chunk] : NULL;
  reader->left--;
  bool is_read = codec_read(&reader->codec, reader->figures, chunk != NULL ? chunk->bytes : series->bytes,
                            chunk != NULL ? chunk->length : series->length, &reader->at);
  reader->time = reader->codec.time;
  return is_read;
}

/* What is behind the last one in the same chunk is not read. */
bool past_read(past_reader_t *reader) {
  bool is_read = read_next(reader);
  while (is_read && reader->time < reader->series->from)
    is_read = read_next(reader);
  return is_read && reader->time <= reader->series->to;
}

/* --- counting --- */

size_t past_count_about(const past_series_t *series) {
  size_t count = series->loose;
  for (size_t i = 0; i < series->chunks_length; i++)
    count += series->chunks[i]->samples;
  return count;
}

/* Reads those of the chunk of this number, or of what is none. */
static size_t count_by_reading(const past_series_t *series, size_t chunk) {
  past_reader_t reader = {.series = series};
  size_t count = 0;
  begin(&reader, chunk);
  while (reader.left > 0 && read_next(&reader) && reader.time <= series->to)
    count += reader.time >= series->from ? 1 : 0;
  return count;
}

static bool is_within(const past_series_t *series, int64_t first, int64_t last) {
  return first >= series->from && last <= series->to;
}

size_t past_count(const past_series_t *series) {
  size_t count = is_within(series, series->first_loose, series->last) ? series->loose
                                                                      : count_by_reading(series, series->chunks_length);
  for (size_t i = 0; i < series->chunks_length; i++) {
    const chunk_t *chunk = series->chunks[i];
    count += is_within(series, chunk->first, chunk->last) ? chunk->samples : count_by_reading(series, i);
  }
  return count;
}
