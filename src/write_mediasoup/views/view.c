/* SPDX-License-Identifier: MIT */
#include "view.h"

#include "array.h"
#include "common/hash.h"
#include "common/json_writer.h"
#include "common/limits.h"
#include "keys.h"
#include "maps.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The key of a field as each row has it: ,"key": */
typedef struct {
  char text[KEY_MAX_BYTES + sizeof(",\"\":")];
  size_t length;
  bool is_wanted;
} written_key_t;

typedef struct {
  const class_t *class;
  query_t query;
  double now;
  const store_row_t **taken; /* to be released */
  size_t taken_length;
  const store_row_t **rows; /* to be shown; within `taken` */
  size_t length;
  relations_t *relations;
  written_key_t keys[FIELDS_MAX]; /* of the class's fields */
  array_t array;
  json_writer_t origin;         /* the last members of a row */
  const store_row_t *origin_of; /* the row that `origin` was written for; NULL at the beginning */
} view_t;

/* --- a row --- */

static void write_field(view_t *view, const store_row_t *row, size_t index) {
  const written_key_t *key = &view->keys[index];
  bool is_counter = row->class->fields[index].kind == KIND_COUNTER;
  if (!key->is_wanted || (!is_counter && !isfinite(row->values[index].gauge)))
    return;
  json_written_key(&view->array.json, key->text, key->length);
  if (is_counter)
    json_whole(&view->array.json, row->values[index].counter);
  else
    json_double(&view->array.json, row->values[index].gauge);
}

static void write_fact(const view_t *view, const fact_t *fact, json_writer_t *json) {
  if (query_wants(&view->query, fact->key))
    fact_write(fact, json);
}

static void write_facts(view_t *view, const facts_t *facts) {
  if (view->query.fields.length == 0) {
    facts_write(facts, &view->array.json);
    return;
  }
  const fact_t *fact;
  for (size_t i = 0; (fact = facts_at(facts, i)) != NULL; i++)
    write_fact(view, fact, &view->array.json);
}

static void write_number(const view_t *view, const char *key, double value, json_writer_t *json) {
  if (!query_wants(&view->query, key))
    return;
  json_key(json, key);
  json_double(json, value);
}

/* Where and when a row was read. It is the same for all rows of one reading, so it is written once for many. */
static void write_origin(view_t *view, const store_row_t *row) {
  const store_row_t *before = view->origin_of;
  json_writer_t *origin = &view->origin;
  if (before == NULL || before->time != row->time || before->received != row->received ||
      strcmp(before->host, row->host) != 0) {
    buffer_clear(&origin->text);
    origin->needs_comma = false;
    write_number(view, "timestamp", floor(row->time * 1000 + 0.5), origin);
    write_number(view, "age", floor((view->now - row->received) * 1000 + 0.5) / 1000, origin);
    write_fact(view, &(fact_t){.key = "host", .type = FACT_TEXT, .text = row->host}, origin);
    view->origin_of = row;
  }
  if (json_status(origin) != STATUS_OK)
    buffer_fail(&view->array.json.text, json_status(origin));
  else if (origin->text.length > 0)
    json_value(&view->array.json, origin->text.data);
}

/* The machine's rows, which are above routers, never have appData. */
static bool lacks_app_data(const store_row_t *row) {
  return class_is_made_by_application(row->class) && facts_app_data(row->facts) == NULL &&
         facts_find(row->facts, FACT_APP_DATA) == NULL;
}

static void write_row(view_t *view, const store_row_t *row) {
  json_open(&view->array.json, '{');
  for (size_t i = 0; i < row->class->fields_length; i++)
    write_field(view, row, i);
  write_facts(view, row->facts);
  if (lacks_app_data(row))
    write_fact(view, &(fact_t){.key = FACT_APP_DATA, .type = FACT_JSON, .text = "{}"}, &view->array.json);
  maps_write(view->relations, &view->query.fields, row, &view->array.json);
  write_origin(view, row);
  json_close(&view->array.json, '}');
}

