/* SPDX-License-Identifier: MIT */
#include "json_writer.h"

#include "json.h"
#include "number.h"

#include <stdio.h>
#include <string.h>

static inline void put(json_writer_t *json, const char *text, size_t length) {
  buffer_append(&json->text, text, length);
}

static void put_comma(json_writer_t *json) {
  if (json->needs_comma)
    put(json, ",", 1);
  json->needs_comma = true;
}

void json_open(json_writer_t *json, char bracket) {
  put_comma(json);
  put(json, &bracket, 1);
  json->needs_comma = false;
}

void json_close(json_writer_t *json, char bracket) {
  put(json, &bracket, 1);
  json->needs_comma = true;
}

static bool needs_no_escape(unsigned char byte, bool is_utf8) {
  return byte >= 0x20 && byte != '"' && byte != '\\' && (is_utf8 || byte < 0x80);
}

/* A byte beyond ASCII comes here only in a text that is not UTF-8. */
static void put_escaped(json_writer_t *json, unsigned char byte) {
  char text[sizeof("\\u00ff")];
  int length = byte >= 0x80  ? snprintf(text, sizeof(text), "?")
               : byte < 0x20 ? snprintf(text, sizeof(text), "\\u%04x", (unsigned)byte)
                             : snprintf(text, sizeof(text), "\\%c", byte);
  put(json, text, (size_t)length);
}

/* The bytes from here on, up to the end or the first one that cannot stand as it is. Returns where that is. */
static const char *put_plain(json_writer_t *json, const char *from, bool is_utf8) {
  const char *to = from;
  while (needs_no_escape((unsigned char)*to, is_utf8))
    to++;
  put(json, from, (size_t)(to - from));
  return to;
}

/* Most texts are ASCII: only one that is not is looked at for whether it is UTF-8. */
static void put_string(json_writer_t *json, const char *text) {
  put(json, "\"", 1);
  const char *at = put_plain(json, text, false);
  bool is_utf8 = *at != '\0' && json_is_utf8(at, strlen(at));
  at = put_plain(json, at, is_utf8);
  while (*at != '\0') {
    put_escaped(json, (unsigned char)*at);
    at = put_plain(json, at + 1, is_utf8);
  }
  put(json, "\"", 1);
}

void json_key(json_writer_t *json, const char *key) {
  put_comma(json);
  put_string(json, key);
  put(json, ":", 1);
  json->needs_comma = false;
}

void json_string(json_writer_t *json, const char *text) {
  put_comma(json);
  put_string(json, text);
}

void json_value(json_writer_t *json, const char *text) {
  put_comma(json);
  put(json, text, strlen(text));
}

void json_written_key(json_writer_t *json, const char *text, size_t length) {
  size_t skipped = json->needs_comma ? 0 : 1;
  put(json, text + skipped, length - skipped);
  json->needs_comma = false;
}

void json_whole(json_writer_t *json, int64_t value) {
  put_comma(json);
  number_append_whole(&json->text, value);
}

void json_double(json_writer_t *json, double value) {
  put_comma(json);
  number_append_double(&json->text, value);
}
