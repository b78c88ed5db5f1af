/* SPDX-License-Identifier: MIT */
#include "rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char usual_host[] = "here";

facts_t *facts_of(const char *pairs) {
  facts_t *facts = pairs != NULL ? facts_new() : NULL;
  char text[200] = "", *rest = NULL;
  (void)snprintf(text, sizeof(text), "%s", pairs != NULL ? pairs : "");
  for (char *pair = strtok_r(text, " ", &rest); pair != NULL; pair = strtok_r(NULL, " ", &rest)) {
    char *equals = strchr(pair, '=');
    *equals = '\0';
    facts_add(facts, pair, FACT_TEXT, equals + 1);
  }
  return facts_finish(facts);
}

store_row_t *row_of(class_id_t class, const char *name, double time, int64_t figure, const char *facts) {
  char host[32];
  const char *colon = strchr(name, ':');
  (void)snprintf(host, sizeof(host), "%.*s", colon != NULL ? (int)(colon - name) : 0, name);
  store_row_t *row =
      store_row_new(&classes[class], colon != NULL ? host : usual_host, "room=one", colon != NULL ? colon + 1 : name);
  if (row == NULL)
    return NULL;
  row->time = time;
  row->received = time;
  row->interval = ROWS_INTERVAL;
  for (size_t i = 0; i < classes[class].fields_length; i++)
    if (classes[class].fields[i].kind == KIND_COUNTER)
      row->values[i].counter = figure;
    else
      row->values[i].gauge = (double)figure;
  row->facts = facts_of(facts);
  return row;
}

void row_set(store_row_t *row, const char *field, double value) {
  int index = class_field(row->class, field);
  assert_true(index >= 0);
  if (row->class->fields[index].kind == KIND_COUNTER)
    row->values[index].counter = (int64_t)value;
  else
    row->values[index].gauge = value;
}

void put_row(store_t *store, class_id_t class, const char *name, double time, int64_t figure, const char *facts) {
  store_write(store, row_of(class, name, time, figure, facts));
}

char *give_key(participant_t *participant) {
  buffer_t key = BUFFER_INIT(SIZE_MAX);
  participant_write_key(participant, &key);
  participant->key = table_key(key.data, key.length);
  return key.data;
}

static int64_t figure(const store_row_t *row) {
  return row->class->fields[0].kind == KIND_COUNTER ? row->values[0].counter : (int64_t)row->values[0].gauge;
}

static int compare(const void *left, const void *right) {
  const store_row_t *a = *(const store_row_t *const *)left, *b = *(const store_row_t *const *)right;
  int hosts = strcmp(a->host, b->host);
  return hosts != 0 ? hosts : strcmp(a->type_instance, b->type_instance);
}

static void show_row(buffer_t *text, const store_row_t *row, const char *told) {
  char number[32];
  (void)snprintf(number, sizeof(number), "=%lld", (long long)figure(row));
  bool usual = strcmp(row->host, usual_host) == 0;
  const char *pieces[] = {
      text->length > 0 ? " " : "", usual ? "" : row->host,   usual ? "" : ":",       row->type_instance, number,
      told != NULL ? "(" : "",     told != NULL ? told : "", told != NULL ? ")" : ""};
  for (size_t i = 0; i < LENGTH(pieces); i++)
    buffer_append_text(text, pieces[i]);
}

char *show_rows(store_t *store, class_id_t class, const selection_t *selection, double now, const char *fact) {
  size_t length;
  buffer_t text = BUFFER_INIT(SNAPSHOT_MAX_BYTES);
  const store_row_t **rows = store_take(store, &classes[class], selection, now, &length);
  if (length > 1)
    qsort(rows, length, sizeof(const store_row_t *), compare);
  for (size_t i = 0; i < length; i++)
    show_row(&text, rows[i], fact != NULL ? facts_find_text(rows[i]->facts, fact) : NULL);
  store_release(rows, length);
  char *shown = strdup(buffer_text(&text));
  buffer_done(&text);
  return shown;
}
