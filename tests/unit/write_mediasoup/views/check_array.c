/* SPDX-License-Identifier: MIT */
/* Arrays: a piece for the beginning, each row and the end; and a failure. */
#include "support/support.h"
#include "write_mediasoup/views/array.h"

#include <string.h>

static void write_number(void *context, size_t row) { json_whole(&((array_t *)context)->json, (int64_t)row); }

static void assert_array(size_t length, const char *expected) {
  array_t array = ARRAY_INIT;
  buffer_t text = BUFFER_INIT(SNAPSHOT_MAX_BYTES);
  const buffer_t *piece;
  size_t pieces = 0;
  for (; (piece = array_next(&array, length, write_number, &array)) != NULL; pieces++)
    buffer_append(&text, piece->data, piece->length);
  assert_int_equal(pieces, length + 2);
  assert_null(array_next(&array, length, write_number, &array));
  assert_string_equal(buffer_text(&text), expected);
  buffer_done(&text);
  array_done(&array);
}

static void comes_in_pieces(void **state) {
  (void)state;
  assert_array(0, "[]");
  assert_array(1, "[0]");
  assert_array(3, "[0,1,2]");
}

static void a_failure_is_the_pieces_status(void **state) {
  (void)state;
  array_t array = ARRAY_INIT;
  allocations_fail_at(1);
  assert_int_equal(buffer_status(array_next(&array, 0, write_number, &array)), STATUS_NO_MEMORY);
  allocations_fail_at(0);
  array_done(&array);
}

int main(void) {
  TEST(comes_in_pieces);
  TEST(a_failure_is_the_pieces_status);
  return tests_run("array");
}
