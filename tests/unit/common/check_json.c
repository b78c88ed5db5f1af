/* SPDX-License-Identifier: MIT */
/* JSON strings in ASCII, and the failures' one line. */
#include "common/json.h"
#include "support/support.h"

#include <string.h>

typedef struct {
  const char *name;
  const char *text;
  size_t length;        /* 0: to the NUL */
  const char *expected; /* NULL: STATUS_SYNTAX */
} string_case_t;

static const string_case_t string_cases[] = {
    {"empty", "", 0, "\"\""},
    {"plain", "room 1/~", 0, "\"room 1/~\""},
    {"quote and backslash", "a\"b\\c", 0, "\"a\\\"b\\\\c\""},
    {"control characters", "\t\n\x01\x7f", 0, "\"\\u0009\\u000a\\u0001\\u007f\""},
    {"NUL", "a\0b", 3, "\"a\\u0000b\""},
    {"two bytes", "\xc3\xbc", 0, "\"\\u00fc\""},
    {"three bytes", "\xe2\x82\xac!", 0, "\"\\u20ac!\""},
    {"four bytes, a surrogate pair", "\xf0\x9f\x98\x80", 0, "\"\\ud83d\\ude00\""},
    {"the first of two bytes", "\xc2\x80", 0, "\"\\u0080\""},
    {"the last of two bytes", "\xdf\xbf", 0, "\"\\u07ff\""},
    {"the first of three bytes", "\xe0\xa0\x80", 0, "\"\\u0800\""},
    {"the last before surrogates", "\xed\x9f\xbf", 0, "\"\\ud7ff\""},
    {"the first after surrogates", "\xee\x80\x80", 0, "\"\\ue000\""},
    {"the last of three bytes", "\xef\xbf\xbf", 0, "\"\\uffff\""},
    {"the first of four bytes", "\xf0\x90\x80\x80", 0, "\"\\ud800\\udc00\""},
    {"the last of all", "\xf4\x8f\xbf\xbf", 0, "\"\\udbff\\udfff\""},
    {"continuation alone", "a\x80", 0, NULL},
    {"cut after one byte", "\xc3", 0, NULL},
    {"cut after two bytes", "\xe2\x82", 0, NULL},
    {"cut after three bytes", "\xf0\x9f\x98", 0, NULL},
    {"no continuation", "\xc3(", 0, NULL},
    {"overlong, two bytes", "\xc0\x80", 0, NULL},
    {"overlong, two bytes, the last", "\xc1\xbf", 0, NULL},
    {"overlong, three bytes", "\xe0\x9f\xbf", 0, NULL},
    {"overlong, four bytes", "\xf0\x8f\xbf\xbf", 0, NULL},
    {"the first surrogate", "\xed\xa0\x80", 0, NULL},
    {"the last surrogate", "\xed\xbf\xbf", 0, NULL},
    {"beyond Unicode", "\xf4\x90\x80\x80", 0, NULL},
    {"five bytes", "\xf8\x88\x80\x80\x80", 0, NULL},
    {"0xff", "\xff", 0, NULL},
};

static void writes_string(void **state) {
  const string_case_t *one = *state;
  buffer_t buffer = BUFFER_INIT(100);
  status_t status = json_append_string(&buffer, one->text, one->length > 0 ? one->length : strlen(one->text));
  assert_int_equal(status, one->expected != NULL ? STATUS_OK : STATUS_SYNTAX);
  if (one->expected != NULL)
    assert_string_equal(buffer_text(&buffer), one->expected);
  buffer_done(&buffer);
}

static void says_when_it_is_too_large(void **state) {
  (void)state;
  for (size_t maximum = 0; maximum <= sizeof("\"ab\\u00fc\\\"\"") - 1; maximum++) {
    buffer_t buffer = BUFFER_INIT(maximum);
    status_t status = json_append_string(&buffer, "ab\xc3\xbc\"", 5);
    assert_int_equal(status, maximum == 12 ? STATUS_OK : STATUS_TOO_LARGE);
    buffer_done(&buffer);
  }
}

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
  TEST_CASES(writes_string, string_cases);
  TEST(says_when_it_is_too_large);
  TEST_CASES(says_cause, cause_cases);
  TEST(cuts_causes_between_characters);
  TEST(takes_no_failure);
  TEST(has_a_remedy_for_each_status);
  return tests_run("json");
}
