/* SPDX-License-Identifier: MIT */
/* What requests ask of the history: what they mean, and what is said where they are wrong. */
#include "support/support.h"
#include "write_mediasoup/history/history_query.h"

#include <string.h>

enum { NOW = 1764000000, HOUR = 3600, PARAMETERS_MAX = 10 };

static void on_full(void) {}

static history_t *history;

static status_t read(const char *const *parameters, history_asked_t *asked, failure_t *failure) {
  history_query_t query = {0};
  status_t status = STATUS_OK;
  for (; parameters[0] != NULL && status == STATUS_OK; parameters += 2)
    status = history_query_add(&query, parameters[0], parameters[1], failure);
  if (status == STATUS_OK)
    status = history_query_read(&query, history, NOW, asked, failure);
  return status;
}

/* --- right ones --- */

static void all_that_is_kept_is_asked_for(void **state) {
  (void)state;
  history_asked_t asked;
  assert_int_equal(read((const char *[]){"class", "group_consumers", NULL}, &asked, NULL), STATUS_OK);
  assert_ptr_equal(asked.class, &classes[CLASS_GROUP_CONSUMERS]);
  assert_true(asked.from == 0 && asked.to == INT64_MAX);
  assert_true(asked.told_from == (NOW - HOUR) * 1000LL && asked.told_to == NOW * 1000LL);
  assert_int_equal(asked.points, HISTORY_POINTS_MAX);
  assert_int_equal(asked.query.filters_length, 0);
  assert_int_equal(asked.query.fields.length, 0);
}

static void parameters_come_in_any_order(void **state) {
  (void)state;
  history_asked_t asked;
  const char *const parameters[] = {
      "appData.roomId", "red",  "points", "60",   "fields", "scoreMean,streams", "from",   "1000",  "to", "2000",
      "host",           "sfu1", "group",  "room", "class",  "group_producers",   "fields", "bytes", NULL};
  assert_int_equal(read(parameters, &asked, NULL), STATUS_OK);
  assert_ptr_equal(asked.class, &classes[CLASS_GROUP_PRODUCERS]);
  assert_true(asked.from == 1000 && asked.to == 2000 && asked.told_from == 1000 && asked.told_to == 2000);
  assert_int_equal(asked.points, 60);
  assert_int_equal(asked.query.filters_length, 3);
  assert_string_equal(asked.query.filters[0].key, "roomId");
  assert_true(asked.query.filters[0].is_app_data);
  assert_string_equal(asked.query.filters[2].value, "room");
  assert_int_equal(asked.query.fields.length, 3);
  assert_true(field_set_has(&asked.query.fields, "bytes", 5));
}

static void participants_have_labels_of_their_own(void **state) {
  (void)state;
  history_asked_t asked;
  const char *const parameters[] = {"room", "red",   "host",         "sfu1",   "participant",
                                    "ann",  "class", "participants", "fields", "mos,uplinkBitrate",
                                    NULL};
  assert_int_equal(read(parameters, &asked, NULL), STATUS_OK);
  assert_string_equal(asked.class->name, "participants");
  assert_int_equal(asked.query.filters_length, 3);
  assert_string_equal(asked.query.filters[2].key, "participant");
  assert_string_equal(asked.query.filters[2].value, "ann");
  assert_int_equal(asked.query.filters[2].field, -1);
}

/* --- wrong ones --- */

typedef struct {
  const char *name;
  const char *parameters[PARAMETERS_MAX];
  const char *said;
} wrong_case_t;

#define ROOMS "class", "group_producers"

static const wrong_case_t wrong_cases[] = {
    {"no class", {NULL}, "class is missing; there are endpoint, workers, groups, group_producers, group_consumers"},
    {"a class that is not kept", {"class", "consumers"}, "class: nothing is kept of \"consumers\"; there are endpoint"},
    {"two classes", {ROOMS, ROOMS}, "class is given more than once"},
    {"a time in words",
     {ROOMS, "from", "yesterday"},
     "from takes epoch milliseconds, as \"timestamp\" has them, not \"yesterday\""},
    {"a negative time", {ROOMS, "to", "-1"}, "to takes epoch milliseconds"},
    {"no time", {ROOMS, "to", ""}, "to takes epoch milliseconds"},
    {"a time of too many digits", {ROOMS, "to", "9999999999999999999999"}, "to takes epoch milliseconds"},
    {"two times", {ROOMS, "to", "1", "to", "2"}, "to is given more than once"},
    {"from after to", {ROOMS, "from", "2", "to", "1"}, "from is later than to"},
    {"no points", {ROOMS, "points", "0"}, "points takes a whole number from 1 to 10000, not \"0\""},
    {"too many points", {ROOMS, "points", "10001"}, "points takes a whole number from 1 to 10000"},
    {"a figure that is not there",
     {ROOMS, "fields", "bytes,score"},
     "fields: /group_producers has no figure \"score\""},
    {"a label among the figures", {ROOMS, "fields", "group"}, "fields: /group_producers has no figure \"group\""},
    {"a long figure",
     {ROOMS, "fields", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"},
     "fields: /group_producers has no figure \"aaa"},
    {"a figure as a filter", {ROOMS, "bytes", "1"}, "bytes is a figure"},
    {"a label that is not there",
     {ROOMS, "colour", "red"},
     "/history has no parameter \"colour\"; there are class, from, to, points, fields, appData.KEY, and the labels"},
    {"a label that participants do not have",
     {"class", "participants", "kind", "video"},
     "/history has no parameter \"kind\"; there are class, from, to, points, fields, and of participants host, "
     "endpoint"},
    {"appData of participants",
     {"class", "participants", "appData.roomId", "x"},
     "/history has no parameter \"appData."},
    {"a figure of participants as a filter", {"class", "participants", "mos", "4"}, "mos is a figure"},
    {"a parameter of the views", {ROOMS, "limit", "1"}, "limit is for the views; /history takes from, to and points"},
    {"another one", {ROOMS, "worst", "1"}, "worst is for the views"},
};

static void says_what_is_right(void **state) {
  const wrong_case_t *one = *state;
  history_asked_t asked;
  failure_t failure = {0};
  assert_int_equal(read(one->parameters, &asked, &failure), STATUS_QUERY);
  assert_int_equal(failure.status, STATUS_QUERY);
  if (strncmp(failure.cause, one->said, strlen(one->said)) != 0)
    assert_string_equal(failure.cause, one->said);
}

static void filters_are_bounded(void **state) {
  (void)state;
  history_query_t query = {0};
  failure_t failure = {0};
  for (int i = 0; i < QUERY_MAX_FILTERS; i++)
    assert_int_equal(history_query_add(&query, "group", "x", &failure), STATUS_OK);
  assert_int_equal(history_query_add(&query, "kind", "x", &failure), STATUS_QUERY);
  assert_string_equal(failure.cause, "there are more than 16 filters; leave out \"kind\" or another one");
}

int main(void) {
  const history_options_t options = {.seconds = HOUR, .max_bytes = 1 << 20, .on_full = on_full};
  history = history_new(&options);
  TEST(all_that_is_kept_is_asked_for);
  TEST(parameters_come_in_any_order);
  TEST(participants_have_labels_of_their_own);
  TEST_CASES(says_what_is_right, wrong_cases);
  TEST(filters_are_bounded);
  int failed = tests_run("history_query");
  history_free(history);
  return failed;
}
