/*
 * A growing buffer that knows its maximum. Its content is always followed by a NUL that is not counted.
 */
#ifndef COLLECTD_MEDIASOUP_BUFFER_H
#define COLLECTD_MEDIASOUP_BUFFER_H

#include "status.h"

#include <stddef.h>

typedef struct {
  char *data; /* NULL until something is appended */
  size_t length;
  size_t capacity;
  size_t maximum; /* of length */
} buffer_t;

#define BUFFER_INIT(max)                                                                                               \
  { .data = NULL, .length = 0, .capacity = 0, .maximum = (max) }

/* STATUS_TOO_LARGE over the maximum, STATUS_NO_MEMORY; the content is untouched then. */
MUST_CHECK status_t buffer_append(buffer_t *buffer, const char *data, size_t length);
MUST_CHECK status_t buffer_append_text(buffer_t *buffer, const char *text);

/* The same of `length` bytes and a NUL after them that is counted: one string of several in a buffer. */
MUST_CHECK status_t buffer_append_string(buffer_t *buffer, const char *text, size_t length);

/* The content, never NULL. Lent: valid until the next append. */
const char *buffer_text(const buffer_t *buffer);

/* Empties it and keeps its memory. */
void buffer_clear(buffer_t *buffer);

/* Frees its memory; the buffer may be used again. */
void buffer_done(buffer_t *buffer);

#endif
