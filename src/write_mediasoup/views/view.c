/* SPDX-License-Identifier: MIT */
#include "view.h"

#include "common/buffer.h"
#include "common/hash.h"
#include "common/json_writer.h"
#include "common/limits.h"
#include "keys.h"
#include "relations.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A field's key as it stands in each row: ,"key": */
typedef struct {
  char text[KEY_MAX_BYTES + sizeof(",\"\":")];
  size_t length;
  bool is_wanted;
} written_key_t;

struct view {
  const view_text_t *text; /* made elsewhere, of `context`; NULL: of what follows */
  void *context;
  const class_t *class;
  query_t query;
  double now;
  const store_row_t **taken; /* to be released */
  size_t taken_length;
  const store_row_t **rows; /* to be shown, within `taken` */
  size_t length;
  size_t next;
  relations_t *relations;
  uint64_t version;
  written_key_t keys[FIELDS_MAX]; /* of the class's fields */
  json_writer_t json;             /* the beginning, a row or the end */
  json_writer_t origin;           /* the last members of a row, */
  const store_row_t *origin_of;   /* namely of this one; NULL at the beginning */
  size_t given;                   /* how much of that was read */
  bool begun;
  bool ended;
};

/* --- making one --- */

static written_key_t written_key(const field_t *field, const query_t *query) {
  char space[KEY_MAX_BYTES];
  const char *key = key_of_field(field, space);
  written_key_t written = {.is_wanted = query_wants(query, key)};
  written.length = (size_t)snprintf(written.text, sizeof(written.text), ",\"%s\":", key);
  return written;
}

status_t view_new(store_t *store, const class_t *class, const query_t *query, double now, view_t **result,
                  failure_t *failure) {
  view_t *view = calloc(1, sizeof(*view));
  if (view == NULL)
    return failure_no_memory(failure);
  view->class = class;
  view->query = *query;
  view->now = now;
  view->json = (json_writer_t)JSON_WRITER_INIT(SIZE_MAX);
  view->origin = (json_writer_t)JSON_WRITER_INIT(SIZE_MAX);
  for (size_t i = 0; i < class->fields_length; i++)
    view->keys[i] = written_key(&class->fields[i], query);
  const selection_t selection = query_selection(query, class);
  view->taken = store_take(store, class, &selection, now, &view->taken_length);
  if (view->taken == NULL) {
    view_free(view);
    return failure_no_memory(failure);
  }
  view->length = view->taken_length;
  view->rows = query_select(query, view->taken, &view->length);
  if (query->id != NULL && view->length == 0) {
    view_free(view);
    return failure_set(failure, STATUS_NOT_FOUND, "there is no %s %.130s", class->name, query->id);
  }
  view->version = store_hash(hash_add(HASH_BEGIN, class->name, strlen(class->name)), view->rows, view->length);
  view->relations = view->length > 0 ? relations_new(store, class, &view->query, now) : NULL;
  *result = view;
  return STATUS_OK;
}

void view_free(view_t *view) {
  if (view == NULL)
    return;
  if (view->text != NULL)
    view->text->free(view->context);
  relations_free(view->relations);
  store_release(view->taken, view->taken_length);
  buffer_done(&view->json.text);
  buffer_done(&view->origin.text);
  free(view);
}

view_t *view_of_text(const view_text_t *text, void *context, uint64_t version) {
  view_t *view = calloc(1, sizeof(*view));
  if (view != NULL)
    *view = (view_t){.text = text, .context = context, .version = version};
  return view;
}

uint64_t view_version(const view_t *view) { return view->version; }

/* --- a row --- */

static void write_field(view_t *view, const store_row_t *row, size_t index) {
  const written_key_t *key = &view->keys[index];
  bool is_counter = row->class->fields[index].kind == KIND_COUNTER;
  if (!key->is_wanted || (!is_counter && !isfinite(row->values[index].gauge)))
    return;
  json_written_key(&view->json, key->text, key->length);
  if (is_counter)
    json_whole(&view->json, row->values[index].counter);
  else
    json_double(&view->json, row->values[index].gauge);
}

