/* SPDX-License-Identifier: MIT */
/* The rows of a class by name and by id: which row is kept, which name is the newest, and what is let go. */
#include "support/rows.h"
#include "write_mediasoup/store/entries.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const class_id_t tested = CLASS_CONSUMERS;

static void empty(entries_t *entries) {
  entry_t *entry, *next;
  HASH_ITER(by_name, entries->by_name, entry, next)
    store_row_release(entries_remove(entries, entry));
  assert_null(entries->by_name);
  assert_null(entries->by_id);
}

static entry_t *find(const entries_t *entries, const char *type_instance) {
  row_name_t *name = row_name_new("here", "room=one", type_instance);
  entry_t *entry = entries_find(entries, name);
  row_name_release(name);
  return entry;
}

/* Puts a row as the store does. Returns what is to be released. */
static store_row_t *put(entries_t *entries, const char *name, double time, int64_t figure, const char *facts) {
  store_row_t *row = row_of(tested, name, time, figure, facts);
  entry_t *entry = entries_find(entries, row->name);
  return entries_put(entries, entry != NULL ? entry : entries_add(entries, row->name), row);
}

static void assert_row(const entries_t *entries, const char *name, int64_t figure, double time, const char *kind) {
  const store_row_t *row = find(entries, name)->row;
  assert_int_equal(row->values[0].counter, figure);
  assert_true(row->time == time);
  assert_string_equal(facts_find_text(row->facts, "kind"), kind);
}

static void the_first_row_of_a_name_stays_as_it_is(void **state) {
  (void)state;
  entries_t entries = {0};
  assert_null(put(&entries, "a", 10, 1, "kind=x"));
  assert_row(&entries, "a", 1, 10, "x");
  assert_null(find(&entries, "b"));
  assert_true(find(&entries, "a")->told == 10);
  empty(&entries);
}

static void a_newer_row_takes_its_place(void **state) {
  (void)state;
  entries_t entries = {0};
  assert_null(put(&entries, "a", 10, 1, "kind=x"));
  const store_row_t *first = find(&entries, "a")->row;
  store_row_t *unused = put(&entries, "a", 20, 2, NULL);
  assert_ptr_equal(unused, first);
  assert_row(&entries, "a", 2, 20, "x");
  assert_ptr_equal(find(&entries, "a")->row->facts, unused->facts); /* the same facts, shared */
  assert_ptr_equal(find(&entries, "a")->row->name, unused->name);
  store_row_release(unused);
  empty(&entries);
}

static void a_late_row_gives_its_facts_only(void **state) {
  (void)state;
  entries_t entries = {0};
  assert_null(put(&entries, "a", 10, 1, "kind=x"));
  store_row_release(put(&entries, "a", 30, 3, NULL));
  store_row_release(put(&entries, "a", 20, 2, "kind=y"));
  assert_row(&entries, "a", 3, 30, "y");
  assert_true(find(&entries, "a")->told == 20);
  store_row_t *late = put(&entries, "a", 15, 2, "kind=z");
  assert_int_equal(late->values[0].counter, 2); /* it is not kept */
  store_row_release(late);
  assert_row(&entries, "a", 3, 30, "y");
  empty(&entries);
}

static void the_older_of_two_names_is_superseded(void **state) {
  (void)state;
  entries_t entries = {0};
  assert_null(put(&entries, "a", 10, 1, "consumerId=c"));
  assert_null(put(&entries, "b", 20, 2, "consumerId=c"));
  assert_true(find(&entries, "a")->is_superseded);
  assert_false(find(&entries, "b")->is_superseded);
  assert_ptr_equal(find(&entries, "a")->same_id, find(&entries, "b")->same_id);
  assert_int_equal(entries_find_id(&entries, "c")->length, 2);
  store_row_release(put(&entries, "a", 30, 3, NULL));
  assert_false(find(&entries, "a")->is_superseded);
  assert_true(find(&entries, "b")->is_superseded);
  empty(&entries);
}

static void new_facts_may_tell_another_id(void **state) {
  (void)state;
  entries_t entries = {0};
  assert_null(put(&entries, "a", 10, 1, "consumerId=c"));
  store_row_release(put(&entries, "a", 20, 2, "consumerId=d"));
  assert_null(entries_find_id(&entries, "c"));
  assert_int_equal(entries_find_id(&entries, "d")->length, 1);
  store_row_release(put(&entries, "a", 30, 3, "kind=x"));
  assert_null(entries_find_id(&entries, "d"));
  assert_null(find(&entries, "a")->same_id);
  empty(&entries);
}

static void removing_gives_the_row_back(void **state) {
  (void)state;
  long before = allocations_live();
  entries_t entries = {0};
  assert_null(put(&entries, "a", 10, 1, "consumerId=c"));
  assert_null(put(&entries, "b", 20, 2, "consumerId=c ssrc=1"));
  store_row_t *row = entries_remove(&entries, find(&entries, "a"));
  assert_string_equal(row->type_instance, "a");
  assert_int_equal(row->values[0].counter, 1);
  store_row_release(row);
  assert_null(find(&entries, "a"));
  assert_int_equal(entries_find_id(&entries, "c")->length, 1);
  empty(&entries);
  assert_int_equal(allocations_live(), before);
}

/* Each new one is compared with those of its id: a made-up id of many rows must not cost more and more. */
static void an_id_has_no_more_than_64_entries(void **state) {
  (void)state;
  entries_t entries = {0};
  for (int i = 0; i < 70; i++) {
    char name[20], facts[60];
    (void)snprintf(name, sizeof(name), "n%d", i);
    (void)snprintf(facts, sizeof(facts), "consumerId=c ssrc=%d", i);
    assert_null(put(&entries, name, 10, i, facts));
  }
  assert_int_equal(entries_find_id(&entries, "c")->length, 64);
  assert_non_null(find(&entries, "n69"));
  assert_null(find(&entries, "n69")->same_id);
  empty(&entries);
}

/* Whether the allocation of this number was reached and failed. Without memory a name is not added, or not found by its
 * id. */
static bool fails_at(unsigned long number) {
  long before = allocations_live();
  entries_t entries = {0};
  store_row_t *row = row_of(tested, "a", 10, 1, "consumerId=c");
  allocations_fail_at(number);
  entry_t *entry = entries_add(&entries, row->name);
  if (entry == NULL)
    store_row_release(row);
  else
    assert_null(entries_put(&entries, entry, row));
  bool failed = allocations_failed();
  allocations_fail_at(0);
  assert_int_equal(entry != NULL && entries_find_id(&entries, "c") != NULL, !failed);
  empty(&entries);
  assert_int_equal(allocations_live(), before);
  return failed;
}

static void bears_each_allocation_that_fails(void **state) {
  (void)state;
  assert_true(allocations_fail_in_turn(fails_at) > 4); /* an entry, an id, and the tables of both */
}

int main(void) {
  TEST(the_first_row_of_a_name_stays_as_it_is);
  TEST(a_newer_row_takes_its_place);
  TEST(a_late_row_gives_its_facts_only);
  TEST(the_older_of_two_names_is_superseded);
  TEST(new_facts_may_tell_another_id);
  TEST(removing_gives_the_row_back);
  TEST(an_id_has_no_more_than_64_entries);
  TEST(bears_each_allocation_that_fails);
  return tests_run("entries");
}
