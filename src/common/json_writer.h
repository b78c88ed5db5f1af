/* SPDX-License-Identifier: MIT */
/*
 * Writes JSON text and its commas. It fails as its buffer does: look at json_status() once, at the end.
 */
#ifndef COLLECTD_MEDIASOUP_JSON_WRITER_H
#define COLLECTD_MEDIASOUP_JSON_WRITER_H

#include "common/buffer.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct {
  buffer_t text;    /* buffer_clear() starts a new text, buffer_done() frees it */
  bool needs_comma; /* before the next key or value */
} json_writer_t;

#define JSON_WRITER_INIT(max) {.text = BUFFER_INIT(max)}

/* STATUS_OK, STATUS_TOO_LARGE, STATUS_NO_MEMORY, or what buffer_fail() was given. */
static inline MUST_CHECK status_t json_status(const json_writer_t *json) { return buffer_status(&json->text); }

/* '{' or '['; '}' or ']' */
void json_open(json_writer_t *json, char bracket);
void json_close(json_writer_t *json, char bracket);

/* Within an object, before each value. In keys and in strings characters beyond ASCII stay as they are; in a text that
 * is not UTF-8, as a collectd.conf may be written, each of its bytes beyond ASCII becomes a question mark. */
void json_key(json_writer_t *json, const char *key);
void json_string(json_writer_t *json, const char *text);

/* A value, or several members, that are JSON text already; at least one byte. */
void json_value(json_writer_t *json, const char *text);

/* A key that is written already, with its comma, quotes and colon: ,"key": */
void json_written_key(json_writer_t *json, const char *text, size_t length);

void json_whole(json_writer_t *json, int64_t value);
void json_double(json_writer_t *json, double value); /* finite */

#endif
