/* SPDX-License-Identifier: MIT */
/* Chunks: the bytes they were made of, for as long as somebody has them. */
#include "support/support.h"
#include "write_mediasoup/history/chunk.h"

#include <string.h>

static void lives_as_long_as_somebody_has_it(void **state) {
  (void)state;
  long before = allocations_live();
  chunk_t *chunk = chunk_new((const unsigned char *)"bytes", 5);
  chunk_t *shared = chunk_share(chunk);
  assert_int_equal(chunk->length, 5);
  chunk_release(chunk);
  assert_memory_equal(shared->bytes, "bytes", 5);
  chunk_release(shared);
  chunk_release(NULL);
  assert_int_equal(allocations_live(), before);
}

static void says_what_it_takes(void **state) {
  (void)state;
  unsigned char bytes[1000] = {0};
  chunk_t *few = chunk_new(bytes, 1), *many = chunk_new(bytes, sizeof(bytes));
  assert_int_equal(chunk_size(many) - chunk_size(few), sizeof(bytes) - 1);
  assert_true(chunk_size(few) > offsetof(chunk_t, bytes));
  chunk_release(few);
  chunk_release(many);
}

static void bears_an_allocation_that_fails(void **state) {
  (void)state;
  allocations_fail_at(1);
  assert_null(chunk_new((const unsigned char *)"bytes", 5));
  allocations_fail_at(0);
}

int main(void) {
  TEST(lives_as_long_as_somebody_has_it);
  TEST(says_what_it_takes);
  TEST(bears_an_allocation_that_fails);
  return tests_run("chunk");
}
