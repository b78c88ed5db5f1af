/* SPDX-License-Identifier: MIT */
#include "sample.h"

#include <collectd/core/daemon/utils_cache.h>
#include <collectd/core/utils/common/common.h>

static const char plugin_name[] = "mediasoup";

/* Data sets of other versions of the table are not ours to guess at. */
static bool has_shape(const class_t *class, const data_set_t *set) {
  if (set->ds_num != class->fields_length)
    return false;
  for (size_t i = 0; i < set->ds_num; i++)
    if (strcmp(set->ds[i].name, class->fields[i].name) != 0)
      return false;
  return true;
}

const class_t *sample_class(const data_set_t *set, const value_list_t *list) {
  if (strcmp(list->plugin, plugin_name) != 0)
    return NULL;
  const class_t *class = class_by_name(list->type, strlen(list->type));
  return class != NULL && (set == NULL || has_shape(class, set)) ? class : NULL;
}

/* --- metadata --- */

static MUST_CHECK status_t add_text(meta_data_t *metadata, const char *key, facts_t *facts) {
  char *text = NULL;
  if (meta_data_get_string(metadata, key, &text) != 0)
    return STATUS_NO_MEMORY;
  status_t status = facts_add(facts, key, FACT_TEXT, text);
  free(text);
  return status;
}

static MUST_CHECK status_t add_entry(meta_data_t *metadata, const char *key, facts_t *facts) {
  char text[64] = "";
  uint64_t whole;
  int64_t number;
  double real;
  bool truth;
  switch (meta_data_type(metadata, key)) {
  case MD_TYPE_STRING:
    return add_text(metadata, key, facts);
  case MD_TYPE_UNSIGNED_INT:
    if (meta_data_get_unsigned_int(metadata, key, &whole) == 0)
      ssnprintf(text, sizeof(text), "%" PRIu64, whole);
    break;
  case MD_TYPE_SIGNED_INT:
    if (meta_data_get_signed_int(metadata, key, &number) == 0)
      ssnprintf(text, sizeof(text), "%" PRIi64, number);
    break;
  case MD_TYPE_DOUBLE:
    if (meta_data_get_double(metadata, key, &real) == 0)
      ssnprintf(text, sizeof(text), "%.15g", real);
    break;
  case MD_TYPE_BOOLEAN:
    if (meta_data_get_boolean(metadata, key, &truth) == 0)
      sstrncpy(text, truth ? "true" : "false", sizeof(text));
    break;
  default:
    break;
  }
  return text[0] != '\0' ? facts_add(facts, key, FACT_JSON, text) : STATUS_OK;
}

/* The network plugin marks what it has received: network:received, network:ip_address. */
static bool is_ours(const char *key) { return strchr(key, ':') == NULL; }

/* What others added to a row that came without our metadata tells nothing of the object. */
static bool tell_object(const facts_t *facts, const class_t *class) {
  return class->id != NULL ? facts_find(facts, class->id) != NULL : facts_at(facts, 0) != NULL;
}

/* NULL where there is no metadata of ours, or no memory for it. */
static facts_t *facts_of(const class_t *class, const value_list_t *list) {
  meta_data_t *metadata = list->meta;
  char **keys = NULL;
  int length = metadata != NULL ? meta_data_toc(metadata, &keys) : 0;
  facts_t *facts = length > 0 ? facts_new() : NULL;
  status_t status = facts != NULL ? STATUS_OK : STATUS_NO_MEMORY;
  for (int i = 0; i < length; i++) {
    if (status == STATUS_OK && is_ours(keys[i]))
      status = add_entry(metadata, keys[i], facts);
    free(keys[i]);
  }
  free(keys);
  if (status == STATUS_OK && tell_object(facts, class) &&
      facts_add_summary(facts, class, list->plugin_instance, list->type_instance) == STATUS_OK &&
      facts_finish(facts) == STATUS_OK)
    return facts;
  facts_release(facts);
  return NULL;
}

/* collectd's cache keeps the metadata of a row's first value list as long as the row lives, in four allocations an
 * entry: 30 MiB for 20,000 rows. Writers get it with the value list; there it is for the grpc plugin's queries only,
 * and we answer them better. What others have put there stays. */
static void forget_cached_metadata(const value_list_t *list) {
  char **keys = NULL;
  int length = uc_meta_data_toc(list, &keys);
  for (int i = 0; i < length; i++) {
    if (is_ours(keys[i]))
      (void)uc_meta_data_delete(list, keys[i]);
    free(keys[i]);
  }
  free(keys);
}

/* --- values --- */

static store_value_t value_of(const field_t *field, const value_t *value) {
  return field->kind == KIND_COUNTER ? (store_value_t){.counter = value->derive}
                                     : (store_value_t){.gauge = value->gauge};
}

void sample_store(store_t *store, const class_t *class, const value_list_t *list) {
  store_value_t values[FIELDS_MAX];
  if (list->values_len != class->fields_length)
    return;
  for (size_t i = 0; i < class->fields_length; i++)
    values[i] = value_of(&class->fields[i], &list->values[i]);
  facts_t *facts = facts_of(class, list);
  if (facts != NULL)
    forget_cached_metadata(list);
  store_write(store,
              &(sample_t){.class = class,
                          .host = list->host,
                          .plugin_instance = list->plugin_instance,
                          .type_instance = list->type_instance,
                          .time = CDTIME_T_TO_DOUBLE(list->time),
                          .interval = CDTIME_T_TO_DOUBLE(list->interval),
                          .values = values},
              facts);
}
