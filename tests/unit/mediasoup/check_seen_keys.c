/* SPDX-License-Identifier: MIT */
/* Seen keys: each key once, in the order in which they come, and no more than there is room for. */
#include "mediasoup/seen_keys.h"
#include "support/support.h"

#include <stdlib.h>
#include <string.h>

static void see(seen_keys_t *seen, app_data_t **app_data, const char *text) {
  char *exact = json(text);
  *app_data = app_data_new(exact);
  free(exact);
  assert_non_null(*app_data);
  seen_keys_add_all(seen, *app_data);
}

static void keeps_each_once(void **state) {
  (void)state;
  seen_keys_t seen = {.length = 0};
  app_data_t *first, *second;
  see(&seen, &first, "{'b':1,'nested':{'x':1},'a':'x'}");
  see(&seen, &second, "{'c':true,'a':2}");
  seen_keys_add_all(&seen, NULL);
  seen_keys_add(&seen, "b");
  assert_int_equal(seen.length, 3);
  assert_string_equal(seen.keys[0], "a");
  assert_string_equal(seen.keys[1], "b");
  assert_string_equal(seen.keys[2], "c");
  app_data_free(first);
  app_data_free(second);
}

static void keeps_within_its_room(void **state) {
  (void)state;
  static const char *const keys[] = {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m"};
  seen_keys_t seen = {.length = 0};
  app_data_t *more;
  assert_int_equal(LENGTH(keys), SEEN_KEYS_MAX + 1);
  for (size_t i = 0; i < LENGTH(keys); i++)
    seen_keys_add(&seen, keys[i]);
  see(&seen, &more, "{'x':1}");
  assert_int_equal(seen.length, SEEN_KEYS_MAX);
  assert_string_equal(seen.keys[SEEN_KEYS_MAX - 1], "l");
  app_data_free(more);
}

int main(void) {
  TEST(keeps_each_once);
  TEST(keeps_within_its_room);
  return tests_run("seen_keys");
}
