/* SPDX-License-Identifier: MIT */
#include "text.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { TEXT_MAX = 1000 }; /* the longest list of attributes is half of it */

static void append(char text[TEXT_MAX], const char *format, ...) __attribute__((format(printf, 2, 3)));

static void append(char text[TEXT_MAX], const char *format, ...) {
  size_t length = strlen(text);
  va_list arguments;
  va_start(arguments, format);
  int added = vsnprintf(text + length, TEXT_MAX - length, format, arguments);
  va_end(arguments);
  assert(added >= 0 && (size_t)added < TEXT_MAX - length);
  (void)added;
}

const char *text_of_kind(const field_t *field) { return field->kind == KIND_COUNTER ? "counter" : "gauge"; }

const char *text_of_field(const field_t *field) {
  static char text[TEXT_MAX];
  text[0] = '\0';
  append(text, "%s", field->help);
  if (field->since != NULL)
    append(text, "; since mediasoup %s", field->since);
  return text;
}

const char *text_of_class(const class_t *class) {
  static char text[TEXT_MAX];
  text[0] = '\0';
  append(text, "%s", class->help);
  if (class->holds != NULL)
    append(text, ": %s", class->holds);
  return text;
}

const char *text_of_attributes(const class_t *class) {
  static char text[TEXT_MAX];
  text[0] = '\0';
  append(text, "%s: ", class_is_summary(class) ? "Labels" : "Metadata");
  for (size_t i = 0; i < class->attributes_length; i++)
    append(text, "%s`%s`", i > 0 ? ", " : "", class->attributes[i].key);
  if (class_has_slot(class))
    append(text, ", `endpoint` (its name), `process` (where `Socket` is a glob)");
  if (class_is_made_by_application(class))
    append(text, ", `appData`, `inherited`, `names`, and the ids of the objects above it");
  append(text, ".");
  return text;
}

const char *text_of_default(const option_t *option) {
  static char text[TEXT_MAX];
  text[0] = '\0';
  if (option->fallback != NULL)
    append(text, "%s", option->fallback);
  else if (option->number != 0)
    append(text, "%d", option->number);
  return text;
}
