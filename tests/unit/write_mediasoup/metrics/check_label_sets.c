/* SPDX-License-Identifier: MIT */
/* The labels of a class's rows: made once, no two alike; and without memory. */
#include "support/rows.h"
#include "write_mediasoup/metrics/label_sets.h"

#include <string.h>

static const class_id_t tested = CLASS_ROUTERS;

static void makes_each_once(void **state) {
  (void)state;
  long before = allocations_live();
  store_row_t *row = row_of(tested, "id=r", 10, 1, "routerId=r");
  label_sets_t *sets = label_sets_new(2);
  const label_set_t *first = label_sets_find(sets, 0, row);
  assert_string_equal(first->text, "routerId=\"r\",room=\"one\",instance=\"here\"");
  assert_int_equal(first->length, strlen(first->text));
  assert_ptr_equal(label_sets_find(sets, 0, row), first);
  label_sets_free(sets);
  label_sets_free(NULL);
  store_row_release(row);
  assert_int_equal(allocations_live(), before);
}

static void the_later_of_two_equal_sets_says_more(void **state) {
  (void)state;
  store_row_t *first = row_of(tested, "id=r", 10, 1, "routerId=r"), *second = row_of(tested, "x", 10, 1, "routerId=r");
  label_sets_t *sets = label_sets_new(2);
  assert_string_equal(label_sets_find(sets, 1, second)->text, "routerId=\"r\",room=\"one\",instance=\"here\"");
  assert_string_equal(
      label_sets_find(sets, 0, first)->text,
      "routerId=\"r\",room=\"one\",instance=\"here\",plugin_instance=\"room=one\",type_instance=\"id=r\"");
  label_sets_free(sets);
  store_row_release(first);
  store_row_release(second);
}

/* Whether the allocation of this number was reached and failed. */
static bool fails_at(const store_row_t *first, const store_row_t *second, unsigned long number) {
  long before = allocations_live();
  allocations_fail_at(number);
  label_sets_t *sets = label_sets_new(2);
  const label_set_t *one = sets != NULL ? label_sets_find(sets, 0, first) : NULL;
  const label_set_t *other = sets != NULL ? label_sets_find(sets, 1, second) : NULL;
  bool failed = allocations_failed();
  allocations_fail_at(0);
  assert_int_equal(one != NULL && other != NULL, !failed);
  if (sets != NULL && one == NULL) /* and is made when there is memory again */
    assert_non_null(label_sets_find(sets, 0, first));
  label_sets_free(sets);
  assert_int_equal(allocations_live(), before);
  return failed;
}

static void bears_each_allocation_that_fails(void **state) {
  (void)state;
  store_row_t *first = row_of(tested, "id=r", 10, 1, "routerId=r"), *second = row_of(tested, "x", 10, 1, "routerId=r");
  unsigned long number = 1;
  while (fails_at(first, second, number))
    number++;
  assert_true(number > 5);
  store_row_release(first);
  store_row_release(second);
}

int main(void) {
  TEST(makes_each_once);
  TEST(the_later_of_two_equal_sets_says_more);
  TEST(bears_each_allocation_that_fails);
  return tests_run("label_sets");
}
