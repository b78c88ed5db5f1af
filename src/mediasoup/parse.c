/* SPDX-License-Identifier: MIT */
/*
 * yajl tells of keys, of values, and of objects and arrays that begin and end. The values one level down are members of
 * the row, and so are those of "stats" and "counts" two levels down. Any other object or array (appData, tuples, ids)
 * is written down again as JSON text, which makes it the value of one member.
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
  locale_t locale; /* of numbers: C's, whatever the host's is */

  row_t row;
  place_t place;    /* where the next members stand */
  int depth;        /* of open objects and arrays */
  int text_depth;   /* the depth at which the value that is being written as text began, or 0 */
  bool key_pending; /* a key was read, its value comes next */
  size_t row_number;
  size_t row_bytes;   /* since the last newline */
  failure_t *failure; /* lent for the call of parser_feed */
  status_t status;    /* why a callback cancelled */
};

enum { GO_ON = 1, CANCEL = 0 }; /* what yajl's callbacks return */

static SELDOM int cancel(parser_t *parser, status_t status, const char *cause) {
  parser->status = failure_set(parser->failure, status, "row %zu: %s", parser->row_number, cause);
  return CANCEL;
}

static SELDOM int cancel_row(parser_t *parser, status_t status) {
  if (status == STATUS_NO_MEMORY)
    return cancel(parser, status, "out of memory");
  if (status == STATUS_SYNTAX)
    return cancel(parser, status, "it has text that is not UTF-8");
  return cancel(parser, status, "its text is too long");
}

/* Goes on unless the row could not take what it was given. */
static int go_on(parser_t *parser) {
  status_t status = row_status(&parser->row);
  return status == STATUS_OK ? GO_ON : cancel_row(parser, status);
}

static void drop_member(parser_t *parser) {
  row_drop(&parser->row);
  parser->key_pending = false;
}

/* --- yajl's callbacks: scalars and keys --- */

/* `text` is the value's JSON text, but for a string the string itself. */
static int on_scalar(parser_t *parser, member_type_t type, const char *text, size_t length) {
  if (parser->text_depth == 0 && !parser->key_pending)
    return cancel(parser, STATUS_PROTOCOL, "it is not a JSON object");
  if (parser->text_depth == 0)
    row_set(&parser->row, type, text, length);
  else if (type == MEMBER_TEXT)
    row_json_string(&parser->row, text, length);
  else
    row_json_scalar(&parser->row, text, length);
  parser->key_pending = parser->key_pending && parser->text_depth > 0;
  return go_on(parser);
}

static int on_null(void *context) {
  parser_t *parser = context;
  if (parser->text_depth > 0 || !parser->key_pending)
    return on_scalar(parser, MEMBER_JSON, "null", 4);
  drop_member(parser); /* some languages write null for a member that is left out */
  return GO_ON;
}

static int on_boolean(void *context, int value) {
  const char *text = value ? "true" : "false";
  return on_scalar(context, MEMBER_BOOLEAN, text, strlen(text));
}

/* Most numbers are whole, and those need no locale. */
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
  if (on_scalar(parser, MEMBER_NUMBER, text, length) == CANCEL)
    return CANCEL;
  if (parser->text_depth > 0)
    return GO_ON;
  member_t *member = row_last(&parser->row);
  member->number = read_number(parser, member_value(&parser->row, member), length);
  return isfinite(member->number) ? GO_ON : cancel(parser, STATUS_PROTOCOL, "it has a number that is out of range");
}

/* yajl lets some forms pass that are not UTF-8. */
static int on_string(void *context, const unsigned char *text, size_t length) {
  parser_t *parser = context;
  if (parser->text_depth == 0 && !json_is_utf8((const char *)text, length))
    return cancel_row(parser, STATUS_SYNTAX);
  return on_scalar(parser, MEMBER_TEXT, (const char *)text, length);
}

static int on_key(void *context, const unsigned char *key, size_t length) {
  parser_t *parser = context;
  if (parser->text_depth == 0 && row_is_full(&parser->row))
    return cancel(parser, STATUS_TOO_LARGE, "it has too many members");
  if (parser->text_depth == 0)
    row_add(&parser->row, parser->place, (const char *)key, length);
  else
    row_json_key(&parser->row, (const char *)key, length);
  parser->key_pending = true;
  return go_on(parser);
}

