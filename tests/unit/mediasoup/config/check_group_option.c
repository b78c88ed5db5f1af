/* SPDX-License-Identifier: MIT */
/* The options of a <Group>: what each becomes, and what is said of a wrong value. */
#include "common/options.h"
#include "mediasoup/config/group_option.h"
#include "support/config_text.h"
#include "support/support.h"

#include <string.h>

static status_t read_option(const char *text, group_options_t *group, failure_t *failure) {
  oconfig_item_t *option = config_text_read(text);
  int place = option_find(OPTIONS_OF_GROUP, option->key);
  assert_true(place >= 0);
  status_t status = group_option_read(place, option, group, failure);
  config_text_free(option);
  return status;
}

static void become_a_group(void **state) {
  (void)state;
  long before = allocations_live();
  failure_t failure = {0};
  group_options_t group = {.classes = 1U << CLASS_PRODUCERS};
  assert_int_equal(read_option("By \"roomId\"", &group, &failure), STATUS_OK);
  assert_int_equal(read_option("By \"kind\" \"appData:kind\"", &group, &failure), STATUS_OK);
  assert_int_equal(group.by_length, 3);
  assert_string_equal(group.by[0], "roomId");
  assert_string_equal(group.by[1], "kind");
  assert_string_equal(group.by[2], "appData:kind");
  assert_int_equal(read_option("Of \"transports\" \"consumers\"", &group, &failure), STATUS_OK);
  assert_int_equal(group.classes, 1U << CLASS_TRANSPORTS | 1U << CLASS_CONSUMERS);
  assert_int_equal(read_option("Of \"producers\"", &group, &failure), STATUS_OK);
  assert_int_equal(group.classes, 1U << CLASS_PRODUCERS);
  assert_int_equal(read_option("MaxGroups 100000", &group, &failure), STATUS_OK);
  assert_int_equal(group.max_groups, 100000);
  assert_int_equal(read_option("MaxGroups 0", &group, &failure), STATUS_OK);
  assert_int_equal(group.max_groups, 0);
  group_options_done(&group);
  assert_int_equal(allocations_live(), before);
}

typedef struct {
  const char *name;
  const char *option;
  const char *cause;
} refuse_case_t;

#define OF "it takes \"producers\", \"consumers\" and \"transports\", each at most once"

static const refuse_case_t refuse_cases[] = {
    {"By a number", "By 7", "it takes one string or more, in quotation marks"},
    {"By nothing", "By", "it takes one string or more, in quotation marks"},
    {"By one key twice", "By \"a\" \"b\" \"a\"", "the key \"a\" is given twice"},
    {"By nine keys", "By \"1\" \"2\" \"3\" \"4\" \"5\" \"6\" \"7\" \"8\" \"9\"", "it takes up to 8 keys"},
    {"Of what cannot be grouped", "Of \"consumers\" \"routers\"", OF},
    {"Of a summary", "Of \"group_consumers\"", OF},
    {"Of what there is not", "Of \"streams\"", OF},
    {"Of one class twice", "Of \"consumers\" \"consumers\"", OF},
    {"Of nothing", "Of", "it takes one string or more, in quotation marks"},
    {"MaxGroups that is no whole number", "MaxGroups 0.5", "it takes one whole number from 0 to 100000"},
    {"MaxGroups beyond its bound", "MaxGroups 100001", "it takes one whole number from 0 to 100000"},
};

static void refuses(void **state) {
  const refuse_case_t *one = *state;
  long before = allocations_live();
  failure_t failure = {0};
  group_options_t group = {0};
  assert_int_equal(read_option(one->option, &group, &failure), STATUS_OPTION);
  assert_string_equal(failure.cause, one->cause);
  group_options_done(&group);
  assert_int_equal(allocations_live(), before);
}

int main(void) {
  TEST(become_a_group);
  TEST_CASES(refuses, refuse_cases);
  return tests_run("group_option");
}
