/* SPDX-License-Identifier: MIT */
/* A <Group> block: which objects it takes, how many groups it has, and who makes room for whom. */
#include "common/clock.h"
#include "mediasoup/summary/group_block.h"
#include "support/support.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STREAMS = 1 << CLASS_PRODUCERS | 1 << CLASS_CONSUMERS, MEMBERS_MAX = 32 };

/* Members are consumers by their room, a letter: one that stays remembers its group. */
typedef struct {
  group_block_t *block;
  object_t *members[MEMBERS_MAX];
  size_t length;
  double now;
} rig_t;

static char by_room[] = "room", by_transport[] = "transportType", block_name[] = "g";

static group_block_t *new_block(char *by, unsigned classes_wanted, size_t max_groups) {
  return group_block_new("sfu",
                         &(group_options_t){.name = block_name,
                                            .by = {by},
                                            .by_length = by != NULL ? 1 : 0,
                                            .classes = classes_wanted,
                                            .max_groups = max_groups},
                         &(aliases_t){0}, 0);
}

static object_t *new_member(class_id_t class, char room) {
  char json[] = "{\"room\":\"?\"}";
  object_t *object = object_new(&classes[class], NULL, "s", "");
  json[9] = room;
  object->app_data = app_data_new(json);
  object->measured = true;
  if (class != CLASS_TRANSPORTS)
    object->grown[GROWTH_BYTES] = 1;
  return object;
}

static object_t *member_of(rig_t *rig, char room) {
  for (size_t i = 0; i < rig->length; i++)
    if (rig->members[i]->app_data->scalars[0].text[0] == room)
      return rig->members[i];
  assert_true(rig->length < MEMBERS_MAX);
  return rig->members[rig->length++] = new_member(CLASS_CONSUMERS, room);
}

static void add(group_block_t *block, object_t *object) {
  group_block_add(block, object, &(reading_t){NAN, NAN, NAN, NAN, NAN, NAN, STATE_FLOWING}, true);
}

/* The model frees objects that have left. */
static void leave(rig_t *rig, const char *rooms) {
  size_t kept = 0;
  for (size_t i = 0; i < rig->length; i++) {
    if (strchr(rooms, rig->members[i]->app_data->scalars[0].text[0]) != NULL)
      rig->members[kept++] = rig->members[i];
    else
      object_free(rig->members[i]);
  }
  rig->length = kept;
}

/* A reading in which each of these rooms has a member. */
static void read_rooms(rig_t *rig, const char *rooms) {
  rig->now += 10;
  leave(rig, rooms);
  group_block_begin(rig->block);
  for (; *rooms != '\0'; rooms++)
    add(rig->block, member_of(rig, *rooms));
  group_block_end(rig->block, rig->now);
}

/* "SHOWN/MAX+OVER" and then "ROOM=BYTES" of each row, `*` for __other__. */
static void write_row(void *context, const named_values_t *row) {
  char *rows = context;
  size_t length = strlen(rows);
  if (row->class == &classes[CLASS_GROUPS])
    (void)snprintf(rows + length, 200 - length, "%g/%g+%g", row->values[0].gauge, row->values[1].gauge,
                   row->values[2].gauge);
  else
    (void)snprintf(rows + length, 200 - length, " %c=%lld",
                   strcmp(row->plugin_instance, "room=__other__") == 0 ? '*' : row->plugin_instance[strlen("room=")],
                   (long long)row->values[class_field(row->class, "bytes")].counter);
}

static void assert_rows(const rig_t *rig, const char *expected) {
  char rows[200] = "";
  group_block_each(rig->block, write_row, rows);
  assert_string_equal(rows, expected);
}

static void rig_done(rig_t *rig) {
  while (rig->length > 0)
    object_free(rig->members[--rig->length]);
  group_block_free(rig->block);
}

/* --- how many --- */

typedef struct {
  const char *name;
  size_t max_groups;
  const char *rooms[6]; /* of each reading; one that begins with "-" comes GROUP_IDLE_SECONDS later */
  const char *rows;     /* after the last */
} rooms_case_t;

static const rooms_case_t rooms_cases[] = {
    {"rooms: nobody", 3, {""}, "0/3+0"},
    {"rooms: as they come", 3, {"a", "ab", "abb"}, "2/3+0 a=3 b=3"},
    {"rooms: over MaxGroups", 1, {"abc"}, "1/1+2 a=1 *=2"},
    {"rooms: MaxGroups 0", 0, {"ab", "ab"}, "0/0+2 *=4"},
    {"rooms: over MaxGroups, they stay together", 1, {"ab", "-b", "b"}, "0/1+1 *=3"},
    {"rooms: until they are empty", 1, {"ab", "-b", "", "b"}, "1/1+0 b=1 *=2"},
    {"rooms: one that has ended makes room", 1, {"a", "", "b"}, "1/1+0 b=1"},
    {"rooms: one that ends just now does not", 1, {"a", "b"}, "1/1+1 a=1 *=1"},
    {"rooms: the one that ended first makes room", 2, {"ab", "b", "", "c"}, "2/2+0 b=2 c=1"},
    {"rooms: they are kept for a while", 2, {"a", "", "a"}, "1/2+0 a=2"},
    {"rooms: and forgotten after it", 2, {"ab", "-b"}, "1/2+0 b=2"},
};

