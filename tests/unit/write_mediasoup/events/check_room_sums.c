/* SPDX-License-Identifier: MIT */
/* Sums of a room: when it is bad, in which words, and why. */
#include "support/rows.h"
#include "write_mediasoup/events/room_sums.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

typedef struct {
  double streams, bad, silent, packets, lost;
} way_of_test_t;

static void add_way(room_sums_t *sums, class_id_t class, double time, const way_of_test_t *way) {
  store_row_t *row = row_of(class, "", time, 0, "a=b");
  row_set(row, "streams", way->streams);
  row_set(row, "streams_bad", way->bad);
  row_set(row, "streams_silent", way->silent);
  row_set(row, "packets", way->packets);
  row_set(row, "packets_lost", way->lost);
  row_set(row, "loss_ratio", NAN);
  room_sums_add(sums, row);
  store_row_release(row);
}

typedef struct {
  const char *name;
  way_of_test_t in, out; /* the counters stood at 0 ten seconds before */
  bool is_bad;
  const char *detail;
} judge_case_t;

#define NOTHING {0, 0, 0, 0, 0}
#define WELL {10, 0, 0, 1000, 0}

static const judge_case_t judge_cases[] = {
    {"all is well", WELL, WELL, false, ""},
    {"nothing flows, and nothing should", NOTHING, NOTHING, false, ""},
    {"10 % of many are not too many", {20, 2, 0, 1000, 0}, WELL, false, ""},
    {"more than 10 % are",
     {20, 3, 0, 1000, 0},
     WELL,
     true,
     "of 20 streams from its participants 3 are bad and 0 silent"},
    {"silent ones count, too",
     WELL,
     {19, 2, 1, 1000, 0},
     true,
     "of 20 streams to its participants 2 are bad and 1 silent"},
    {"of few a share of 10 % is one participant", {19, 9, 0, 1000, 0}, WELL, false, ""},
    {"half of few are too many",
     {18, 9, 0, 1000, 0},
     WELL,
     true,
     "of 18 streams from its participants 9 are bad and 0 silent"},
    {"all are silent", {0, 0, 2, 0, 0}, WELL, true, "of 2 streams from its participants 0 are bad and 2 silent"},
    {"10 % lost are not too many", WELL, {10, 0, 0, 1000, 100}, false, ""},
    {"more than 10 % are lost", WELL, {10, 0, 0, 1000, 101}, true, "10 % of the packets to its participants are lost"},
    {"on the way in, lost ones come on top",
     {10, 0, 0, 900, 101},
     WELL,
     true,
     "10 % of the packets from its participants are lost"},
    {"of few packets a share says nothing", WELL, {10, 0, 0, 199, 100}, false, ""},
    {"of enough packets it does", WELL, {10, 0, 0, 200, 100}, true, "50 % of the packets to its participants are lost"},
};

static void judges(void **state) {
  const judge_case_t *one = *state;
  char detail[ROOM_DETAIL_MAX];
  room_sums_t sums = {.loss = NAN}, before = {.time = 10, .loss = NAN};
  add_way(&sums, CLASS_GROUP_PRODUCERS, 20, &one->in);
  add_way(&sums, CLASS_GROUP_CONSUMERS, 20, &one->out);
  assert_int_equal(room_sums_judge(&sums, &before, false, detail), one->is_bad);
  assert_string_equal(detail, one->detail);
}

typedef struct {
  const char *name;
  way_of_test_t out;
  bool was_bad_stays; /* else it is good again; one that was good would stay so in each case */
} stay_case_t;

static const stay_case_t stay_cases[] = {
    {"stays: 10 % of many", {20, 2, 0, 1000, 0}, true},
    {"stays: 7.5 % of many", {40, 3, 0, 1000, 0}, true},
    {"ends: 7 % of many", {100, 7, 0, 1000, 0}, false},
    {"ends: 5 % of many", {20, 1, 0, 1000, 0}, false},
    {"stays: of many that have become fewer", {16, 2, 0, 1000, 0}, true},
    {"stays: 40 % of few", {15, 6, 0, 1000, 0}, true},
    {"ends: a third of few", {15, 5, 0, 1000, 0}, false},
    {"stays: 8 % lost", {10, 0, 0, 1000, 80}, true},
    {"ends: 7 % lost", {10, 0, 0, 1000, 70}, false},
};

