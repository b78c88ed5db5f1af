/* SPDX-License-Identifier: MIT */
#include "app_data.h"

#include "buffer.h"
#include "limits.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <yajl/yajl_parse.h>

enum { GO_ON = 1, CANCEL = 0 };

/* The scalars' texts lie one after the other: key NUL text NUL key NUL ... */
typedef struct {
  buffer_t texts;
  size_t scalars;
  size_t key; /* where the pending key begins, to take it back where its value is no scalar */
  int depth;
} reading_t;

/* A NUL inside (\u0000) would end the text early, and two texts would become one: another control character stands for
 * it. */
static int append(reading_t *reading, const char *text, size_t length) {
  size_t first = reading->texts.length;
  if (buffer_append(&reading->texts, text, length) != STATUS_OK)
    return CANCEL;
  for (size_t i = first; i < reading->texts.length; i++)
    if (reading->texts.data[i] == '\0')
      reading->texts.data[i] = '\1';
  return buffer_append(&reading->texts, "", 1) == STATUS_OK ? GO_ON : CANCEL;
}

static int scalar(reading_t *reading, const char *text, size_t length) {
  if (reading->depth != 1)
    return GO_ON;
  reading->scalars++;
  return append(reading, text, length);
}

static void forget_key(reading_t *reading) {
  if (reading->depth == 1)
    reading->texts.length = reading->key;
}

static int on_null(void *context) {
  forget_key(context);
  return GO_ON;
}

static int on_boolean(void *context, int value) { return scalar(context, value ? "true" : "false", value ? 4 : 5); }

static int on_number(void *context, const char *text, size_t length) { return scalar(context, text, length); }

static int on_string(void *context, const unsigned char *text, size_t length) {
  return scalar(context, (const char *)text, length);
}

static int on_key(void *context, const unsigned char *key, size_t length) {
  reading_t *reading = context;
  if (reading->depth != 1)
    return GO_ON;
  reading->key = reading->texts.length;
  return append(reading, (const char *)key, length);
}

static int on_open(void *context) {
  reading_t *reading = context;
  forget_key(reading);
  reading->depth++;
  return GO_ON;
}

static int on_close(void *context) {
  ((reading_t *)context)->depth--;
  return GO_ON;
}

static const yajl_callbacks callbacks = {
    .yajl_null = on_null,
    .yajl_boolean = on_boolean,
    .yajl_number = on_number,
    .yajl_string = on_string,
    .yajl_start_map = on_open,
    .yajl_map_key = on_key,
    .yajl_end_map = on_close,
    .yajl_start_array = on_open,
    .yajl_end_array = on_close,
};

static MUST_CHECK bool read_scalars(reading_t *reading, const char *json) {
  if (json[0] != '{')
    return false; /* an array's members have no keys */
  yajl_handle handle = yajl_alloc(&callbacks, NULL, reading);
  if (handle == NULL)
    return false;
  bool whole = yajl_parse(handle, (const unsigned char *)json, strlen(json)) == yajl_status_ok &&
               yajl_complete_parse(handle) == yajl_status_ok;
  yajl_free(handle);
  return whole;
}

static int compare(const void *left, const void *right) {
  return strcmp(((const app_data_scalar_t *)left)->key, ((const app_data_scalar_t *)right)->key);
}

/* All in one piece of memory. */
static app_data_t *pack(const char *json, const reading_t *reading) {
  size_t scalars_size = reading->scalars * sizeof(app_data_scalar_t), json_size = strlen(json) + 1;
  app_data_t *app_data = malloc(sizeof(*app_data) + scalars_size + json_size + reading->texts.length);
  if (app_data == NULL)
    return NULL;
  char *texts = (char *)app_data->scalars + scalars_size;
  app_data->json = memcpy(texts + reading->texts.length, json, json_size);
  app_data->length = reading->scalars;
  if (app_data->length == 0)
    return app_data;
  const char *at = memcpy(texts, reading->texts.data, reading->texts.length);
  for (size_t i = 0; i < app_data->length; i++) {
    app_data->scalars[i].key = at;
    app_data->scalars[i].text = at + strlen(at) + 1;
    at = app_data->scalars[i].text + strlen(app_data->scalars[i].text) + 1;
  }
  qsort(app_data->scalars, app_data->length, sizeof(*app_data->scalars), compare);
  return app_data;
}

app_data_t *app_data_new(const char *json) {
  reading_t reading = {.texts = BUFFER_INIT(ROW_TEXT_MAX_BYTES)};
  app_data_t *app_data = read_scalars(&reading, json) ? pack(json, &reading) : NULL;
  buffer_done(&reading.texts);
  return app_data;
}

void app_data_free(app_data_t *app_data) { free(app_data); }

const char *app_data_find(const app_data_t *app_data, const char *key) {
  if (app_data == NULL || app_data->length == 0)
    return NULL;
  app_data_scalar_t wanted = {.key = key};
  const app_data_scalar_t *found = bsearch(&wanted, app_data->scalars, app_data->length, sizeof(wanted), compare);
  return found != NULL ? found->text : NULL;
}
