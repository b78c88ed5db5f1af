/* SPDX-License-Identifier: MIT */
/* Answers: their status, type and text, and which HTTP status a failure gets. */
#include "support/support.h"
#include "write_mediasoup/http/answer.h"

#include <string.h>

static void are_whole(void **state) {
  (void)state;
  answer_t answer;
  memset(&answer, 0x5A, sizeof(answer)); /* whatever was there before */
  answer_text(&answer, "text/plain", "text", 4);
  assert_int_equal(answer.status, 200);
  assert_string_equal(answer.content_type, "text/plain");
  assert_memory_equal(answer.text, "text", 4);
  assert_int_equal(answer.text_length, 4);
  assert_null(answer.body);
  assert_null(answer.header);
  assert_null(answer.vary);
  assert_string_equal(answer.error, "");

  memset(&answer, 0x5A, sizeof(answer));
  answer_json(&answer, "{\"n\":%d}\n", 7);
  assert_int_equal(answer.status, 200);
  assert_string_equal(answer.content_type, "application/json");
  assert_string_equal(answer.made, "{\"n\":7}\n");
  assert_null(answer.text);
  assert_null(answer.body);

  memset(&answer, 0x5A, sizeof(answer));
  answer_body(&answer, "application/json", (body_t *)&answer);
  assert_int_equal(answer.status, 200);
  assert_ptr_equal(answer.body, &answer);
  assert_string_equal(answer.error, "");

  memset(&answer, 0x5A, sizeof(answer));
  answer_error(&answer, 403, "not \"%s\"", "x");
  assert_int_equal(answer.status, 403);
  assert_string_equal(answer.content_type, "application/json");
  assert_string_equal(answer.error, "not \"x\"");
  assert_null(answer.body);
}

static void a_long_error_is_cut(void **state) {
  (void)state;
  answer_t answer;
  answer_error(&answer, 400, "%02000d", 7);
  assert_int_equal(strlen(answer.error), sizeof(answer.error) - 1);
}

typedef struct {
  const char *name;
  status_t status;
  unsigned http;
} failure_case_t;

static const failure_case_t failure_cases[] = {
    {"a parameter", STATUS_QUERY, 400},          {"no JSON", STATUS_SYNTAX, 400},
    {"no value lists", STATUS_PROTOCOL, 400},    {"no such object", STATUS_NOT_FOUND, 404},
    {"a body too large", STATUS_TOO_LARGE, 413}, {"no memory", STATUS_NO_MEMORY, 500},
};

static void of_a_failure(void **state) {
  const failure_case_t *one = *state;
  answer_t answer;
  answer_failure(&answer, &(failure_t){.status = one->status, .cause = "100 % of it"});
  assert_int_equal(answer.status, one->http);
  assert_string_equal(answer.error, "100 % of it");
}

int main(void) {
  TEST(are_whole);
  TEST(a_long_error_is_cut);
  TEST_CASES(of_a_failure, failure_cases);
  return tests_run("answer");
}
