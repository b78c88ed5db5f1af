/* SPDX-License-Identifier: MIT */
/* The hash with a secret: SipHash-1-3 as others compute it, texts that are told apart, and names that somebody made. */
#include "common/keyed_hash.h"
#include "common/table.h"
#include "support/support.h"

#include <stdio.h>

static const hash_key_t key = {{UINT64_C(0x0706050403020100), UINT64_C(0x0f0e0d0c0b0a0908)}};

/* Of the bytes 0, 1, 2, ...: as "openssl mac" of OpenSSL 3.0 says it, with c-rounds 1 and d-rounds 3. */
typedef struct {
  const char *name;
  size_t length;
  uint64_t hash;
} vector_t;

static const vector_t vectors[] = {
    {"no byte", 0, UINT64_C(0xabac0158050fc4dc)},        {"a byte", 1, UINT64_C(0xc9f49bf37d57ca93)},
    {"seven bytes", 7, UINT64_C(0xd3927d989bb11140)},    {"a word", 8, UINT64_C(0x369095118d299a8e)},
    {"fifteen bytes", 15, UINT64_C(0xd320d86d2a519956)}, {"sixty-three bytes", 63, UINT64_C(0x9d199062b7bbb3a8)},
};

static void is_what_others_compute(void **state) {
  const vector_t *one = *state;
  unsigned char bytes[64];
  for (size_t i = 0; i < sizeof(bytes); i++)
    bytes[i] = (unsigned char)i;
  assert_true(keyed_hash(&key, bytes, one->length) == one->hash);
}

static uint64_t of_texts(const char *first, const char *second) {
  keyed_hash_t hash;
  keyed_hash_begin(&hash, &key);
  keyed_hash_add_text(&hash, first);
  keyed_hash_add_text(&hash, second);
  return keyed_hash_end(&hash);
}

static void tells_texts_apart_by_where_they_end(void **state) {
  (void)state;
  assert_true(of_texts("a", "bc") == of_texts("a", "bc"));
  assert_true(of_texts("a", "bc") != of_texts("ab", "c"));
  assert_true(of_texts("abc", "") != of_texts("", "abc"));
  assert_true(of_texts("12345678", "") != of_texts("", "12345678"));
}

static void has_a_secret(void **state) {
  (void)state;
  const hash_key_t *secret = hash_secret();
  assert_ptr_equal(secret, hash_secret());
  assert_true(secret->words[0] != 0 && secret->words[1] != 0);
  assert_true(keyed_hash(secret, "a", 1) != keyed_hash(&key, "a", 1));
}

/* Names that uthash's own hash, which everybody knows, puts into one place of its table. */
enum { NAMES = 300, SAME_BITS = 10 };

typedef struct {
  UT_hash_handle hh;
  char name[16];
} named_t;

static void make_names(named_t *named) {
  unsigned number = 0, length = 0;
  while (length < NAMES) {
    unsigned hash;
    named_t *next = &named[length];
    int end = snprintf(next->name, sizeof(next->name), "peer-%u", number++);
    HASH_JEN(next->name, (unsigned)end, hash);
    length += hash % (1U << SAME_BITS) == 0 ? 1 : 0;
  }
}

static void no_place_of_a_table_holds_all_names_that_somebody_made(void **state) {
  (void)state;
  static named_t named[NAMES];
  named_t *table = NULL;
  unsigned most = 0;
  make_names(named);
  for (unsigned i = 0; i < NAMES; i++)
    HASH_ADD_KEYPTR(hh, table, named[i].name, strlen(named[i].name), &named[i]);
  for (unsigned i = 0; i < table->hh.tbl->num_buckets; i++)
    most = table->hh.tbl->buckets[i].count > most ? table->hh.tbl->buckets[i].count : most;
  HASH_CLEAR(hh, table);
  assert_true(most < NAMES / 10);
}

int main(void) {
  TEST_CASES(is_what_others_compute, vectors);
  TEST(tells_texts_apart_by_where_they_end);
  TEST(has_a_secret);
  TEST(no_place_of_a_table_holds_all_names_that_somebody_made);
  return tests_run("keyed_hash");
}
