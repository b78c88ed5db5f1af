/* SPDX-License-Identifier: MIT */
#include "array.h"

void array_done(array_t *array) { buffer_done(&array->json.text); }

const buffer_t *array_next(array_t *array, size_t length, array_write_t write, void *context) {
  if (array->has_ended)
    return NULL;
  buffer_clear(&array->json.text);
  if (!array->has_begun) {
    json_open(&array->json, '[');
    array->has_begun = true;
  } else if (array->next < length) {
    write(context, array->next++);
  } else {
    json_close(&array->json, ']');
    array->has_ended = true;
  }
  return &array->json.text;
}
