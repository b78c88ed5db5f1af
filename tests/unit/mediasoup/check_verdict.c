/* SPDX-License-Identifier: MIT */
/* Verdicts: what they say as attributes, and which of them are the same. */
#include "mediasoup/verdict.h"
#include "support/support.h"

typedef struct {
  const char *name;
  verdict_t verdict;
  const char *state, *bad, *piped;
} text_case_t;

static const text_case_t text_cases[] = {
    {"nothing is decided", {.state = STATE_SILENT, .bad = true, .piped = true}, NULL, NULL, NULL},
    {"flowing", {.is_known = true, .state = STATE_FLOWING}, "flowing", NULL, NULL},
    {"bad", {.is_known = true, .state = STATE_FLOWING, .bad = true}, "flowing", "true", NULL},
    {"piped", {.is_known = true, .state = STATE_FLOWING, .piped = true}, "flowing", NULL, "true"},
    {"paused", {.is_known = true, .state = STATE_PAUSED}, "paused", NULL, NULL},
    {"waiting", {.is_known = true, .state = STATE_WAITING}, "waiting", NULL, NULL},
    {"inactive", {.is_known = true, .state = STATE_INACTIVE}, "inactive", NULL, NULL},
    {"silent", {.is_known = true, .state = STATE_SILENT}, "silent", NULL, NULL},
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
  assert_text(&one->verdict, DECIDED_NOT, NULL);
}

/* Two that say something else are not the same, and only these. */
static void compares(void **state) {
  (void)state;
  for (size_t i = 0; i < LENGTH(text_cases); i++)
    for (size_t j = 0; j < LENGTH(text_cases); j++)
      assert_int_equal(verdict_is_same(&text_cases[i].verdict, &text_cases[j].verdict), i == j);
}

int main(void) {
  TEST_CASES(says, text_cases);
  TEST(compares);
  return tests_run("verdict");
}
