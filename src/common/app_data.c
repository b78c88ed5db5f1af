/* SPDX-License-Identifier: MIT */
#include "app_data.h"

#include "buffer.h"
#include "heap.h"
#include "limits.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <yajl/yajl_parse.h>

enum { GO_ON = 1, CANCEL = 0 };

/* Stands before the text of a scalar, and says what it is. */
enum { SIGN_STRING = '"', SIGN_OTHER = '0' };

/* What yajl has told so far. The texts lie one after the other: key NUL sign text NUL key NUL ... */
typedef struct {
  buffer_t texts;
  size_t scalars;
  size_t key; /* where the last key begins in `texts`: it goes when its value turns out to be no scalar */
  int depth;
} scan_t;

/* A NUL within the text (\u0000) would end it early, and two texts could become one. Another control character takes
 * its place. */
static int append(scan_t *scan, const char *text, size_t length) {
  size_t first = scan->texts.length;
  buffer_append_string(&scan->texts, text, length);
  for (size_t i = first; i + 1 < scan->texts.length; i++)
    if (scan->texts.data[i] == '\0')
      scan->texts.data[i] = '\1';
  return buffer_status(&scan->texts) == STATUS_OK ? GO_ON : CANCEL;
}

static int scalar(scan_t *scan, char sign, const char *text, size_t length) {
  if (scan->depth != 1)
    return GO_ON;
  scan->scalars++;
  buffer_append_character(&scan->texts, sign);
  return append(scan, text, length);
}

static void forget_key(scan_t *scan) {
  if (scan->depth == 1)
    scan->texts.length = scan->key;
}

static int on_null(void *context) {
  forget_key(context);
  return GO_ON;
}

static int on_boolean(void *context, int value) {
  return scalar(context, SIGN_OTHER, value ? "true" : "false", value ? 4 : 5);
}

static int on_number(void *context, const char *text, size_t length) {
  return scalar(context, SIGN_OTHER, text, length);
}

static bool is_word(const char *text, size_t length, const char *word) {
  return strlen(word) == length && memcmp(text, word, length) == 0;
}

/* A class's name begins with a capital and goes on with small letters: a room called "[VIP]" is none. */
static bool is_class_name(const char *text, size_t length) {
  bool has_small = false;
  for (size_t i = 0; i < length; i++) {
    if (!isalnum((unsigned char)text[i]) && text[i] != '_' && text[i] != '$')
      return false;
    has_small = has_small || islower((unsigned char)text[i]);
  }
  return has_small && isupper((unsigned char)text[0]);
}

/* What the endpoint writes in brackets for a value that it cannot pass on. Every object that has one would have the
 * same name. */
static bool is_placeholder(const char *text, size_t length) {
  static const char *const words[] = {"object", "circular", "deep", "unreadable", "bigint", "promise"};
  if (length < 3 || text[0] != '[' || text[length - 1] != ']')
    return false;
  for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
    if (is_word(text + 1, length - 2, words[i]))
      return true;
  return is_class_name(text + 1, length - 2);
}

static int on_string(void *context, const unsigned char *bytes, size_t length) {
  const char *text = (const char *)bytes;
  if (!is_placeholder(text, length))
    return scalar(context, SIGN_STRING, text, length);
  forget_key(context);
  return GO_ON;
}

static int on_key(void *context, const unsigned char *key, size_t length) {
  scan_t *scan = context;
  if (scan->depth != 1)
    return GO_ON;
  scan->key = scan->texts.length;
  return append(scan, (const char *)key, length);
}

static int on_open(void *context) {
  scan_t *scan = context;
  forget_key(scan);
  scan->depth++;
  return GO_ON;
}

static int on_close(void *context) {
  ((scan_t *)context)->depth--;
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

static MUST_CHECK bool read_scalars(scan_t *scan, const char *json) {
  if (json[0] != '{')
    return false; /* an array's members have no keys */
  yajl_handle handle = yajl_alloc(&callbacks, NULL, scan);
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

/* Puts everything into one piece of memory. */
static app_data_t *pack(const char *json, const scan_t *scan, bool lends_json) {
  size_t scalars_size = scan->scalars * sizeof(app_data_scalar_t), json_size = lends_json ? 0 : strlen(json) + 1;
  app_data_t *app_data = malloc(sizeof(*app_data) + scalars_size + json_size + scan->texts.length);
  if (app_data == NULL)
    return NULL;
  char *texts = (char *)app_data->scalars + scalars_size;
  app_data->json = lends_json ? json : memcpy(texts + scan->texts.length, json, json_size);
  app_data->lends_json = lends_json;
  app_data->length = scan->scalars;
  if (app_data->length == 0)
    return app_data;
  const char *at = memcpy(texts, scan->texts.data, scan->texts.length);
  for (size_t i = 0; i < app_data->length; i++) {
    const char *sign = string_after(at);
    app_data->scalars[i] = (app_data_scalar_t){.key = at, .text = sign + 1, .is_string = sign[0] == SIGN_STRING};
    at = string_after(sign);
  }
  qsort(app_data->scalars, app_data->length, sizeof(*app_data->scalars), compare);
  return app_data;
}

static app_data_t *read_json(const char *json, bool lends_json) {
  scan_t scan = {.texts = BUFFER_INIT(ROW_TEXT_MAX_BYTES)};
  app_data_t *app_data = read_scalars(&scan, json) ? pack(json, &scan, lends_json) : NULL;
  buffer_done(&scan.texts);
  return app_data;
}

app_data_t *app_data_new(const char *json) { return read_json(json, false); }

app_data_t *app_data_of(const char *json) { return read_json(json, true); }

size_t app_data_size(const app_data_t *app_data) {
  if (app_data == NULL)
    return 0;
  size_t size = sizeof(*app_data) + app_data->length * sizeof(app_data->scalars[0]) +
                (app_data->lends_json ? 0 : strlen(app_data->json) + 1);
  for (size_t i = 0; i < app_data->length; i++)
    size += strlen(app_data->scalars[i].key) + strlen(app_data->scalars[i].text) + 3; /* two NULs and the sign */
  return heap_block(size);
}

void app_data_free(app_data_t *app_data) { free(app_data); }

const app_data_scalar_t *app_data_find_scalar(const app_data_t *app_data, const char *key) {
  if (app_data == NULL || app_data->length == 0)
    return NULL;
  app_data_scalar_t wanted = {.key = key};
  return bsearch(&wanted, app_data->scalars, app_data->length, sizeof(wanted), compare);
}

const char *app_data_find(const app_data_t *app_data, const char *key) {
  const app_data_scalar_t *found = app_data_find_scalar(app_data, key);
  return found != NULL ? found->text : NULL;
}
