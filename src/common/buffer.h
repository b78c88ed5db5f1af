/* SPDX-License-Identifier: MIT */
/*
 * A growing buffer that knows its maximum. Its content is always followed by a NUL that is not counted.
 */
#ifndef COLLECTD_MEDIASOUP_BUFFER_H
#define COLLECTD_MEDIASOUP_BUFFER_H

#include "status.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

typedef struct {
  char *data; /* NULL until something is appended */
  size_t length;
  size_t capacity;
  size_t maximum; /* of length */
} buffer_t;

#define BUFFER_INIT(max) {.data = NULL, .length = 0, .capacity = 0, .maximum = (max)}

/* Makes room for so many bytes more. STATUS_TOO_LARGE over the maximum, STATUS_NO_MEMORY; the content is untouched. */
MUST_CHECK status_t buffer_grow(buffer_t *buffer, size_t more);

static inline MUST_CHECK status_t buffer_reserve(buffer_t *buffer, size_t more) {
  bool fits = buffer->length + more < buffer->capacity && buffer->length + more <= buffer->maximum;
  return fits ? STATUS_OK : buffer_grow(buffer, more);
}

/* Fails as buffer_grow. Here, since most of what is read or written passes through it. */
static inline MUST_CHECK status_t buffer_append(buffer_t *buffer, const char *data, size_t length) {
  status_t status = buffer_reserve(buffer, length);
  if (status != STATUS_OK)
    return status;
  if (length > 0)
    memcpy(buffer->data + buffer->length, data, length);
  buffer->length += length;
  buffer->data[buffer->length] = '\0';
  return STATUS_OK;
}

static inline MUST_CHECK status_t buffer_append_text(buffer_t *buffer, const char *text) {
  return buffer_append(buffer, text, strlen(text));
}

/* The same of `length` bytes and a NUL after them that is counted: one string of several in a buffer. */
static inline MUST_CHECK status_t buffer_append_string(buffer_t *buffer, const char *text, size_t length) {
  status_t status = buffer_reserve(buffer, length + 1);
  if (status != STATUS_OK)
    return status;
  if (length > 0)
    memcpy(buffer->data + buffer->length, text, length);
  buffer->length += length + 1;
  buffer->data[buffer->length - 1] = '\0';
  buffer->data[buffer->length] = '\0';
  return STATUS_OK;
}

/* The content, never NULL. Lent: valid until the next append. */
const char *buffer_text(const buffer_t *buffer);

/* Empties it and keeps its memory. */
void buffer_clear(buffer_t *buffer);

/* Frees its memory; the buffer may be used again. */
void buffer_done(buffer_t *buffer);

#endif
