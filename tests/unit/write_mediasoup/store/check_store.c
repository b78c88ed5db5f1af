/* SPDX-License-Identifier: MIT */
/* The store: which of several rows is shown, with which facts and for how long; how many fit; and without memory. */
#include "support/rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const class_id_t tested = CLASS_CONSUMERS;

enum { ROOM = 100 };

static void assert_shown(store_t *store, double now, const char *fact, const char *expected) {
  char *shown = show_rows(store, tested, NULL, now, fact);
  assert_string_equal(shown, expected);
  free(shown);
}

/* --- order --- */

typedef struct {
  const char *name;
  struct {
    const char *name;
    double time;
    int64_t figure;
    const char *facts;
  } rows[4]; /* in the order of their coming */
  double now;
  const char *fact; /* to be shown */
  const char *shown;
} order_case_t;

static const order_case_t order_cases[] = {
    {"newer values replace older ones", {{"a", 10, 1, NULL}, {"a", 20, 2, NULL}}, 20, NULL, "a=2"},
    {"late values do not replace newer ones", {{"a", 20, 2, NULL}, {"a", 10, 1, NULL}}, 20, NULL, "a=2"},
    {"a repeated value stays", {{"a", 10, 1, NULL}, {"a", 10, 1, NULL}}, 10, NULL, "a=1"},
    {"two rows of one time: the last one counts", {{"a", 10, 1, NULL}, {"a", 10, 2, NULL}}, 10, NULL, "a=2"},
    {"two names are two rows", {{"a", 10, 1, NULL}, {"b", 10, 2, NULL}}, 10, NULL, "a=1 b=2"},
    {"so are two hosts", {{"a", 10, 1, NULL}, {"far:a", 10, 2, NULL}}, 10, NULL, "far:a=2 a=1"},
    {"a row is shown for two intervals", {{"a", 10, 1, NULL}, {"b", 9, 1, NULL}}, 30, NULL, "a=1"},

    {"metadata stays", {{"a", 10, 1, "kind=x"}, {"a", 20, 2, NULL}}, 20, "kind", "a=2(x)"},
    {"metadata that is newer counts", {{"a", 10, 1, "kind=x"}, {"a", 20, 2, "kind=y"}}, 20, "kind", "a=2(y)"},
    {"metadata after a row without", {{"a", 10, 1, NULL}, {"a", 20, 2, "kind=x"}}, 20, "kind", "a=2(x)"},
    {"of a host whose clock was set back", {{"a", 2000, 1, "k=new"}, {"a", 20, 2, NULL}}, 20, "k", "a=2(new)"},
    {"and its metadata", {{"a", 2000, 1, "k=old"}, {"a", 20, 2, NULL}, {"a", 30, 3, "k=new"}}, 30, "k", "a=3(new)"},
    {"metadata of a late row, where it is the first",
     {{"a", 20, 2, NULL}, {"a", 10, 1, "kind=x"}},
     20,
     "kind",
     "a=2(x)"},
    {"metadata of a late row, older than what there is",
     {{"a", 20, 2, "kind=y"}, {"a", 10, 1, "kind=x"}},
     20,
     "kind",
     "a=2(y)"},
    {"metadata of a late row, newer than what there is",
     {{"a", 10, 1, "kind=x"}, {"a", 30, 3, NULL}, {"a", 20, 2, "kind=y"}},
     30,
     "kind",
     "a=3(y)"},
    {"and late metadata after that",
     {{"a", 30, 3, NULL}, {"a", 20, 2, "kind=y"}, {"a", 10, 1, "kind=x"}},
     30,
     "kind",
     "a=3(y)"},
    {"without metadata, the name tells", {{"kind=x,id=c1", 10, 1, NULL}}, 10, "consumerId", "kind=x,id=c1=1(c1)"},

    {"a new name of one object", {{"a", 10, 1, "consumerId=c"}, {"b", 20, 2, "consumerId=c"}}, 20, NULL, "b=2"},
    {"names in another order", {{"b", 20, 2, "consumerId=c"}, {"a", 10, 1, "consumerId=c"}}, 20, NULL, "b=2"},
    {"the old name again",
     {{"a", 10, 1, "consumerId=c"}, {"b", 20, 2, "consumerId=c"}, {"a", 30, 3, NULL}},
     30,
     NULL,
     "a=3"},
    {"a late row of the old name",
     {{"a", 10, 1, "consumerId=c"}, {"b", 20, 2, "consumerId=c"}, {"a", 15, 3, NULL}},
     20,
     NULL,
     "b=2"},
    {"a late row tells that two names are one object",
     {{"a", 20, 1, "consumerId=c"}, {"b", 30, 2, NULL}, {"b", 10, 3, "consumerId=c"}},
     30,
     NULL,
     "b=2"},
    {"two streams of one id",
     {{"a", 10, 1, "consumerId=c ssrc=1"}, {"b", 20, 2, "consumerId=c ssrc=2"}},
     20,
     NULL,
     "a=1 b=2"},
    {"one id below two transports",
     {{"a", 10, 1, "consumerId=c transportId=1"}, {"b", 20, 2, "consumerId=c transportId=2"}},
     20,
     NULL,
     "a=1 b=2"},
    {"one id on two hosts", {{"a", 10, 1, "consumerId=c"}, {"far:b", 20, 2, "consumerId=c"}}, 20, NULL, "far:b=2 a=1"},
};