/* --- yajl's callbacks: objects and arrays --- */

/* Whether the object that begins holds members of the row, and of which place. */
static bool opens_place(parser_t *parser, place_t *place) {
  if (parser->depth != 1 || parser->text_depth > 0)
    return false;
  const char *key = member_key(&parser->row, row_last(&parser->row));
  *place = strcmp(key, "counts") == 0 ? IN_COUNTS : IN_STATS;
  return *place == IN_COUNTS || strcmp(key, "stats") == 0;
}

static int open_nested(parser_t *parser, char bracket) {
  if (parser->depth + 1 > JSON_MAX_DEPTH)
    return cancel(parser, STATUS_TOO_LARGE, "it is nested too deep");
  parser->depth++;
  if (parser->text_depth == 0) {
    parser->text_depth = parser->depth;
    row_json_begin(&parser->row);
  }
  row_json_open(&parser->row, bracket);
  return go_on(parser);
}

static int close_nested(parser_t *parser, char bracket) {
  row_json_close(&parser->row, bracket);
  if (parser->depth-- == parser->text_depth) {
    row_json_end(&parser->row);
    parser->text_depth = 0;
    parser->key_pending = false;
  }
  return go_on(parser);
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
    return open_nested(parser, '{');
  drop_member(parser);
  parser->place = place;
  parser->depth++;
  return GO_ON;
}

static int on_start_array(void *context) {
  parser_t *parser = context;
  if (parser->depth == 0)
    return cancel(parser, STATUS_PROTOCOL, "it is not a JSON object");
  return open_nested(parser, '[');
}

static int deliver(parser_t *parser) {
  failure_t failure = {0};
  status_t status = parser->on_row(parser->context, &parser->row, &failure);
  return status == STATUS_OK ? GO_ON : cancel(parser, status, failure.cause);
}

static int on_end_map(void *context) {
  parser_t *parser = context;
  if (parser->text_depth > 0)
    return close_nested(parser, '}');
  parser->depth--;
  parser->place = IN_ROW;
  return parser->depth == 0 ? deliver(parser) : GO_ON;
}

static int on_end_array(void *context) { return close_nested(context, ']'); }

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

/* --- a snapshot's bytes --- */

parser_t *parser_new(parser_row_t on_row, void *context) {
  parser_t *parser = calloc(1, sizeof(*parser));
  if (parser == NULL)
    return NULL;
  parser->on_row = on_row;
  parser->context = context;
  row_init(&parser->row);
  parser->locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
  if (parser->locale != (locale_t)0)
    return parser;
  parser_free(parser);
  return NULL;
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

static MUST_CHECK status_t set_syntax_failure(parser_t *parser) {
  unsigned char *text = yajl_get_error(parser->json, 0, NULL, 0);
  failure_set(parser->failure, STATUS_SYNTAX, "row %zu: %.*s", parser->row_number,
              text != NULL ? (int)strcspn((const char *)text, "\n") : 0, text != NULL ? (const char *)text : "");
  if (text != NULL)
    yajl_free_error(parser->json, text);
  return STATUS_SYNTAX;
}

/* yajl keeps an unfinished string whole, so the length of a row is bounded before yajl sees it. */
static MUST_CHECK status_t feed_line(parser_t *parser, const char *bytes, size_t length) {
  parser->row_bytes += length;
  if (parser->row_bytes > ROW_MAX_BYTES)
    return failure_set(parser->failure, STATUS_TOO_LARGE, "row %zu: it is longer than %d bytes", parser->row_number,
                       ROW_MAX_BYTES);
  yajl_status result = yajl_parse(parser->json, (const unsigned char *)bytes, length);
  if (result == yajl_status_client_canceled)
    return parser->status;
  return result == yajl_status_ok ? STATUS_OK : set_syntax_failure(parser);
}

status_t parser_feed(void *context, const char *bytes, size_t length, failure_t *failure) {
  parser_t *parser = context;
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
