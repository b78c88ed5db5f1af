#include "view.h"

#include "common/buffer.h"
#include "common/hash.h"
#include "common/limits.h"
#include "keys.h"
#include "relations.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yajl/yajl_gen.h>

/* Below it each whole number is a double. */
#define EXACT_WHOLE 9007199254740992.0

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
  yajl_gen json;
  const unsigned char *pending; /* the generator's bytes that were not read yet */
  size_t pending_length;
  bool begun;
  bool ended;
};

/* --- making one --- */

status_t view_new(store_t *store, const class_t *class, const query_t *query, double now, view_t **result,
                  failure_t *failure) {
  view_t *view = calloc(1, sizeof(*view));
  if (view == NULL)
    return failure_no_memory(failure);
  view->class = class;
  view->query = *query;
  view->now = now;
  view->json = yajl_gen_alloc(NULL);
  const selection_t selection = query_selection(query, class);
  view->taken = store_take(store, class, &selection, now, &view->taken_length);
  if (view->json == NULL || view->taken == NULL) {
    view_free(view);
    return failure_no_memory(failure);
  }
  view->length = view->taken_length;
  view->rows = query_select(query, view->taken, &view->length);
  if (query->id != NULL && view->length == 0) {
    view_free(view);
    return failure_set(failure, STATUS_ABSENT, "there is no %s %.130s", class->name, query->id);
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
  if (view->json != NULL)
    yajl_gen_free(view->json);
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

static void write_key(yajl_gen json, const char *key) {
  (void)yajl_gen_string(json, (const unsigned char *)key, strlen(key));
}

/* JSON text as it is. */
static void write_raw(yajl_gen json, const char *text) { (void)yajl_gen_number(json, text, strlen(text)); }

/* The fewest digits that are read back as the same number. */
static void write_double(yajl_gen json, double value) {
  char text[40];
  if (fabs(value) < EXACT_WHOLE && value == (double)(long long)value) { /* most are whole, and so is a time */
    (void)yajl_gen_integer(json, (long long)value);
    return;
  }
  (void)snprintf(text, sizeof(text), "%.15g", value);
  if (strtod(text, NULL) != value)
    (void)snprintf(text, sizeof(text), "%.17g", value);
  write_raw(json, text);
}

static void write_field(const view_t *view, const store_row_t *row, size_t index) {
  char space[KEY_MAX_BYTES];
  const field_t *field = &row->class->fields[index];
  const char *key = key_of_field(field, space);
  if (!query_wants(&view->query, key) || (field->kind == KIND_GAUGE && !isfinite(row->values[index].gauge)))
    return;
  write_key(view->json, key);
  if (field->kind == KIND_COUNTER)
    (void)yajl_gen_integer(view->json, row->values[index].counter);
  else
    write_double(view->json, row->values[index].gauge);
}

static void write_fact(const view_t *view, const fact_t *fact) {
  if (!query_wants(&view->query, fact->key))
    return;
  write_key(view->json, fact->key);
  if (fact->type == FACT_JSON)
    write_raw(view->json, fact->text);
  else
    (void)yajl_gen_string(view->json, (const unsigned char *)fact->text, strlen(fact->text));
}

static void write_number(const view_t *view, const char *key, double value) {
  if (!query_wants(&view->query, key))
    return;
  write_key(view->json, key);
  write_double(view->json, value);
}

static void write_row(const view_t *view, const store_row_t *row) {
  (void)yajl_gen_map_open(view->json);
  for (size_t i = 0; i < row->class->fields_length; i++)
    write_field(view, row, i);
  for (size_t i = 0; facts_at(row->facts, i) != NULL; i++)
    write_fact(view, facts_at(row->facts, i));
  if (class_is_made_by_application(row->class) && facts_find(row->facts, "appData") == NULL)
    write_fact(view, &(fact_t){.key = "appData", .type = FACT_JSON, .text = "{}"});
  relations_write(view->relations, row, view->json);
  write_number(view, "timestamp", floor(row->time * 1000 + 0.5));
  write_number(view, "age", floor((view->now - row->time) * 1000 + 0.5) / 1000);
  write_fact(view, &(fact_t){.key = "host", .type = FACT_TEXT, .text = row->host});
  (void)yajl_gen_map_close(view->json);
}

/* --- reading --- */

/* Fills `pending` with the beginning, the next row, or the end. */
static MUST_CHECK bool produce(view_t *view) {
  yajl_gen_clear(view->json);
  if (!view->begun) {
    (void)yajl_gen_array_open(view->json);
    view->begun = true;
  } else if (view->next < view->length) {
    write_row(view, view->rows[view->next++]);
  } else {
    (void)yajl_gen_array_close(view->json);
    view->ended = true;
  }
  return yajl_gen_get_buf(view->json, &view->pending, &view->pending_length) == yajl_gen_status_ok;
}

ssize_t view_read(view_t *view, char *bytes, size_t size) {
  size_t written = 0;
  if (view->text != NULL)
    return view->text->read(view->context, bytes, size);
  while (written < size) {
    if (view->pending_length == 0) {
      if (view->ended)
        break;
      if (!produce(view))
        return -1;
      continue;
    }
    size_t length = view->pending_length < size - written ? view->pending_length : size - written;
    memcpy(bytes + written, view->pending, length);
    view->pending += length;
    view->pending_length -= length;
    written += length;
  }
  return (ssize_t)written;
}