/* --- pieces --- */

/* Rows lie far apart in memory, and waiting for them would take almost half of the time. So the next rows, and what
 * they lead to, are fetched meanwhile. */
static void fetch_ahead(const view_t *view, size_t row) {
  enum { STEPS = 2, CACHE_LINE = 64 };
  const store_row_t *const *next = view->rows + row;
  if (view->length - row <= 2 * STEPS)
    return;
  __builtin_prefetch(next[2 * STEPS]);
  __builtin_prefetch(next[STEPS]->host);
  __builtin_prefetch(next[STEPS]->facts);
  for (size_t at = 0; at < view->class->fields_length; at += CACHE_LINE / sizeof(*next[STEPS]->values))
    __builtin_prefetch(&next[STEPS]->values[at]);
}

static void write_next(void *context, size_t row) {
  view_t *view = context;
  fetch_ahead(view, row);
  write_row(view, view->rows[row]);
}

static const buffer_t *next_piece(void *source) {
  view_t *view = source;
  return array_next(&view->array, view->length, write_next, view);
}

/* --- life --- */

static void free_view(void *source) {
  view_t *view = source;
  if (view == NULL)
    return;
  relations_free(view->relations);
  store_release(view->taken, view->taken_length);
  array_done(&view->array);
  buffer_done(&view->origin.text);
  free(view);
}

static written_key_t written_key(const field_t *field, const query_t *query) {
  char space[KEY_MAX_BYTES];
  const char *key = key_of_field(field, space);
  written_key_t written = {.is_wanted = query_wants(query, key)};
  written.length = (size_t)snprintf(written.text, sizeof(written.text), ",\"%s\":", key);
  return written;
}

/* Without its rows. NULL when out of memory. */
static view_t *make_view(const class_t *class, const query_t *query, double now) {
  view_t *view = calloc(1, sizeof(*view));
  if (view == NULL)
    return NULL;
  view->class = class;
  view->query = *query;
  view->now = now;
  view->array = (array_t)ARRAY_INIT;
  view->origin = (json_writer_t)JSON_WRITER_INIT(SIZE_MAX);
  for (size_t i = 0; i < class->fields_length; i++)
    view->keys[i] = written_key(&class->fields[i], query);
  return view;
}

static MUST_CHECK status_t take_rows(view_t *view, store_t *store, failure_t *failure) {
  const selection_t selection = query_selection(&view->query, view->class);
  view->taken = store_take(store, view->class, &selection, view->now, &view->taken_length);
  if (view->taken == NULL)
    return failure_no_memory(failure);
  view->length = view->taken_length;
  view->rows = query_select(&view->query, view->taken, &view->length);
  if (view->query.id != NULL && view->length == 0)
    return failure_set(failure, STATUS_NOT_FOUND, "there is no %s %.130s", view->class->name, view->query.id);
  if (view->length > 0)
    view->relations = maps_relations(store, view->class, &view->query.fields, view->now);
  return STATUS_OK;
}

/* A router's maps change although its own row does not. */
static uint64_t version_of(const view_t *view) {
  uint64_t version = hash_add(HASH_BEGIN, view->class->name, strlen(view->class->name));
  return relations_hash(view->relations, store_hash(version, view->rows, view->length));
}

status_t view_new(store_t *store, const class_t *class, const query_t *query, double now, body_t **result,
                  failure_t *failure) {
  static const body_type_t type = {.next = next_piece, .free = free_view};
  view_t *view = make_view(class, query, now);
  status_t status = view != NULL ? take_rows(view, store, failure) : failure_no_memory(failure);
  body_t *body = status == STATUS_OK ? body_new(&type, view, version_of(view)) : NULL;
  if (body == NULL) {
    free_view(view);
    return status != STATUS_OK ? status : failure_no_memory(failure);
  }
  *result = body;
  return STATUS_OK;
}
