/* SPDX-License-Identifier: MIT */
/* The answer to /history: columns of what the views said, thinned evenly, in pieces of any size, and without memory. */
#include "support/rows.h"
#include "write_mediasoup/history/history_view.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HOUR = 3600, BEGIN = 1764000000, MANY = 64 << 20 };

static const class_t *const rooms = &classes[CLASS_GROUP_PRODUCERS];

static void on_full(void) {}

static history_t *begin(void) {
  const history_options_t options = {.seconds = HOUR, .max_bytes = MANY, .on_full = on_full};
  return history_new(&options);
}

/* A room whose counters are `counter`, and whose gauges are `gauge`. */
static void add(history_t *history, const char *name, double time, int64_t counter, double gauge) {
  store_row_t *row = row_of(CLASS_GROUP_PRODUCERS, name, time, counter, "group=room appData={\"roomId\":\"red\"}");
  for (size_t i = 0; i < rooms->fields_length; i++)
    if (rooms->fields[i].kind == KIND_GAUGE)
      row->values[i].gauge = gauge;
  observation_t observation = {.now = time};
  observation.rows[CLASS_GROUP_PRODUCERS] = (observed_rows_t){(const store_row_t **)&row, 1};
  history_observe(history, &observation);
  store_row_release(row);
}

static history_asked_t ask_for(const char *fields, int64_t from, int64_t to, size_t points) {
  history_asked_t asked = {.class = rooms,
                           .from = from,
                           .to = to,
                           .told_from = from,
                           .told_to = to,
                           .points = points,
                           .numbers = HISTORY_NUMBERS_MAX};
  assert_int_equal(field_set_add_list(&asked.query.fields, fields, NULL), STATUS_OK);
  return asked;
}

/* All of it, read in pieces of `size`, or up to where it fails. The caller frees it. */
static char *read_all(body_t *view, size_t size) {
  char piece[4096];
  ssize_t length;
  buffer_t text = BUFFER_INIT(SNAPSHOT_MAX_BYTES);
  while ((length = body_read(view, piece, size)) > 0)
    buffer_append(&text, piece, (size_t)length);
  char *copy = strdup(buffer_text(&text));
  buffer_done(&text);
  return copy;
}

static void assert_answer(history_t *history, const history_asked_t *asked, size_t size, const char *expected) {
  body_t *view;
  failure_t failure = {0};
  assert_int_equal(history_view_new(history, asked, BEGIN + 100, &view, &failure), STATUS_OK);
  char *wanted = json(expected), *shown = read_all(view, size);
  assert_string_equal(shown, wanted);
  free(wanted);
  free(shown);
  body_free(view);
}

#define LABELS "'appData':{'roomId':'red'},'group':'room','host':"

static void is_columns_of_what_was(void **state) {
  (void)state;
  long before = allocations_live();
  history_t *history = begin();
  add(history, "a", BEGIN + 1, INT64_MAX, 0.1);
  add(history, "a", BEGIN + 2, INT64_MAX - 1, NAN);
  add(history, "far:a", (double)BEGIN + 2.5, 7, NAN);
  add(history, "a", BEGIN + 3, 0, 1.0 / 3);
  history_asked_t asked = ask_for("bytes,scoreMean", 0, 9000000000000, 100);
  for (size_t size = 1; size < 500; size += 7)
    assert_answer(history, &asked, size,
                  "{'class':'group_producers','from':0,'to':9000000000000,'series':["
                  "{" LABELS "'here','times':[1764000001000,1764000002000,1764000003000],'figures':{"
                  "'bytes':[9223372036854775807,9223372036854775806,0],'scoreMean':[0.1,null,0.33333333333333331]}},"
                  "{" LABELS "'far','times':[1764000002500],'figures':{'bytes':[7]}}]}");
  history_free(history);
  assert_int_equal(allocations_live(), before);
}

