/* SPDX-License-Identifier: MIT */
#include "sample.h"

#include "common/number.h"
#include "write_mediasoup/store/facts_from_name.h"

#include <collectd/core/daemon/utils_cache.h>
#include <collectd/core/utils/common/common.h>

#include <math.h>

static const char plugin_name[] = "mediasoup";

/* NULL for a value list of another plugin. */
static const class_t *class_of(const value_list_t *list) {
  return strcmp(list->plugin, plugin_name) == 0 ? class_by_name(list->type, strlen(list->type)) : NULL;
}

static bool has_names(const class_t *class, const data_set_t *set) {
  for (size_t i = 0; i < class->fields_length; i++)
    if (strcmp(set->ds[i].name, class->fields[i].name) != 0)
      return false;
  return true;
}

/* A data set of another version of the table is passed over: there is no telling what its values mean. A data set stays
 * as it is once collectd runs, so its names are compared once. */
static bool has_shape(sample_target_t *target, const class_t *class, const data_set_t *set, const value_list_t *list) {
  _Atomic(const data_set_t *) *known = &target->known[class_id(class)];
  if (set->ds_num != class->fields_length || list->values_len != class->fields_length)
    return false;
  if (atomic_load_explicit(known, memory_order_relaxed) == set)
    return true;
  if (!has_names(class, set))
    return false;
  atomic_store_explicit(known, set, memory_order_relaxed);
  return true;
}

/* --- metadata --- */

static void add_text(facts_t *facts, meta_data_t *metadata, const char *key) {
  char *text = NULL;
  if (meta_data_get_string(metadata, key, &text) == 0)
    facts_add(facts, key, FACT_TEXT, text);
  else
    facts_fail(facts);
  free(text);
}

static void write_double(double real, char *json, size_t size) {
  buffer_t text = BUFFER_INIT(size - 1);
  number_append_double(&text, real);
  sstrncpy(json, buffer_text(&text), size);
  buffer_done(&text);
}

/* Writes a number or a truth as JSON; "" for what is neither. */
static void write_json(meta_data_t *metadata, const char *key, char *json, size_t size) {
  uint64_t whole;
  int64_t number;
  double real;
  bool truth;
  json[0] = '\0';
  switch (meta_data_type(metadata, key)) {
  case MD_TYPE_UNSIGNED_INT:
    if (meta_data_get_unsigned_int(metadata, key, &whole) == 0)
      ssnprintf(json, size, "%" PRIu64, whole);
    break;
  case MD_TYPE_SIGNED_INT:
    if (meta_data_get_signed_int(metadata, key, &number) == 0)
      ssnprintf(json, size, "%" PRIi64, number);
    break;
  case MD_TYPE_DOUBLE:
    if (meta_data_get_double(metadata, key, &real) == 0 && isfinite(real))
      write_double(real, json, size);
    break;
  case MD_TYPE_BOOLEAN:
    if (meta_data_get_boolean(metadata, key, &truth) == 0)
      sstrncpy(json, truth ? "true" : "false", size);
    break;
  default:
    break;
  }
}

static void add_entry(facts_t *facts, meta_data_t *metadata, const char *key) {
  char json[64];
  if (meta_data_type(metadata, key) == MD_TYPE_STRING) {
    add_text(facts, metadata, key);
    return;
  }
  write_json(metadata, key, json, sizeof(json));
  if (json[0] != '\0')
    facts_add(facts, key, FACT_JSON, json);
}

/* The network plugin marks what it has received: network:received, network:ip_address. */
static bool is_ours(const char *key) { return strchr(key, ':') == NULL; }

/* What other plugins add to a row that came without our metadata says nothing about the object. */
static bool tell_object(const facts_t *facts, const class_t *class) {
  return class->id != NULL ? facts_find(facts, class->id) != NULL : facts_at(facts, 0) != NULL;
}

/* NULL where there is no metadata of ours, or no memory for it. */
static facts_t *facts_of(const class_t *class, const value_list_t *list) {
  char **keys = NULL;
  int length = list->meta != NULL ? meta_data_toc(list->meta, &keys) : 0;
  facts_t *facts = length > 0 ? facts_new() : NULL;
  for (int i = 0; i < length; i++) {
    if (is_ours(keys[i]))
      add_entry(facts, list->meta, keys[i]);
    free(keys[i]);
  }
  free(keys);
  if (!tell_object(facts, class))
    facts_fail(facts);
  facts_add_summary(facts, class, list->plugin_instance, list->type_instance);
  return facts_finish(facts);
}

/* collectd's cache keeps the metadata of a row's first value list as long as the row lives, in four allocations an
 * entry: 30 MiB for 20,000 rows. Writers get it with the value list. Only queries of the grpc plugin read it from the
 * cache, and the views answer them better. What other plugins have put there stays. */
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

/* --- rows --- */

static store_value_t value_of(const field_t *field, const value_t *value) {
  return field->kind == KIND_COUNTER ? (store_value_t){.counter = value->derive}
                                     : (store_value_t){.gauge = value->gauge};
}

/* The time that the value list has, where it can be right. The clock of a host whose value lists the network plugin
 * brings may be wrong. All rows of one reading keep one time, so that the views write it once for all of them. */
static double received(double time, double interval) {
  double now = CDTIME_T_TO_DOUBLE(cdtime());
  return time <= now && time + interval >= now ? time : now;
}

static void write_row(store_t *store, const class_t *class, const value_list_t *list) {
  store_row_t *row = store_row_new(class, list->host, list->plugin_instance, list->type_instance);
  if (row == NULL)
    return;
  row->time = CDTIME_T_TO_DOUBLE(list->time);
  row->interval = CDTIME_T_TO_DOUBLE(list->interval);
  row->received = received(row->time, row->interval);
  for (size_t i = 0; i < class->fields_length; i++)
    row->values[i] = value_of(&class->fields[i], &list->values[i]);
  row->facts = facts_of(class, list);
  if (row->facts != NULL)
    forget_cached_metadata(list);
  store_write(store, row);
}

_Static_assert(CLASS_COUNT <= 32, "a class has no bit");

static void tell_foreign(sample_target_t *target, const class_t *class) {
  unsigned bit = 1U << class_id(class);
  if ((atomic_fetch_or(&target->foreign, bit) & bit) == 0)
    target->on_foreign(class->name);
}

int sample_write(const data_set_t *set, const value_list_t *list, user_data_t *user_data) {
  sample_target_t *target = user_data->data;
  const class_t *class = class_of(list);
  if (class != NULL && !has_shape(target, class, set, list))
    tell_foreign(target, class);
  else if (class != NULL)
    write_row(target->store, class, list);
  if (store_begins_to_skip(target->store))
    target->on_full();
  return 0;
}

int sample_missing(const value_list_t *list, user_data_t *user_data) {
  const sample_target_t *target = user_data->data;
  const class_t *class = class_of(list);
  if (class != NULL)
    store_forget(target->store, class, list->host, list->plugin_instance, list->type_instance);
  return 0;
}
