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
  for (size_t length = 1; length <= sizeof(bytes); length++) {
    size_t before = allocations_bytes();
    chunk_t *chunk = chunk_new(bytes, length);
    size_t taken = allocations_bytes() - before;
    assert_true(chunk_size(chunk) + 16 >= taken && chunk_size(chunk) < taken + 16);
    chunk_release(chunk);
  }
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
