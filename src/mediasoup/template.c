/* SPDX-License-Identifier: MIT */
#include "template.h"

#include "common/hash.h"

#include <stdlib.h>
#include <string.h>

typedef enum { PART_LITERAL, PART_ID, PART_ENDPOINT, PART_APP_DATA, PART_ATTRIBUTE } part_type_t;

typedef struct part {
  part_type_t type;
  char *text; /* the literal, or the variable's key */
} part_t;

struct template {
  part_t *parts;
  size_t length;
};

static const char app_data_prefix[] = "appData:";

static bool is_attribute(const char *key) {
  for (size_t i = 0; i < CLASS_ROWS_COUNT; i++)
    for (size_t j = 0; j < classes[i].attributes_length; j++)
      if (strcmp(classes[i].attributes[j].key, key) == 0)
        return true;
  return false;
}

/* Takes over `text`, on failure too. */
static MUST_CHECK status_t add_part(template_t *template, part_type_t type, char *text, failure_t *failure) {
  part_t *parts = text != NULL ? realloc(template->parts, (template->length + 1) * sizeof(*parts)) : NULL;
  if (parts == NULL) {
    free(text);
    return failure_no_memory(failure);
  }
  template->parts = parts;
  template->parts[template->length++] = (part_t){.type = type, .text = text};
  return STATUS_OK;
}

static MUST_CHECK status_t add_variable(template_t *template, const char *name, size_t length, failure_t *failure) {
  char *key = strndup(name, length);
  if (key == NULL)
    return failure_no_memory(failure);
  if (strcmp(key, "id") == 0)
    return add_part(template, PART_ID, key, failure);
  if (strcmp(key, "endpoint") == 0)
    return add_part(template, PART_ENDPOINT, key, failure);
  size_t prefix = sizeof(app_data_prefix) - 1;
  if (strncmp(key, app_data_prefix, prefix) == 0) {
    memmove(key, key + prefix, length - prefix + 1);
    return add_part(template, PART_APP_DATA, key, failure);
  }
  if (is_attribute(key))
    return add_part(template, PART_ATTRIBUTE, key, failure);
  status_t status = failure_set(failure, STATUS_OPTION,
                                "there is no variable %%{%s}; there are %%{id}, %%{endpoint}, %%{appData:KEY} and the "
                                "attributes of rows such as %%{kind}, %%{mimeType}, %%{transportId}, %%{routerId}",
                                key);
  free(key);
  return status;
}

/* One part of `*text`, which it moves on. */
static MUST_CHECK status_t read_part(template_t *template, const char **text, failure_t *failure) {
  const char *at = *text;
  if (at[0] == '%' && at[1] == '%') {
    *text = at + 2;
    return add_part(template, PART_LITERAL, strdup("%"), failure);
  }
  if (at[0] == '%' && at[1] == '{') {
    const char *end = strchr(at, '}');
    if (end == NULL)
      return failure_set(failure, STATUS_OPTION, "\"%s\" lacks a closing brace", at);
    *text = end + 1;
    return add_variable(template, at + 2, (size_t)(end - at) - 2, failure);
  }
  size_t length = 1 + strcspn(at + 1, "%");
  *text = at + length;
  return add_part(template, PART_LITERAL, strndup(at, length), failure);
}

status_t template_new(const char *text, template_t **result, failure_t *failure) {
  template_t *template = calloc(1, sizeof(*template));
  if (template == NULL)
    return failure_no_memory(failure);
  status_t status = STATUS_OK;
  while (status == STATUS_OK && text[0] != '\0')
    status = read_part(template, &text, failure);
  if (status == STATUS_OK)
    *result = template;
  else
    template_free(template);
  return status;
}

void template_free(template_t *template) {
  if (template == NULL)
    return;
  for (size_t i = 0; i < template->length; i++)
    free(template->parts[i].text);
  free(template->parts);
  free(template);
}

