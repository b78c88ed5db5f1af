/* SPDX-License-Identifier: MIT */
/* The JSON is read as a stream of events, so that no nesting and no number of values costs memory. */
#include "receive.h"

#include "received_list.h"

#include <stdlib.h>
#include <string.h>
#include <yajl/yajl_parse.h>

/* An array of value lists, which hold arrays or an object, and nothing below that. */
enum { DEPTH_LISTS = 1, DEPTH_LIST = 2, DEPTH_MEMBER = 3, DEPTH_MAX = 8 };

/* A longer key is none that a value list has. In metadata its beginning stands for it. */
enum { KEY_MAX = 255 };

typedef enum { PART_OTHER, PART_VALUES, PART_NAMES, PART_META } part_t;

typedef struct {
  double now;
  failure_t *failure;
  int depth;
  bool is_list; /* what is open at DEPTH_LIST is an object */
  part_t part;  /* which member of the value list is open */
  char key[KEY_MAX + 1];
  buffer_t text; /* of the value that is read */
  received_list_t list;
  size_t lists; /* how many there were */
  store_row_t **rows;
  size_t length, capacity;
} receiver_t;

/* --- rows --- */

static MUST_CHECK bool keep_row(receiver_t *receiver, store_row_t *row) {
  if (receiver->length == receiver->capacity) {
    size_t capacity = receiver->capacity > 0 ? 2 * receiver->capacity : 64;
    store_row_t **rows = realloc(receiver->rows, capacity * sizeof(store_row_t *));
    if (rows == NULL)
      return false;
    receiver->rows = rows;
    receiver->capacity = capacity;
  }
  receiver->rows[receiver->length++] = row;
  return true;
}

/* Names the value list in the failure. */
static int refuse_list(const receiver_t *receiver, const failure_t *cause) {
  (void)failure_set(receiver->failure, cause->status, "value list %zu: %s", receiver->lists, cause->cause);
  return 0;
}

static int end_list(receiver_t *receiver) {
  failure_t cause = {0};
  receiver->lists++;
  store_row_t *row;
  status_t status = received_list_row(&receiver->list, receiver->now, &row, &cause);
  if (status == STATUS_OK && row != NULL && !keep_row(receiver, row)) {
    store_row_release(row);
    status = failure_no_memory(&cause);
  }
  received_list_clear(&receiver->list);
  return status == STATUS_OK ? 1 : refuse_list(receiver, &cause);
}

/* --- events; 0 ends the reading --- */

static int refuse_body(const receiver_t *receiver) {
  (void)failure_set(receiver->failure, STATUS_PROTOCOL,
                    "the body is not an array of value lists; set Format \"JSON\" in write_http");
  return 0;
}

/* A value that is not an object stands where a value list should. */
static int refuse_element(receiver_t *receiver) {
  receiver->lists++;
  return refuse_list(receiver, &(failure_t){STATUS_PROTOCOL, "it is not an object"});
}

static int on_scalar(receiver_t *receiver, scalar_t value) {
  if (receiver->depth < DEPTH_LISTS)
    return refuse_body(receiver);
  if (receiver->depth == DEPTH_LISTS)
    return refuse_element(receiver);
  if (receiver->depth == DEPTH_LIST)
    received_list_set(&receiver->list, receiver->key, value);
  else if (receiver->depth == DEPTH_MEMBER && receiver->part == PART_VALUES)
    received_list_add_value(&receiver->list, value);
  else if (receiver->depth == DEPTH_MEMBER && receiver->part == PART_NAMES)
    received_list_add_name(&receiver->list, value);
  else if (receiver->depth == DEPTH_MEMBER && receiver->part == PART_META)
    received_list_add_meta(&receiver->list, receiver->key, value);
  return 1;
}

/* With a NUL at its end; cut at a NUL within it. */
static int on_bytes(receiver_t *receiver, scalar_type_t type, const void *bytes, size_t length) {
  buffer_clear(&receiver->text);
  buffer_append(&receiver->text, bytes, length);
  if (buffer_status(&receiver->text) == STATUS_OK)
    return on_scalar(receiver, (scalar_t){type, buffer_text(&receiver->text)});
  (void)failure_no_memory(receiver->failure);
  return 0;
}

static int on_null(void *context) { return on_scalar(context, (scalar_t){SCALAR_NULL, ""}); }

static int on_boolean(void *context, int truth) {
  return on_scalar(context, (scalar_t){SCALAR_TRUTH, truth ? "true" : "false"});
}

