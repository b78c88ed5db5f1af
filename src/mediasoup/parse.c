/* SPDX-License-Identifier: MIT */
/*
 * yajl tells of keys, values, and of objects and arrays that begin and end. A row's members are the values one level
 * down, and those of "stats" and "counts" two levels down; any other object or array (appData, tuples, ids) is written
 * down again as JSON text, which makes it one value.
 */
#include "parse.h"

#include "common/json.h"

#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <yajl/yajl_parse.h>

struct parser {
  parser_row_t on_row;
  void *context;
  yajl_handle json;
  locale_t locale; /* of numbers: always C's, whatever the host's */

  row_t row;
  place_t place;    /* where the members that come now stand */
  int depth;        /* of open objects and arrays */
  int text_depth;   /* the depth at which the value being written as text began, or 0 */
  bool comma;       /* the next thing in that text needs a comma before it */
  bool key_pending; /* a key was read, its value comes */
  size_t row_number;
  size_t row_bytes; /* since the last newline */
  failure_t *failure;
  status_t status; /* why a callback cancelled */
};

enum { GO_ON = 1, CANCEL = 0 }; /* what yajl's callbacks return */

static int cancel(parser_t *parser, status_t status, const char *cause) {
  parser->status = failure_set(parser->failure, status, "row %zu: %s", parser->row_number, cause);
  return CANCEL;
}

static int proceed(parser_t *parser, status_t status) {
  if (status == STATUS_OK)
    return GO_ON;
  if (status == STATUS_NO_MEMORY)
    return cancel(parser, status, "out of memory");
  if (status == STATUS_SYNTAX)
    return cancel(parser, status, "text that is not UTF-8");
  return cancel(parser, STATUS_TOO_LARGE, "its text is too long");
}

static member_t *last_member(parser_t *parser) { return &parser->row.members[parser->row.length - 1]; }

/* --- a value that is written as text --- */

static int text_raw(parser_t *parser, const char *text, size_t length) {
  status_t status = parser->comma ? buffer_append(&parser->row.text, ",", 1) : STATUS_OK;
  if (status == STATUS_OK)
    status = buffer_append(&parser->row.text, text, length);
  parser->comma = true;
  return proceed(parser, status);
}

static int text_string(parser_t *parser, const char *text, size_t length) {
  status_t status = parser->comma ? buffer_append(&parser->row.text, ",", 1) : STATUS_OK;
  if (status == STATUS_OK)
    status = json_append_string(&parser->row.text, text, length);
  parser->comma = true;
  return proceed(parser, status);
}

static int text_key(parser_t *parser, const char *key, size_t length) {
  if (text_string(parser, key, length) == CANCEL)
    return CANCEL;
  parser->comma = false;
  return proceed(parser, buffer_append(&parser->row.text, ":", 1));
}

static int text_open(parser_t *parser, const char *bracket) {
  int result = text_raw(parser, bracket, 1);
  parser->comma = false;
  return result;
}

/* --- members --- */

static int begin_member(parser_t *parser, const char *key, size_t length) {
  if (row_is_full(&parser->row))
    return cancel(parser, STATUS_TOO_LARGE, "it has too many members");
  parser->key_pending = true;
  return proceed(parser, row_add(&parser->row, parser->place, key, length));
}

static void drop_member(parser_t *parser) {
  row_drop(&parser->row);
  parser->key_pending = false;
}

static int end_member(parser_t *parser, member_type_t type) {
  member_t *member = last_member(parser);
  member->type = type;
  member->value_length = parser->row.text.length - member->value;
  parser->key_pending = false;
  return proceed(parser, buffer_append(&parser->row.text, "", 1)); /* its NUL */
}

static int scalar_member(parser_t *parser, member_type_t type, const char *text, size_t length) {
  if (!parser->key_pending)
    return cancel(parser, STATUS_PROTOCOL, "not a JSON object");
  member_t *member = last_member(parser);
  member->type = type;
  member->value = parser->row.text.length;
  member->value_length = length;
  parser->key_pending = false;
  return proceed(parser, buffer_append_string(&parser->row.text, text, length));
}

/* --- yajl's callbacks --- */

