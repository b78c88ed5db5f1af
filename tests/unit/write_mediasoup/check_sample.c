/* SPDX-License-Identifier: MIT */
/* Value lists become rows: which ones, with which values and facts; and what is left of their metadata in the cache.
 * What collectd would do is done here, as far as sample.c calls it. */
#include "support/rows.h"
#include "write_mediasoup/sample.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <collectd/core/daemon/utils_cache.h>
#include <collectd/core/utils/common/common.h>

enum { ROOM = 100, ENTRIES_MAX = 8 };
#define NOW 20.0

/* --- collectd --- */

typedef struct {
  const char *key; /* NULL after the last */
  int type;        /* MD_TYPE_... */
  const char *text;
  int64_t whole;
  double real;
} entry_of_test_t;

struct meta_data_s {
  entry_of_test_t entries[ENTRIES_MAX];
};

static bool is_unreadable; /* strings cannot be read: no memory */
static char cached[200];   /* keys in the cache, each after a blank */

static const entry_of_test_t *find(const meta_data_t *metadata, const char *key) {
  for (size_t i = 0; i < ENTRIES_MAX && metadata->entries[i].key != NULL; i++)
    if (strcmp(metadata->entries[i].key, key) == 0)
      return &metadata->entries[i];
  return NULL;
}

int meta_data_toc(meta_data_t *metadata, char ***keys) {
  int length = 0;
  *keys = malloc(ENTRIES_MAX * sizeof(char *));
  if (*keys == NULL)
    return -1;
  for (; length < ENTRIES_MAX && metadata->entries[length].key != NULL; length++) {
    (*keys)[length] = malloc(100);
    if ((*keys)[length] == NULL)
      return length;
    (void)snprintf((*keys)[length], 100, "%s", metadata->entries[length].key);
  }
  return length;
}

int meta_data_type(meta_data_t *metadata, const char *key) { return find(metadata, key)->type; }

int meta_data_get_string(meta_data_t *metadata, const char *key, char **value) {
  *value = is_unreadable ? NULL : strdup(find(metadata, key)->text);
  return *value != NULL ? 0 : -1;
}

int meta_data_get_signed_int(meta_data_t *metadata, const char *key, int64_t *value) {
  *value = find(metadata, key)->whole;
  return 0;
}

int meta_data_get_unsigned_int(meta_data_t *metadata, const char *key, uint64_t *value) {
  *value = (uint64_t)find(metadata, key)->whole;
  return 0;
}

int meta_data_get_double(meta_data_t *metadata, const char *key, double *value) {
  *value = find(metadata, key)->real;
  return 0;
}

int meta_data_get_boolean(meta_data_t *metadata, const char *key, bool *value) {
  *value = find(metadata, key)->whole != 0;
  return 0;
}

int uc_meta_data_toc(const value_list_t *list, char ***keys) { return meta_data_toc(list->meta, keys); }

int uc_meta_data_delete(const value_list_t *list, const char *key) {
  char entry[50];
  (void)list;
  (void)snprintf(entry, sizeof(entry), " %s", key);
  char *at = strstr(cached, entry);
  if (at == NULL)
    return -1;
  memmove(at, at + strlen(entry), strlen(at + strlen(entry)) + 1);
  return 0;
}

char *sstrncpy(char *to, const char *from, size_t size) {
  (void)snprintf(to, size, "%s", from);
  return to;
}

int ssnprintf(char *text, size_t size, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  int length = vsnprintf(text, size, format, arguments);
  va_end(arguments);
  return length;
}

static double now_of_test = NOW;

cdtime_t cdtime(void) { return DOUBLE_TO_CDTIME_T(now_of_test); }

/* --- value lists --- */

static data_source_t sources[FIELDS_MAX];
static value_t values[FIELDS_MAX];

static data_set_t set_of(class_id_t class) {
  for (size_t i = 0; i < classes[class].fields_length; i++)
    (void)snprintf(sources[i].name, sizeof(sources[i].name), "%s", classes[class].fields[i].name);
  return (data_set_t){.ds_num = classes[class].fields_length, .ds = sources};
}

