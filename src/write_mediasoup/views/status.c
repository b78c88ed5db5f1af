/* SPDX-License-Identifier: MIT */
#include "status.h"

#include "common/hash.h"
#include "common/identifier.h"
#include "common/json_writer.h"
#include "endpoint_state.h"
#include "problems.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static double gauge(const store_row_t *row, derived_t derived) {
  return row->values[class_derived_field(row->class, derived)].gauge;
}

/* --- as JSON --- */

static void write_text(json_writer_t *json, const char *key, const char *text) {
  json_key(json, key);
  json_string(json, text);
}

static void write_number(json_writer_t *json, const char *key, double number) {
  if (!isfinite(number))
    return;
  json_key(json, key);
  json_double(json, number);
}

static void write_fields(const store_row_t *row, json_writer_t *json) {
  write_number(json, "objectsSkipped", gauge(row, DERIVED_OBJECTS_SKIPPED));
  write_number(json, "unanswered", gauge(row, DERIVED_UNANSWERED));
  json_key(json, "restarts");
  json_whole(json, row->values[class_derived_field(row->class, DERIVED_RESTARTS)].counter);
}

static double rounded(double seconds) { return floor(seconds * 1000 + 0.5) / 1000; }

static double milliseconds(double seconds) { return floor(seconds * 1000 + 0.5); }

/* An endpoint that is down keeps sending value lists, and says itself when it was last read. */
static void write_times(const endpoint_state_t *endpoint, json_writer_t *json) {
  write_number(json, "timestamp", milliseconds(endpoint->row->time));
  write_number(json, "age", rounded(endpoint->age));
  if (endpoint->is_up)
    write_number(json, REPORT_LAST_READING, milliseconds(endpoint->row->time));
}

/* What its metadata says, but for the failure of an endpoint that is up again. */
static bool is_told(const endpoint_state_t *endpoint, const char *key) {
  static const char *const of_failures[] = {REPORT_FAILURE, REPORT_REMEDY, REPORT_LAST_READING};
  for (size_t i = 0; i < sizeof(of_failures) / sizeof(of_failures[0]); i++)
    if (strcmp(key, of_failures[i]) == 0)
      return !endpoint->is_up;
  return strcmp(key, IDENTIFIER_ENDPOINT) != 0 && strcmp(key, IDENTIFIER_PROCESS) != 0;
}

static void write_facts(const endpoint_state_t *endpoint, json_writer_t *json) {
  const fact_t *fact;
  for (size_t i = 0; (fact = facts_at(endpoint->row->facts, i)) != NULL; i++)
    if (is_told(endpoint, fact->key))
      fact_write(fact, json);
}

static void write_endpoint(const endpoint_state_t *endpoint, json_writer_t *json) {
  json_open(json, '{');
  write_text(json, IDENTIFIER_ENDPOINT, endpoint->name);
  if (endpoint->process >= 0)
    write_number(json, IDENTIFIER_PROCESS, endpoint->process);
  write_text(json, "host", endpoint->row->host);
  write_text(json, "state", endpoint->is_stale ? "stale" : endpoint->is_up ? "up" : "down");
  write_times(endpoint, json);
  write_fields(endpoint->row, json);
  write_facts(endpoint, json);
  json_close(json, '}');
}

/* Returns how many there are beside hints. */
static size_t write_problems(const store_row_t *const *rows, size_t length, double now, json_writer_t *json) {
  json_open(json, '[');
  size_t problems = length == 0 ? problems_write_none(json) : 0;
  for (size_t i = 0; i < length; i++) {
    endpoint_state_t endpoint = endpoint_state(rows[i], now);
    problems += problems_write(&endpoint, json);
  }
  json_close(json, ']');
  return problems;
}

static void write_endpoints(const store_row_t *const *rows, size_t length, double now, json_writer_t *json) {
  json_open(json, '[');
  for (size_t i = 0; i < length; i++) {
    endpoint_state_t endpoint = endpoint_state(rows[i], now);
    write_endpoint(&endpoint, json);
  }
  json_close(json, ']');
}

/* People read the verdict first. */
static void write_all(const store_row_t *const *rows, size_t length, double now, json_writer_t *json) {
  json_writer_t problems = JSON_WRITER_INIT(SIZE_MAX);
  size_t count = write_problems(rows, length, now, &problems);
  json_open(json, '{');
  write_text(json, "status", count == 0 ? "ok" : "trouble");
  json_key(json, "problems");
  json_value(json, buffer_text(&problems.text));
  json_key(json, "endpoints");
  write_endpoints(rows, length, now, json);
  json_close(json, '}');
  if (json_status(&problems) != STATUS_OK)
    buffer_fail(&json->text, json_status(&problems));
  buffer_done(&problems.text);
}

/* --- the body --- */

typedef struct {
  json_writer_t json;
  bool has_ended;
} status_text_t;

static const buffer_t *next_piece(void *source) {
  status_text_t *status = source;
  if (status->has_ended)
    return NULL;
  status->has_ended = true;
  return &status->json.text;
}

static void free_text(void *source) {
  status_text_t *status = source;
  if (status != NULL)
    buffer_done(&status->json.text);
  free(status);
}

/* It changes when an endpoint falls silent, although no row does. */
static uint64_t version_of(const store_row_t *const *rows, size_t length, double now) {
  uint64_t version = store_hash(hash_add(HASH_BEGIN, "status", strlen("status")), rows, length);
  for (size_t i = 0; i < length; i++) {
    bool is_silent = !store_is_current(rows[i], now);
    version = hash_add(version, &is_silent, sizeof(is_silent));
  }
  return version;
}

/* NULL when out of memory. */
static status_text_t *make_text(const store_row_t *const *rows, size_t length, double now) {
  status_text_t *text = calloc(1, sizeof(*text));
  if (text == NULL)
    return NULL;
  text->json = (json_writer_t)JSON_WRITER_INIT(SIZE_MAX);
  write_all(rows, length, now, &text->json);
  if (json_status(&text->json) == STATUS_OK)
    return text;
  free_text(text);
  return NULL;
}

status_t status_new(store_t *store, double now, body_t **result, failure_t *failure) {
  static const body_type_t type = {.next = next_piece, .free = free_text};
  size_t taken;
  const store_row_t **rows =
      store_take(store, &classes[CLASS_ENDPOINT], &(selection_t){.also_silent = true}, now, &taken);
  if (rows == NULL)
    return failure_no_memory(failure);
  size_t length = endpoint_state_choose(rows, taken, now);
  status_text_t *text = make_text(rows, length, now);
  body_t *body = text != NULL ? body_new(&type, text, version_of(rows, length, now)) : NULL;
  store_release(rows, taken);
  if (body == NULL) {
    free_text(text);
    return failure_no_memory(failure);
  }
  *result = body;
  return STATUS_OK;
}