bool template_has_id(const template_t *template) {
  for (size_t i = 0; i < template->length; i++)
    if (template->parts[i].type == PART_ID)
      return true;
  return false;
}

static bool breaks_identifiers(char byte) {
  return (unsigned char)byte < 0x20 || byte == 0x7F || strchr(",=/\"\\", byte) != NULL;
}

status_t template_append_clean(buffer_t *buffer, const char *text) {
  size_t first = buffer->length;
  status_t status = buffer_append_text(buffer, text);
  for (size_t i = first; status == STATUS_OK && i < buffer->length; i++)
    if (breaks_identifiers(buffer->data[i]))
      buffer->data[i] = '_';
  return status;
}

static bool is_piped(const object_t *object) {
  const char *type = object->class->keeps_id_when_piped ? object_find_attribute(object, "transportType") : NULL;
  return type != NULL && strcmp(type, "pipe") == 0;
}

/* Cleaning makes a/b and a=b alike: what had to be cleaned ends in a hash of what it was. */
static MUST_CHECK status_t append_unique(buffer_t *buffer, const char *pair, const char *value) {
  status_t status = buffer_append_text(buffer, pair);
  size_t first = buffer->length, length = strlen(value);
  if (status == STATUS_OK)
    status = template_append_clean(buffer, value);
  if (status != STATUS_OK || length == 0 || memcmp(buffer->data + first, value, length) == 0)
    return status;
  char mark[HASH_MARK_LENGTH + 1];
  hash_mark(mark, value, length);
  return buffer_append_text(buffer, mark);
}

/* An rid is a name, an SSRC a number: what the stream is called by tells which it is. */
static MUST_CHECK status_t append_id(buffer_t *buffer, const object_t *object) {
  const char *rid = object_find_attribute(object, "rid");
  bool is_rid = rid != NULL && strcmp(rid, object->stream) == 0;
  status_t status = append_unique(buffer, "", object->id);
  if (status == STATUS_OK && object->stream[0] != '\0')
    status = append_unique(buffer, is_rid ? ",rid=" : ",ssrc=", object->stream);
  if (status == STATUS_OK && is_piped(object))
    status = append_unique(buffer, ",via=", object->parent->id);
  return status;
}

static MUST_CHECK status_t expand_part(const part_t *part, const object_t *object, const char *endpoint,
                                       buffer_t *text) {
  const char *value = NULL;
  switch (part->type) {
  case PART_LITERAL:
    return buffer_append_text(text, part->text);
  case PART_ID:
    return append_id(text, object);
  case PART_ENDPOINT:
    value = endpoint;
    break;
  case PART_APP_DATA:
    value = object_find_app_data(object, part->text);
    break;
  case PART_ATTRIBUTE:
    value = object_find_attribute(object, part->text);
    break;
  }
  return value != NULL ? template_append_clean(text, value) : STATUS_OK;
}

status_t template_expand(const template_t *template, const object_t *object, const char *endpoint, buffer_t *text) {
  status_t status = STATUS_OK;
  for (size_t i = 0; i < template->length && status == STATUS_OK; i++)
    status = expand_part(&template->parts[i], object, endpoint, text);
  return status;
}

static MUST_CHECK status_t append_key(buffer_t *buffer, const char *key) {
  status_t status = buffer->length > 0 ? buffer_append(buffer, ",", 1) : STATUS_OK;
  if (status == STATUS_OK)
    status = template_append_clean(buffer, key);
  return status == STATUS_OK ? buffer_append(buffer, "=", 1) : status;
}

status_t template_append_pair(buffer_t *buffer, const char *key, const char *value) {
  status_t status = append_key(buffer, key);
  return status == STATUS_OK ? template_append_clean(buffer, value) : status;
}

status_t template_append_unique_pair(buffer_t *buffer, const char *key, const char *value) {
  status_t status = append_key(buffer, key);
  return status == STATUS_OK ? append_unique(buffer, "", value) : status;
}
