/* SPDX-License-Identifier: MIT */
#include "identify.h"

#include "common/hash.h"
#include "template.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct namer {
  char *endpoint;
  int process;
  char **app_data;
  size_t app_data_length;
  template_t *plugin_instance;                 /* NULL: appData's keys */
  template_t *type_instance[CLASS_ROWS_COUNT]; /* of each class */
  buffer_t text;                               /* what is being written */
  const app_data_scalar_t **scalars;           /* being merged */
  size_t scalars_capacity;
};

/* --- making one --- */

/* The operator's template holds for what the application made. One without an id would name many objects alike, so it
 * gets one. */
static MUST_CHECK status_t choose_type_instance(namer_t *namer, const class_t *class, const char *wanted,
                                                failure_t *failure) {
  template_t **place = &namer->type_instance[class_id(class)];
  if (wanted == NULL || !class_is_made_by_application(class))
    return template_new(class->type_instance, place, failure);
  status_t status = template_new(wanted, place, failure);
  if (status != STATUS_OK || template_has_id(*place))
    return status;
  buffer_t text = BUFFER_INIT(ROW_TEXT_MAX_BYTES);
  status = buffer_append_text(&text, wanted);
  if (status == STATUS_OK)
    status = buffer_append_text(&text, wanted[0] != '\0' ? ",id=%{id}" : "id=%{id}");
  template_free(*place);
  *place = NULL;
  status = status == STATUS_OK ? template_new(text.data, place, failure) : failure_no_memory(failure);
  buffer_done(&text);
  return status;
}

static MUST_CHECK status_t copy_keys(namer_t *namer, const naming_t *naming, failure_t *failure) {
  if (naming->app_data_length == 0)
    return STATUS_OK;
  namer->app_data = calloc(naming->app_data_length, sizeof(*namer->app_data));
  if (namer->app_data == NULL)
    return failure_no_memory(failure);
  for (size_t i = 0; i < naming->app_data_length; i++) {
    namer->app_data[i] = strdup(naming->app_data[i]);
    if (namer->app_data[i] == NULL)
      return failure_no_memory(failure);
    namer->app_data_length++;
  }
  return STATUS_OK;
}

static MUST_CHECK status_t fill(namer_t *namer, const naming_t *naming, failure_t *failure) {
  namer->text = (buffer_t)BUFFER_INIT(4 * ROW_TEXT_MAX_BYTES);
  namer->process = naming->process;
  namer->endpoint = strdup(naming->endpoint);
  if (namer->endpoint == NULL)
    return failure_no_memory(failure);
  status_t status = copy_keys(namer, naming, failure);
  if (status == STATUS_OK && naming->plugin_instance != NULL)
    status = template_new(naming->plugin_instance, &namer->plugin_instance, failure);
  for (size_t i = 0; i < CLASS_ROWS_COUNT && status == STATUS_OK; i++)
    status = choose_type_instance(namer, &classes[i], naming->type_instance, failure);
  return status;
}

status_t namer_new(const naming_t *naming, namer_t **result, failure_t *failure) {
  namer_t *namer = calloc(1, sizeof(*namer));
  if (namer == NULL)
    return failure_no_memory(failure);
  status_t status = fill(namer, naming, failure);
  if (status == STATUS_OK)
    *result = namer;
  else
    namer_free(namer);
  return status;
}

void namer_free(namer_t *namer) {
  if (namer == NULL)
    return;
  for (size_t i = 0; i < namer->app_data_length; i++)
    free(namer->app_data[i]);
  free(namer->app_data);
  free(namer->endpoint);
  template_free(namer->plugin_instance);
  for (size_t i = 0; i < CLASS_ROWS_COUNT; i++)
    template_free(namer->type_instance[i]);
  buffer_done(&namer->text);
  free(namer->scalars);
  free(namer);
}

/* --- cutting --- */

status_t identity_cut(buffer_t *text) {
  if (text->length <= IDENTIFIER_MAX)
    return STATUS_OK;
  char tail[HASH_MARK_LENGTH + 1];
  hash_mark(tail, text->data, text->length);
  size_t cut = IDENTIFIER_MAX - HASH_MARK_LENGTH;
  while (cut > 0 && ((unsigned char)text->data[cut] & 0xC0) == 0x80)
    cut--;
  text->length = cut;
  return buffer_append_text(text, tail);
}

char *identity_clean(const char *text) {
  buffer_t clean = BUFFER_INIT(ROW_TEXT_MAX_BYTES);
  bool whole = template_append_clean(&clean, text) == STATUS_OK && identity_cut(&clean) == STATUS_OK;
  char *copy = whole ? strdup(buffer_text(&clean)) : NULL;
  buffer_done(&clean);
  return copy;
}

/* --- plugin_instance --- */

/* Rows of the machine (endpoint, usage, workers) have ids that hold within their process only. */
static bool is_local(const object_t *object) { return !class_is_made_by_application(object->class); }

static MUST_CHECK status_t append_chosen_keys(namer_t *namer, const object_t *object) {
  for (size_t i = 0; i < namer->app_data_length; i++) {
    const char *value = object_find_app_data(object, namer->app_data[i]);
    if (value != NULL && template_append_pair(&namer->text, namer->app_data[i], value) != STATUS_OK)
      return STATUS_NO_MEMORY;
  }
  return STATUS_OK;
}

