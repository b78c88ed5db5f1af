/* SPDX-License-Identifier: MIT */
#include "object.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* An attribute's type, as it is written before its text. */
static const char type_signs[] = {
    [MEMBER_TEXT] = 't', [MEMBER_NUMBER] = 'n', [MEMBER_BOOLEAN] = 'b', [MEMBER_JSON] = 'j'};
static const char absent_sign = '-';

size_t object_key(char key[OBJECT_KEY_MAX], const class_t *class, const object_t *parent, const char *id,
                  const char *stream) {
  size_t id_size = strlen(id) + 1, stream_size = strlen(stream) + 1;
  const char *below = class->keeps_id_when_piped && parent != NULL ? parent->id : "";
  size_t below_size = strlen(below) + 1;
  key[0] = (char)('a' + (int)class_id(class));
  memcpy(key + 1, id, id_size);
  memcpy(key + 1 + id_size, stream, stream_size);
  memcpy(key + 1 + id_size + stream_size, below, below_size);
  return 1 + id_size + stream_size + below_size;
}

object_t *object_new(const class_t *class, object_t *parent, const char *id, const char *stream) {
  char key[OBJECT_KEY_MAX];
  size_t length = object_key(key, class, parent, id, stream);
  size_t values_size = class->fields_length * sizeof(object_value_t);
  object_t *object = calloc(1, sizeof(*object) + values_size + length);
  if (object == NULL)
    return NULL;
  object->key = memcpy((char *)object->values + values_size, key, length);
  object->key_length = length;
  object->class = class;
  object->parent = parent;
  object->id = object->key + 1;
  object->stream = object->id + strlen(id) + 1;
  for (size_t i = 0; i < class->fields_length; i++)
    if (class->fields[i].kind == KIND_GAUGE)
      object->values[i].gauge = NAN;
  return object;
}

void object_free(object_t *object) {
  if (object == NULL)
    return;
  free(object->attributes);
  app_data_free(object->app_data);
  free(object->plugin_instance);
  free(object->type_instance);
  free(object);
}

/* --- values --- */

/* A counter cannot be unknown: it stays where it was. */
static void counter_from(const field_t *field, double number, object_value_t *value) {
  number = field_number(field, number);
  value->counter = isnan(number) ? value->counter : (int64_t)number;
}

static void gauge_from(const field_t *field, double number, object_value_t *value) {
  bool unknown = field->zero_is_unknown && number == 0;
  value->gauge = unknown ? NAN : field_number(field, number) * (field->scale != 0 ? field->scale : 1);
}

static void forget_value(const field_t *field, object_value_t *value) {
  *value = field->kind == KIND_COUNTER ? (object_value_t){.counter = 0} : (object_value_t){.gauge = NAN};
}

static MUST_CHECK status_t update_value(const field_t *field, const member_t *member, object_value_t *value,
                                        failure_t *failure) {
  if (member->type != MEMBER_NUMBER)
    return failure_set(failure, STATUS_PROTOCOL, "%s is not a number", field->key);
  if (field->kind == KIND_COUNTER)
    counter_from(field, member->number, value);
  else
    gauge_from(field, member->number, value);
  return STATUS_OK;
}

static MUST_CHECK status_t update_values(object_t *object, const row_t *row, failure_t *failure) {
  const row_places_t *places = row_places(row, object->class);
  for (size_t i = 0; i < object->class->fields_length; i++) {
    const field_t *field = &object->class->fields[i];
    if (field->key == NULL)
      continue;
    const member_t *member = row_at(row, places->fields[i]);
    bool told = field->place == IN_STATS ? object->measured : object->answered;
    if (member == NULL && told)
      forget_value(field, &object->values[i]);
    else if (member != NULL && update_value(field, member, &object->values[i], failure) != STATUS_OK)
      return STATUS_PROTOCOL;
  }
  return STATUS_OK;
}

/* --- attributes --- */

/* How many of the class's attributes stand in its rows. The plugin decides those after them. */
static size_t attributes_read(const class_t *class) {
  size_t length = class->attributes_length;
  while (length > 0 && class->attributes[length - 1].decided != DECIDED_NOT)
    length--;
  return length;
}

/* A NUL within the text ends it. */
static void append_attribute(buffer_t *texts, const row_t *row, const member_t *member) {
  const char *text = member != NULL ? member_value(row, member) : "";
  buffer_append_character(texts, member != NULL ? type_signs[member->type] : absent_sign);
  buffer_append_string(texts, text, strlen(text));
}

/* Whether the row has the attributes that the object has, byte by byte. One with a NUL within was cut, and differs. */
static bool has_attributes(const object_t *object, const row_t *row) {
  const class_t *class = object->class;
  const char *at = object->attributes, *end = at + object->attributes_size;
  const row_places_t *places = row_places(row, class);
  size_t length = attributes_read(class);
  for (size_t i = 0; i < length; i++) {
    const member_t *member = row_at(row, places->attributes[i]);
    size_t size = member != NULL ? member->value_length + 1 : 1; /* with the NUL */
    if (*at++ != (member != NULL ? type_signs[member->type] : absent_sign) || size > (size_t)(end - at) ||
        memcmp(at, member != NULL ? member_value(row, member) : "", size) != 0)
      return false;
    at += size;
  }
  return true;
}

