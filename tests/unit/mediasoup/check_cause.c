/* SPDX-License-Identifier: MIT */
/* Causes: each rule at its threshold and just below it, which rule comes first, and what the table says. */
#include "mediasoup/cause.h"
#include "support/support.h"

#include <math.h>
#include <string.h>

#define NOTHING                                                                                                        \
  .worker_cpu_ratio = NAN, .worker_channel_seconds = NAN, .loss_ratio = NAN, .round_trip_time = NAN, .jitter = NAN,    \
  .source_missing_ratio = NAN, .source_loss_ratio = NAN, .source_score = NAN, .source_jitter = NAN,                    \
  .available_bitrate = NAN

/* What was lost on the way in is known by one report only. */
#define REPORTED(ratio, score) .source_missing_ratio = NAN, .source_loss_ratio = (ratio), .source_score = (score)

typedef struct {
  const char *name;
  cause_facts_t facts;
  cause_t cause;
} rule_case_t;

static const rule_case_t rule_cases[] = {
    {"nothing is known of a consumer", {NOTHING}, CAUSE_UNKNOWN},
    {"nothing is known of a producer", {NOTHING, .of_producer = true}, CAUSE_SENDER},
    {"a silent producer", {NOTHING, .of_producer = true, .is_silent = true}, CAUSE_SENDER},

    {"a worker that does not answer for itself", {.worker_is_silent = true}, CAUSE_WORKER},
    {"a worker at its limit", {.worker_cpu_ratio = 0.85}, CAUSE_WORKER},
    {"a worker below its limit", {.worker_cpu_ratio = 0.84}, CAUSE_UNKNOWN},
    {"a worker that is slow to answer", {.worker_channel_seconds = 1}, CAUSE_WORKER},
    {"a worker that is not so slow", {.worker_channel_seconds = 0.99}, CAUSE_UNKNOWN},
    {"a worker comes before anything else",
     {.of_producer = true, .is_disconnected = true, .source_is_bad = true, .worker_cpu_ratio = 1},
     CAUSE_WORKER},

    {"a transport of a consumer", {.is_disconnected = true}, CAUSE_TRANSPORT},
    {"a transport of a producer", {.is_disconnected = true, .of_producer = true}, CAUSE_TRANSPORT},
    {"a transport comes before the sender",
     {.is_disconnected = true, .source_is_bad = true, .loss_ratio = 1},
     CAUSE_TRANSPORT},

    {"no stream of the producer is well", {.source_is_bad = true, .loss_ratio = 0.3}, CAUSE_SENDER},
    {"all was lost on the way in", {.loss_ratio = 0.2, REPORTED(0.2, 4)}, CAUSE_SENDER},
    {"5 % was lost on the way in, and nothing on the way down", {.loss_ratio = 0.05, REPORTED(0.05, 8)}, CAUSE_SENDER},
    {"4 % was lost on the way in, and nothing on the way down", {.loss_ratio = 0.04, REPORTED(0.04, 8)}, CAUSE_UNKNOWN},
    {"more was lost on the way down than on the way in", /* 1 - 0.7 / 0.9 = 0.22 */
     {.loss_ratio = 0.3, REPORTED(0.1, 6)},
     CAUSE_RECEIVER},
    {"more was lost on the way in than on the way down", /* 1 - 0.82 / 0.9 = 0.089 */
     {.loss_ratio = 0.18, REPORTED(0.1, 6)},
     CAUSE_SENDER},
    {"what was lost on the way in was repaired", /* at most 1.3 % was not, for its score is 10 */
     {.loss_ratio = 0.2, REPORTED(0.2, 10)},
     CAUSE_RECEIVER},
    {"what the way in has lost is known, its score is not", {.loss_ratio = 0.2, REPORTED(0.2, NAN)}, CAUSE_SENDER},
    {"7 % is missing on the way in, and as much on the way down; its score is still that of before", /* 1 - 0.93 / 0.93
                                                                                                      */
     {.loss_ratio = 0.07, .source_missing_ratio = 0.07, .source_loss_ratio = 0.01, .source_score = 9},
     CAUSE_SENDER},
    {"one report has lost much on the way in, but little is missing lately",
     {.loss_ratio = 0.08, .source_missing_ratio = 0.01, .source_loss_ratio = 0.2, .source_score = 4},
     CAUSE_RECEIVER},
    {"all was lost on the way in, and its score says nothing of it", {.loss_ratio = 1, REPORTED(1, 0)}, CAUSE_SENDER},

    {"a layer for which bandwidth is short",
     {.wants_more = true, .wanted_bitrate = 900, .available_bitrate = 900},
     CAUSE_BANDWIDTH},
    {"a layer for which there is bandwidth",
     {.wants_more = true, .wanted_bitrate = 899, .available_bitrate = 900},
     CAUSE_UNKNOWN},
    {"the layer that it prefers, though bandwidth is short",
     {.wanted_bitrate = 900, .available_bitrate = 90},
     CAUSE_UNKNOWN},
    {"a layer whose transport estimates nothing", {.wants_more = true, .wanted_bitrate = 900}, CAUSE_UNKNOWN},
    {"a layer whose transport estimates 0, which is none",
     {.wants_more = true, .wanted_bitrate = 900, .available_bitrate = 0},
     CAUSE_UNKNOWN},
    {"bandwidth comes before the loss that follows from it",
     {.wants_more = true, .wanted_bitrate = 900, .available_bitrate = 90, .loss_ratio = 0.3},
     CAUSE_BANDWIDTH},
    {"bandwidth comes after the sender",
     {.wants_more = true, .wanted_bitrate = 900, .available_bitrate = 90, .source_is_bad = true},
     CAUSE_SENDER},
    {"a silent consumer without bandwidth",
     {.is_silent = true, .wants_more = true, .wanted_bitrate = 900, .available_bitrate = 90},
     CAUSE_BANDWIDTH},

    {"5 % was lost on the way down", {.loss_ratio = 0.05}, CAUSE_RECEIVER},
    {"4 % was lost on the way down", {.loss_ratio = 0.04}, CAUSE_UNKNOWN},
    {"a long round trip", {.round_trip_time = 0.4}, CAUSE_RECEIVER},
    {"a round trip that is not so long", {.round_trip_time = 0.39}, CAUSE_UNKNOWN},
    {"much jitter", {.jitter = 0.03}, CAUSE_RECEIVER},
    {"not so much jitter", {.jitter = 0.029}, CAUSE_UNKNOWN},
    {"jitter that came in", {.jitter = 0.05, .source_jitter = 0.03}, CAUSE_UNKNOWN},
    {"jitter beyond what came in", {.jitter = 0.07, .source_jitter = 0.03}, CAUSE_RECEIVER},
    {"what receivers reported of a silent stream is old",
     {.is_silent = true, .loss_ratio = 0.5, .round_trip_time = 2, .jitter = 1},
     CAUSE_UNKNOWN},
};