static int compare(const void *left, const void *right) {
  const app_data_scalar_t *const *a = left, *const *b = right;
  return strcmp((*a)->key, (*b)->key);
}

static bool has(const app_data_scalar_t **scalars, size_t length, const char *key) {
  for (size_t i = 0; i < length; i++)
    if (strcmp(scalars[i]->key, key) == 0)
      return true;
  return false;
}

static MUST_CHECK status_t reserve_scalars(namer_t *namer, const object_t *object) {
  size_t needed = 0;
  for (; object != NULL; object = object->parent)
    needed += object->app_data != NULL ? object->app_data->length : 0;
  if (needed <= namer->scalars_capacity)
    return STATUS_OK;
  const app_data_scalar_t **scalars = realloc(namer->scalars, needed * sizeof(const app_data_scalar_t *));
  if (scalars == NULL)
    return STATUS_NO_MEMORY;
  namer->scalars = scalars;
  namer->scalars_capacity = needed;
  return STATUS_OK;
}

/* The scalars of the object and, where it lacks them, of those above it; sorted by key. */
static MUST_CHECK status_t merge_scalars(namer_t *namer, const object_t *object, size_t *length) {
  if (reserve_scalars(namer, object) != STATUS_OK)
    return STATUS_NO_MEMORY;
  *length = 0;
  for (; object != NULL; object = object->parent) {
    size_t nearer = *length; /* an object's own keys differ from one another */
    for (size_t i = 0; object->app_data != NULL && i < object->app_data->length; i++)
      if (!has(namer->scalars, nearer, object->app_data->scalars[i].key))
        namer->scalars[(*length)++] = &object->app_data->scalars[i];
  }
  if (*length > 1)
    qsort(namer->scalars, *length, sizeof(const app_data_scalar_t *), compare);
  return STATUS_OK;
}

static MUST_CHECK status_t append_all_keys(namer_t *namer, const object_t *object) {
  size_t length;
  status_t status = merge_scalars(namer, object, &length);
  for (size_t i = 0; i < length && status == STATUS_OK; i++)
    status = template_append_pair(&namer->text, namer->scalars[i]->key, namer->scalars[i]->text);
  return status;
}

static MUST_CHECK status_t write_plugin_instance(namer_t *namer, const object_t *object) {
  status_t status = STATUS_OK;
  buffer_clear(&namer->text);
  if (namer->plugin_instance != NULL && !is_local(object))
    status = template_expand(namer->plugin_instance, object, namer->endpoint, &namer->text);
  else if (namer->app_data_length > 0)
    status = append_chosen_keys(namer, object);
  else
    status = append_all_keys(namer, object);
  if (status == STATUS_OK && namer->text.length == 0)
    status = template_append_clean(&namer->text, namer->endpoint);
  return status == STATUS_OK ? identity_cut(&namer->text) : status;
}

/* --- type_instance --- */

static bool names_endpoint(const namer_t *namer, const char *plugin_instance) {
  return strcmp(plugin_instance, namer->endpoint) == 0;
}

/* What makes a local row's id unique: the process among those of a glob, and the endpoint where appData has taken its
 * place in plugin_instance. */
static MUST_CHECK status_t append_locality(namer_t *namer, const char *plugin_instance) {
  status_t status = STATUS_OK;
  if (!names_endpoint(namer, plugin_instance))
    status = template_append_pair(&namer->text, "endpoint", namer->endpoint);
  if (status != STATUS_OK || namer->process < 0)
    return status;
  char process[sizeof("-2147483648")];
  (void)snprintf(process, sizeof(process), "%d", namer->process);
  return template_append_pair(&namer->text, "process", process);
}

static MUST_CHECK status_t write_type_instance(namer_t *namer, const object_t *object, const char *plugin_instance) {
  buffer_clear(&namer->text);
  if (is_local(object) && append_locality(namer, plugin_instance) != STATUS_OK)
    return STATUS_NO_MEMORY;
  if (namer->text.length > 0 && object->id[0] != '\0' && buffer_append(&namer->text, ",", 1) != STATUS_OK)
    return STATUS_NO_MEMORY;
  status_t status =
      template_expand(namer->type_instance[class_id(object->class)], object, namer->endpoint, &namer->text);
  return status == STATUS_OK ? identity_cut(&namer->text) : status;
}

/* --- identify --- */

/* Puts the text written into `*place`; `*new` is set where it differs from what was there. */
static MUST_CHECK status_t keep(const buffer_t *text, char **place, bool *new) {
  if (*place != NULL && strcmp(*place, buffer_text(text)) == 0)
    return STATUS_OK;
  char *copy = strdup(buffer_text(text));
  if (copy == NULL)
    return STATUS_NO_MEMORY;
  free(*place);
  *place = copy;
  *new = true;
  return STATUS_OK;
}

status_t identify(namer_t *namer, object_t *object) {
  if (object->plugin_instance != NULL && object->type_instance != NULL && object->inherited <= object->identified)
    return STATUS_OK;
  bool new = false;
  status_t status = write_plugin_instance(namer, object);
  if (status == STATUS_OK)
    status = keep(&namer->text, &object->plugin_instance, &new);
  if (status == STATUS_OK)
    status = write_type_instance(namer, object, object->plugin_instance);
  if (status == STATUS_OK)
    status = keep(&namer->text, &object->type_instance, &new);
  object->metadata_due = object->metadata_due || new;
  if (status == STATUS_OK)
    object->identified = object->inherited;
  return status;
}
