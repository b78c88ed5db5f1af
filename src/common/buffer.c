#include "buffer.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_CAPACITY = 256 };

static MUST_CHECK status_t grow(buffer_t *buffer, size_t needed) {
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

static inline status_t reserve(buffer_t *buffer, size_t more) {
  if (more > buffer->maximum - buffer->length)
    return STATUS_TOO_LARGE;
  size_t needed = buffer->length + more + 1;
  return needed <= buffer->capacity ? STATUS_OK : grow(buffer, needed);
}

status_t buffer_append(buffer_t *buffer, const char *data, size_t length) {
  status_t status = reserve(buffer, length);
  if (status != STATUS_OK)
    return status;
  if (length > 0)
    memcpy(buffer->data + buffer->length, data, length);
  buffer->length += length;
  buffer->data[buffer->length] = '\0';
  return STATUS_OK;
}

status_t buffer_append_string(buffer_t *buffer, const char *text, size_t length) {
  status_t status = reserve(buffer, length + 1);
  if (status != STATUS_OK)
    return status;
  char *end = buffer->data + buffer->length;
  if (length > 0)
    memcpy(end, text, length);
  end[length] = '\0';
  end[length + 1] = '\0';
  buffer->length += length + 1;
  return STATUS_OK;
}

status_t buffer_append_text(buffer_t *buffer, const char *text) { return buffer_append(buffer, text, strlen(text)); }

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