static void orders(void **state) {
  const order_case_t *one = *state;
  store_t *store = store_new(ROOM);
  for (size_t i = 0; i < LENGTH(one->rows) && one->rows[i].name != NULL; i++)
    put_row(store, tested, one->rows[i].name, one->rows[i].time, one->rows[i].figure, one->rows[i].facts);
  assert_shown(store, one->now, one->fact, one->shown);
  store_free(store);
}

static void shows_slots_and_processes_side_by_side(void **state) {
  (void)state;
  store_t *store = store_new(ROOM);
  put_row(store, CLASS_WORKERS, "process=0,worker=0", 10, 1, "worker=0");
  put_row(store, CLASS_WORKERS, "process=1,worker=0", 20, 2, "worker=0");
  char *shown = show_rows(store, CLASS_WORKERS, NULL, 20, NULL);
  assert_string_equal(shown, "process=0,worker=0=1 process=1,worker=0=2");
  free(shown);
  store_free(store);
}

/* --- selecting --- */

static bool has_even_figure(const void *context, const store_row_t *row) {
  (*(int *)(uintptr_t)context)++;
  return row->values[0].counter % 2 == 0;
}

static store_t *store_of_many(void) {
  store_t *store = store_new(1000);
  for (int i = 0; i < 200; i++) {
    char name[20], facts[60];
    (void)snprintf(name, sizeof(name), "n%03d", i);
    (void)snprintf(facts, sizeof(facts), "consumerId=c%d ssrc=%d", i / 2, i);
    put_row(store, tested, name, 10, i, facts);
  }
  return store;
}

static void finds_an_id_without_a_look_at_others(void **state) {
  (void)state;
  int looked = 0;
  store_t *store = store_of_many();
  char *both = show_rows(store, tested, &(selection_t){.id = "c40"}, 10, NULL);
  char *even =
      show_rows(store, tested, &(selection_t){.id = "c40", .matches = has_even_figure, .context = &looked}, 10, NULL);
  char *late = show_rows(store, tested, &(selection_t){.id = "c40"}, 31, NULL);
  char *none = show_rows(store, tested, &(selection_t){.id = "c400"}, 10, NULL);
  char *other = show_rows(store, CLASS_PRODUCERS, &(selection_t){.id = "c40"}, 10, NULL);
  assert_string_equal(both, "n080=80 n081=81");
  assert_string_equal(even, "n080=80");
  assert_int_equal(looked, 2);
  assert_string_equal(late, "");
  assert_string_equal(none, "");
  assert_string_equal(other, "");
  char *const texts[] = {both, even, late, none, other};
  for (size_t i = 0; i < LENGTH(texts); i++)
    free(texts[i]);
  store_free(store);
}

