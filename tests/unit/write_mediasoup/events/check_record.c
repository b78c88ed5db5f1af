/* SPDX-License-Identifier: MIT */
/* Records: members that are unknown, cut and shared; without memory; and the kinds of events. */
#include "support/support.h"
#include "write_mediasoup/events/event.h"

#include <math.h>
#include <string.h>

typedef struct {
  const char *name;
  const char *text;
  size_t most, fitting;
} fitting_case_t;

static const fitting_case_t fitting_cases[] = {
    {"fits", "abc", 3, 3},
    {"is shorter", "abc", 9, 3},
    {"is cut", "abcd", 3, 3},
    {"nothing fits", "abc", 0, 0},
    {"two bytes", "a\xC3\xA4", 2, 1},
    {"two bytes that fit", "a\xC3\xA4", 3, 3},
    {"three bytes", "a\xE2\x82\xAC!", 3, 1},
    {"four bytes", "\xF0\x9F\x98\x80!", 3, 0},
    {"four bytes that fit", "\xF0\x9F\x98\x80!", 4, 4},
};

static void fits(void **state) {
  const fitting_case_t *one = *state;
  char *text = exact_copy(one->text, strlen(one->text) + 1);
  assert_int_equal(record_fitting(text, one->most), one->fitting);
  exact_copy_free(text);
}

static void knows_nothing_at_first(void **state) {
  (void)state;
  long before = allocations_live();
  record_t *record = record_new(&event_type);
  for (size_t i = 0; i < EVENT_MEMBERS; i++)
    if (event_type.members[i].kind == RECORD_TEXT)
      assert_null(record->values[i].text);
    else
      assert_true(isnan(record->values[i].number));
  record_release(record);
  assert_int_equal(allocations_live(), before);
}

static void cuts_what_is_too_long(void **state) {
  (void)state;
  char text[RECORD_TEXT_MAX + 3];
  memset(text, 'x', sizeof(text));
  memcpy(text + RECORD_TEXT_MAX - 1, "\xC3\xA4", 2);
  text[sizeof(text) - 1] = '\0';
  record_t *record = record_new(&event_type);
  record_set_text(record, EVENT_ROOM, text);
  assert_int_equal(strlen(record->values[EVENT_ROOM].text), RECORD_TEXT_MAX - 1);
  record_set_text(record, EVENT_ROOM, "red");
  assert_string_equal(record->values[EVENT_ROOM].text, "red");
  record_set_text(record, EVENT_ROOM, NULL);
  assert_null(record->values[EVENT_ROOM].text);
  record_release(record);
}

static void is_shared(void **state) {
  (void)state;
  record_t *record = event_new(EVENT_ROOM_BAD, 1.5);
  assert_ptr_equal(record_share(record), record);
  record_release(record);
  assert_string_equal(record->values[EVENT_KIND].text, "room_bad");
  assert_string_equal(record->values[EVENT_SEVERITY].text, "warning");
  assert_true(record->values[EVENT_TIME].number == 1500);
  record_release(record);
  record_release(NULL);
}

static void lacks_what_there_is_no_memory_for(void **state) {
  (void)state;
  long before = allocations_live();
  for (unsigned long number = 1;; number++) {
    allocations_fail_at(number);
    record_t *record = event_new(EVENT_ENDPOINT_UP, 1);
    record_set_text(record, EVENT_TEXT, "text");
    record_set_number(record, EVENT_PID, 7);
    bool failed = allocations_failed();
    allocations_fail_at(0);
    assert_int_equal(record == NULL, number == 1);
    record_release(record);
    assert_int_equal(allocations_live(), before);
    if (!failed)
      break;
  }
}

static void names_kinds(void **state) {
  (void)state;
  for (unsigned kind = 0; kind < EVENT_KINDS; kind++) {
    record_t *event = event_new((event_kind_t)kind, 0);
    assert_int_equal(event_kind_of(event_kind_name((event_kind_t)kind)), kind);
    assert_int_equal(event_kind(event), kind);
    record_release(event);
  }
  assert_int_equal(event_kind_of("Room_bad"), EVENT_KINDS);
  record_t *unknown = record_new(&event_type);
  assert_int_equal(event_kind(unknown), EVENT_KINDS);
  record_release(unknown);
  assert_int_equal(event_kinds_by_default(), 1U << EVENT_WORKER_DIED | 1U << EVENT_APPLICATION_RESTARTED |
                                                 1U << EVENT_ENDPOINT_DOWN | 1U << EVENT_ENDPOINT_UP);
}

static void finds_members(void **state) {
  (void)state;
  assert_int_equal(record_member(&event_type, "number"), 0);
  assert_int_equal(record_member(&event_type, "remedy"), EVENT_REMEDY);
  assert_int_equal(record_member(&event_type, "rem"), -1);
}

int main(void) {
  TEST_CASES(fits, fitting_cases);
  TEST(knows_nothing_at_first);
  TEST(cuts_what_is_too_long);
  TEST(is_shared);
  TEST(lacks_what_there_is_no_memory_for);
  TEST(names_kinds);
  TEST(finds_members);
  return tests_run("record");
}