static void is_empty_where_nothing_was(void **state) {
  (void)state;
  history_t *history = begin();
  history_asked_t asked = ask_for("bytes", 0, 1000, 100);
  assert_answer(history, &asked, 100, "{'class':'group_producers','from':0,'to':1000,'series':[]}");
  add(history, "a", BEGIN + 1, 1, 1);
  assert_answer(history, &asked, 100, "{'class':'group_producers','from':0,'to':1000,'series':[]}");
  history_free(history);
}

static void has_what_is_between_two_times(void **state) {
  (void)state;
  history_t *history = begin();
  for (int at = 1; at <= 90; at++)
    add(history, "a", BEGIN + at, at, 1);
  history_asked_t asked = ask_for("bytes", (BEGIN + 40) * 1000LL, (BEGIN + 42) * 1000LL, 100);
  assert_answer(history, &asked, 100,
                "{'class':'group_producers','from':1764000040000,'to':1764000042000,'series':[{" LABELS
                "'here','times':[1764000040000,1764000041000,1764000042000],'figures':{'bytes':[40,41,42]}}]}");
  history_free(history);
}

/* --- words --- */

static void add_participant(history_t *history, double time, participant_quality_t quality, const char *cause) {
  participant_t ann = {.host = "here",
                       .room = "red",
                       .participant = "ann",
                       .quality = quality,
                       .cause = cause,
                       .since = cause != NULL ? 5 : NAN,
                       .time = time,
                       .received = time};
  char *key = give_key(&ann);
  const participant_t *list[] = {&ann};
  participants_t participants = {.list = list, .length = 1};
  history_observe(history, &(observation_t){.now = time, .participants = &participants});
  free(key);
}

/* A word is told as the word, none as null, and what never was one is left out. */
static void says_what_a_participant_was_like_and_why(void **state) {
  (void)state;
  const class_t *class;
  history_t *history = begin();
  add_participant(history, BEGIN + 1, QUALITY_GOOD, NULL);
  add_participant(history, BEGIN + 2, QUALITY_BAD, "receiver");
  add_participant(history, BEGIN + 3, QUALITY_UNKNOWN, "weather");
  history_asked_t asked = ask_for("quality,cause,uplinkCause,since", 0, 9000000000000, 100);
  for (size_t i = 0; (class = history_class(history, i)) != NULL; i++)
    asked.class = class; /* the last one */
  assert_answer(
      history, &asked, 100,
      "{'class':'participants','from':0,'to':9000000000000,'series':[{'participant':'ann','room':'red','host':"
      "'here','times':[1764000001000,1764000002000,1764000003000],'figures':{'since':[null,5,5],'quality':["
      "'good','bad',null],'cause':[null,'receiver','other']}}]}");
  history_free(history);
}

/* --- points --- */

typedef struct {
  const char *name;
  int samples;
  size_t points;
  const char *chosen;
} thin_case_t;

static const thin_case_t thin_cases[] = {
    {"all", 5, 5, "[1,2,3,4,5]"},
    {"more than there are", 5, 100, "[1,2,3,4,5]"},
    {"one of them", 5, 1, "[5]"},
    {"the first and the last", 5, 2, "[1,5]"},
    {"every second", 9, 5, "[1,3,5,7,9]"},
    {"most of them", 7, 5, "[1,2,4,5,7]"},
    {"of a hundred", 100, 4, "[1,34,67,100]"},
};

static void thins_evenly(void **state) {
  const thin_case_t *one = *state;
  char expected[400];
  history_t *history = begin();
  for (int at = 1; at <= one->samples; at++)
    add(history, "a", BEGIN + at, at, 1);
  history_asked_t asked = ask_for("bytes", 0, INT64_MAX, one->points);
  body_t *view;
  assert_int_equal(history_view_new(history, &asked, BEGIN + 100, &view, NULL), STATUS_OK);
  char *shown = read_all(view, 100);
  (void)snprintf(expected, sizeof(expected), "\"figures\":{\"bytes\":%s}", one->chosen);
  if (strstr(shown, expected) == NULL)
    assert_string_equal(shown, expected);
  free(shown);
  body_free(view);
  history_free(history);
}