static void takes_what_matches(void **state) {
  (void)state;
  int looked = 0;
  size_t length;
  store_t *store = store_of_many();
  const selection_t selection = {.matches = has_even_figure, .context = &looked};
  const store_row_t **rows = store_take(store, &classes[tested], &selection, 10, &length);
  assert_int_equal(length, 100);
  assert_int_equal(looked, 200);
  store_release(rows, length);
  store_free(store);
}

static void rows_taken_outlive_what_comes_after(void **state) {
  (void)state;
  size_t length;
  store_t *store = store_new(ROOM);
  put_row(store, tested, "a", 10, 1, "kind=x");
  const store_row_t **rows = store_take(store, &classes[tested], NULL, 10, &length);
  put_row(store, tested, "a", 20, 2, "kind=y");
  store_forget(store, &classes[tested], "here", "room=one", "a");
  assert_shown(store, 20, NULL, "");
  store_free(store);
  assert_int_equal(length, 1);
  assert_int_equal(rows[0]->values[0].counter, 1);
  assert_string_equal(facts_find_text(rows[0]->facts, "kind"), "x");
  store_release(rows, length);
}

static void forgets(void **state) {
  (void)state;
  store_t *store = store_of_many();
  store_forget(store, &classes[tested], "here", "room=one", "n080");
  store_forget(store, &classes[tested], "here", "room=one", "unknown");
  char *rest = show_rows(store, tested, &(selection_t){.id = "c40"}, 10, NULL);
  assert_string_equal(rest, "n081=81");
  free(rest);
  assert_int_equal(store_usage(store).objects, 199);
  store_free(store);
}

static void assert_endpoints(store_t *store, double now, const char *current, const char *all) {
  char *shown = show_rows(store, CLASS_ENDPOINT, NULL, now, NULL);
  char *silent = show_rows(store, CLASS_ENDPOINT, &(selection_t){.also_silent = true}, now, NULL);
  assert_string_equal(shown, current);
  assert_string_equal(silent, all);
  free(shown);
  free(silent);
}

/* Whoever reports a missing value list means that the endpoint is silent, not that it never was. */
static void keeps_an_endpoint_that_is_silent(void **state) {
  (void)state;
  store_t *store = store_new(ROOM);
  put_row(store, CLASS_ENDPOINT, "e", 10, 1, NULL);
  put_row(store, tested, "a", 10, 1, NULL);
  assert_endpoints(store, 30, "e=1", "e=1");
  store_forget(store, &classes[CLASS_ENDPOINT], "here", "room=one", "e");
  assert_endpoints(store, 31, "", "e=1");
  assert_endpoints(store, 10 + SILENT_SECONDS, "", "e=1");
  assert_endpoints(store, 11 + SILENT_SECONDS, "", "");
  assert_int_equal(store_usage(store).objects, 1);
  store_free(store);
}

/* collectd reads nothing until a clock that was set back has caught up, so what is there is as old as can be. */
static void takes_no_row_of_the_future(void **state) {
  (void)state;
  store_t *store = store_new(ROOM);
  put_row(store, CLASS_ENDPOINT, "e", 4000, 1, NULL);
  put_row(store, tested, "a", 4000, 1, NULL);
  assert_endpoints(store, 3980, "e=1", "e=1");
  assert_endpoints(store, 400, "", "e=1");
  char *rows = show_rows(store, tested, NULL, 400, NULL);
  assert_string_equal(rows, "");
  free(rows);
  assert_endpoints(store, 4001, "e=1", "e=1");
  store_free(store);
}

/* --- room --- */

static void put_many(store_t *store, int first, int end, double time) {
  for (int i = first; i < end; i++) {
    char name[20];
    (void)snprintf(name, sizeof(name), "n%d", i);
    put_row(store, tested, name, time, i, NULL);
  }
}

