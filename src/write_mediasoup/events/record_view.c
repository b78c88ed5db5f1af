/* SPDX-License-Identifier: MIT */
#include "record_view.h"

#include "common/hash.h"
#include "write_mediasoup/views/array.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
  record_query_t query;
  record_t **taken; /* to be released */
  size_t taken_length;
  record_t **records; /* to be shown; within `taken` */
  size_t length;
  array_t array;
} record_view_t;

static void write_number(json_writer_t *json, double number) {
  if (number == floor(number) && fabs(number) < 9e15)
    json_whole(json, (int64_t)number);
  else
    json_double(json, number);
}

static void write_member(record_view_t *view, const record_member_t *member, const record_value_t *value) {
  bool is_text = member->kind == RECORD_TEXT;
  bool is_known = is_text ? value->text != NULL : isfinite(value->number);
  if (!is_known || !query_wants(&view->query.query, member->key))
    return;
  json_key(&view->array.json, member->key);
  if (is_text)
    json_string(&view->array.json, value->text);
  else
    write_number(&view->array.json, value->number);
}

static void write_record(void *context, size_t row) {
  record_view_t *view = context;
  const record_t *record = view->records[row];
  json_open(&view->array.json, '{');
  for (size_t i = 0; i < record->type->length; i++)
    write_member(view, &record->type->members[i], &record->values[i]);
  json_close(&view->array.json, '}');
}

static const buffer_t *next_piece(void *source) {
  record_view_t *view = source;
  return array_next(&view->array, view->length, write_record, view);
}

static void free_view(void *source) {
  record_view_t *view = source;
  if (view->taken != NULL)
    record_log_release(view->taken, view->taken_length);
  array_done(&view->array);
  free(view);
}

/* Records never change, and each new one has a new number. */
static uint64_t version_of(const record_log_t *log, uint64_t number) {
  const char *name = record_log_type(log)->name;
  return hash_add(hash_add(HASH_BEGIN, name, strlen(name)), &number, sizeof(number));
}

status_t record_view_new(record_log_t *log, const record_query_t *query, body_t **result, failure_t *failure) {
  static const body_type_t type = {.next = next_piece, .free = free_view};
  uint64_t number;
  record_view_t *view = malloc(sizeof(*view));
  if (view == NULL)
    return failure_no_memory(failure);
  *view = (record_view_t){.query = *query, .array = ARRAY_INIT};
  view->taken = record_log_take(log, &view->taken_length, &number);
  body_t *body = view->taken != NULL ? body_new(&type, view, version_of(log, number)) : NULL;
  if (body == NULL) {
    free_view(view);
    return failure_no_memory(failure);
  }
  view->length = view->taken_length;
  view->records = record_query_select(&view->query, view->taken, &view->length);
  *result = body;
  return STATUS_OK;
}
