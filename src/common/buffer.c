/* SPDX-License-Identifier: MIT */
#include "buffer.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_CAPACITY = 256 };

status_t buffer_grow(buffer_t *buffer, size_t more) {
  if (more > buffer->maximum - buffer->length)
    return STATUS_TOO_LARGE;
  size_t needed = buffer->length + more + 1;
  size_t capacity = buffer->capacity > 0 ? buffer->capacity : FIRST_CAPACITY;
  while (capacity < needed)
    capacity *= 2;
  char *data = realloc(buffer->data, capacity);
  if (data == NULL)
    return STATUS_NO_MEMORY;
  buffer->data = data;
  buffer->capacity = capacity;
  return STATUS_OK;
}

const char *buffer_text(const buffer_t *buffer) { return buffer->data != NULL ? buffer->data : ""; }

void buffer_clear(buffer_t *buffer) {
  buffer->length = 0;
  if (buffer->data != NULL)
    buffer->data[0] = '\0';
}

void buffer_done(buffer_t *buffer) {
  free(buffer->data);
  *buffer = (buffer_t)BUFFER_INIT(buffer->maximum);
}