static void stays_bad_for_a_while(void **state) {
  const stay_case_t *one = *state;
  char detail[ROOM_DETAIL_MAX];
  room_sums_t sums = {.loss = NAN}, before = {.time = 10, .loss = NAN};
  add_way(&sums, CLASS_GROUP_CONSUMERS, 20, &one->out);
  assert_false(room_sums_judge(&sums, &before, false, detail));
  assert_int_equal(room_sums_judge(&sums, &before, true, detail), one->was_bad_stays);
  assert_int_equal(detail[0] != '\0', one->was_bad_stays);
}

static void tells_no_loss_from_one_reading(void **state) {
  (void)state;
  char detail[ROOM_DETAIL_MAX];
  room_sums_t sums = {.loss = NAN};
  add_way(&sums, CLASS_GROUP_CONSUMERS, 20, &(way_of_test_t){10, 0, 0, 1000, 900});
  assert_false(room_sums_judge(&sums, NULL, false, detail));
}

static void adds_up_members_and_bytes(void **state) {
  (void)state;
  room_sums_t sums = {.loss = NAN};
  store_row_t *row = row_of(CLASS_GROUP_PRODUCERS, "", 20, 2, "a=b");
  room_sums_add(&sums, row);
  room_sums_add(&sums, row);
  assert_true(sums.members == 2 * 5 * 2); /* flowing, paused, waiting, inactive, silent */
  assert_true(sums.time == 20);
  assert_true(room_sums_received(&sums) == 4 && room_sums_sent(&sums) == 0);
  store_row_release(row);
  row = row_of(CLASS_GROUP_TRANSPORTS, "", 30, 7, "a=b");
  room_sums_add(&sums, row);
  assert_true(sums.members == 27);
  assert_true(sums.time == 30);
  assert_true(room_sums_received(&sums) == 7 && room_sums_sent(&sums) == 7); /* all bytes, not only RTP */
  store_row_release(row);
}

static void finds_the_main_cause(void **state) {
  (void)state;
  room_sums_t sums = {.loss = NAN};
  assert_null(room_sums_cause(&sums));
  sums.causes[1] = 2;
  sums.causes[3] = 3;
  assert_string_equal(room_sums_cause(&sums), "worker");
  sums.causes[0] = 3;
  assert_string_equal(room_sums_cause(&sums), "sender");
}

/* By the names that the plugin mediasoup gives the causes. */
static void adds_up_causes(void **state) {
  static const char *const causes[] = {"sender", "receiver", "bandwidth", "worker", "transport", "unknown"};
  (void)state;
  for (size_t i = 0; i < LENGTH(causes); i++) {
    char field[40];
    room_sums_t sums = {.loss = NAN};
    store_row_t *row = row_of(CLASS_GROUP_CONSUMERS, "", 20, 0, "a=b");
    (void)snprintf(field, sizeof(field), "streams_cause_%s", causes[i]);
    row_set(row, field, 2);
    room_sums_add(&sums, row);
    assert_null(room_sums_cause(&sums)); /* of streams that are neither bad nor silent it says nothing */
    row_set(row, "streams_bad", 2);
    room_sums_add(&sums, row);
    assert_string_equal(room_sums_cause(&sums), causes[i]);
    store_row_release(row);
  }
}

int main(void) {
  TEST(adds_up_causes);
  TEST_CASES(judges, judge_cases);
  TEST_CASES(stays_bad_for_a_while, stay_cases);
  TEST(tells_no_loss_from_one_reading);
  TEST(adds_up_members_and_bytes);
  TEST(finds_the_main_cause);
  return tests_run("room_sums");
}
