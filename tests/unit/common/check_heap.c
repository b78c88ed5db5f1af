/* SPDX-License-Identifier: MIT */
/* What a block takes: what the allocator keeps for it, within the 16 bytes that it may leave with it. */
#include "common/heap.h"
#include "support/support.h"

#include <stdlib.h>

static void says_what_a_block_takes(void **state) {
  (void)state;
  for (size_t bytes = 1; bytes < 5000; bytes++) {
    size_t before = allocations_bytes();
    void *volatile block = malloc(bytes); /* or the compiler leaves it out */
    size_t taken = allocations_bytes() - before;
    assert_true(heap_block(bytes) + 16 >= taken && heap_block(bytes) <= taken + 24);
    free(block);
  }
}

static void no_block_takes_nothing(void **state) {
  (void)state;
  assert_int_equal(heap_block(0), 0);
}

int main(void) {
  TEST(says_what_a_block_takes);
  TEST(no_block_takes_nothing);
  return tests_run("heap");
}
