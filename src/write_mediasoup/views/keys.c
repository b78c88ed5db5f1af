/* SPDX-License-Identifier: MIT */
#include "keys.h"

#include "common/identifier.h"
#include "write_mediasoup/store/facts.h"

#include <string.h>

/* rtp_bytes_sent -> rtpBytesSent */
static void write_camel_case(const char *name, char *to) {
  for (const char *from = name; *from != '\0'; from++) {
    bool upper = *from == '_' && from[1] != '\0';
    from += upper ? 1 : 0;
    *to++ = upper && *from >= 'a' && *from <= 'z' ? (char)(*from - 'a' + 'A') : *from;
  }
  *to = '\0';
}

const char *key_of_field(const field_t *field, char *space) {
  /* A scaled number is no longer mediasoup's, so it has a name of its own. */
  if (field->key != NULL && field->scale == 0)
    return field->key;
  write_camel_case(field->name, space);
  return space;
}

int key_find_field(const class_t *class, const char *key) {
  char space[KEY_MAX_BYTES];
  for (size_t i = 0; i < class->fields_length; i++)
    if (strcmp(key_of_field(&class->fields[i], space), key) == 0)
      return (int)i;
  return -1;
}

static bool is_attribute(const class_t *class, const char *key) {
  for (size_t i = 0; i < class->attributes_length; i++)
    if (strcmp(class->attributes[i].key, key) == 0)
      return true;
  return false;
}

static bool is_id_above(const class_t *class, const char *key) {
  for (const class_t *above = class; above != &classes[above->parent]; above = &classes[above->parent])
    if (strcmp(classes[above->parent].id, key) == 0)
      return true;
  return false;
}

/* The worst streams are producers' or consumers'. */
static bool is_attribute_of_streams(const char *key) {
  return is_attribute(&classes[CLASS_PRODUCERS], key) || is_attribute(&classes[CLASS_CONSUMERS], key) ||
         is_attribute(&classes[CLASS_ROUTERS], key);
}

/* What applications say of their objects, and what that makes of them. */
static bool is_said_by_application(const char *key) {
  return strcmp(key, FACT_APP_DATA) == 0 || strcmp(key, FACT_INHERITED) == 0 || strcmp(key, FACT_NAMES) == 0;
}

bool key_is_fact(const class_t *class, const char *key) {
  if (is_attribute(class, key))
    return true;
  if (class_has_slot(class) && (strcmp(key, IDENTIFIER_ENDPOINT) == 0 || strcmp(key, IDENTIFIER_PROCESS) == 0))
    return true;
  if (class_is_summary(class))
    return is_said_by_application(key) || is_attribute_of_streams(key);
  return class_is_made_by_application(class) && (is_said_by_application(key) || is_id_above(class, key));
}
