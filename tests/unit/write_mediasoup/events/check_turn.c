/* SPDX-License-Identifier: MIT */
/* Turns: two readings in a row, and since when. */
#include "support/support.h"
#include "write_mediasoup/events/turn.h"

#include <string.h>

typedef struct {
  const char *name;
  const char *readings; /* a letter each: b is bad, g is good; one each 10 seconds from 10 on */
  const char *turns;    /* after each: B turned bad, G turned good, - did not turn */
  double since, before; /* at the end */
} turn_case_t;

static const turn_case_t turn_cases[] = {
    {"stays good", "ggg", "---", 0, 0},
    {"turns bad", "gbb", "--B", 20, 0},
    {"turns good again", "bbgg", "-B-G", 30, 10},
    {"one bad reading is nothing", "gbgbg", "-----", 0, 0},
    {"one good reading is nothing", "bbgbg", "-B---", 10, 0},
    {"bad for long turns once", "bbbb", "-B--", 10, 0},
    {"turns again and again", "bbggbb", "-B-G-B", 50, 30},
};

static void turns(void **state) {
  const turn_case_t *one = *state;
  turn_t turn = {0};
  for (size_t i = 0; i < strlen(one->readings); i++) {
    bool turned = turn_take(&turn, one->readings[i] == 'b', 10 * (double)(i + 1));
    char shown = !turned ? '-' : turn.is_bad ? 'B' : 'G';
    if (shown != one->turns[i])
      fail_msg("reading %zu: %c, not %c", i + 1, shown, one->turns[i]);
  }
  assert_true(turn.since == one->since);
  assert_true(turn.before == one->before);
}

static void begins_bad_without_a_turn(void **state) {
  (void)state;
  turn_t turn;
  turn_begin(&turn, true, 5);
  assert_false(turn_take(&turn, true, 10));
  assert_true(turn.since == 5);
  assert_false(turn_take(&turn, false, 20));
  assert_true(turn_take(&turn, false, 30));
  assert_true(turn.since == 20 && turn.before == 5);
}

int main(void) {
  TEST_CASES(turns, turn_cases);
  TEST(begins_bad_without_a_turn);
  return tests_run("turn");
}
