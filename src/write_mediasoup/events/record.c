/* SPDX-License-Identifier: MIT */
#include "record.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

record_t *record_new(const record_type_t *type) {
  record_t *record = calloc(1, sizeof(*record) + type->length * sizeof(record->values[0]));
  if (record == NULL)
    return NULL;
  record->type = type;
  atomic_init(&record->references, 1);
  for (size_t i = 0; i < type->length; i++)
    if (type->members[i].kind == RECORD_NUMBER)
      record->values[i].number = NAN;
  return record;
}

size_t record_fitting(const char *text, size_t most) {
  size_t length = strnlen(text, most + 1);
  if (length <= most)
    return length;
  for (length = most; length > 0 && ((unsigned char)text[length] & 0xC0) == 0x80; length--)
    ;
  return length;
}

void record_set_text(record_t *record, size_t member, const char *text) {
  if (record == NULL)
    return;
  free(record->values[member].text);
  record->values[member].text = text != NULL ? strndup(text, record_fitting(text, RECORD_TEXT_MAX)) : NULL;
}

void record_set_number(record_t *record, size_t member, double number) {
  if (record != NULL)
    record->values[member].number = number;
}

record_t *record_share(record_t *record) {
  (void)atomic_fetch_add(&record->references, 1);
  return record;
}

void record_release(record_t *record) {
  if (record == NULL || atomic_fetch_sub(&record->references, 1) > 1)
    return;
  for (size_t i = 0; i < record->type->length; i++)
    if (record->type->members[i].kind == RECORD_TEXT)
      free(record->values[i].text);
  free(record);
}

int record_member(const record_type_t *type, const char *key) {
  for (size_t i = 0; i < type->length; i++)
    if (strcmp(type->members[i].key, key) == 0)
      return (int)i;
  return -1;
}
