/* SPDX-License-Identifier: MIT */
/* Rooms, reading by reading: receivers report now and then, and a room is not to turn with each report. */
#include "support/rows.h"
#include "write_mediasoup/events/rooms.h"

#include <math.h>

/* What room "red" receives, of ten streams that are well. */
static store_row_t *red(double time, double interval, double packets, double lost) {
  store_row_t *row = store_row_new(&classes[CLASS_GROUP_CONSUMERS], "here", "room=red", "group=room,endpoint=sfu");
  assert_non_null(row);
  row->time = row->received = time;
  row->interval = interval;
  row->facts = facts_new();
  facts_add(row->facts, "endpoint", FACT_TEXT, "sfu");
  facts_add(row->facts, "group", FACT_TEXT, "room");
  row->facts = facts_finish(row->facts);
  row_set(row, "streams", 10);
  row_set(row, "packets", packets);
  row_set(row, "packets_lost", lost);
  row_set(row, "loss_ratio", NAN);
  return row;
}

typedef struct {
  int readings, turns;
  bool is_bad;
} seen_t;

static void see(void *context, const subject_reading_t *reading) {
  seen_t *seen = context;
  seen->readings++;
  seen->turns += reading->life.is_bad != seen->is_bad ? 1 : 0;
  seen->is_bad = reading->life.is_bad;
}

typedef struct {
  const char *name;
  int interval;
  int report_seconds; /* what was lost is known each so many seconds */
  double lost;        /* of a hundred packets a second */
  int turns;          /* in five minutes */
} report_case_t;

static const report_case_t report_cases[] = {
    {"read each 2 s: 5 %", 2, 6, 5, 0},   {"read each 2 s: 15 %", 2, 6, 15, 1},
    {"read each 2 s: 30 %", 2, 6, 30, 1}, {"read each second: 15 %", 1, 5, 15, 1},
    {"read each 10 s: 5 %", 10, 5, 5, 0}, {"read each 10 s: 15 %", 10, 5, 15, 1},
};

static void turns_once(void **state) {
  const report_case_t *one = *state;
  rooms_t rooms = {0};
  seen_t seen = {0};
  for (int time = 0; time <= 300; time += one->interval) {
    int reported = time - time % one->report_seconds;
    store_row_t *row = red(1000 + time, one->interval, 100 * time, one->lost * reported);
    const store_row_t *list[] = {row};
    observation_t observation = {.now = 1000 + time};
    observation.rows[CLASS_GROUP_CONSUMERS] = (observed_rows_t){.list = list, .length = 1};
    rooms_look(&rooms, &observation, see, &seen);
    store_row_release(row);
  }
  assert_int_equal(seen.readings, 300 / one->interval + 1);
  assert_int_equal(seen.turns, one->turns);
  rooms_done(&rooms);
}

int main(void) {
  TEST_CASES(turns_once, report_cases);
  return tests_run("rooms");
}
