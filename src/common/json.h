/* SPDX-License-Identifier: MIT */
/*
 * Writes JSON strings in ASCII. collectd's write_http turns every non-ASCII byte into '?', so other characters travel
 * as \uXXXX.
 */
#ifndef COLLECTD_MEDIASOUP_JSON_H
#define COLLECTD_MEDIASOUP_JSON_H

#include "buffer.h"

#include <stdbool.h>

/* Whether `text` is UTF-8 as RFC 3629 defines it. A NUL is a character like any other. */
bool json_is_utf8(const char *text, size_t length);

/* Appends `text` (UTF-8, `length` bytes, may hold NULs) as a JSON string with its quotes. Text that is not UTF-8 fails
 * the buffer with STATUS_SYNTAX. After a failure part of the string may stand in the buffer. */
void json_append_string(buffer_t *buffer, const char *text, size_t length);

#endif
