/* SPDX-License-Identifier: MIT */
/* A group: how long it lives, and which rows it has. */
#include "mediasoup/summary/group.h"
#include "support/support.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { STREAMS = 1 << CLASS_PRODUCERS | 1 << CLASS_CONSUMERS };

static void namer_init(group_namer_t *namer) {
  *namer = (group_namer_t){0};
  assert_true(group_namer_init(namer, "sfu", "room", NULL, 0, &(aliases_t){0}));
}

static void add(group_t *group, class_id_t class, uint64_t bytes) {
  object_t *stream = object_new(&classes[class], NULL, "s", "");
  stream->measured = true;
  stream->grown[GROWTH_BYTES] = bytes;
  group_see(group);
  section_add(&group->sections[section_place(stream->class)], stream,
              &(reading_t){.score = NAN, .loss_ratio = NAN, .round_trip_time = NAN, .jitter = NAN, .bitrate = NAN},
              true);
  object_free(stream);
}

/* "CLASS=BYTES " of each row. */
static void write_row(void *context, const named_values_t *values) {
  char *rows = context;
  assert_string_equal(values->plugin_instance, "sfu");
  assert_string_equal(values->type_instance, "group=room");
  assert_null(values->about);
  (void)snprintf(rows + strlen(rows), 200 - strlen(rows), "%s=%lld ", values->class->name,
                 (long long)values->values[class_field(values->class, "bytes")].counter);
}

static void assert_rows(const group_t *group, const char *expected) {
  char rows[200] = "";
  group_each(group, write_row, rows);
  assert_string_equal(rows, expected);
}

static void has_a_row_for_each_class_that_was_in_it(void **state) {
  (void)state;
  long before = allocations_live();
  group_namer_t namer;
  namer_init(&namer);
  group_t *group = group_new(&namer, STREAMS, NULL, "k\0y", 3);
  assert_memory_equal(group->key, "k\0y", 3);
  assert_int_equal(group->key_length, 3);
  assert_false(group->over);
  assert_null(group->sections[section_place(&classes[CLASS_TRANSPORTS])].values); /* which is not grouped */
  group_begin(group);
  add(group, CLASS_CONSUMERS, 5);
  group_end(group, 10);
  assert_rows(group, "group_consumers=5 ");
  group_begin(group);
  add(group, CLASS_CONSUMERS, 1);
  add(group, CLASS_PRODUCERS, 7);
  group_end(group, 20);
  assert_rows(group, "group_producers=7 group_consumers=6 ");
  group_begin(group);
  group_end(group, 30);
  assert_rows(group, "group_producers=7 group_consumers=6 ");
  group_free(group);
  group_free(NULL);
  group_namer_done(&namer);
  assert_int_equal(allocations_live(), before);
}

static void outlives_its_members_for_a_while(void **state) {
  (void)state;
  group_namer_t namer;
  namer_init(&namer);
  group_t *group = group_new(&namer, STREAMS, NULL, "", 0);
  group_begin(group);
  assert_true(group->is_idle); /* nobody was in it */
  add(group, CLASS_CONSUMERS, 5);
  assert_false(group->is_idle);
  group_end(group, 100);
  assert_false(group_is_done(group, 100));
  group_begin(group);
  assert_false(group->is_idle); /* it had a member in the reading before */
  group_end(group, 110);
  assert_false(group_is_done(group, 110));
  group_begin(group);
  assert_true(group->is_idle);
  group_end(group, 120);
  assert_false(group_is_done(group, 100 + GROUP_IDLE_SECONDS - 1));
  assert_true(group_is_done(group, 100 + GROUP_IDLE_SECONDS));
  add(group, CLASS_CONSUMERS, 5);
  assert_false(group_is_done(group, 100 + GROUP_IDLE_SECONDS));
  group_free(group);
  group_namer_done(&namer);
}

static void over_max_groups_it_only_counts(void **state) {
  (void)state;
  group_t *group = group_new_over("key", 3);
  assert_true(group->over);
  assert_null(group->plugin_instance);
  group_begin(group);
  group_see(group);
  group_end(group, 10);
  assert_rows(group, "");
  assert_false(group_is_done(group, 10 + GROUP_IDLE_SECONDS));
  group_begin(group);
  group_end(group, 20);
  assert_true(group_is_done(group, 20)); /* at once, when it is empty */
  group_free(group);
  allocations_fail_at(1);
  assert_null(group_new_over("key", 3));
  allocations_fail_at(0);
}

static void fails_without_memory(void **state) {
  (void)state;
  group_namer_t namer;
  namer_init(&namer);
  buffer_append_text(&namer.text, "has its memory already");
  long before = allocations_live();
  bool failed = true;
  for (unsigned long number = 1; failed; number++) {
    allocations_fail_at(number);
    group_t *group = group_new(&namer, STREAMS, NULL, "key", 3);
    failed = allocations_failed();
    allocations_fail_at(0);
    assert_true(failed == (group == NULL));
    group_free(group);
    assert_int_equal(allocations_live(), before);
    assert_true(number < 10);
  }
  group_namer_done(&namer);
}

int main(void) {
  TEST(has_a_row_for_each_class_that_was_in_it);
  TEST(outlives_its_members_for_a_while);
  TEST(over_max_groups_it_only_counts);
  TEST(fails_without_memory);
  return tests_run("group");
}
