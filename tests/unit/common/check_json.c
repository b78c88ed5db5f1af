/* SPDX-License-Identifier: MIT */
/* JSON strings in ASCII. */
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
  json_append_string(&buffer, one->text, one->length > 0 ? one->length : strlen(one->text));
  assert_int_equal(buffer_status(&buffer), one->expected != NULL ? STATUS_OK : STATUS_SYNTAX);
  if (one->expected != NULL)
    assert_string_equal(buffer_text(&buffer), one->expected);
  buffer_done(&buffer);
}

static void says_when_it_is_too_large(void **state) {
  (void)state;
  for (size_t maximum = 0; maximum <= sizeof("\"ab\\u00fc\\\"\"") - 1; maximum++) {
    buffer_t buffer = BUFFER_INIT(maximum);
    json_append_string(&buffer, "ab\xc3\xbc\"", 5);
    assert_int_equal(buffer_status(&buffer), maximum == 12 ? STATUS_OK : STATUS_TOO_LARGE);
    buffer_done(&buffer);
  }
}

/* A string that is not UTF-8 is looked at to its end all the same, and nothing follows it. */
static void stops_at_what_is_not_utf8(void **state) {
  (void)state;
  buffer_t buffer = BUFFER_INIT(100);
  json_append_string(&buffer,
                     "ab\xff\xff"
                     "cd",
                     6);
  json_append_string(&buffer, "e", 1);
  assert_int_equal(buffer_status(&buffer), STATUS_SYNTAX);
  assert_string_equal(buffer_text(&buffer), "\"ab");
  buffer_done(&buffer);
}

static void tells_utf8(void **state) {
  const string_case_t *one = *state;
  size_t length = one->length > 0 ? one->length : strlen(one->text);
  assert_int_equal(json_is_utf8(one->text, length), one->expected != NULL);
}

int main(void) {
  TEST_CASES(writes_string, string_cases);
  TEST_CASES(tells_utf8, string_cases);
  TEST(says_when_it_is_too_large);
  TEST(stops_at_what_is_not_utf8);
  return tests_run("json");
}
