/* SPDX-License-Identifier: MIT */
/* Lives: what a life adds up to, with counters that were there before, that fall and that are unknown. */
#include "support/support.h"
#include "write_mediasoup/events/ended.h"
#include "write_mediasoup/events/life.h"

#include <math.h>
#include <string.h>

typedef struct {
  const char *name;
  double before; /* what the counters stood at */
  life_reading_t readings[4];
  size_t length;
  double began, ended, duration, received, sent, worst_loss, seconds_bad;
} life_case_t;

static const life_case_t life_cases[] = {
    {"one reading", 0, {{10, true, 0.5, 100, 200}}, 1, 10000, 10000, 0, 100, 200, 0.5, 0},
    {"grows", 50, {{10, false, 0, 100, 200}, {20, false, 0, 150, 250}}, 2, 10000, 20000, 10, 100, 200, 0, 0},
    {"what was counted before nobody looked is not its own",
     NAN,
     {{10, false, 0, 100, 200}, {20, false, 0, 150, 250}},
     2,
     10000,
     20000,
     10,
     50,
     50,
     0,
     0},
    {"a counter falls when a transport is closed",
     0,
     {{10, false, 0, 100, 100}, {20, false, 0, 30, 100}, {30, false, 0, 40, 100}},
     3,
     10000,
     30000,
     20,
     110,
     100,
     0,
     0},
    {"unknown bytes", NAN, {{10, false, NAN, NAN, NAN}}, 1, 10000, 10000, 0, NAN, NAN, NAN, 0},
    {"the worst loss of those known",
     0,
     {{10, false, NAN, 0, 0}, {20, false, 0.25, 0, 0}, {30, false, 0.125, 0, 0}, {40, false, NAN, 0, 0}},
     4,
     10000,
     40000,
     30,
     0,
     0,
     0.25,
     0},
    {"the duration is that of the times as they are shown",
     0,
     {{10.0004, false, 0, 0, 0}, {14.0016, false, 0, 0, 0}},
     2,
     10000,
     14002,
     4.002,
     0,
     0,
     0,
     0},
    {"bad seconds",
     0,
     {{10, true, 0, 0, 0}, {20, true, 0, 0, 0}, {30.5, true, 0, 0, 0}, {40, false, 0, 0, 0}},
     4,
     10000,
     40000,
     30,
     0,
     0,
     0,
     20.5},
};

static void is_number(const record_t *record, size_t member, double expected) {
  double number = record->values[member].number;
  if (isnan(expected) ? !isnan(number) : number != expected)
    fail_msg("%s is %g, not %g", record->type->members[member].key, number, expected);
}

static void adds_up(void **state) {
  const life_case_t *one = *state;
  life_t life;
  life_begin(&life, &one->readings[0], one->before, one->before);
  for (size_t i = 1; i < one->length; i++)
    life_take(&life, &one->readings[i], true);
  record_t *record = record_new(&ended_type);
  life_write(&life, record);
  is_number(record, ENDED_BEGAN, one->began);
  is_number(record, ENDED_ENDED, one->ended);
  is_number(record, ENDED_DURATION, one->duration);
  is_number(record, ENDED_BYTES_RECEIVED, one->received);
  is_number(record, ENDED_BYTES_SENT, one->sent);
  is_number(record, ENDED_WORST_LOSS_RATIO, one->worst_loss);
  is_number(record, ENDED_SECONDS_BAD, one->seconds_bad);
  record_release(record);
  life_write(&life, NULL);
}

static void time_that_nobody_watched_is_not_bad(void **state) {
  (void)state;
  life_t life;
  life_begin(&life, &(life_reading_t){.time = 10, .is_bad = true}, 0, 0);
  life_take(&life, &(life_reading_t){.time = 1810, .is_bad = true}, false);
  life_take(&life, &(life_reading_t){.time = 1820, .is_bad = true}, true);
  assert_true(life.seconds_bad == 10);
  assert_true(life.last == 1820);
}

int main(void) {
  TEST_CASES(adds_up, life_cases);
  TEST(time_that_nobody_watched_is_not_bad);
  return tests_run("life");
}
