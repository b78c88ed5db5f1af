/* SPDX-License-Identifier: MIT */
/* Failures: one line of a cause, and a remedy for each status. */
#include "common/status.h"
#include "support/support.h"

#include <string.h>

typedef struct {
  const char *name;
  const char *given;
  const char *expected;
} cause_case_t;

static const cause_case_t cause_cases[] = {
    {"a cause as it is", "cannot connect to /run/\xc3\xbc", "cannot connect to /run/\xc3\xbc"},
    {"a cause of several lines becomes one", "a\nb\r\nc\td\x7f", "a b  c d "},
};

static void says_cause(void **state) {
  const cause_case_t *one = *state;
  failure_t failure = {0};
  assert_int_equal(failure_set(&failure, STATUS_HTTP, "%s", one->given), STATUS_HTTP);
  assert_int_equal(failure.status, STATUS_HTTP);
  assert_string_equal(failure.cause, one->expected);
}

/* Whatever the length before it, the last character is whole or not there. */
static void cuts_causes_between_characters(void **state) {
  (void)state;
  static const char *const characters[] = {"x", "\xc3\xbc", "\xe2\x82\xac", "\xf0\x9f\x98\x80"};
  for (size_t i = 0; i < LENGTH(characters); i++)
    for (size_t before = 380; before <= 400; before++) {
      failure_t failure = {0};
      char text[410];
      memset(text, 'a', before);
      memcpy(text + before, characters[i], strlen(characters[i]) + 1);
      (void)failure_set(&failure, STATUS_HTTP, "%s", text);
      size_t room = sizeof(failure.cause) - 1;
      size_t expected = before + strlen(characters[i]) <= room ? before + strlen(characters[i]) : before;
      assert_int_equal(strlen(failure.cause), expected < room ? expected : room);
    }
}

static void takes_no_failure(void **state) {
  (void)state;
  assert_int_equal(failure_set(NULL, STATUS_SYNTAX, "%d", 1), STATUS_SYNTAX);
  assert_int_equal(failure_no_memory(NULL), STATUS_NO_MEMORY);
}

static void has_a_remedy_for_each_status(void **state) {
  (void)state;
  for (status_t i = STATUS_OK; i <= STATUS_COUNT; i++)
    for (status_t j = i + 1; j < STATUS_COUNT; j++)
      assert_string_not_equal(status_remedy(i == STATUS_COUNT ? STATUS_OK : i), status_remedy(j));
  assert_string_equal(status_remedy(STATUS_COUNT), status_remedy(STATUS_OK));
}

int main(void) {
  TEST_CASES(says_cause, cause_cases);
  TEST(cuts_causes_between_characters);
  TEST(takes_no_failure);
  TEST(has_a_remedy_for_each_status);
  return tests_run("status");
}