static void has_groups(void **state) {
  const rooms_case_t *one = *state;
  long before = allocations_live();
  rig_t rig = {.block = new_block(by_room, STREAMS, one->max_groups), .now = 1000};
  for (size_t i = 0; i < LENGTH(one->rooms) && one->rooms[i] != NULL; i++) {
    bool later = one->rooms[i][0] == '-';
    rig.now += later ? GROUP_IDLE_SECONDS : 0;
    read_rooms(&rig, one->rooms[i] + (later ? 1 : 0));
  }
  assert_rows(&rig, one->rows);
  rig_done(&rig);
  assert_int_equal(allocations_live(), before);
}

/* --- who is in it --- */

static void takes_its_classes_only(void **state) {
  (void)state;
  static const class_id_t all[] = {CLASS_USAGE,     CLASS_WORKERS,   CLASS_ROUTERS,        CLASS_TRANSPORTS,
                                   CLASS_PRODUCERS, CLASS_CONSUMERS, CLASS_DATA_PRODUCERS, CLASS_DATA_CONSUMERS};
  rig_t rig = {.block = new_block(NULL, 1U << CLASS_CONSUMERS, 5)};
  group_block_begin(rig.block);
  for (size_t i = 0; i < LENGTH(all); i++) {
    object_t *object = new_member(all[i], 'a');
    add(rig.block, object);
    assert_int_equal(object->membership.groups[0] != NULL, all[i] == CLASS_CONSUMERS);
    object_free(object);
  }
  group_block_end(rig.block, 1);
  group_block_free(rig.block);
}

static void pipes_count_where_they_are_apart(void **state) {
  (void)state;
  char *const keys[] = {by_room, by_transport};
  for (size_t i = 0; i < LENGTH(keys); i++) {
    group_block_t *block = new_block(keys[i], STREAMS, 5);
    object_t *piped = new_member(CLASS_CONSUMERS, 'a');
    piped->membership.piped = true;
    group_block_begin(block);
    add(block, piped);
    group_block_end(block, 1);
    assert_int_equal(piped->membership.groups[0] != NULL, keys[i] == by_transport);
    object_free(piped);
    group_block_free(block);
  }
}

/* The work for a group over MaxGroups does not grow with the number of groups. */
static void many_groups_over_max_groups_are_quick(void **state) {
  (void)state;
  enum { GROUPS = 60000 };
  static object_t *members[GROUPS];
  group_block_t *block = new_block(by_room, STREAMS, 1);
  for (int i = 0; i < GROUPS; i++) {
    char json[32];
    (void)snprintf(json, sizeof(json), "{\"room\":%d}", i);
    members[i] = object_new(&classes[CLASS_CONSUMERS], NULL, "s", "");
    members[i]->app_data = app_data_new(json);
  }
  double before = steady_seconds();
  group_block_begin(block);
  for (int i = 0; i < GROUPS; i++)
    add(block, members[i]);
  group_block_end(block, 1);
  assert_true(steady_seconds() - before < 3);
  group_block_free(block);
  for (int i = 0; i < GROUPS; i++)
    object_free(members[i]);
}

static void has_no_rows_before_a_reading(void **state) {
  (void)state;
  rig_t rig = {.block = new_block(by_room, STREAMS, 5)};
  assert_rows(&rig, "");
  read_rooms(&rig, "");
  assert_rows(&rig, "0/5+0");
  rig_done(&rig);
  group_block_free(NULL);
}

/* --- without memory --- */

/* An object without a group for want of memory gets one in the next reading. */
static void fails_without_memory(void **state) {
  (void)state;
  long before = allocations_live();
  bool failed = true;
  for (unsigned long number = 1; failed; number++) {
    rig_t rig = {.now = 1};
    object_t *a = member_of(&rig, 'a'), *b = member_of(&rig, 'b');
    allocations_fail_at(number);
    rig.block = new_block(by_room, STREAMS, 1);
    if (rig.block != NULL)
      read_rooms(&rig, "ab");
    failed = allocations_failed();
    allocations_fail_at(0);
    if (rig.block != NULL) {
      read_rooms(&rig, "ab");
      assert_true(a->membership.groups[0] != NULL && b->membership.groups[0] != NULL);
    }
    rig_done(&rig);
    assert_int_equal(allocations_live(), before);
    assert_true(number < 100);
  }
}

int main(void) {
  TEST_CASES(has_groups, rooms_cases);
  TEST(takes_its_classes_only);
  TEST(pipes_count_where_they_are_apart);
  TEST(many_groups_over_max_groups_are_quick);
  TEST(has_no_rows_before_a_reading);
  TEST(fails_without_memory);
  return tests_run("group_block");
}