static int on_null(void *context) {
  parser_t *parser = context;
  if (parser->text_depth > 0)
    return text_raw(parser, "null", 4);
  if (!parser->key_pending)
    return cancel(parser, STATUS_PROTOCOL, "not a JSON object");
  drop_member(parser); /* null is what some languages write for a member that is left out */
  return GO_ON;
}

static int on_boolean(void *context, int value) {
  parser_t *parser = context;
  const char *text = value ? "true" : "false";
  if (parser->text_depth > 0)
    return text_raw(parser, text, strlen(text));
  return scalar_member(parser, MEMBER_BOOLEAN, text, strlen(text));
}

/* Whole numbers, which most are, without the way through a locale. */
static double read_number(const parser_t *parser, const char *text, size_t length) {
  enum { EXACT_DIGITS = 15 }; /* of a double */
  uint64_t whole = 0;
  size_t i = 0;
  for (; i < length && i < EXACT_DIGITS && text[i] >= '0' && text[i] <= '9'; i++)
    whole = 10 * whole + (uint64_t)(text[i] - '0');
  return i == length ? (double)whole : strtod_l(text, NULL, parser->locale);
}

static int on_number(void *context, const char *text, size_t length) {
  parser_t *parser = context;
  if (parser->text_depth > 0)
    return text_raw(parser, text, length);
  if (scalar_member(parser, MEMBER_NUMBER, text, length) == CANCEL)
    return CANCEL;
  member_t *member = last_member(parser);
  member->number = read_number(parser, member_value(&parser->row, member), length);
  return isfinite(member->number) ? GO_ON : cancel(parser, STATUS_PROTOCOL, "a number that is out of range");
}

static int on_string(void *context, const unsigned char *text, size_t length) {
  parser_t *parser = context;
  if (parser->text_depth > 0)
    return text_string(parser, (const char *)text, length);
  if (!json_is_utf8((const char *)text, length)) /* yajl looks at the form of characters only */
    return proceed(parser, STATUS_SYNTAX);
  return scalar_member(parser, MEMBER_TEXT, (const char *)text, length);
}

static int on_key(void *context, const unsigned char *key, size_t length) {
  parser_t *parser = context;
  if (parser->text_depth > 0)
    return text_key(parser, (const char *)key, length);
  return begin_member(parser, (const char *)key, length);
}

/* The place whose members an object opens, if it is one of those whose members are members of the row. */
static bool opens_place(parser_t *parser, place_t *place) {
  if (parser->depth != 1 || parser->text_depth > 0)
    return false;
  const char *key = member_key(&parser->row, last_member(parser));
  *place = strcmp(key, "counts") == 0 ? IN_COUNTS : IN_STATS;
  return *place == IN_COUNTS || strcmp(key, "stats") == 0;
}

static int open_nested(parser_t *parser, const char *bracket) {
  if (parser->depth + 1 > JSON_MAX_DEPTH)
    return cancel(parser, STATUS_TOO_LARGE, "it is nested too deep");
  if (parser->text_depth == 0) {
    parser->text_depth = parser->depth + 1;
    parser->comma = false;
    last_member(parser)->value = parser->row.text.length;
  }
  parser->depth++;
  return text_open(parser, bracket);
}

static int on_start_map(void *context) {
  parser_t *parser = context;
  place_t place;
  if (parser->depth == 0) {
    row_clear(&parser->row);
    parser->place = IN_ROW;
    parser->depth = 1;
    return GO_ON;
  }
  if (!opens_place(parser, &place))
    return open_nested(parser, "{");
  drop_member(parser);
  parser->place = place;
  parser->depth++;
  return GO_ON;
}

static int on_start_array(void *context) {
  parser_t *parser = context;
  if (parser->depth == 0)
    return cancel(parser, STATUS_PROTOCOL, "not a JSON object");
  return open_nested(parser, "[");
}

/* A failure of the row's receiver gets the row's number before its cause. */
static int deliver(parser_t *parser) {
  failure_t failure = {0};
  parser->status = parser->on_row(parser->context, &parser->row, &failure);
  if (parser->status == STATUS_OK)
    return GO_ON;
  return cancel(parser, parser->status, failure.cause);
}