static void write_attributes(const class_t *class, const row_t *row, buffer_t *texts) {
  const row_places_t *places = row_places(row, class);
  size_t length = attributes_read(class);
  buffer_clear(texts);
  for (size_t i = 0; i < length; i++)
    append_attribute(texts, row, row_at(row, places->attributes[i]));
}

static MUST_CHECK status_t update_attributes(object_t *object, const row_t *row, buffer_t *scratch, bool *new) {
  if (object->attributes != NULL && has_attributes(object, row))
    return STATUS_OK;
  write_attributes(object->class, row, scratch);
  if (buffer_status(scratch) != STATUS_OK)
    return buffer_status(scratch);
  if (object->attributes != NULL && object->attributes_size == scratch->length &&
      memcmp(object->attributes, scratch->data, scratch->length) == 0)
    return STATUS_OK;
  char *attributes = malloc(scratch->length);
  if (attributes == NULL)
    return STATUS_NO_MEMORY;
  memcpy(attributes, scratch->data, scratch->length);
  free(object->attributes);
  object->attributes = attributes;
  object->attributes_size = scratch->length;
  *new = true;
  return STATUS_OK;
}

static MUST_CHECK status_t update_app_data(object_t *object, const row_t *row, bool *new, failure_t *failure) {
  const member_t *member = row_find(row, IN_ROW, "appData");
  if (member == NULL && !object->answered)
    return STATUS_OK;
  const char *json = member != NULL ? member_value(row, member) : "{}";
  if (member != NULL && (member->type != MEMBER_JSON || json[0] != '{'))
    return failure_set(failure, STATUS_PROTOCOL, "appData is not an object");
  if (strcmp(json, object->app_data != NULL ? object->app_data->json : "{}") == 0)
    return STATUS_OK;
  app_data_t *app_data = NULL;
  if (strcmp(json, "{}") != 0) {
    app_data = app_data_new(json);
    if (app_data == NULL)
      return failure_no_memory(failure);
  }
  app_data_free(object->app_data);
  object->app_data = app_data;
  *new = true;
  return STATUS_OK;
}

status_t object_update(object_t *object, const row_t *row, buffer_t *scratch, bool *new, failure_t *failure) {
  *new = false;
  /* The parser makes the members of "stats" members of the row. "stats" itself is one only where it is no object. */
  if (row_find(row, IN_ROW, "stats") != NULL)
    return failure_set(failure, STATUS_PROTOCOL, "stats is not an object");
  object->answered = row_find(row, IN_ROW, "error") == NULL;
  object->measured = object->answered && row_has(row, IN_STATS);
  status_t status = update_values(object, row, failure);
  if (status != STATUS_OK)
    return status;
  if ((object->answered || object->attributes == NULL) && update_attributes(object, row, scratch, new) != STATUS_OK)
    return failure_no_memory(failure);
  return update_app_data(object, row, new, failure);
}

bool object_is_summed(const object_t *object) { return object->inherited != 0 && object->class->group != NULL; }

static const member_type_t decided_types[] = {[ATTRIBUTE_TEXT] = MEMBER_TEXT,
                                              [ATTRIBUTE_NUMBER] = MEMBER_NUMBER,
                                              [ATTRIBUTE_BOOLEAN] = MEMBER_BOOLEAN,
                                              [ATTRIBUTE_JSON] = MEMBER_JSON};

static const char *decided_attribute(const object_t *object, const attribute_t *attribute, member_type_t *type) {
  if (type != NULL)
    *type = decided_types[attribute->type];
  return verdict_text(&object->verdict, attribute->decided);
}

const char *object_attribute(const object_t *object, size_t index, member_type_t *type) {
  const attribute_t *attribute = &object->class->attributes[index];
  const char *at = object->attributes;
  if (attribute->decided != DECIDED_NOT)
    return decided_attribute(object, attribute, type);
  if (at == NULL)
    return NULL;
  for (size_t i = 0; i < index; i++)
    at += strlen(at) + 1;
  const char *sign = at[0] != absent_sign ? memchr(type_signs, at[0], sizeof(type_signs)) : NULL;
  if (sign == NULL)
    return NULL;
  if (type != NULL)
    *type = (member_type_t)(sign - type_signs);
  return at + 1;
}

const char *object_find_attribute(const object_t *object, const char *key) {
  for (; object != NULL; object = object->parent)
    for (size_t i = 0; i < object->class->attributes_length; i++)
      if (strcmp(object->class->attributes[i].key, key) == 0) {
        const char *text = object_attribute(object, i, NULL);
        if (text != NULL)
          return text;
      }
  return NULL;
}

const app_data_scalar_t *object_find_scalar(const object_t *object, const char *key) {
  const app_data_scalar_t *scalar = NULL;
  for (; object != NULL && scalar == NULL; object = object->parent)
    scalar = app_data_find_scalar(object->app_data, key);
  return scalar;
}

const char *object_find_app_data(const object_t *object, const char *key) {
  const app_data_scalar_t *scalar = object_find_scalar(object, key);
  return scalar != NULL ? scalar->text : NULL;
}
