/* SPDX-License-Identifier: MIT */
/*
 * Writes JSON text, commas and all. What fails makes all that follows fail, so that only the end need be looked at.
 */
#ifndef COLLECTD_MEDIASOUP_JSON_WRITER_H
#define COLLECTD_MEDIASOUP_JSON_WRITER_H

#include "common/buffer.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct {
  buffer_t text; /* buffer_clear() begins anew, buffer_done() ends it */
  status_t status;
  bool needs_comma; /* before the next key or value */
} json_writer_t;

#define JSON_WRITER_INIT(max) {.text = BUFFER_INIT(max)}

/* '{' or '['; '}' or ']' */
void json_open(json_writer_t *json, char bracket);
void json_close(json_writer_t *json, char bracket);

/* Within an object, before each value. What is not ASCII stays as it is, here and in strings. */
void json_key(json_writer_t *json, const char *key);
void json_string(json_writer_t *json, const char *text);

/* A value, or several members, that are JSON text already. */
void json_value(json_writer_t *json, const char *text);

/* A key that was written before, with a comma before it, its quotes and colon: ,"key": */
void json_written_key(json_writer_t *json, const char *text, size_t length);

void json_whole(json_writer_t *json, int64_t value);
void json_double(json_writer_t *json, double value); /* finite */

#endif
