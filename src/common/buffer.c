/* SPDX-License-Identifier: MIT */
#include "buffer.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_CAPACITY = 256 };

void buffer_fail(buffer_t *buffer, status_t status) {
  if (buffer->status == STATUS_OK)
    buffer->status = status;
}

bool buffer_grow(buffer_t *buffer, size_t more) {
  if (more > buffer->maximum - buffer->length) {
    buffer->status = STATUS_TOO_LARGE;
    return false;
  }
  size_t needed = buffer->length + more + 1;
  size_t capacity = buffer->capacity > 0 ? buffer->capacity : FIRST_CAPACITY;
  while (capacity < needed)
    capacity *= 2;
  char *data = realloc(buffer->data, capacity);
  if (data == NULL) {
    buffer->status = STATUS_NO_MEMORY;
    return false;
  }
  buffer->data = data;
  buffer->capacity = capacity;
  return true;
}

const char *buffer_text(const buffer_t *buffer) { return buffer->data != NULL ? buffer->data : ""; }

char *buffer_copy(const buffer_t *buffer) { return buffer->status == STATUS_OK ? strdup(buffer_text(buffer)) : NULL; }

void buffer_clear(buffer_t *buffer) {
  buffer->length = 0;
  buffer->status = STATUS_OK;
  if (buffer->data != NULL)
    buffer->data[0] = '\0';
}

void buffer_done(buffer_t *buffer) {
  free(buffer->data);
  *buffer = (buffer_t)BUFFER_INIT(buffer->maximum);
}