static int close_nested(parser_t *parser, const char *bracket) {
  parser->comma = false;
  if (text_raw(parser, bracket, 1) == CANCEL)
    return CANCEL;
  if (parser->text_depth != parser->depth + 1)
    return GO_ON;
  parser->text_depth = 0;
  return end_member(parser, MEMBER_JSON);
}

static int on_end_map(void *context) {
  parser_t *parser = context;
  parser->depth--;
  if (parser->text_depth > 0)
    return close_nested(parser, "}");
  parser->place = IN_ROW;
  return parser->depth == 0 ? deliver(parser) : GO_ON;
}

static int on_end_array(void *context) {
  parser_t *parser = context;
  parser->depth--;
  return close_nested(parser, "]");
}

static const yajl_callbacks callbacks = {
    .yajl_null = on_null,
    .yajl_boolean = on_boolean,
    .yajl_number = on_number,
    .yajl_string = on_string,
    .yajl_start_map = on_start_map,
    .yajl_map_key = on_key,
    .yajl_end_map = on_end_map,
    .yajl_start_array = on_start_array,
    .yajl_end_array = on_end_array,
};

/* --- what the header offers --- */

parser_t *parser_new(parser_row_t on_row, void *context) {
  parser_t *parser = calloc(1, sizeof(*parser));
  if (parser == NULL)
    return NULL;
  parser->on_row = on_row;
  parser->context = context;
  row_init(&parser->row);
  parser->locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
  if (parser->locale == (locale_t)0) {
    parser_free(parser);
    return NULL;
  }
  return parser;
}

void parser_free(parser_t *parser) {
  if (parser == NULL)
    return;
  if (parser->json != NULL)
    yajl_free(parser->json);
  if (parser->locale != (locale_t)0)
    freelocale(parser->locale);
  row_done(&parser->row);
  free(parser);
}

status_t parser_begin(parser_t *parser, failure_t *failure) {
  if (parser->json != NULL)
    yajl_free(parser->json);
  parser->json = yajl_alloc(&callbacks, NULL, parser);
  if (parser->json == NULL)
    return failure_no_memory(failure);
  (void)yajl_config(parser->json, yajl_allow_multiple_values, 1);
  parser->depth = 0;
  parser->text_depth = 0;
  parser->key_pending = false;
  parser->row_number = 1;
  parser->row_bytes = 0;
  parser->status = STATUS_OK;
  return STATUS_OK;
}

/* yajl keeps an unfinished string whole, so the length of a row is bounded here, before yajl sees it. */
static MUST_CHECK status_t feed_line(parser_t *parser, const char *bytes, size_t length) {
  parser->row_bytes += length;
  if (parser->row_bytes > ROW_MAX_BYTES)
    return failure_set(parser->failure, STATUS_TOO_LARGE, "row %zu: longer than %d bytes", parser->row_number,
                       ROW_MAX_BYTES);
  yajl_status result = yajl_parse(parser->json, (const unsigned char *)bytes, length);
  if (result == yajl_status_ok)
    return STATUS_OK;
  if (result == yajl_status_client_canceled)
    return parser->status;
  unsigned char *text = yajl_get_error(parser->json, 0, NULL, 0);
  failure_set(parser->failure, STATUS_SYNTAX, "row %zu: %.*s", parser->row_number,
              text != NULL ? (int)strcspn((const char *)text, "\n") : 0, text != NULL ? (const char *)text : "");
  if (text != NULL)
    yajl_free_error(parser->json, text);
  return STATUS_SYNTAX;
}

status_t parser_feed(parser_t *parser, const char *bytes, size_t length, failure_t *failure) {
  status_t status = STATUS_OK;
  parser->failure = failure;
  while (status == STATUS_OK && length > 0) {
    const char *newline = memchr(bytes, '\n', length);
    size_t taken = newline != NULL ? (size_t)(newline - bytes) + 1 : length;
    status = feed_line(parser, bytes, taken);
    if (status == STATUS_OK && newline != NULL) {
      parser->row_number++;
      parser->row_bytes = 0;
    }
    bytes += taken;
    length -= taken;
  }
  parser->failure = NULL;
  return status;
}

status_t parser_end(parser_t *parser, failure_t *failure) {
  if (parser->depth > 0 || parser->key_pending)
    return failure_set(failure, STATUS_CLOSED, "the answer ends within row %zu", parser->row_number);
  return STATUS_OK;
}
