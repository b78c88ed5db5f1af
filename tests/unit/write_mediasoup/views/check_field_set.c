/* SPDX-License-Identifier: MIT */
/* Sets of keys: what is in them, repeats, and their maximum. */
#include "support/support.h"
#include "write_mediasoup/views/field_set.h"

#include <stdio.h>

static void an_empty_set_wants_all(void **state) {
  (void)state;
  const field_set_t set = {0};
  assert_true(field_set_wants(&set, "kind"));
  assert_false(field_set_has(&set, "kind", 4));
}

static void has_the_keys_of_all_lists(void **state) {
  (void)state;
  static const char *const others[] = {"kin", "kinds", "ind", "", "kind,score"};
  field_set_t set = {0};
  failure_t failure = {0};
  assert_int_equal(field_set_add_list(&set, "kind,score", &failure), STATUS_OK);
  assert_int_equal(field_set_add_list(&set, "ssrc", &failure), STATUS_OK);
  assert_true(field_set_wants(&set, "kind") && field_set_wants(&set, "score") && field_set_wants(&set, "ssrc"));
  for (size_t i = 0; i < LENGTH(others); i++)
    assert_false(field_set_wants(&set, others[i]));
}

static void has_a_key_once(void **state) {
  (void)state;
  field_set_t set = {0};
  failure_t failure = {0};
  for (int i = 0; i < 10000; i++)
    assert_int_equal(field_set_add_list(&set, "kind,score,kind", &failure), STATUS_OK);
  assert_int_equal(set.length, 2);
}

static void has_a_maximum(void **state) {
  (void)state;
  static char keys[FIELD_SET_MAX][8];
  field_set_t set = {0};
  failure_t failure = {0};
  for (int i = 0; i < FIELD_SET_MAX; i++) {
    int length = snprintf(keys[i], sizeof(keys[i]), "k%d", i);
    assert_int_equal(field_set_add(&set, keys[i], (size_t)length, &failure), STATUS_OK);
  }
  assert_int_equal(field_set_add_list(&set, "k7,k8", &failure), STATUS_OK);
  assert_int_equal(field_set_add_list(&set, "k7,other", &failure), STATUS_QUERY);
  assert_string_equal(failure.cause, "fields: there are more than 128 of them");
}

int main(void) {
  TEST(an_empty_set_wants_all);
  TEST(has_the_keys_of_all_lists);
  TEST(has_a_key_once);
  TEST(has_a_maximum);
  return tests_run("field_set");
}