/* Each of its values is 7. */
static value_list_t list_of(class_id_t class, const char *plugin_instance, const char *type_instance,
                            meta_data_t *meta) {
  value_list_t list = {.values = values,
                       .values_len = classes[class].fields_length,
                       .time = TIME_T_TO_CDTIME_T(NOW),
                       .interval = TIME_T_TO_CDTIME_T(ROWS_INTERVAL),
                       .host = "here",
                       .plugin = "mediasoup",
                       .meta = meta};
  for (size_t i = 0; i < list.values_len; i++)
    values[i] = classes[class].fields[i].kind == KIND_COUNTER ? (value_t){.derive = 7} : (value_t){.gauge = 7};
  (void)snprintf(list.plugin_instance, sizeof(list.plugin_instance), "%s", plugin_instance);
  (void)snprintf(list.type, sizeof(list.type), "%s", classes[class].name);
  (void)snprintf(list.type_instance, sizeof(list.type_instance), "%s", type_instance);
  return list;
}

static int fulls;

static void count_full(void) { fulls++; }

static char foreign[64]; /* the classes that were said to be foreign, each with a blank */

static void note_foreign(const char *class_name) {
  (void)snprintf(foreign + strlen(foreign), sizeof(foreign) - strlen(foreign), "%s ", class_name);
}

static void write_list(store_t *store, const data_set_t *set, const value_list_t *list) {
  sample_target_t target = {.store = store, .on_full = count_full, .on_foreign = note_foreign};
  assert_int_equal(sample_write(set, list, &(user_data_t){.data = &target}), 0);
}

static void assert_shown(store_t *store, class_id_t class, const char *fact, const char *expected) {
  char *shown = show_rows(store, class, NULL, NOW, fact);
  assert_string_equal(shown, expected);
  free(shown);
}

/* --- which ones, and their values --- */

static void writes_a_row(void **state) {
  (void)state;
  store_t *store = store_new(ROOM);
  size_t length;
  data_set_t set = set_of(CLASS_DATA_CONSUMERS);
  value_list_t list = list_of(CLASS_DATA_CONSUMERS, "roomId=x", "id=e", NULL);
  values[1].derive = INT64_C(9007199254740993);
  values[2].gauge = 0.5;
  write_list(store, &set, &list);
  const store_row_t **rows = store_take(store, &classes[CLASS_DATA_CONSUMERS], NULL, NOW, &length);
  assert_int_equal(length, 1);
  assert_string_equal(rows[0]->host, "here");
  assert_string_equal(rows[0]->plugin_instance, "roomId=x");
  assert_string_equal(rows[0]->type_instance, "id=e");
  assert_true(rows[0]->time == NOW && rows[0]->interval == ROWS_INTERVAL);
  assert_true(rows[0]->values[0].counter == 7 && rows[0]->values[1].counter == INT64_C(9007199254740993));
  assert_true(rows[0]->values[2].gauge == 0.5);
  assert_string_equal(facts_find_text(rows[0]->facts, "dataConsumerId"), "e"); /* its name tells */
  store_release(rows, length);
  store_free(store);
}

typedef struct {
  const char *name;
  double now;
  double received;
} clock_case_t;

/* The value list says NOW, and an interval of 10 seconds. */
static const clock_case_t clock_cases[] = {
    {"just read", NOW, NOW},
    {"read within the interval", NOW + 10, NOW},
    {"a clock that is behind", NOW + 10.5, NOW + 10.5},
    {"a clock that is ahead", NOW - 1, NOW - 1},
};

static void knows_when_it_was_received(void **state) {
  const clock_case_t *one = *state;
  store_t *store = store_new(ROOM);
  size_t length;
  data_set_t set = set_of(CLASS_DATA_PRODUCERS);
  value_list_t list = list_of(CLASS_DATA_PRODUCERS, "x", "id=d", NULL);
  now_of_test = one->now;
  write_list(store, &set, &list);
  now_of_test = NOW;
  const store_row_t **rows = store_take(store, &classes[CLASS_DATA_PRODUCERS], NULL, one->now, &length);
  assert_int_equal(length, 1);
  assert_true(rows[0]->time == NOW && rows[0]->received == one->received);
  store_release(rows, length);
  store_free(store);
}

static void passes_over_others(void **state) {
  (void)state;
  store_t *store = store_new(ROOM);
  data_set_t set = set_of(CLASS_DATA_PRODUCERS);
  value_list_t list = list_of(CLASS_DATA_PRODUCERS, "x", "id=d", NULL);
  (void)snprintf(list.plugin, sizeof(list.plugin), "mediasoup2");
  write_list(store, &set, &list);
  list = list_of(CLASS_DATA_PRODUCERS, "x", "id=d", NULL);
  (void)snprintf(list.type, sizeof(list.type), "data_producer");
  write_list(store, &set, &list);
  list = list_of(CLASS_DATA_PRODUCERS, "x", "id=d", NULL);
  list.values_len--;
  write_list(store, &set, &list);
  list.values_len++;
  set.ds_num--;
  write_list(store, &set, &list);
  set.ds_num++;
  (void)snprintf(sources[1].name, sizeof(sources[1].name), "bytes_lost");
  write_list(store, &set, &list);
  assert_int_equal(store_usage(store).objects, 0);
  store_free(store);
}

