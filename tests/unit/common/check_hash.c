/* SPDX-License-Identifier: MIT */
/* Hashes and marks. Databases keep what they are part of, so the expected values never change. */
#include "common/hash.h"
#include "support/support.h"

#include <string.h>

typedef struct {
  const char *name;
  const char *text;
  uint64_t hash; /* FNV-1a's own test vectors */
  const char *mark;
} hash_case_t;

static const hash_case_t hash_cases[] = {
    {"nothing", "", UINT64_C(0xcbf29ce484222325), "~cbf29ce484222325"},
    {"a letter", "a", UINT64_C(0xaf63dc4c8601ec8c), "~af63dc4c8601ec8c"},
    {"a word", "foobar", UINT64_C(0x85944171f73967e8), "~85944171f73967e8"},
};

static void hashes(void **state) {
  const hash_case_t *one = *state;
  char mark[HASH_MARK_LENGTH + 1];
  assert_true(hash_add(HASH_BEGIN, one->text, strlen(one->text)) == one->hash);
  hash_mark(mark, one->text, strlen(one->text));
  assert_string_equal(mark, one->mark);
}

static void goes_on_from_a_hash(void **state) {
  (void)state;
  assert_true(hash_add(hash_add(HASH_BEGIN, "foo", 3), "bar", 3) == hash_add(HASH_BEGIN, "foobar", 6));
  assert_true(hash_add(HASH_BEGIN, "a\0b", 3) != hash_add(HASH_BEGIN, "a\0c", 3));
}

int main(void) {
  TEST_CASES(hashes, hash_cases);
  TEST(goes_on_from_a_hash);
  return tests_run("hash");
}