static void write_fact(const view_t *view, const fact_t *fact, json_writer_t *json) {
  if (query_wants(&view->query, fact->key))
    fact_write(fact, json);
}

static void write_facts(view_t *view, const facts_t *facts) {
  if (view->query.fields == NULL)
    facts_write(facts, &view->json);
  for (size_t i = 0; view->query.fields != NULL && facts_at(facts, i) != NULL; i++)
    write_fact(view, facts_at(facts, i), &view->json);
}

static void write_number(const view_t *view, const char *key, double value, json_writer_t *json) {
  if (!query_wants(&view->query, key))
    return;
  json_key(json, key);
  json_double(json, value);
}

/* Where and when a row was read: the same for all rows of one reading, so that it is written once for many. */
static void write_origin(view_t *view, const store_row_t *row) {
  const store_row_t *before = view->origin_of;
  json_writer_t *origin = &view->origin;
  if (before == NULL || before->time != row->time || strcmp(before->host, row->host) != 0) {
    buffer_clear(&origin->text);
    origin->needs_comma = false;
    write_number(view, "timestamp", floor(row->time * 1000 + 0.5), origin);
    write_number(view, "age", floor((view->now - row->time) * 1000 + 0.5) / 1000, origin);
    write_fact(view, &(fact_t){.key = "host", .type = FACT_TEXT, .text = row->host}, origin);
    view->origin_of = row;
  }
  if (json_status(origin) != STATUS_OK)
    buffer_fail(&view->json.text, json_status(origin));
  else if (origin->text.length > 0)
    json_value(&view->json, origin->text.data);
}

/* Rows above routers have none. */
static bool lacks_app_data(const store_row_t *row) {
  return class_is_made_by_application(row->class) && facts_app_data(row->facts) == NULL &&
         facts_find(row->facts, "appData") == NULL;
}

static void write_row(view_t *view, const store_row_t *row) {
  json_open(&view->json, '{');
  for (size_t i = 0; i < row->class->fields_length; i++)
    write_field(view, row, i);
  write_facts(view, row->facts);
  if (lacks_app_data(row))
    write_fact(view, &(fact_t){.key = "appData", .type = FACT_JSON, .text = "{}"}, &view->json);
  relations_write(view->relations, row, &view->json);
  write_origin(view, row);
  json_close(&view->json, '}');
}

/* --- reading --- */

/* Rows lie far apart in memory, and almost half of the time would go by waiting for them: those that come next are
 * fetched meanwhile, and what they lead to. */
static void fetch_ahead(const view_t *view) {
  enum { STEPS = 2, CACHE_LINE = 64 };
  const store_row_t *const *next = view->rows + view->next;
  if (view->length - view->next <= 2 * STEPS)
    return;
  __builtin_prefetch(next[2 * STEPS]);
  __builtin_prefetch(next[STEPS]->host);
  __builtin_prefetch(next[STEPS]->facts);
  for (size_t at = 0; at < view->class->fields_length; at += CACHE_LINE / sizeof(*next[STEPS]->values))
    __builtin_prefetch(&next[STEPS]->values[at]);
}

/* Fills `json` with the beginning, the next row, or the end. */
static MUST_CHECK status_t produce(view_t *view) {
  buffer_clear(&view->json.text);
  view->given = 0;
  if (!view->begun) {
    json_open(&view->json, '[');
    view->begun = true;
  } else if (view->next < view->length) {
    fetch_ahead(view);
    write_row(view, view->rows[view->next++]);
  } else {
    json_close(&view->json, ']');
    view->ended = true;
  }
  return json_status(&view->json);
}

ssize_t view_read(view_t *view, char *bytes, size_t size) {
  size_t written = 0;
  if (view->text != NULL)
    return view->text->read(view->context, bytes, size);
  while (written < size) {
    size_t length = view->json.text.length - view->given;
    if (length == 0) {
      if (view->ended)
        break;
      if (produce(view) != STATUS_OK)
        return -1;
      continue;
    }
    if (length > size - written)
      length = size - written;
    memcpy(bytes + written, view->json.text.data + view->given, length);
    view->given += length;
    written += length;
  }
  return (ssize_t)written;
}
