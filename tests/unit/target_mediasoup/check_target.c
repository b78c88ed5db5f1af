/* SPDX-License-Identifier: MIT */
/* The filter target: which value lists it takes, who gets them, and how often a writer that is not there is tried. What
 * collectd would do is done here. */
#include "support/support.h"

#include <collectd/core/daemon/collectd.h>

#include <collectd/core/daemon/configfile.h>
#include <collectd/core/daemon/filter_chain.h>
#include <collectd/core/daemon/plugin.h>
#include <collectd/core/daemon/utils_cache.h>
#include <collectd/core/utils/common/common.h>

#include <stdio.h>
#include <string.h>

void module_register(void);

/* --- collectd --- */

static target_proc_t target;
static int (*on_init)(void);
static cdtime_t now;
static const char *loaded; /* the names of writers, each with a blank before and behind it */
static int answer;         /* of those */
static const char *chain;  /* what PreCacheChain says */
static char log_lines[2000], tried[200];
static size_t updated;

static void append(char *texts, size_t size, const char *text, const char *end) {
  size_t length = strlen(texts);
  (void)snprintf(texts + length, size - length, "%s%s", text, end);
}

int fc_register_target(const char *name, target_proc_t registered) {
  assert_string_equal(name, "mediasoup");
  target = registered;
  return 0;
}

int plugin_register_init(const char *name, plugin_init_cb callback) {
  (void)name;
  on_init = callback;
  return 0;
}

fc_chain_t *fc_chain_get_by_name(const char *name) {
  static char some_chain;
  return strcmp(name, "PreCache") == 0 ? (fc_chain_t *)(void *)&some_chain : NULL;
}

const char *global_option_get(const char *option) { return strcmp(option, "PreCacheChain") == 0 ? chain : NULL; }

void plugin_log(int level, const char *format, ...) {
  char line[500];
  va_list arguments;
  (void)level;
  va_start(arguments, format);
  (void)vsnprintf(line, sizeof(line), format, arguments);
  va_end(arguments);
  append(log_lines, sizeof(log_lines), line, "\n");
}

int plugin_write(const char *name, const data_set_t *set, const value_list_t *list) {
  char word[100];
  (void)set, (void)list;
  (void)snprintf(word, sizeof(word), " %s ", name);
  append(tried, sizeof(tried), name, " ");
  return strstr(loaded, word) != NULL ? answer : ENOENT;
}

int uc_update(const data_set_t *set, const value_list_t *list) {
  (void)set, (void)list;
  updated++;
  return 0;
}

cdtime_t cdtime(void) { return now; }

/* --- a target --- */

enum { OPTIONS_MAX = 4, NAMES_MAX = 4 };

/* An option of its block. A name that is "1" is the number. */
typedef struct {
  const char *key; /* NULL after the last */
  const char *names[NAMES_MAX];
} option_t;

static void *make(const option_t options[OPTIONS_MAX]) {
  static oconfig_value_t values[OPTIONS_MAX][NAMES_MAX];
  oconfig_item_t items[OPTIONS_MAX] = {0};
  oconfig_item_t block = {.children = items};
  void *made = NULL;
  for (; block.children_num < OPTIONS_MAX && options[block.children_num].key != NULL; block.children_num++) {
    const option_t *option = &options[block.children_num];
    oconfig_item_t *item = &items[block.children_num];
    *item = (oconfig_item_t){.key = (char *)(uintptr_t)option->key, .values = values[block.children_num]};
    for (; item->values_num < NAMES_MAX && option->names[item->values_num] != NULL; item->values_num++) {
      const char *name = option->names[item->values_num];
      bool is_number = strcmp(name, "1") == 0;
      item->values[item->values_num].type = is_number ? OCONFIG_TYPE_NUMBER : OCONFIG_TYPE_STRING;
      item->values[item->values_num].value.string = is_number ? NULL : (char *)(uintptr_t)name;
    }
  }
  loaded = " csv write_mediasoup ";
  answer = 0;
  chain = NULL;
  now = TIME_T_TO_CDTIME_T(1000);
  log_lines[0] = tried[0] = '\0';
  updated = 0;
  module_register();
  assert_int_equal(target.create(&block, &made), 0);
  return made;
}

/* What becomes of a value list, and who was tried for it: "write_mediasoup csv ". */
static int invoke(void *made, const char *plugin, const char *type) {
  value_list_t list = {0};
  (void)snprintf(list.plugin, sizeof(list.plugin), "%s", plugin);
  (void)snprintf(list.type, sizeof(list.type), "%s", type);
  tried[0] = '\0';
  return target.invoke(NULL, &list, NULL, &made);
}

static void assert_tried(void *made, const char *type, const char *names) {
  assert_int_equal(invoke(made, "mediasoup", type), FC_TARGET_STOP);
  assert_string_equal(tried, names);
}

static void destroy(void *made) {
  assert_int_equal(target.destroy(&made), 0);
  assert_null(made);
}

static const option_t both[OPTIONS_MAX] = {{"Writers", {"csv", "write_mediasoup"}},
                                           {"ObjectWriters", {"write_mediasoup"}}};

/* --- who gets what --- */

static void leaves_the_value_lists_of_others_alone(void **state) {
  (void)state;
  void *made = make(both);
  assert_int_equal(invoke(made, "cpu", "cpu"), FC_TARGET_CONTINUE);
  assert_int_equal(invoke(made, "mediasoup2", "consumers"), FC_TARGET_CONTINUE);
  assert_string_equal(tried, "");
  assert_int_equal(updated, 0);
  destroy(made);
}