/* Another version's data set is said once for each class, not at each row. */
static void says_which_data_set_is_foreign(void **state) {
  (void)state;
  sample_target_t target = {.store = store_new(ROOM), .on_full = count_full, .on_foreign = note_foreign};
  data_set_t set = set_of(CLASS_DATA_PRODUCERS);
  set.ds_num--;
  value_list_t list = list_of(CLASS_DATA_PRODUCERS, "x", "id=d", NULL);
  foreign[0] = '\0';
  for (int i = 0; i < 3; i++)
    assert_int_equal(sample_write(&set, &list, &(user_data_t){.data = &target}), 0);
  set = set_of(CLASS_DATA_CONSUMERS);
  list = list_of(CLASS_DATA_CONSUMERS, "x", "id=d", NULL);
  list.values_len--;
  assert_int_equal(sample_write(&set, &list, &(user_data_t){.data = &target}), 0);
  assert_string_equal(foreign, "data_producers data_consumers ");
  store_free(target.store);
}

static void removes_what_is_missing(void **state) {
  (void)state;
  store_t *store = store_new(ROOM);
  sample_target_t target = {.store = store};
  data_set_t set = set_of(CLASS_DATA_PRODUCERS);
  value_list_t list = list_of(CLASS_DATA_PRODUCERS, "x", "id=d", NULL);
  write_list(store, &set, &list);
  value_list_t other = list;
  (void)snprintf(other.plugin, sizeof(other.plugin), "cpu");
  assert_int_equal(sample_missing(&other, &(user_data_t){.data = &target}), 0);
  assert_int_equal(store_usage(store).objects, 1);
  list.values = NULL; /* collectd makes it anew from its name */
  list.values_len = 0;
  assert_int_equal(sample_missing(&list, &(user_data_t){.data = &target}), 0);
  assert_int_equal(store_usage(store).objects, 0);
  store_free(store);
}

static void tells_when_the_store_is_full(void **state) {
  (void)state;
  store_t *store = store_new(1);
  data_set_t set = set_of(CLASS_DATA_PRODUCERS);
  fulls = 0;
  for (int i = 0; i < 4; i++) {
    char name[20];
    (void)snprintf(name, sizeof(name), "id=%d", i);
    value_list_t list = list_of(CLASS_DATA_PRODUCERS, "x", name, NULL);
    write_list(store, &set, &list);
    assert_int_equal(fulls, i > 0);
  }
  store_free(store);
}

/* --- metadata --- */

static meta_data_t metadata_of_all_types(void) {
  return (meta_data_t){{{.key = "dataProducerId", .type = MD_TYPE_STRING, .text = "d"},
                        {.key = "label.1", .type = MD_TYPE_STRING, .text = "b"},
                        {.key = "label", .type = MD_TYPE_STRING, .text = "a"},
                        {.key = "worker", .type = MD_TYPE_UNSIGNED_INT, .whole = 3},
                        {.key = "signed", .type = MD_TYPE_SIGNED_INT, .whole = -4},
                        {.key = "real", .type = MD_TYPE_DOUBLE, .real = 0.25},
                        {.key = "paused", .type = MD_TYPE_BOOLEAN, .whole = 1},
                        {.key = "network:received", .type = MD_TYPE_BOOLEAN, .whole = 1}}};
}

static void reads_metadata_of_each_type(void **state) {
  (void)state;
  static const char *const expected[][2] = {{"dataProducerId", "id=d=7(d)"}, {"label", "id=d=7(ab)"},
                                            {"worker", "id=d=7(3)"},         {"signed", "id=d=7(-4)"},
                                            {"real", "id=d=7(0.25)"},        {"paused", "id=d=7(true)"},
                                            {"network:received", "id=d=7"},  {"label.1", "id=d=7"}};
  store_t *store = store_new(ROOM);
  meta_data_t metadata = metadata_of_all_types();
  data_set_t set = set_of(CLASS_DATA_PRODUCERS);
  value_list_t list = list_of(CLASS_DATA_PRODUCERS, "x", "id=d", &metadata);
  write_list(store, &set, &list);
  for (size_t i = 0; i < LENGTH(expected); i++)
    assert_shown(store, CLASS_DATA_PRODUCERS, expected[i][0], expected[i][1]);
  store_free(store);
}

