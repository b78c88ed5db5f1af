/* SPDX-License-Identifier: MIT */
/* The growing buffer: its bounds, its NUL, and what becomes of it after a failure. */
#include "support/support.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
  const char *name;
  size_t maximum;
  const char *pieces[4];
  status_t status; /* of the last piece */
  const char *text;
} append_case_t;

static const append_case_t append_cases[] = {
    {"nothing", 8, {NULL}, STATUS_OK, ""},
    {"one piece", 8, {"abc"}, STATUS_OK, "abc"},
    {"several pieces", 8, {"abc", "", "def"}, STATUS_OK, "abcdef"},
    {"just the maximum", 6, {"abc", "def"}, STATUS_OK, "abcdef"},
    {"one byte over the maximum", 6, {"abc", "defg"}, STATUS_TOO_LARGE, "abc"},
    {"no room at all", 0, {"a"}, STATUS_TOO_LARGE, ""},
    {"an empty piece where there is no room", 0, {""}, STATUS_OK, ""},
};

static void appends(void **state) {
  const append_case_t *one = *state;
  buffer_t buffer = BUFFER_INIT(one->maximum);
  for (size_t i = 0; one->pieces[i] != NULL; i++)
    buffer_append_text(&buffer, one->pieces[i]);
  assert_int_equal(buffer_status(&buffer), one->status);
  assert_string_equal(buffer_text(&buffer), one->text);
  assert_int_equal(buffer.length, strlen(one->text));
  buffer_done(&buffer);
}

static void grows_past_its_first_capacity(void **state) {
  (void)state;
  enum { SIZE = 100000 };
  buffer_t buffer = BUFFER_INIT(SIZE);
  for (size_t i = 0; i < SIZE; i++)
    buffer_append_character(&buffer, "0123456789"[i % 10]);
  assert_int_equal(buffer_status(&buffer), STATUS_OK);
  for (size_t i = 0; i < SIZE; i++)
    assert_int_equal(buffer.data[i], '0' + (int)(i % 10));
  assert_int_equal(buffer.data[SIZE], '\0');
  buffer_append_character(&buffer, 'x');
  assert_int_equal(buffer_status(&buffer), STATUS_TOO_LARGE);
  assert_int_equal(buffer.length, SIZE);
  buffer_done(&buffer);
}

static void takes_nul_bytes(void **state) {
  (void)state;
  buffer_t buffer = BUFFER_INIT(10);
  buffer_append(&buffer, "a\0b", 3);
  assert_int_equal(buffer_status(&buffer), STATUS_OK);
  assert_int_equal(buffer.length, 3);
  assert_memory_equal(buffer.data, "a\0b", 4);
  buffer_done(&buffer);
}

static void clear_keeps_memory_and_done_gives_it_back(void **state) {
  (void)state;
  long before = allocations_live();
  buffer_t buffer = BUFFER_INIT(10);
  buffer_append_text(&buffer, "abc");
  assert_int_equal(buffer_status(&buffer), STATUS_OK);
  char *data = buffer.data;
  buffer_clear(&buffer);
  assert_ptr_equal(buffer.data, data);
  assert_string_equal(buffer_text(&buffer), "");
  assert_int_equal(buffer.length, 0);
  buffer_done(&buffer);
  assert_int_equal(allocations_live(), before);
  buffer_append_text(&buffer, "0123456789"); /* and may be used again, as large as before */
  assert_int_equal(buffer_status(&buffer), STATUS_OK);
  buffer_append_text(&buffer, "x");
  assert_int_equal(buffer_status(&buffer), STATUS_TOO_LARGE);
  buffer_done(&buffer);
}

static void is_untouched_without_memory(void **state) {
  (void)state;
  buffer_t buffer = BUFFER_INIT(5000);
  allocations_fail_at(1);
  buffer_append_text(&buffer, "abc");
  assert_int_equal(buffer_status(&buffer), STATUS_NO_MEMORY);
  assert_string_equal(buffer_text(&buffer), "");
  buffer_clear(&buffer);
  buffer_append_text(&buffer, "abc");
  assert_int_equal(buffer_status(&buffer), STATUS_OK);
  char large[4000] = {0};
  allocations_fail_at(1);
  buffer_append(&buffer, large, sizeof(large));
  assert_int_equal(buffer_status(&buffer), STATUS_NO_MEMORY);
  assert_string_equal(buffer_text(&buffer), "abc");
  assert_int_equal(buffer.length, 3);
  buffer_done(&buffer);
}

/* After a failure nothing is appended, not even what would fit: a text with a hole would look whole. */
static void remembers_its_first_failure(void **state) {
  (void)state;
  buffer_t buffer = BUFFER_INIT(6);
  buffer_append_text(&buffer, "abc");
  buffer_append_text(&buffer, "defghi");
  buffer_append_text(&buffer, "d");
  buffer_append_character(&buffer, 'd');
  buffer_append_string(&buffer, "d", 1);
  buffer_fail(&buffer, STATUS_SYNTAX);
  assert_false(buffer_reserve(&buffer, 1));
  assert_int_equal(buffer_status(&buffer), STATUS_TOO_LARGE);
  assert_string_equal(buffer_text(&buffer), "abc");
  assert_null(buffer_copy(&buffer));
  buffer_clear(&buffer);
  assert_int_equal(buffer_status(&buffer), STATUS_OK);
  buffer_fail(&buffer, STATUS_SYNTAX);
  buffer_append_text(&buffer, "abc");
  assert_int_equal(buffer_status(&buffer), STATUS_SYNTAX);
  assert_string_equal(buffer_text(&buffer), "");
  buffer_done(&buffer);
  assert_int_equal(buffer_status(&buffer), STATUS_OK);
}

static void counts_the_nul_of_a_string(void **state) {
  (void)state;
  buffer_t buffer = BUFFER_INIT(8);
  buffer_append_string(&buffer, "ab", 2);
  buffer_append_string(&buffer, "", 0);
  buffer_append_string(&buffer, "cde", 3);
  assert_int_equal(buffer_status(&buffer), STATUS_OK);
  assert_int_equal(buffer.length, 8);
  assert_memory_equal(buffer.data, "ab\0\0cde\0", 9);
  buffer_append_string(&buffer, "", 0);
  assert_int_equal(buffer_status(&buffer), STATUS_TOO_LARGE);
  buffer_done(&buffer);
}

static void copies_its_content(void **state) {
  (void)state;
  buffer_t buffer = BUFFER_INIT(8);
  char *empty = buffer_copy(&buffer);
  buffer_append_text(&buffer, "abc");
  char *copy = buffer_copy(&buffer);
  allocations_fail_at(1);
  assert_null(buffer_copy(&buffer));
  buffer_done(&buffer);
  assert_string_equal(empty, "");
  assert_string_equal(copy, "abc");
  free(empty);
  free(copy);
}

static void compares_strings_that_may_be_missing(void **state) {
  (void)state;
  char same[] = "a";
  assert_true(string_is("a", same));
  assert_false(string_is("a", "b"));
  assert_false(string_is("", NULL));
  assert_false(string_is(NULL, ""));
  assert_true(string_is(NULL, NULL));
}

int main(void) {
  TEST_CASES(appends, append_cases);
  TEST(grows_past_its_first_capacity);
  TEST(takes_nul_bytes);
  TEST(clear_keeps_memory_and_done_gives_it_back);
  TEST(is_untouched_without_memory);
  TEST(remembers_its_first_failure);
  TEST(counts_the_nul_of_a_string);
  TEST(copies_its_content);
  TEST(compares_strings_that_may_be_missing);
  return tests_run("buffer");
}