static void tells_single_objects_apart(void **state) {
  (void)state;
  static const char *const objects[] = {"routers",   "transports",     "producers",
                                        "consumers", "data_producers", "data_consumers"};
  static const char *const others[] = {"endpoint", "workers", "usage", "group_consumers", "stream_score", "unknown"};
  void *made = make(both);
  for (size_t i = 0; i < LENGTH(objects); i++)
    assert_tried(made, objects[i], "write_mediasoup ");
  for (size_t i = 0; i < LENGTH(others); i++)
    assert_tried(made, others[i], "csv write_mediasoup ");
  assert_int_equal(updated, LENGTH(objects) + LENGTH(others));
  assert_string_equal(log_lines, "");
  destroy(made);
}

static void gives_all_to_the_writers_where_those_of_objects_are_not_said(void **state) {
  (void)state;
  void *made = make((option_t[OPTIONS_MAX]){{"writers", {"csv"}}, {"Writers", {"write_mediasoup"}}});
  assert_tried(made, "consumers", "csv write_mediasoup ");
  assert_tried(made, "endpoint", "csv write_mediasoup ");
  destroy(made);
}

static void nobody_may_get_objects(void **state) {
  (void)state;
  void *made = make((option_t[OPTIONS_MAX]){{"Writers", {"csv"}}, {"ObjectWriters", {NULL}}});
  assert_tried(made, "consumers", "");
  assert_tried(made, "endpoint", "csv ");
  destroy(made);
}

/* --- writers that are not there --- */

static void tries_a_writer_that_is_not_loaded_once_in_a_second(void **state) {
  (void)state;
  void *made = make((option_t[OPTIONS_MAX]){{"Writers", {"network", "csv"}}});
  assert_tried(made, "endpoint", "network csv ");
  assert_tried(made, "endpoint", "csv ");
  now = TIME_T_TO_CDTIME_T(1001);
  assert_tried(made, "endpoint", "network csv ");
  assert_tried(made, "endpoint", "csv ");
  now = TIME_T_TO_CDTIME_T(900); /* the clock was set back */
  loaded = " network csv ";
  assert_tried(made, "endpoint", "network csv ");
  assert_tried(made, "endpoint", "network csv ");
  assert_string_equal(log_lines, "");
  destroy(made);
}

/* As write_http does, which answers with libcurl's numbers. */
static void always_tries_a_writer_that_has_answered(void **state) {
  (void)state;
  void *made = make((option_t[OPTIONS_MAX]){{"Writers", {"csv"}}});
  assert_tried(made, "endpoint", "csv ");
  answer = ENOENT;
  assert_tried(made, "endpoint", "csv ");
  assert_tried(made, "endpoint", "csv ");
  assert_string_equal(log_lines, "");
  destroy(made);
}

static void says_once_for_each_option_that_none_is_loaded(void **state) {
  (void)state;
  void *made = make(both);
  loaded = "";
  for (int i = 0; i < 3; i++) {
    (void)invoke(made, "mediasoup", "consumers");
    (void)invoke(made, "mediasoup", "endpoint");
  }
  assert_string_equal(log_lines,
                      "target_mediasoup: no writer stores value lists like type \"consumers\" of plugin \"mediasoup\": "
                      "none of those that ObjectWriters names is loaded; load one of them, or add yours to "
                      "ObjectWriters\n"
                      "target_mediasoup: no writer stores value lists like type \"endpoint\" of plugin \"mediasoup\": "
                      "none of those that Writers names is loaded; load one of them, or add yours to Writers\n");
  destroy(made);
}

/* --- mistakes --- */

static void a_mistake_costs_its_option_only(void **state) {
  (void)state;
  void *made = make((option_t[OPTIONS_MAX]){
      {"Writer", {"csv"}}, {"Writers", {"1", "csv"}}, {"ObjectWriters", {"write_mediasoup", "1"}}});
  assert_string_equal(log_lines,
                      "target_mediasoup: unknown option Writer in <Target \"mediasoup\">; there are Writers and "
                      "ObjectWriters\n"
                      "target_mediasoup: Writers takes names in quotes, as in Writers \"write_mediasoup\"; value 1 is "
                      "left out\n"
                      "target_mediasoup: ObjectWriters takes names in quotes, as in ObjectWriters \"write_mediasoup\"; "
                      "value 2 is left out\n");
  assert_tried(made, "consumers", "write_mediasoup ");
  assert_tried(made, "endpoint", "csv ");
  destroy(made);
}

static void says_that_another_chain_is_used(void **state) {
  (void)state;
  void *made = make(both);
  assert_int_equal(on_init(), 0);
  chain = "precache";
  assert_int_equal(on_init(), 0);
  assert_string_equal(log_lines, "");
  chain = "mine";
  assert_int_equal(on_init(), 0);
  assert_non_null(strstr(log_lines, "PreCacheChain is \"mine\""));
  destroy(made);
}

int main(void) {
  TEST(leaves_the_value_lists_of_others_alone);
  TEST(tells_single_objects_apart);
  TEST(gives_all_to_the_writers_where_those_of_objects_are_not_said);
  TEST(nobody_may_get_objects);
  TEST(tries_a_writer_that_is_not_loaded_once_in_a_second);
  TEST(always_tries_a_writer_that_has_answered);
  TEST(says_once_for_each_option_that_none_is_loaded);
  TEST(a_mistake_costs_its_option_only);
  TEST(says_that_another_chain_is_used);
  return tests_run("target");
}