static void finds_the_cause(void **state) {
  const rule_case_t *one = *state;
  assert_string_equal(cause_name(cause_of(&one->facts)), cause_name(one->cause));
}

static double most_missing(int score) {
  double missing = 0;
  for (double arrived = 1; 10 * arrived * arrived * arrived * arrived > score - 0.5; arrived = 1 - missing)
    missing += 1e-5;
  return missing;
}

/* mediasoup rounds 10 times the fourth power of what arrived: just less than the limit of a score may be missing, and
 * just more may not, so that the rest was repaired. */
static void a_score_limits_what_is_missing(void **state) {
  (void)state;
  for (int score = 1; score <= 8; score++) {
    double most = most_missing(score);
    /* As much was lost on the way in as on the way down, by the limit; a little less is missing than that. */
    double in = most - 0.002, down = most - 0.001, total = 1 - (1 - in) * (1 - down);
    cause_facts_t facts = {.loss_ratio = total, REPORTED(in, score)};
    assert_int_equal(cause_of(&facts), CAUSE_RECEIVER);
    in = most + 0.01, down = most - 0.002, total = 1 - (1 - most) * (1 - down);
    facts = (cause_facts_t){.loss_ratio = total, REPORTED(in, score)};
    assert_int_equal(cause_of(&facts), CAUSE_SENDER);
    down = most + 0.002, total = 1 - (1 - most) * (1 - down);
    facts.loss_ratio = total;
    assert_int_equal(cause_of(&facts), CAUSE_RECEIVER);
  }
}

/* Documents print them. */
static void rules_say_when_and_why(void **state) {
  (void)state;
  bool has_rule[CAUSES_LENGTH] = {[CAUSE_NONE] = true, [CAUSE_UNKNOWN] = true};
  for (size_t i = 0; i < cause_rules_length; i++) {
    const cause_rule_t *rule = &cause_rules[i];
    assert_true(rule->cause > CAUSE_NONE && rule->cause < CAUSE_UNKNOWN);
    assert_true(rule->threshold > 0);
    assert_true(strlen(rule->when) > 10 && strlen(rule->reason) > 5);
    assert_null(strpbrk(rule->when, "|\n"));
    assert_null(strpbrk(rule->reason, "|\n"));
    has_rule[rule->cause] = true;
  }
  for (size_t i = 0; i < CAUSES_LENGTH; i++)
    assert_true(has_rule[i]);
}

static void causes_have_names(void **state) {
  (void)state;
  assert_string_equal(cause_name(CAUSE_NONE), "");
  for (size_t i = CAUSE_SENDER; i < CAUSES_LENGTH; i++) {
    assert_true(strlen(cause_name((cause_t)i)) > 0);
    for (size_t j = CAUSE_NONE; j < i; j++)
      assert_string_not_equal(cause_name((cause_t)i), cause_name((cause_t)j));
  }
}

int main(void) {
  TEST_CASES(finds_the_cause, rule_cases);
  TEST(a_score_limits_what_is_missing);
  TEST(rules_say_when_and_why);
  TEST(causes_have_names);
  return tests_run("cause");
}