static void takes_its_metadata_out_of_the_cache(void **state) {
  (void)state;
  store_t *store = store_new(ROOM);
  meta_data_t metadata = metadata_of_all_types();
  data_set_t set = set_of(CLASS_DATA_PRODUCERS);
  value_list_t list = list_of(CLASS_DATA_PRODUCERS, "x", "id=d", &metadata);
  (void)snprintf(cached, sizeof(cached),
                 " dataProducerId label.1 label worker signed real paused network:received others:own");
  write_list(store, &set, &list);
  assert_string_equal(cached, " network:received others:own");
  store_free(store);
}

/* What other plugins added to a row that came over the network. */
static void metadata_without_the_id_says_nothing(void **state) {
  (void)state;
  store_t *store = store_new(ROOM);
  meta_data_t metadata = {{{.key = "added", .type = MD_TYPE_STRING, .text = "x"}}};
  data_set_t set = set_of(CLASS_DATA_PRODUCERS);
  value_list_t list = list_of(CLASS_DATA_PRODUCERS, "x", "id=d", &metadata);
  (void)snprintf(cached, sizeof(cached), " added");
  write_list(store, &set, &list);
  assert_shown(store, CLASS_DATA_PRODUCERS, "added", "id=d=7");
  assert_shown(store, CLASS_DATA_PRODUCERS, "dataProducerId", "id=d=7(d)");
  assert_string_equal(cached, " added");
  store_free(store);
}

static void a_summary_has_what_its_name_tells_too(void **state) {
  (void)state;
  store_t *store = store_new(ROOM);
  meta_data_t metadata = {{{.key = "consumerId", .type = MD_TYPE_STRING, .text = "c"}}};
  data_set_t set = set_of(CLASS_WORST_CONSUMERS);
  value_list_t list = list_of(CLASS_WORST_CONSUMERS, "sfu", "rank=1", &metadata);
  write_list(store, &set, &list);
  assert_shown(store, CLASS_WORST_CONSUMERS, "consumerId", "rank=1=7(c)");
  assert_shown(store, CLASS_WORST_CONSUMERS, "rank", "rank=1=7(1)");
  assert_shown(store, CLASS_WORST_CONSUMERS, "endpoint", "rank=1=7(sfu)");
  store_free(store);
}

/* --- memory --- */

static void without_memory_for_a_text_the_name_tells(void **state) {
  (void)state;
  store_t *store = store_new(ROOM);
  meta_data_t metadata = metadata_of_all_types();
  data_set_t set = set_of(CLASS_DATA_PRODUCERS);
  value_list_t list = list_of(CLASS_DATA_PRODUCERS, "x", "id=d", &metadata);
  is_unreadable = true;
  write_list(store, &set, &list);
  is_unreadable = false;
  assert_shown(store, CLASS_DATA_PRODUCERS, "dataProducerId", "id=d=7(d)");
  assert_shown(store, CLASS_DATA_PRODUCERS, "label", "id=d=7");
  store_free(store);
}

static void bears_each_allocation_that_fails(void **state) {
  (void)state;
  long before = allocations_live();
  bool failed = true;
  unsigned long number = 0;
  while (failed) {
    store_t *store = store_new(ROOM);
    meta_data_t metadata = metadata_of_all_types();
    data_set_t set = set_of(CLASS_DATA_PRODUCERS);
    value_list_t list = list_of(CLASS_DATA_PRODUCERS, "x", "id=d", &metadata);
    allocations_fail_at(++number);
    write_list(store, &set, &list);
    failed = allocations_failed();
    allocations_fail_at(0);
    if (!failed)
      assert_shown(store, CLASS_DATA_PRODUCERS, "label", "id=d=7(ab)");
    store_free(store);
    assert_int_equal(allocations_live(), before);
  }
  assert_true(number > 20);
}

int main(void) {
  TEST(writes_a_row);
  TEST_CASES(knows_when_it_was_received, clock_cases);
  TEST(passes_over_others);
  TEST(says_which_data_set_is_foreign);
  TEST(removes_what_is_missing);
  TEST(tells_when_the_store_is_full);
  TEST(reads_metadata_of_each_type);
  TEST(takes_its_metadata_out_of_the_cache);
  TEST(metadata_without_the_id_says_nothing);
  TEST(a_summary_has_what_its_name_tells_too);
  TEST(without_memory_for_a_text_the_name_tells);
  TEST(bears_each_allocation_that_fails);
  return tests_run("sample");
}
