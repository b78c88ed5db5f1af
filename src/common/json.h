/* SPDX-License-Identifier: MIT */
/*
 * Writes JSON text in ASCII. collectd's write_http turns every non-ASCII byte into '?', so what has to arrive whole
 * travels as \uXXXX.
 */
#ifndef COLLECTD_MEDIASOUP_JSON_H
#define COLLECTD_MEDIASOUP_JSON_H

#include "buffer.h"

#include <stdbool.h>

/* As RFC 3629 has it; NULs are text. */
bool json_is_utf8(const char *text, size_t length);

/* Appends `text` (UTF-8, `length` bytes, may hold NULs) as a JSON string with its quotes. Fails as buffer_append does,
 * with part of it written; STATUS_SYNTAX where it is not UTF-8. */
MUST_CHECK status_t json_append_string(buffer_t *buffer, const char *text, size_t length);

#endif