static void assert_usage(store_t *store, size_t objects, uint64_t skipped) {
  store_usage_t usage = store_usage(store);
  assert_int_equal(usage.objects, objects);
  assert_int_equal(usage.max_objects, ROOM);
  assert_int_equal(usage.skipped, skipped);
}

static void objects_without_room_are_counted_and_told_once(void **state) {
  (void)state;
  store_t *store = store_new(ROOM);
  put_many(store, 0, ROOM, 10);
  assert_false(store_begins_to_skip(store));
  put_many(store, ROOM, ROOM + 3, 10);
  assert_usage(store, ROOM, 3);
  assert_true(store_begins_to_skip(store));
  put_many(store, 0, ROOM + 3, 20); /* rows that are there still get new values */
  assert_usage(store, ROOM, 6);
  assert_false(store_begins_to_skip(store));
  put_many(store, ROOM, ROOM + 3, 41); /* the others are out of date and make room */
  assert_usage(store, 3, 6);
  put_many(store, 0, ROOM, 41);
  assert_true(store_begins_to_skip(store));
  store_free(store);
}

static void a_row_out_of_date_is_removed_by_the_next_reader(void **state) {
  (void)state;
  store_t *store = store_new(ROOM);
  put_many(store, 0, 50, 10);
  put_many(store, 50, 60, 20);
  size_t length;
  const store_row_t **rows = store_take(store, &classes[tested], NULL, 35, &length);
  assert_int_equal(length, 10);
  assert_usage(store, 10, 0);
  store_release(rows, length);
  store_free(store);
}

/* --- memory --- */

/* All paths that allocate. */
static void use(store_t *store) {
  put_row(store, tested, "id=c1", 20, 1, NULL);
  put_row(store, tested, "id=c1", 10, 1, "consumerId=c1 label=own");
  put_row(store, tested, "new name", 30, 2, "consumerId=c1 label.1=b label=a");
  put_row(store, tested, "id=c2", 30, 3, "consumerId=c2 appData={}");
  put_row(store, CLASS_PRODUCERS, "id=p1", 30, 4, "producerId=p1"); /* the first of its class */
  store_forget(store, &classes[tested], "here", "room=one", "id=c2");
  size_t length;
  const store_row_t **rows = store_take(store, &classes[tested], &(selection_t){.id = "c1"}, 30, &length);
  store_release(rows, length);
  rows = store_take(store, &classes[tested], NULL, 30, &length);
  store_release(rows, length);
}

static void bears_each_allocation_that_fails(void **state) {
  (void)state;
  long before = allocations_live();
  unsigned long number = 0;
  do {
    store_t *store = store_new(ROOM);
    put_row(store, tested, "steady", 30, 7, "consumerId=c7");
    allocations_fail_at(++number);
    use(store);
    bool failed = allocations_failed();
    allocations_fail_at(0);
    char *shown = show_rows(store, tested, &(selection_t){.id = "c7"}, 30, NULL);
    assert_string_equal(shown, "steady=7");
    free(shown);
    use(store); /* it works as before */
    assert_shown(store, 30, NULL, "new name=2 steady=7");
    store_free(store);
    assert_int_equal(allocations_live(), before);
    if (!failed)
      break;
  } while (number < 10000);
  assert_true(number > 20);
  allocations_fail_at(1);
  assert_null(store_new(ROOM));
  allocations_fail_at(0);
}

int main(void) {
  TEST_CASES(orders, order_cases);
  TEST(shows_slots_and_processes_side_by_side);
  TEST(finds_an_id_without_a_look_at_others);
  TEST(takes_what_matches);
  TEST(rows_taken_outlive_what_comes_after);
  TEST(forgets);
  TEST(keeps_an_endpoint_that_is_silent);
  TEST(takes_no_row_of_the_future);
  TEST(objects_without_room_are_counted_and_told_once);
  TEST(a_row_out_of_date_is_removed_by_the_next_reader);
  TEST(bears_each_allocation_that_fails);
  return tests_run("store");
}
