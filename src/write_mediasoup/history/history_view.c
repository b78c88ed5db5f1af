/* SPDX-License-Identifier: MIT */
#include "history_view.h"

#include "common/hash.h"
#include "common/json_writer.h"
#include "participant_rows.h"
#include "write_mediasoup/views/keys.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The samples of one series that are shown: a column for the times and one for each wanted figure. */
typedef struct {
  size_t length;                     /* how many samples */
  size_t room;                       /* for how many */
  size_t figures[CODEC_FIGURES_MAX]; /* the places of the wanted ones in a sample */
  size_t figures_length;
  int64_t *times;
  store_value_t *values; /* those of a figure stand together */
} columns_t;

typedef struct {
  history_asked_t asked;
  past_t *past;
  size_t next; /* which series */
  bool has_begun, has_ended;
  json_writer_t json; /* the piece: the beginning, a series or the end */
} history_view_t;

/* --- columns --- */

/* Whether the sample of this index is among `wanted` of `count` that are spread evenly, the first and the last
 * included; `chosen` are chosen already. Of one alone it is the last. */
static bool is_chosen(size_t index, size_t count, size_t wanted, size_t chosen) {
  return index == (wanted > 1 ? chosen * (count - 1) / (wanted - 1) : count - 1);
}

static void add_sample(columns_t *columns, const past_reader_t *reader) {
  size_t at = columns->length++;
  columns->times[at] = reader->time;
  for (size_t i = 0; i < columns->figures_length; i++)
    columns->values[i * columns->room + at] = reader->figures[columns->figures[i]];
}

/* Takes as many as there is room for, of `count` that there are about: exactly so many where that is more than there is
 * room for. */
static void fill(columns_t *columns, const past_series_t *series, size_t count) {
  past_reader_t reader = {.series = series};
  size_t index = 0;
  while (columns->length < columns->room && past_read(&reader))
    if (count <= columns->room || is_chosen(index++, count, columns->room, columns->length))
      add_sample(columns, &reader);
}

static void choose_figures(columns_t *columns, const history_asked_t *asked) {
  char space[KEY_MAX_BYTES];
  for (size_t i = 0; i < asked->class->fields_length; i++)
    if (query_wants(&asked->query, key_of_field(&asked->class->fields[i], space)))
      columns->figures[columns->figures_length++] = i;
}

static void columns_done(columns_t *columns) {
  free(columns->times);
  free(columns->values);
}

/* The caller frees them with columns_done(), also after a failure. false when out of memory. */
static MUST_CHECK bool make_columns(columns_t *columns, const history_asked_t *asked, const past_series_t *series) {
  size_t count = past_count_about(series);
  choose_figures(columns, asked);
  if (count > asked->points) /* only then it matters which they are */
    count = past_count(series);
  columns->room = count < asked->points ? count : asked->points;
  columns->times = malloc((columns->room + 1) * sizeof(*columns->times));
  columns->values = malloc((columns->room * columns->figures_length + 1) * sizeof(*columns->values));
  if (columns->times == NULL || columns->values == NULL)
    return false;
  fill(columns, series, count);
  return true;
}

/* --- a series as JSON --- */

/* NULL: none. */
static void write_word(const char *text, json_writer_t *json) {
  if (text != NULL)
    json_string(json, text);
  else
    json_value(json, "null");
}

/* The figure of this place in a sample. NaN, and what else JSON has no number for, is unknown. */
static void write_figure(const class_t *class, size_t figure, bool is_word, store_value_t value, json_writer_t *json) {
  if (is_word)
    write_word(participant_class_word(figure, value.gauge), json);
  else if (class->fields[figure].kind == KIND_COUNTER)
    json_whole(json, value.counter);
  else if (isfinite(value.gauge))
    json_double(json, value.gauge);
  else
    json_value(json, "null");
}

/* A figure that is never known is left out, as in a view. So is a word that is always none. */
static bool is_known(const class_t *class, size_t figure, bool is_word, const store_value_t *values, size_t length) {
  bool is_any = class->fields[figure].kind == KIND_COUNTER;
  for (size_t i = 0; i < length && !is_any; i++)
    is_any = is_word ? values[i].gauge > 0 : isfinite(values[i].gauge);
  return is_any;
}

static void write_figures(const class_t *class, const columns_t *columns, json_writer_t *json) {
  char space[KEY_MAX_BYTES];
  json_key(json, "figures");
  json_open(json, '{');
  for (size_t i = 0; i < columns->figures_length; i++) {
    size_t figure = columns->figures[i];
    const store_value_t *values = &columns->values[i * columns->room];
    bool is_word = participant_class_has_word(class, figure);
    if (!is_known(class, figure, is_word, values, columns->length))
      continue;
    json_key(json, key_of_field(&class->fields[figure], space));
    json_open(json, '[');
    for (size_t at = 0; at < columns->length; at++)
      write_figure(class, figure, is_word, values[at], json);
    json_close(json, ']');
  }
  json_close(json, '}');
}

