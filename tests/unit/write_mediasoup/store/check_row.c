/* SPDX-License-Identifier: MIT */
/* Rows: made whole or not at all, shared, and gone with the last reference. */
#include "support/rows.h"

#include <stdlib.h>
#include <string.h>

static store_row_t *new_row(class_id_t class) { return store_row_new(&classes[class], "here", "room=one", "id=a"); }

static void begins_empty_with_its_name(void **state) {
  (void)state;
  store_row_t *row = new_row(CLASS_CONSUMERS);
  assert_ptr_equal(row->class, &classes[CLASS_CONSUMERS]);
  assert_string_equal(row->host, "here");
  assert_string_equal(row->plugin_instance, "room=one");
  assert_string_equal(row->type_instance, "id=a");
  assert_true(row->time == 0 && row->received == 0 && row->interval == 0);
  assert_null(row->facts);
  for (size_t i = 0; i < row->class->fields_length; i++)
    assert_int_equal(row->values[i].counter, 0);
  store_row_release(row);
}

static void copies_its_texts(void **state) {
  (void)state;
  char host[] = "here", plugin_instance[] = "room=one", type_instance[] = "";
  store_row_t *row = store_row_new(&classes[CLASS_ENDPOINT], host, plugin_instance, type_instance);
  host[0] = plugin_instance[0] = 'X';
  assert_string_equal(row->host, "here");
  assert_string_equal(row->plugin_instance, "room=one");
  assert_string_equal(row->type_instance, "");
  store_row_release(row);
}

static void goes_with_its_last_reference(void **state) {
  (void)state;
  long before = allocations_live();
  store_row_t *row = row_of(CLASS_CONSUMERS, "a", 10, 7, "kind=x");
  assert_ptr_equal(store_row_share(row), row);
  store_row_release(row);
  assert_string_equal(facts_find_text(row->facts, "kind"), "x");
  assert_int_equal(row->values[0].counter, 7);
  store_row_release(row);
  store_row_release(NULL);
  assert_int_equal(allocations_live(), before);
}

static void shares_a_name(void **state) {
  (void)state;
  long before = allocations_live();
  store_row_t *first = new_row(CLASS_CONSUMERS), *second = new_row(CLASS_CONSUMERS);
  store_row_set_name(second, row_name_share(first->name));
  assert_ptr_equal(second->host, first->host);
  assert_ptr_equal(second->type_instance, first->type_instance);
  store_row_release(first);
  assert_string_equal(second->host, "here");
  assert_string_equal(second->plugin_instance, "room=one");
  assert_string_equal(second->type_instance, "id=a");
  store_row_release(second);
  row_name_release(NULL);
  assert_int_equal(allocations_live(), before);
}

/* Texts that are joined to the same text are different names. */
static void names_are_told_apart(void **state) {
  (void)state;
  row_name_t *first = row_name_new("ab", "c", ""), *second = row_name_new("a", "bc", "");
  assert_int_equal(first->length, second->length);
  assert_memory_not_equal(first->texts, second->texts, first->length);
  row_name_release(first);
  row_name_release(second);
}

static void copies_values_and_times(void **state) {
  (void)state;
  store_row_t *from = row_of(CLASS_CONSUMERS, "a", 10, 7, NULL), *to = row_of(CLASS_CONSUMERS, "b", 20, 8, "kind=x");
  to->interval = 99;
  store_row_copy_values(to, from);
  assert_memory_equal(to->values, from->values, from->class->fields_length * sizeof(from->values[0]));
  assert_true(to->time == 10 && to->interval == ROWS_INTERVAL);
  assert_string_equal(to->type_instance, "b");
  assert_string_equal(facts_find_text(to->facts, "kind"), "x");
  store_row_release(from);
  store_row_release(to);
}

typedef struct {
  const char *name;
  double time; /* of the newer one; the other's is 100 */
  bool is_late;
} late_case_t;

/* The interval is 10 seconds. */
static const late_case_t late_cases[] = {
    {"newer", 110, false},
    {"the same time", 100, false},
    {"late", 90, true},
    {"late by three intervals", 70, true},
    {"the clock of its host was set back", 50, false},
};

static void tells_what_is_late(void **state) {
  const late_case_t *one = *state;
  store_row_t *before = row_of(CLASS_CONSUMERS, "a", 100, 7, NULL),
              *row = row_of(CLASS_CONSUMERS, "a", one->time, 7, NULL);
  assert_int_equal(store_row_is_late(before, row), one->is_late);
  store_row_release(before);
  store_row_release(row);
}

static void says_what_it_takes(void **state) {
  (void)state;
  size_t before = allocations_bytes();
  store_row_t *bare = row_of(CLASS_CONSUMERS, "a name", 10, 7, NULL);
  size_t held = allocations_bytes() - before;
  assert_true(store_row_size(bare) + 32 >= held && store_row_size(bare) < held + 32);
  store_row_t *told = row_of(CLASS_CONSUMERS, "a name", 10, 7, "kind=x");
  assert_int_equal(store_row_size(told), store_row_size(bare) + facts_size(told->facts));
  store_row_release(bare);
  store_row_release(told);
}

static void bears_each_allocation_that_fails(void **state) {
  (void)state;
  long before = allocations_live();
  for (unsigned long number = 1; number <= 2; number++) {
    allocations_fail_at(number);
    assert_null(new_row(CLASS_CONSUMERS));
    allocations_fail_at(0);
    assert_int_equal(allocations_live(), before);
  }
  allocations_fail_at(3);
  store_row_t *row = new_row(CLASS_CONSUMERS);
  assert_false(allocations_failed());
  allocations_fail_at(0);
  store_row_release(row);
}

int main(void) {
  TEST(begins_empty_with_its_name);
  TEST(copies_its_texts);
  TEST(goes_with_its_last_reference);
  TEST(shares_a_name);
  TEST(names_are_told_apart);
  TEST(copies_values_and_times);
  TEST_CASES(tells_what_is_late, late_cases);
  TEST(says_what_it_takes);
  TEST(bears_each_allocation_that_fails);
  return tests_run("row");
}
