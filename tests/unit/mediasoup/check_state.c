/* SPDX-License-Identifier: MIT */
/* The state of a stream, from what a snapshot says of it. */
#include "mediasoup/state.h"
#include "support/support.h"

#include <math.h>

typedef struct {
  const char *name;
  stream_facts_t facts;
  stream_state_t state;
} state_case_t;

/* Connected, and seen in an earlier snapshot. */
#define KNOWN .connected = true, .compared = true
#define NO_FIGURES .score = NAN, .bitrate = NAN

static const state_case_t state_cases[] = {
    {"flows", {KNOWN, .has_sent = true, .grew = true, .score = 10, .bitrate = 1000}, STATE_FLOWING},
    {"flows badly", {KNOWN, .has_sent = true, .grew = true, .score = 0, .bitrate = 1000}, STATE_FLOWING},
    {"flows, now and then", {KNOWN, .has_sent = true, .grew = true, .score = 9, .bitrate = 0}, STATE_FLOWING},
    {"flows, its figures are unknown", {KNOWN, .has_sent = true, .grew = true, NO_FIGURES}, STATE_FLOWING},
    {"paused", {.paused = true, KNOWN, .has_sent = true, .score = 0, .bitrate = 0}, STATE_PAUSED},
    {"paused, not connected", {.paused = true, .compared = true, NO_FIGURES}, STATE_PAUSED},
    {"paused just now",
     {.paused = true, KNOWN, .has_sent = true, .grew = true, .score = 9, .bitrate = 9},
     STATE_PAUSED},
    {"not connected", {.compared = true, NO_FIGURES}, STATE_WAITING},
    {"not connected any more", {.compared = true, .has_sent = true, .score = 0, .bitrate = 0}, STATE_WAITING},
    {"new, has sent nothing", {.connected = true, NO_FIGURES}, STATE_WAITING},
    {"new, has sent", {.connected = true, .has_sent = true, .score = 10, .bitrate = 0}, STATE_FLOWING},
    {"new, stopped before we came", {.connected = true, .has_sent = true, .score = 0, .bitrate = 0}, STATE_SILENT},
    {"new, a layer that was stopped", {.connected = true, .has_sent = true, .excused = true}, STATE_INACTIVE},
    {"never sent", {KNOWN, NO_FIGURES}, STATE_SILENT},
    {"sends no more", {KNOWN, .has_sent = true, .score = 8, .bitrate = 0}, STATE_SILENT},
    {"sends no more, its bitrate is old", {KNOWN, .has_sent = true, .score = 8, .bitrate = 5}, STATE_FLOWING},
    {"stopped just now", {KNOWN, .has_sent = true, .grew = true, .score = 0, .bitrate = 0}, STATE_SILENT},
    {"a layer that is stopped", {KNOWN, .has_sent = true, .excused = true, .score = 0, .bitrate = 0}, STATE_INACTIVE},
    {"a layer that was stopped just now",
     {KNOWN, .has_sent = true, .grew = true, .excused = true, .score = 0, .bitrate = 1000},
     STATE_INACTIVE},
#define TRIED KNOWN, .lost_its_layer = true, .grew = true, .score = 9, .bitrate = 1000
    {"a few packets of a layer that is tried", {TRIED, .has_sent = true}, STATE_SILENT},
    {"it has never had a layer", {TRIED}, STATE_FLOWING},
    {"no layer, as its producer sends none", {TRIED, .has_sent = true, .excused = true}, STATE_FLOWING},
    {"no layer, as it is paused", {TRIED, .has_sent = true, .paused = true}, STATE_PAUSED},
    {"a layer that flows",
     {KNOWN, .has_sent = true, .grew = true, .excused = true, .score = 3, .bitrate = 5},
     STATE_FLOWING},
};

static void decides(void **state) {
  const state_case_t *one = *state;
  assert_int_equal(state_of(&one->facts), one->state);
}

typedef struct {
  const char *name;
  stream_state_t state;
  double score;
  bool loss_is_high, bad;
} bad_case_t;

static const bad_case_t bad_cases[] = {
    {"bad: 5", STATE_FLOWING, 5, false, true},
    {"bad: 0", STATE_FLOWING, 0, false, true},
    {"bad: its loss is high", STATE_FLOWING, 6, true, true},
    {"bad: its loss is high, and its score unknown", STATE_FLOWING, NAN, true, true},
    {"not bad: 6", STATE_FLOWING, 6, false, false},
    {"not bad: unknown", STATE_FLOWING, NAN, false, false},
    {"not bad: paused", STATE_PAUSED, 0, true, false},
    {"not bad: waiting", STATE_WAITING, 0, true, false},
    {"not bad: inactive", STATE_INACTIVE, 0, true, false},
    {"not bad: silent", STATE_SILENT, 0, true, false},
};

static void knows_the_bad_ones(void **state) {
  const bad_case_t *one = *state;
  assert_int_equal(state_is_bad(one->state, one->score, one->loss_is_high), one->bad);
}

int main(void) {
  TEST_CASES(decides, state_cases);
  TEST_CASES(knows_the_bad_ones, bad_cases);
  return tests_run("state");
}
