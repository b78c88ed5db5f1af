/* SPDX-License-Identifier: MIT */
#include "namer.h"

#include "common/hash.h"
#include "common/identifier.h"
#include "template.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct namer {
  char *endpoint;
  int process;
  char **app_data;
  size_t app_data_length;
  aliases_t aliases;
  template_t *plugin_instance;                 /* NULL: appData's keys */
  template_t *type_instance[CLASS_ROWS_COUNT]; /* of each class */
  buffer_t text;                               /* the name that is being written */
  const app_data_scalar_t **scalars;           /* of an object and those above it, while they are merged */
  size_t scalars_capacity;
};

/* --- making one --- */

/* A template without %{id} would give many objects one name. */
static MUST_CHECK status_t new_with_id(const char *text, template_t **template, failure_t *failure) {
  buffer_t with_id = BUFFER_INIT(ROW_TEXT_MAX_BYTES);
  buffer_append_text(&with_id, text);
  buffer_append_text(&with_id, text[0] != '\0' ? ",id=%{id}" : "id=%{id}");
  status_t status =
      buffer_status(&with_id) == STATUS_OK ? template_new(with_id.data, template, failure) : failure_no_memory(failure);
  buffer_done(&with_id);
  return status;
}

/* The operator's template is for the objects that the application made. */
static MUST_CHECK status_t choose_type_instance(const class_t *class, const char *wanted, template_t **template,
                                                failure_t *failure) {
  if (wanted == NULL || !class_is_made_by_application(class))
    return template_new(class->type_instance, template, failure);
  status_t status = template_new(wanted, template, failure);
  if (status != STATUS_OK || template_has_id(*template))
    return status;
  template_free(*template);
  *template = NULL;
  return new_with_id(wanted, template, failure);
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
  namer->aliases = naming->aliases;
  namer->endpoint = strdup(naming->endpoint);
  if (namer->endpoint == NULL)
    return failure_no_memory(failure);
  status_t status = copy_keys(namer, naming, failure);
  if (status == STATUS_OK && naming->plugin_instance != NULL)
    status = template_new(naming->plugin_instance, &namer->plugin_instance, failure);
  for (size_t i = 0; i < CLASS_ROWS_COUNT && status == STATUS_OK; i++)
    status = choose_type_instance(&classes[i], naming->type_instance, &namer->type_instance[i], failure);
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

/* --- plugin_instance --- */

/* The ids of the machine's rows (endpoint, usage, workers) hold within their process only. */
static bool is_local(const object_t *object) { return !class_is_made_by_application(object->class); }

/* Groups write the same values in the same way, so a row and its group have the same room. */
static void append_chosen_keys(namer_t *namer, const object_t *object) {
  for (size_t i = 0; i < namer->app_data_length; i++) {
    const char *value = aliases_value(&namer->aliases, object, namer->app_data[i]).text;
    if (value != NULL)
      identifier_append_unique_pair(&namer->text, namer->app_data[i], value);
  }
}

static int compare(const void *left, const void *right) {
  const app_data_scalar_t *const *a = left, *const *b = right;
  return strcmp((*a)->key, (*b)->key);
}

/* Whether the object, or one between it and `above`, has the key. */
static bool has_nearer(const object_t *object, const object_t *above, const char *key) {
  for (; object != above; object = object->parent)
    if (app_data_find(object->app_data, key) != NULL)
      return true;
  return false;
}

/* Makes room for the scalars of the object and of all above it. false when out of memory. */
static bool reserve_scalars(namer_t *namer, const object_t *object) {
  size_t needed = 0;
  for (; object != NULL; object = object->parent)
    needed += object->app_data != NULL ? object->app_data->length : 0;
  if (needed <= namer->scalars_capacity)
    return true;
  const app_data_scalar_t **scalars = realloc(namer->scalars, needed * sizeof(const app_data_scalar_t *));
  if (scalars == NULL)
    return false;
  namer->scalars = scalars;
  namer->scalars_capacity = needed;
  return true;
}

/* Collects the object's scalars and, for keys that it lacks, those of the objects above it, sorted by key. Returns how
 * many there are. */
static size_t merge_scalars(namer_t *namer, const object_t *object) {
  size_t length = 0;
  for (const object_t *at = object; at != NULL; at = at->parent)
    for (size_t i = 0; at->app_data != NULL && i < at->app_data->length; i++)
      if (!has_nearer(object, at, at->app_data->scalars[i].key))
        namer->scalars[length++] = &at->app_data->scalars[i];
  if (length > 1)
    qsort(namer->scalars, length, sizeof(const app_data_scalar_t *), compare);
  return length;
}

static void append_all_keys(namer_t *namer, const object_t *object) {
  if (!reserve_scalars(namer, object)) {
    buffer_fail(&namer->text, STATUS_NO_MEMORY);
    return;
  }
  size_t length = merge_scalars(namer, object);
  for (size_t i = 0; i < length; i++)
    identifier_append_unique_pair(&namer->text, namer->scalars[i]->key, namer->scalars[i]->text);
}

static void write_plugin_instance(namer_t *namer, const object_t *object) {
  buffer_clear(&namer->text);
  if (namer->plugin_instance != NULL && !is_local(object))
    template_expand(namer->plugin_instance, object, namer->endpoint, &namer->text);
  else if (namer->app_data_length > 0)
    append_chosen_keys(namer, object);
  else
    append_all_keys(namer, object);
  if (namer->text.length == 0)
    identifier_append_clean(&namer->text, namer->endpoint);
  identifier_cut(&namer->text);
}

/* --- type_instance --- */

/* Appends what makes a local id unique: the endpoint where appData has taken its place in plugin_instance, and the
 * process where the endpoint has several. */
static void append_locality(namer_t *namer, const char *plugin_instance) {
  char process[sizeof("-2147483648")];
  if (strcmp(plugin_instance, namer->endpoint) != 0)
    identifier_append_pair(&namer->text, IDENTIFIER_ENDPOINT, namer->endpoint);
  if (namer->process < 0)
    return;
  (void)snprintf(process, sizeof(process), "%d", namer->process);
  identifier_append_pair(&namer->text, IDENTIFIER_PROCESS, process);
}

static void write_type_instance(namer_t *namer, const object_t *object) {
  buffer_clear(&namer->text);
  if (is_local(object))
    append_locality(namer, object->plugin_instance);
  if (namer->text.length > 0 && object->id[0] != '\0')
    buffer_append_character(&namer->text, ',');
  template_expand(namer->type_instance[class_id(object->class)], object, namer->endpoint, &namer->text);
  identifier_cut(&namer->text);
}

/* --- both --- */

/* Puts the text that was written into `*place`, and sets `*new` where it differs from what was there. */
static MUST_CHECK status_t keep(const buffer_t *text, char **place, bool *new) {
  status_t status = buffer_status(text);
  if (status != STATUS_OK || (*place != NULL && strcmp(*place, buffer_text(text)) == 0))
    return status;
  char *copy = buffer_copy(text);
  if (copy == NULL)
    return STATUS_NO_MEMORY;
  free(*place);
  *place = copy;
  *new = true;
  return STATUS_OK;
}

static MUST_CHECK status_t write_names(namer_t *namer, object_t *object, bool *new) {
  write_plugin_instance(namer, object);
  status_t status = keep(&namer->text, &object->plugin_instance, new);
  if (status != STATUS_OK)
    return status;
  write_type_instance(namer, object);
  return keep(&namer->text, &object->type_instance, new);
}

/* --- what it inherits --- */

static name_keys_t keys_of(const namer_t *namer) {
  return (name_keys_t){.app_data = (const char *const *)namer->app_data,
                       .app_data_length = namer->app_data_length,
                       .aliases = namer->aliases};
}

/* Sets `*new` where the object inherits something else than before. */
static MUST_CHECK status_t compare_inherited(namer_t *namer, object_t *object, bool *new) {
  const name_keys_t keys = keys_of(namer);
  buffer_clear(&namer->text);
  inherited_write(&keys, object, &namer->text);
  if (buffer_status(&namer->text) != STATUS_OK)
    return buffer_status(&namer->text);
  uint64_t hash = hash_add(HASH_BEGIN, buffer_text(&namer->text), namer->text.length);
  *new = *new || hash != object->inherited_hash;
  object->inherited_hash = hash;
  return STATUS_OK;
}

status_t namer_name(namer_t *namer, object_t *object) {
  if (object->plugin_instance != NULL && object->type_instance != NULL && object->inherited <= object->named)
    return STATUS_OK;
  bool new = false;
  status_t status = write_names(namer, object, &new);
  if (status == STATUS_OK)
    status = compare_inherited(namer, object, &new);
  object->metadata_due = object->metadata_due || new;
  if (status == STATUS_OK)
    object->named = object->inherited;
  return status;
}