static void write_times(const columns_t *columns, json_writer_t *json) {
  json_key(json, "times");
  json_open(json, '[');
  for (size_t at = 0; at < columns->length; at++)
    json_whole(json, columns->times[at]);
  json_close(json, ']');
}

static void write_columns(const past_series_t *series, const columns_t *columns, json_writer_t *json) {
  json_open(json, '{');
  facts_write(series->row->facts, json);
  json_key(json, "host");
  json_string(json, series->row->host);
  write_times(columns, json);
  write_figures(series->row->class, columns, json);
  json_close(json, '}');
}

/* Nothing where it has no sample between the times. */
static void write_series(history_view_t *view, const past_series_t *series) {
  columns_t columns = {0};
  if (!make_columns(&columns, &view->asked, series))
    buffer_fail(&view->json.text, STATUS_NO_MEMORY);
  else if (columns.length > 0)
    write_columns(series, &columns, &view->json);
  columns_done(&columns);
}

/* --- pieces --- */

static void write_time(json_writer_t *json, const char *key, int64_t time) {
  json_key(json, key);
  json_whole(json, time);
}

static void write_beginning(history_view_t *view) {
  json_open(&view->json, '{');
  json_key(&view->json, "class");
  json_string(&view->json, view->asked.class->name);
  write_time(&view->json, "from", view->asked.told_from);
  write_time(&view->json, "to", view->asked.told_to);
  json_key(&view->json, "series");
  json_open(&view->json, '[');
  view->has_begun = true;
}

static void write_end(history_view_t *view) {
  json_close(&view->json, ']');
  json_close(&view->json, '}');
  view->has_ended = true;
}

static const buffer_t *next_piece(void *source) {
  history_view_t *view = source;
  if (view->has_ended)
    return NULL;
  buffer_clear(&view->json.text);
  if (!view->has_begun)
    write_beginning(view);
  else if (view->next < view->past->length)
    write_series(view, &view->past->list[view->next++]);
  else
    write_end(view);
  return &view->json.text;
}

/* --- life --- */

static void free_view(void *source) {
  history_view_t *view = source;
  if (view == NULL)
    return;
  past_free(view->past);
  buffer_done(&view->json.text);
  free(view);
}

/* Samples become too old without a newer one: of a series that has ended, a few in each interval. */
static uint64_t add_series(uint64_t hash, const past_series_t *series) {
  enum { MILLISECONDS = 10000 };
  int64_t first = series->chunks_length > 0 ? series->chunks[0]->first : 0;
  int64_t changing[] = {(int64_t)series->number, series->last, (int64_t)past_count_about(series),
                        first < series->from ? series->from / MILLISECONDS : 0};
  uint64_t facts = facts_number(series->row->facts);
  return hash_add(hash_add(hash, &facts, sizeof(facts)), changing, sizeof(changing));
}

static uint64_t version_of(const history_view_t *view) {
  const char *name = view->asked.class->name;
  uint64_t hash = hash_add(hash_add(HASH_BEGIN, "history", strlen("history")), name, strlen(name));
  for (size_t i = 0; i < view->past->length; i++)
    hash = add_series(hash, &view->past->list[i]);
  return hash;
}

/* At most how many numbers the answer has. */
static size_t count_numbers(const history_view_t *view) {
  columns_t columns = {0};
  size_t samples = 0;
  choose_figures(&columns, &view->asked);
  for (size_t i = 0; i < view->past->length; i++) {
    size_t of_series = past_count_about(&view->past->list[i]);
    samples += of_series < view->asked.points ? of_series : view->asked.points;
  }
  return samples * (columns.figures_length + 1);
}

static MUST_CHECK status_t check_size(const history_view_t *view, failure_t *failure) {
  size_t numbers = count_numbers(view);
  if (numbers <= view->asked.numbers)
    return STATUS_OK;
  return failure_set(failure, STATUS_QUERY,
                     "the answer would have %zu numbers, and has %zu at most; ask for fewer figures with fields, fewer "
                     "samples with points, from and to, or fewer series with filters",
                     numbers, view->asked.numbers);
}

/* NULL when out of memory. */
static history_view_t *make_view(history_t *history, const history_asked_t *asked, double now) {
  history_view_t *view = calloc(1, sizeof(*view));
  if (view == NULL)
    return NULL;
  view->asked = *asked;
  view->json = (json_writer_t)JSON_WRITER_INIT(SIZE_MAX);
  view->past = history_take(history, asked->class, &asked->query, asked->from, asked->to, now);
  if (view->past != NULL)
    return view;
  free_view(view);
  return NULL;
}

status_t history_view_new(history_t *history, const history_asked_t *asked, double now, body_t **result,
                          failure_t *failure) {
  static const body_type_t type = {.next = next_piece, .free = free_view};
  history_view_t *view = make_view(history, asked, now);
  status_t status = view != NULL ? check_size(view, failure) : failure_no_memory(failure);
  body_t *body = status == STATUS_OK ? body_new(&type, view, version_of(view)) : NULL;
  if (body == NULL) {
    free_view(view);
    return status != STATUS_OK ? status : failure_no_memory(failure);
  }
  *result = body;
  return STATUS_OK;
}
