/* SPDX-License-Identifier: MIT */
/* People: in which words a reading says how a participant is. */
#include "support/support.h"
#include "write_mediasoup/events/people.h"

#include <math.h>

/* Of one way; NAN: unknown. */
typedef struct {
  double flowing, bad, silent, loss_ratio;
} way_t;

#define NOTHING {NAN, NAN, NAN, NAN}

typedef struct {
  const char *name;
  participant_quality_t quality;
  way_t uplink, downlink;
  const char *expected;
} detail_case_t;

static const detail_case_t detail_cases[] = {
    {"good", QUALITY_GOOD, {2, 0, 0, 0}, {2, 0, 0, 0}, ""},
    {"good, though some of it is lost", QUALITY_GOOD, {2, 0, 0, 0.01}, NOTHING, ""},
    {"idle", QUALITY_IDLE, {0, 0, 0, NAN}, NOTHING, ""},
    {"a bad uplink",
     QUALITY_BAD,
     {2, 1, 0, 0.25},
     {6, 0, 0, 0},
     "uplink: of 2 streams 1 bad and 0 silent, up to 25 % lost"},
    {"a bad downlink", QUALITY_BAD, {2, 0, 0, 0}, {6, 6, 0, NAN}, "downlink: of 6 streams 6 bad and 0 silent"},
    {"both ways",
     QUALITY_BAD,
     {2, 1, 0, 0},
     {6, 2, 1, 0.5},
     "uplink: of 2 streams 1 bad and 0 silent; downlink: of 7 streams 2 bad and 1 silent, up to 50 % lost"},
    {"nothing flows", QUALITY_SILENT, {0, 0, 2, NAN}, NOTHING, "uplink: of 2 streams 0 bad and 2 silent"},
    {"streams wait", QUALITY_SILENT, {0, 0, 0, NAN}, NOTHING, "its connection is lost, or was not made"},
};

static void put(participant_t *participant, size_t first, const way_t *way) {
  participant->figures[first + WAY_STREAMS] = way->flowing;
  participant->figures[first + WAY_STREAMS_BAD] = way->bad;
  participant->figures[first + WAY_STREAMS_SILENT] = way->silent;
  participant->figures[first + WAY_LOSS_RATIO] = way->loss_ratio;
}

static void visit(void *context, const subject_reading_t *reading) {
  const detail_case_t *one = context;
  assert_string_equal(reading->detail, one->expected);
  assert_int_equal(reading->life.is_bad, one->quality >= QUALITY_SILENT);
}

static void says_how_it_is(void **state) {
  const detail_case_t *one = *state;
  participant_t participant = {
      .host = "here", .endpoint = "sfu", .room = "red", .participant = "ann", .quality = one->quality, .since = NAN};
  for (size_t i = 0; i < PARTICIPANT_FIGURES; i++)
    participant.figures[i] = NAN;
  put(&participant, FIGURE_UPLINK, &one->uplink);
  put(&participant, FIGURE_DOWNLINK, &one->downlink);
  const participant_t *list[] = {&participant};
  const participants_t participants = {.list = list, .length = 1};
  people_look(&participants, visit, *state);
}

static size_t seen;
static const char *const endpoints[] = {"", "sfu"};

static void see(void *context, const subject_reading_t *reading) {
  (void)context;
  assert_string_equal(reading->name.endpoint, endpoints[seen++]);
  assert_true(reading->life.bytes_received == 12 && reading->life.bytes_sent == 34);
}

/* Only one of them is not told by name, and its bytes are its own. */
static void bears_to_be_without_memory_for_a_moment(void **state) {
  (void)state;
  participant_t participant = {
      .host = "here", .endpoint = "sfu", .participant = "ann", .since = NAN, .bytes_received = 12, .bytes_sent = 34};
  const participant_t *list[] = {&participant, &participant};
  const participants_t participants = {.list = list, .length = 2};
  allocations_fail_at(1);
  people_look(&participants, see, NULL);
  allocations_fail_at(0);
  assert_int_equal(seen, 2);
}

int main(void) {
  TEST_CASES(says_how_it_is, detail_cases);
  TEST(bears_to_be_without_memory_for_a_moment);
  return tests_run("people");
}
