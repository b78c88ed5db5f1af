/* SPDX-License-Identifier: MIT */
#include "template.h"

#include "common/identifier.h"

#include <stdlib.h>
#include <string.h>

typedef enum { PIECE_LITERAL, PIECE_ID, PIECE_ENDPOINT, PIECE_APP_DATA, PIECE_ATTRIBUTE } piece_type_t;

typedef struct {
  piece_type_t type;
  char *text; /* the literal, or the variable's key */
} piece_t;

struct template {
  piece_t *pieces;
  size_t length;
};

/* --- reading the text --- */

/* Takes over `text`, which may be NULL for want of memory; on failure too. */
static MUST_CHECK status_t add_piece(template_t *template, piece_type_t type, char *text, failure_t *failure) {
  piece_t *pieces = text != NULL ? realloc(template->pieces, (template->length + 1) * sizeof(*pieces)) : NULL;
  if (pieces == NULL) {
    free(text);
    return failure_no_memory(failure);
  }
  template->pieces = pieces;
  template->pieces[template->length++] = (piece_t){.type = type, .text = text};
  return STATUS_OK;
}

static MUST_CHECK status_t refuse_variable(const char *name, size_t length, failure_t *failure) {
  return failure_set(failure, STATUS_OPTION,
                     "there is no variable %%{%.*s}; there are %%{id}, %%{endpoint}, %%{appData:KEY} and the "
                     "attributes of rows such as %%{kind}, %%{mimeType}, %%{transportId}, %%{routerId}",
                     (int)length, name);
}

static MUST_CHECK status_t add_variable(template_t *template, const char *name, size_t length, failure_t *failure) {
  static const size_t prefix = sizeof(APP_DATA_PREFIX) - 1;
  char *key = strndup(name, length);
  if (key == NULL)
    return failure_no_memory(failure);
  if (strcmp(key, "id") == 0)
    return add_piece(template, PIECE_ID, key, failure);
  if (strcmp(key, "endpoint") == 0)
    return add_piece(template, PIECE_ENDPOINT, key, failure);
  if (strncmp(key, APP_DATA_PREFIX, prefix) == 0) {
    memmove(key, key + prefix, length - prefix + 1);
    return add_piece(template, PIECE_APP_DATA, key, failure);
  }
  const attribute_t *attribute = attribute_find(CLASS_ROWS_COUNT, key);
  if (attribute != NULL && attribute->decided == DECIDED_NOT) /* else the name would change with the verdict */
    return add_piece(template, PIECE_ATTRIBUTE, key, failure);
  free(key);
  return refuse_variable(name, length, failure);
}

/* Reads the piece at `*text` and moves `*text` behind it. */
static MUST_CHECK status_t read_piece(template_t *template, const char **text, failure_t *failure) {
  const char *at = *text;
  if (at[0] == '%' && at[1] == '%') {
    *text = at + 2;
    return add_piece(template, PIECE_LITERAL, strdup("%"), failure);
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
  return add_piece(template, PIECE_LITERAL, strndup(at, length), failure);
}

status_t template_new(const char *text, template_t **result, failure_t *failure) {
  template_t *template = calloc(1, sizeof(*template));
  if (template == NULL)
    return failure_no_memory(failure);
  status_t status = STATUS_OK;
  while (status == STATUS_OK && text[0] != '\0')
    status = read_piece(template, &text, failure);
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
    free(template->pieces[i].text);
  free(template->pieces);
  free(template);
}

bool template_has_id(const template_t *template) {
  for (size_t i = 0; i < template->length; i++)
    if (template->pieces[i].type == PIECE_ID)
      return true;
  return false;
}

/* --- writing it for an object --- */

static bool is_piped(const object_t *object) {
  const char *type = object->class->keeps_id_when_piped ? object_find_attribute(object, "transportType") : NULL;
  return type != NULL && strcmp(type, "pipe") == 0;
}

/* The object's id, and after it what tells objects of one id apart: the stream, by its rid or its SSRC, and the pipe
 * transport. */
static void append_id(buffer_t *text, const object_t *object) {
  const char *rid = object_find_attribute(object, "rid");
  bool has_rid = rid != NULL && strcmp(rid, object->stream) == 0;
  identifier_append_unique(text, object->id);
  if (object->stream[0] != '\0')
    identifier_append_unique_pair(text, has_rid ? "rid" : "ssrc", object->stream);
  if (is_piped(object))
    identifier_append_unique_pair(text, IDENTIFIER_VIA, object->parent->id);
}

static void append_value(buffer_t *text, const char *value) {
  if (value != NULL)
    identifier_append_clean(text, value);
}

static void expand_piece(const piece_t *piece, const object_t *object, const char *endpoint, buffer_t *text) {
  switch (piece->type) {
  case PIECE_LITERAL:
    buffer_append_text(text, piece->text);
    break;
  case PIECE_ID:
    append_id(text, object);
    break;
  case PIECE_ENDPOINT:
    append_value(text, endpoint);
    break;
  case PIECE_APP_DATA:
    append_value(text, object_find_app_data(object, piece->text));
    break;
  case PIECE_ATTRIBUTE:
    append_value(text, object_find_attribute(object, piece->text));
    break;
  }
}

void template_expand(const template_t *template, const object_t *object, const char *endpoint, buffer_t *text) {
  for (size_t i = 0; i < template->length; i++)
    expand_piece(&template->pieces[i], object, endpoint, text);
}
