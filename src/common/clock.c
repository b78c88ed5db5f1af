/* SPDX-License-Identifier: MIT */
#include "clock.h"

#include <time.h>

double steady_seconds(void) {
  struct timespec now = {0};
  (void)clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

double clock_step(double interval) { return 3 * interval; }

bool clock_was_set_back(double before, double time, double interval) { return before - time > clock_step(interval); }

uint64_t epoch_milliseconds(void) {
  struct timespec now = {0};
  (void)clock_gettime(CLOCK_REALTIME, &now);
  return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}