/* --- bounds --- */

static void too_many_numbers_are_refused(void **state) {
  (void)state;
  history_t *history = begin();
  failure_t failure = {0};
  body_t *view;
  for (int at = 1; at <= 10; at++) {
    add(history, "a", BEGIN + at, 1, 1);
    add(history, "b", BEGIN + at, 1, 1);
  }
  history_asked_t asked = ask_for("bytes,streams", 0, INT64_MAX, 100);
  asked.numbers = 2 * 10 * 3; /* with the times */
  assert_int_equal(history_view_new(history, &asked, BEGIN + 100, &view, &failure), STATUS_OK);
  body_free(view);
  asked.numbers--;
  assert_int_equal(history_view_new(history, &asked, BEGIN + 100, &view, &failure), STATUS_QUERY);
  assert_string_equal(failure.cause, "the answer would have 60 numbers, and has 59 at most; ask for fewer figures with "
                                     "fields, fewer samples with points, from and to, or fewer series with filters");
  asked.points = 9;
  assert_int_equal(history_view_new(history, &asked, BEGIN + 100, &view, &failure), STATUS_OK);
  body_free(view);
  history_free(history);
}

/* --- versions --- */

static uint64_t version(history_t *history, double now) {
  history_asked_t asked = ask_for("bytes", 0, INT64_MAX, 10);
  body_t *view;
  assert_int_equal(history_view_new(history, &asked, now, &view, NULL), STATUS_OK);
  uint64_t number = body_version(view);
  body_free(view);
  return number;
}

static void its_version_changes_with_its_samples(void **state) {
  (void)state;
  history_t *history = begin();
  uint64_t none = version(history, BEGIN);
  add(history, "a", BEGIN + 1, 1, 1);
  uint64_t one = version(history, BEGIN + 1);
  assert_true(one != none);
  assert_true(version(history, BEGIN + 2) == one);
  add(history, "a", BEGIN + 1, 1, 1); /* nothing is new */
  assert_true(version(history, BEGIN + 3) == one);
  add(history, "a", BEGIN + 2, 1, 1);
  assert_true(version(history, BEGIN + 3) != one);
  history_free(history);
}

/* --- without memory --- */

static bool fails_at(unsigned long number) {
  long before = allocations_live();
  history_t *history = begin();
  for (int at = 1; at <= 100; at++)
    add(history, "a", BEGIN + at, at, 1);
  add(history, "b", BEGIN + 100, 1, 1);
  history_asked_t asked = ask_for("bytes,streams", 0, INT64_MAX, 1000);
  body_t *view = NULL;
  failure_t failure = {0};
  ssize_t length = 0;
  size_t read = 0;
  allocations_fail_at(number);
  if (history_view_new(history, &asked, BEGIN + 100, &view, &failure) == STATUS_OK) {
    char piece[500];
    while ((length = body_read(view, piece, sizeof(piece))) > 0)
      read += (size_t)length;
  }
  bool failed = allocations_failed();
  allocations_fail_at(0);
  if (view != NULL && length == 0)
    assert_true(read > 2000); /* never a whole answer without its samples */
  assert_int_equal(failure.status, view == NULL ? STATUS_NO_MEMORY : STATUS_OK);
  body_free(view);
  history_free(history);
  assert_int_equal(allocations_live(), before);
  return failed;
}

static void bears_each_allocation_that_fails(void **state) {
  (void)state;
  assert_true(allocations_fail_in_turn(fails_at) > 8);
}

int main(void) {
  TEST(is_columns_of_what_was);
  TEST(is_empty_where_nothing_was);
  TEST(has_what_is_between_two_times);
  TEST(says_what_a_participant_was_like_and_why);
  TEST_CASES(thins_evenly, thin_cases);
  TEST(too_many_numbers_are_refused);
  TEST(its_version_changes_with_its_samples);
  TEST(bears_each_allocation_that_fails);
  return tests_run("history_view");
}
