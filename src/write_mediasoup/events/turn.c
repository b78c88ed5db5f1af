/* SPDX-License-Identifier: MIT */
#include "turn.h"

void turn_begin(turn_t *turn, bool is_bad, double time) { *turn = (turn_t){.is_bad = is_bad, .since = time}; }

bool turn_take(turn_t *turn, bool is_bad, double time) {
  if (is_bad == turn->is_bad) {
    turn->contrary = 0;
    return false;
  }
  if (turn->contrary++ == 0)
    turn->contrary_since = time;
  if (turn->contrary < TURN_READINGS)
    return false;
  *turn = (turn_t){.is_bad = is_bad, .since = turn->contrary_since, .before = turn->since};
  return true;
}

void turn_follow_clock(turn_t *turn, double step) {
  turn->contrary_since += step;
  turn->since += step;
  turn->before += step;
}
