/* SPDX-License-Identifier: MIT */
/* Verdicts: what they say as attributes, and which of them are the same. */
#include "mediasoup/verdict.h"
#include "support/support.h"

typedef struct {
  const char *name;
  verdict_t verdict;
  const char *state, *bad, *piped, *cause, *since;
} text_case_t;

#define TROUBLE(c, s) .is_known = true, .state = STATE_SILENT, .trouble = {.cause = (c), .since = s}

static const text_case_t text_cases[] = {
    {"nothing is decided",
     {.state = STATE_SILENT, .bad = true, .piped = true, .trouble = {.cause = CAUSE_SENDER, .since = "7"}},
     NULL,
     NULL,
     NULL,
     NULL,
     NULL},
    {"flowing", {.is_known = true, .state = STATE_FLOWING}, "flowing", NULL, NULL, NULL, NULL},
    {"bad", {.is_known = true, .state = STATE_FLOWING, .bad = true}, "flowing", "true", NULL, NULL, NULL},
    {"piped", {.is_known = true, .state = STATE_FLOWING, .piped = true}, "flowing", NULL, "true", NULL, NULL},
    {"paused", {.is_known = true, .state = STATE_PAUSED}, "paused", NULL, NULL, NULL, NULL},
    {"waiting", {.is_known = true, .state = STATE_WAITING}, "waiting", NULL, NULL, NULL, NULL},
    {"inactive", {.is_known = true, .state = STATE_INACTIVE}, "inactive", NULL, NULL, NULL, NULL},
    {"silent", {.is_known = true, .state = STATE_SILENT}, "silent", NULL, NULL, NULL, NULL},
    {"silent for the sender's sake",
     {TROUBLE(CAUSE_SENDER, "1764136800000")},
     "silent",
     NULL,
     NULL,
     "sender",
     "1764136800000"},
    {"silent since later", {TROUBLE(CAUSE_SENDER, "1764136800001")}, "silent", NULL, NULL, "sender", "1764136800001"},
    {"silent for the worker's sake",
     {TROUBLE(CAUSE_WORKER, "1764136800000")},
     "silent",
     NULL,
     NULL,
     "worker",
     "1764136800000"},
};

static void assert_text(const verdict_t *verdict, decided_t decided, const char *expected) {
  const char *text = verdict_text(verdict, decided);
  if (expected == NULL)
    assert_null(text);
  else
    assert_string_equal(text, expected);
}

static void says(void **state) {
  const text_case_t *one = *state;
  assert_text(&one->verdict, DECIDED_STATE, one->state);
  assert_text(&one->verdict, DECIDED_BAD, one->bad);
  assert_text(&one->verdict, DECIDED_PIPED, one->piped);
  assert_text(&one->verdict, DECIDED_CAUSE, one->cause);
  assert_text(&one->verdict, DECIDED_BAD_SINCE, one->since);
  assert_text(&one->verdict, DECIDED_NOT, NULL);
}

/* Two that say something else are not the same, and only these. */
static void compares(void **state) {
  (void)state;
  for (size_t i = 0; i < LENGTH(text_cases); i++)
    for (size_t j = 0; j < LENGTH(text_cases); j++)
      assert_int_equal(verdict_is_same(&text_cases[i].verdict, &text_cases[j].verdict), i == j);
}

/* What was is no part of what it says. */
static void trouble_that_is_not_agreed_on_says_nothing(void **state) {
  (void)state;
  verdict_t silent = {.is_known = true, .state = STATE_SILENT}, first = silent;
  first.trouble = (trouble_t){.latest = CAUSE_SENDER, .since = "7"};
  assert_true(verdict_is_same(&silent, &first));
  assert_text(&first, DECIDED_CAUSE, NULL);
  assert_text(&first, DECIDED_BAD_SINCE, NULL);
}

/* --- trouble --- */

typedef struct {
  const char *name;
  const char *readings; /* what each finds: s(ender), r(eceiver), u(nknown), -: no trouble */
  const char *causes;   /* what is agreed on after each */
  const char *since;    /* at the end */
  uint64_t interval;    /* they are at 1, 2, 3, ... times this; milliseconds */
} trouble_case_t;