static int on_number(void *context, const char *digits, size_t length) {
  return on_bytes(context, SCALAR_NUMBER, digits, length);
}

static int on_string(void *context, const unsigned char *text, size_t length) {
  return on_bytes(context, SCALAR_TEXT, text, length);
}

static int on_key(void *context, const unsigned char *key, size_t length) {
  receiver_t *receiver = context;
  if (receiver->depth > DEPTH_MEMBER)
    return 1;
  size_t kept = length < KEY_MAX ? length : KEY_MAX;
  memcpy(receiver->key, key, kept);
  receiver->key[kept] = '\0';
  return 1;
}

/* An array has one part of the value list, an object another. */
static part_t part_of(const char *key, bool is_array) {
  if (!is_array)
    return strcmp(key, "meta") == 0 ? PART_META : PART_OTHER;
  return strcmp(key, "values") == 0 ? PART_VALUES : strcmp(key, "dsnames") == 0 ? PART_NAMES : PART_OTHER;
}

static int open(receiver_t *receiver, bool is_array) {
  if (receiver->depth == DEPTH_MAX) {
    (void)failure_set(receiver->failure, STATUS_SYNTAX, "the body is nested deeper than %d levels", DEPTH_MAX);
    return 0;
  }
  receiver->depth++;
  if (receiver->depth == DEPTH_LISTS)
    return is_array ? 1 : refuse_body(receiver);
  if (receiver->depth == DEPTH_LIST)
    receiver->is_list = !is_array;
  else if (receiver->depth == DEPTH_MEMBER)
    receiver->part = part_of(receiver->key, is_array);
  else if (receiver->depth == DEPTH_MEMBER + 1) { /* in `values` it is a value that is no number */
    receiver->depth--;
    (void)on_scalar(receiver, (scalar_t){SCALAR_NONE, ""});
    receiver->depth++;
  }
  return 1;
}

static int on_array(void *context) { return open(context, true); }
static int on_map(void *context) { return open(context, false); }

static int on_end(void *context) {
  receiver_t *receiver = context;
  receiver->depth--;
  if (receiver->depth == DEPTH_LIST)
    receiver->part = PART_OTHER;
  if (receiver->depth != DEPTH_LISTS)
    return 1;
  return receiver->is_list ? end_list(receiver) : refuse_element(receiver);
}

static const yajl_callbacks events = {
    .yajl_null = on_null,
    .yajl_boolean = on_boolean,
    .yajl_number = on_number,
    .yajl_string = on_string,
    .yajl_start_map = on_map,
    .yajl_map_key = on_key,
    .yajl_end_map = on_end,
    .yajl_start_array = on_array,
    .yajl_end_array = on_end,
};

/* --- the body --- */

static void refuse_syntax(yajl_handle handle, failure_t *failure) {
  unsigned char *reason = yajl_get_error(handle, 0, NULL, 0);
  const char *text = reason != NULL ? (const char *)reason : "";
  (void)failure_set(failure, STATUS_SYNTAX, "the body is not JSON: %.*s", (int)strcspn(text, "\n"), text);
  if (reason != NULL)
    yajl_free_error(handle, reason);
}

static MUST_CHECK status_t read_json(receiver_t *receiver, const char *json, size_t length) {
  yajl_handle handle = yajl_alloc(&events, NULL, receiver);
  if (handle == NULL)
    return failure_no_memory(receiver->failure);
  yajl_status status = yajl_parse(handle, (const unsigned char *)json, length);
  if (status == yajl_status_ok)
    status = yajl_complete_parse(handle);
  if (status == yajl_status_error)
    refuse_syntax(handle, receiver->failure);
  yajl_free(handle);
  return status == yajl_status_ok ? STATUS_OK : receiver->failure->status;
}

status_t receive(store_t *store, const char *json, size_t length, double now, size_t *taken, failure_t *failure) {
  receiver_t receiver = {.now = now, .failure = failure, .text = BUFFER_INIT(RECEIVE_MAX_BYTES)};
  *taken = 0;
  if (memchr(json, '\0', length) != NULL)
    return failure_set(failure, STATUS_SYNTAX, "the body is not JSON: it contains a NUL byte");
  status_t status = read_json(&receiver, json, length);
  *taken = status == STATUS_OK ? receiver.length : 0;
  for (size_t i = 0; i < receiver.length; i++)
    if (status == STATUS_OK)
      store_write(store, receiver.rows[i]);
    else
      store_row_release(receiver.rows[i]);
  received_list_clear(&receiver.list);
  buffer_done(&receiver.text);
  free(receiver.rows);
  return status;
}
