/* SPDX-License-Identifier: MIT */
/* The index by several texts: many keys, keys that are alike, and without memory. */
#include "support/support.h"
#include "write_mediasoup/participants/text_index.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MANY = 1000, TEXT_MAX = 20 };

static void add(text_index_t *index, const text_key_t *key, void *thing) {
  text_index_place_t *place = text_index_place(index, key);
  assert_non_null(place);
  assert_null(place->thing);
  place->thing = thing;
}

static void finds_each_of_many(void **state) {
  (void)state;
  static char texts[MANY][TEXT_MAX];
  text_index_t index = {0};
  for (size_t i = 0; i < MANY; i++) {
    (void)snprintf(texts[i], TEXT_MAX, "id-%zu", i);
    add(&index, &(text_key_t){{i % 2 ? "here" : "far", texts[i]}}, texts[i]);
  }
  assert_int_equal(index.length, MANY);
  for (size_t i = 0; i < MANY; i++) {
    const text_key_t key = {{i % 2 ? "here" : "far", texts[i]}}, other = {{i % 2 ? "far" : "here", texts[i]}};
    assert_ptr_equal(text_index_find(&index, &key), texts[i]);
    assert_ptr_equal(text_index_place(&index, &key)->thing, texts[i]);
    assert_null(text_index_find(&index, &other));
  }
  assert_int_equal(index.length, MANY);
  text_index_done(&index);
}

static void finds_nothing_in_an_empty_one(void **state) {
  (void)state;
  text_index_t index = {0};
  assert_null(text_index_find(&index, &(text_key_t){{"a", "b"}}));
  text_index_done(&index);
}

static void tells_texts_apart_by_where_they_end(void **state) {
  (void)state;
  char first[] = "1", second[] = "2", third[] = "3";
  text_index_t index = {0};
  add(&index, &(text_key_t){{"a", "bc"}}, first);
  add(&index, &(text_key_t){{"ab", "c"}}, second);
  add(&index, &(text_key_t){{"abc", ""}}, third);
  assert_ptr_equal(text_index_find(&index, &(text_key_t){{"a", "bc"}}), first);
  assert_ptr_equal(text_index_find(&index, &(text_key_t){{"ab", "c"}}), second);
  assert_ptr_equal(text_index_find(&index, &(text_key_t){{"abc", ""}}), third);
  text_index_done(&index);
}

/* Texts that a hash without a secret takes for the same: it multiplied words of eight bytes, so that their highest bit
 * only ever changed itself and, through a shift, one other. Of each two words one bit of `number` says which they are.
 */
enum { PAIRS = 10, MADE = 1 << PAIRS, PAIR_LENGTH = 16, MADE_LENGTH = PAIRS * PAIR_LENGTH + 1 };

static void make_text(char text[MADE_LENGTH], size_t number) {
  memset(text, 'a', MADE_LENGTH - 1);
  text[MADE_LENGTH - 1] = '\0';
  for (size_t pair = 0; pair < PAIRS; pair++) {
    char *words = text + pair * PAIR_LENGTH, flip = number >> pair & 1 ? (char)0x80 : 0;
    words[7] ^= flip;
    words[8 + 3] ^= flip;
    words[8 + 7] ^= flip;
  }
}

/* How many other keys are passed when each of them is looked for. */
static size_t count_passed(const text_index_t *index) {
  size_t passed = 0;
  for (size_t at = 0; at < index->capacity; at++)
    if (index->places[at].thing != NULL)
      passed += (at - (size_t)index->places[at].hash) & (index->capacity - 1);
  return passed;
}

static void names_that_somebody_made_need_no_more_comparisons(void **state) {
  (void)state;
  static char texts[MADE][MADE_LENGTH];
  text_index_t index = {0};
  for (size_t i = 0; i < MADE; i++) {
    make_text(texts[i], i);
    add(&index, &(text_key_t){{"here", texts[i]}}, texts[i]);
  }
  assert_true(count_passed(&index) < 4 * MADE);
  text_index_done(&index);
}

static void keeps_what_it_has_without_memory(void **state) {
  (void)state;
  static char texts[MANY][TEXT_MAX];
  text_index_t index = {0};
  size_t added = 0;
  add(&index, &(text_key_t){{"first", ""}}, texts);
  allocations_fail_at(1);
  for (; !allocations_failed() && added < MANY; added++) {
    (void)snprintf(texts[added], TEXT_MAX, "%zu", added);
    text_index_place_t *place = text_index_place(&index, &(text_key_t){{texts[added], ""}});
    assert_int_equal(place == NULL, allocations_failed());
    if (place != NULL)
      place->thing = texts[added];
  }
  allocations_fail_at(0);
  assert_true(added < MANY);
  assert_ptr_equal(text_index_find(&index, &(text_key_t){{"first", ""}}), texts);
  add(&index, &(text_key_t){{"last", ""}}, texts);
  text_index_done(&index);
}

int main(void) {
  TEST(finds_each_of_many);
  TEST(finds_nothing_in_an_empty_one);
  TEST(tells_texts_apart_by_where_they_end);
  TEST(names_that_somebody_made_need_no_more_comparisons);
  TEST(keeps_what_it_has_without_memory);
  return tests_run("text_index");
}
