/* SPDX-License-Identifier: MIT */
/*
 * A growing buffer that knows its maximum and remembers its first failure. After a failure every further append does
 * nothing, so a writer appends as often as it likes and looks at the status once, at its end. A NUL always follows the
 * content and is not counted.
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
  size_t maximum;  /* of length */
  status_t status; /* STATUS_OK, or the first failure; read it with buffer_status() */
} buffer_t;

#define BUFFER_INIT(max) {.data = NULL, .length = 0, .capacity = 0, .maximum = (max), .status = STATUS_OK}

/* STATUS_OK, STATUS_TOO_LARGE over the maximum, STATUS_NO_MEMORY, or what buffer_fail() was given. After a failure the
 * content is what stood there before the append that failed. */
static inline MUST_CHECK status_t buffer_status(const buffer_t *buffer) { return buffer->status; }

/* Remembers a failure of the caller's, unless there is one already. */
void buffer_fail(buffer_t *buffer, status_t status);

/* Makes room for so many bytes more. false after a failure, which the buffer remembers. */
bool buffer_grow(buffer_t *buffer, size_t more);

/* Whether there is room for so many bytes more. Inline, since most of what is read or written passes through it. */
static inline bool buffer_reserve(buffer_t *buffer, size_t more) {
  if (buffer->status != STATUS_OK)
    return false;
  bool fits = buffer->length + more < buffer->capacity && buffer->length + more <= buffer->maximum;
  return fits || buffer_grow(buffer, more);
}

static inline void buffer_append(buffer_t *buffer, const char *data, size_t length) {
  if (!buffer_reserve(buffer, length))
    return;
  if (length > 0)
    memcpy(buffer->data + buffer->length, data, length);
  buffer->length += length;
  buffer->data[buffer->length] = '\0';
}

static inline void buffer_append_text(buffer_t *buffer, const char *text) { buffer_append(buffer, text, strlen(text)); }

static inline void buffer_append_character(buffer_t *buffer, char character) { buffer_append(buffer, &character, 1); }

/* Appends `length` bytes and a NUL that is counted: one string of several in a buffer. */
static inline void buffer_append_string(buffer_t *buffer, const char *text, size_t length) {
  if (!buffer_reserve(buffer, length + 1))
    return;
  if (length > 0)
    memcpy(buffer->data + buffer->length, text, length);
  buffer->length += length + 1;
  buffer->data[buffer->length - 1] = '\0';
  buffer->data[buffer->length] = '\0';
}

/* The string that follows this one of several. */
static inline const char *string_after(const char *text) { return text + strlen(text) + 1; }

/* Whether they are the same. NULL is the same as NULL only. */
static inline bool string_is(const char *left, const char *right) {
  return left == NULL || right == NULL ? left == right : strcmp(left, right) == 0;
}

/* The content, never NULL. Lent: valid until the next append. */
const char *buffer_text(const buffer_t *buffer);

/* A copy of the content for the caller to free. NULL after a failure, or when out of memory. */
char *buffer_copy(const buffer_t *buffer);

/* Empties it, keeps its memory, and forgets a failure. */
void buffer_clear(buffer_t *buffer);

/* Frees its memory; the buffer may be used again. */
void buffer_done(buffer_t *buffer);

#endif