static const trouble_case_t trouble_cases[] = {
    {"trouble: none", "---", "---", "", 5000},
    {"trouble: a single reading", "-s-", "---", "10000", 5000},
    {"trouble: two readings in a row", "-ss", "--s", "10000", 5000},
    {"trouble: never twice in a row", "s-s-s-", "------", "25000", 5000},
    {"trouble: it lasts", "ssssss", "-sssss", "5000", 5000},
    {"trouble: another cause the second time", "sr", "--", "5000", 5000},
    {"trouble: another cause, then that one again", "srr", "--r", "5000", 5000},
    {"trouble: causes that take turns", "srsrsr", "------", "5000", 5000},
    {"trouble: a single reading of another cause", "ssrss", "-ssss", "5000", 5000},
    {"trouble: the cause changes", "ssrr", "-ssr", "5000", 5000},
    {"trouble: a single reading without", "ss-ss", "-ssss", "5000", 5000},
    {"trouble: two readings without", "ss--", "-ss-", "5000", 5000},
    {"trouble: again after that", "ss--rr", "-ss--r", "25000", 5000},
    {"trouble: soon again after that", "ss--r", "-ss--", "25000", 5000},
    {"trouble: nobody knows why", "uu", "-u", "5000", 5000},
    {"trouble: then somebody does", "uus", "-uu", "5000", 5000},
    {"trouble: and again", "uuss", "-uus", "5000", 5000},
    {"trouble: a cause that is forgotten stays", "ssuuuu", "-sssss", "5000", 5000},
    {"trouble: but not without trouble", "ssuu--", "-ssss-", "5000", 5000},
    {"trouble: unknown confirms nothing that was not agreed on", "suu", "--u", "5000", 5000},
    {"trouble: each 10 s", "ss--", "-ss-", "10000", 10000},
    {"trouble: each 5 s, a little early", "ss--", "-ss-", "4900", 4900},
    {"trouble: each second, for 3 s", "sss---", "------", "1000", 1000},
    {"trouble: each second", "sssssss", "-----ss", "1000", 1000},
    {"trouble: each second, for 3 s another cause", "sssssssrrrsss", "-----ssssssss", "1000", 1000},
    {"trouble: each second, the cause changes", "sssssssrrrrrr", "-----sssssssr", "1000", 1000},
    {"trouble: each second, for 3 s none", "sssssss---s", "-----ssssss", "1000", 1000},
    {"trouble: each second, until there is none", "sssssss------", "-----sssssss-", "1000", 1000},
    {"trouble: each second, a cause that is forgotten", "sssssssuuuuuuu", "-----sssssssss", "1000", 1000},
    {"trouble: each second, never five in a row", "sss-sss-sss-sss", "---------------", "13000", 1000},
};

static cause_t cause_of_sign(char sign) {
  return sign == 's' ? CAUSE_SENDER : sign == 'r' ? CAUSE_RECEIVER : sign == 'u' ? CAUSE_UNKNOWN : CAUSE_NONE;
}

static void follows_trouble(void **state) {
  const trouble_case_t *one = *state;
  trouble_t trouble = {0};
  for (size_t i = 0; one->readings[i] != '\0'; i++) {
    cause_t before = trouble.cause, expected = cause_of_sign(one->causes[i]);
    assert_int_equal(trouble_follow(&trouble, cause_of_sign(one->readings[i]), (i + 1) * one->interval),
                     expected != before);
    assert_int_equal(trouble.cause, expected);
    assert_int_equal(trouble_is_open(&trouble), expected != CAUSE_NONE || one->readings[i] != '-');
  }
  assert_string_equal(trouble.since, one->since);
}

/* A reading of later that is dated earlier begins a new agreement. */
static void a_clock_may_be_set_back(void **state) {
  (void)state;
  trouble_t trouble = {0};
  assert_false(trouble_follow(&trouble, CAUSE_SENDER, 100000));
  assert_false(trouble_follow(&trouble, CAUSE_SENDER, 50000));
  assert_false(trouble_follow(&trouble, CAUSE_SENDER, 54000));
  assert_true(trouble_follow(&trouble, CAUSE_SENDER, 55000));
}

static void any_time_fits(void **state) {
  (void)state;
  trouble_t trouble = {0};
  (void)trouble_follow(&trouble, CAUSE_SENDER, UINT64_MAX);
  assert_string_equal(trouble.since, "18446744073709551615");
}

int main(void) {
  TEST_CASES(says, text_cases);
  TEST(compares);
  TEST(trouble_that_is_not_agreed_on_says_nothing);
  TEST_CASES(follows_trouble, trouble_cases);
  TEST(a_clock_may_be_set_back);
  TEST(any_time_fits);
  return tests_run("verdict");
}
