/* SPDX-License-Identifier: MIT */
/* A section: the sums and figures of a group's members of one class. */
#include "mediasoup/summary/section.h"
#include "support/support.h"

#include <math.h>
#include <string.h>

static double value(const section_t *section, const char *field) {
  int index = class_field(section->class, field);
  assert_true(index >= 0);
  return section->class->fields[index].kind == KIND_COUNTER ? (double)section->values[index].counter
                                                            : section->values[index].gauge;
}

static void assert_is(const section_t *section, const char *field, double expected) {
  double found = value(section, field);
  if (isnan(expected) ? !isnan(found) : !(fabs(found - expected) < 1e-9))
    fail_msg("%s is %g, not %g", field, found, expected);
}

/* A stream that is measured, and grew by so much. */
static object_t *stream_of(class_id_t class, uint64_t bytes, uint64_t packets, uint64_t lost) {
  object_t *stream = object_new(&classes[class], NULL, "s", "");
  stream->measured = true;
  stream->grown[GROWTH_BYTES] = bytes;
  stream->grown[GROWTH_PACKETS] = packets;
  stream->grown[GROWTH_PACKETS_LOST] = lost;
  return stream;
}

static void add(section_t *section, object_t *stream, const reading_t *reading, bool answered) {
  stream->verdict.bad = stream->verdict.bad || state_is_bad(reading->state, reading->score, false);
  section_add(section, stream, reading, answered);
  object_free(stream);
}

static const reading_t unknown = {NAN, NAN, NAN, NAN, NAN, NAN, STATE_FLOWING};

static void has_a_place_for_each_class_that_can_be_grouped(void **state) {
  (void)state;
  bool taken[SECTIONS] = {false};
  for (size_t i = 0; i < CLASS_COUNT; i++) {
    int place = section_place(&classes[i]);
    assert_int_equal(place >= 0, classes[i].group != NULL);
    if (place < 0)
      continue;
    assert_true(place < SECTIONS);
    assert_false(taken[place]);
    taken[place] = true;
  }
  for (size_t i = 0; i < SECTIONS; i++)
    assert_true(taken[i]);
}

static void adds_up(void **state) {
  (void)state;
  section_t section = {0};
  assert_true(section_init(&section, &classes[CLASS_CONSUMERS]));
  assert_ptr_equal(section.class, &classes[CLASS_GROUP_CONSUMERS]);
  assert_false(section_is_known(&section));
  section_begin(&section);
  add(&section, stream_of(CLASS_CONSUMERS, 100, 10, 1), &(reading_t){9, NAN, 0.1, 0.02, 1000, 4.4, STATE_FLOWING},
      true);
  add(&section, stream_of(CLASS_CONSUMERS, 20, 10, 4), &(reading_t){5, NAN, NAN, 0.04, 500, 3.2, STATE_FLOWING}, true);
  add(&section, stream_of(CLASS_CONSUMERS, 3, 0, 0), &unknown, true);
  section_end(&section);
  assert_true(section_is_known(&section));
  assert_is(&section, "bytes", 123);
  assert_is(&section, "packets", 20);
  assert_is(&section, "packets_lost", 5);
  assert_is(&section, "streams", 3);
  assert_is(&section, "streams_paused", 0);
  assert_is(&section, "streams_bad", 1);
  assert_is(&section, "bitrate_bits_per_second", 1500);
  assert_is(&section, "loss_ratio", 0.25);
  assert_is(&section, "round_trip_time_seconds", 0.1);
  assert_is(&section, "jitter_seconds", 0.03);
  assert_is(&section, "score_minimum", 5);
  assert_is(&section, "score_mean", 7);
  assert_is(&section, "mos_mean", 3.8);
  /* The next reading begins with the counters of this one, and nothing else. */
  section_begin(&section);
  section_end(&section);
  assert_true(section_is_known(&section)); /* it is known to be empty */
  assert_is(&section, "bytes", 123);
  assert_is(&section, "packets_lost", 5);
  assert_is(&section, "streams", 0);
  assert_is(&section, "bitrate_bits_per_second", 0);
  assert_is(&section, "loss_ratio", NAN);
  assert_is(&section, "score_minimum", NAN);
  assert_is(&section, "score_mean", NAN);
  assert_is(&section, "mos_mean", NAN);
  section_done(&section);
}

typedef struct {
  const char *name;
  stream_state_t state;
  const char *count;
} state_case_t;

static const state_case_t state_cases[] = {
    {"state: flowing", STATE_FLOWING, "streams"},         {"state: paused", STATE_PAUSED, "streams_paused"},
    {"state: waiting", STATE_WAITING, "streams_waiting"}, {"state: inactive", STATE_INACTIVE, "streams_inactive"},
    {"state: silent", STATE_SILENT, "streams_silent"},
};

/* Whatever its score is: it may be bad by its loss. */
static void counts_what_the_verdict_calls_bad(void **state) {
  (void)state;
  section_t section = {0};
  assert_true(section_init(&section, &classes[CLASS_PRODUCERS]));
  section_begin(&section);
  object_t *lossy = stream_of(CLASS_PRODUCERS, 7, 1, 0);
  lossy->verdict.bad = true;
  add(&section, lossy, &(reading_t){.score = 7, .state = STATE_FLOWING}, true);
  add(&section, stream_of(CLASS_PRODUCERS, 7, 1, 0), &(reading_t){.score = 7, .state = STATE_FLOWING}, true);
  section_end(&section);
  assert_is(&section, "streams_bad", 1);
  section_done(&section);
}

/* Each stream counts in the gauge of its state, and in no figure unless it flows. */
static void states_count_apart(void **state) {
  const state_case_t *one = *state;
  section_t section = {0};
  assert_true(section_init(&section, &classes[CLASS_PRODUCERS]));
  section_begin(&section);
  bool flows = one->state == STATE_FLOWING;
  add(&section, stream_of(CLASS_PRODUCERS, 7, 1, 0), &(reading_t){0, 1, 9, 9, 9, 3, one->state}, true);
  section_end(&section);
  assert_is(&section, "bytes", 7); /* what it sent before */
  for (size_t i = 0; i < LENGTH(state_cases); i++)
    assert_is(&section, state_cases[i].count, state_cases[i].state == one->state ? 1 : 0);
  assert_is(&section, "streams_bad", flows ? 1 : 0);
  assert_is(&section, "score_minimum", flows ? 0 : NAN);
  assert_is(&section, "score_mean", flows ? 0 : NAN);
  assert_is(&section, "jitter_seconds", flows ? 9 : NAN);
  assert_is(&section, "mos_mean", flows ? 3 : NAN);
  assert_is(&section, "bitrate_bits_per_second", flows ? 9 : 0);
  section_done(&section);
}

typedef struct {
  const char *name;
  cause_t cause;
  const char *count;
} cause_case_t;

static const cause_case_t cause_cases[] = {
    {"cause: none", CAUSE_NONE, ""},
    {"cause: sender", CAUSE_SENDER, "streams_cause_sender"},
    {"cause: receiver", CAUSE_RECEIVER, "streams_cause_receiver"},
    {"cause: bandwidth", CAUSE_BANDWIDTH, "streams_cause_bandwidth"},
    {"cause: worker", CAUSE_WORKER, "streams_cause_worker"},
    {"cause: transport", CAUSE_TRANSPORT, "streams_cause_transport"},
    {"cause: unknown", CAUSE_UNKNOWN, "streams_cause_unknown"},
};

static void add_with_cause(section_t *section, cause_t cause, stream_state_t stream_state, bool answered) {
  object_t *stream = stream_of(CLASS_CONSUMERS, 7, 1, 0);
  stream->verdict.trouble.cause = cause;
  add(section, stream, &(reading_t){.score = 3, .state = stream_state}, answered);
}

/* Each cause counts in one gauge, whatever the stream's state; what did not answer counts in none. */
static void causes_count_apart(void **state) {
  const cause_case_t *one = *state;
  section_t section = {0};
  assert_true(section_init(&section, &classes[CLASS_CONSUMERS]));
  section_begin(&section);
  add_with_cause(&section, one->cause, STATE_FLOWING, true);
  add_with_cause(&section, one->cause, STATE_SILENT, true);
  add_with_cause(&section, one->cause, STATE_WAITING, true);
  add_with_cause(&section, one->cause, STATE_FLOWING, false);
  section_end(&section);
  for (size_t i = 1; i < LENGTH(cause_cases); i++)
    assert_is(&section, cause_cases[i].count, cause_cases[i].cause == one->cause ? 3 : 0);
  section_begin(&section);
  section_end(&section);
  for (size_t i = 1; i < LENGTH(cause_cases); i++)
    assert_is(&section, cause_cases[i].count, 0);
  section_done(&section);
}

typedef struct {
  const char *name;
  class_id_t class;
  uint64_t packets, lost;
  double ratio;
} loss_case_t;

static const loss_case_t loss_cases[] = {
    {"loss: of what was sent", CLASS_CONSUMERS, 100, 25, 0.25},
    {"loss: beside what was received", CLASS_PRODUCERS, 75, 25, 0.25},
    {"loss: none", CLASS_CONSUMERS, 100, 0, 0},
    {"loss: nothing was sent", CLASS_CONSUMERS, 0, 0, NAN},
    {"loss: nothing arrived", CLASS_PRODUCERS, 0, 10, 1},
    {"loss: of what was sent before", CLASS_CONSUMERS, 10, 30, 1},
};

static void tells_the_ratio_of_losses(void **state) {
  const loss_case_t *one = *state;
  section_t section = {0};
  assert_true(section_init(&section, &classes[one->class]));
  section_begin(&section);
  add(&section, stream_of(one->class, 0, one->packets, one->lost), &unknown, true);
  section_end(&section);
  assert_is(&section, "loss_ratio", one->ratio);
  section_done(&section);
}

typedef struct {
  const char *name;
  size_t answering, silent, unmeasured;
  bool known;
  double streams;
} known_case_t;

static const known_case_t known_cases[] = {
    {"known: everybody answers", 2, 0, 0, true, 2}, {"known: somebody does not", 1, 1, 0, true, 1},
    {"known: nobody does", 0, 2, 0, false, 0},      {"known: nothing is measured yet", 0, 0, 2, true, 2},
    {"known: nobody is in it", 0, 0, 0, true, 0},
};

static void is_known_where_somebody_answers(void **state) {
  const known_case_t *one = *state;
  section_t section = {0};
  assert_true(section_init(&section, &classes[CLASS_CONSUMERS]));
  section_begin(&section);
  add(&section, stream_of(CLASS_CONSUMERS, 1, 1, 0), &unknown, true); /* it was in use before */
  section_end(&section);
  section_begin(&section);
  for (size_t i = 0; i < one->answering; i++)
    add(&section, stream_of(CLASS_CONSUMERS, 1, 1, 0), &unknown, true);
  for (size_t i = 0; i < one->silent; i++)
    add(&section, stream_of(CLASS_CONSUMERS, 1, 1, 0), &unknown, false);
  for (size_t i = 0; i < one->unmeasured; i++) {
    object_t *stream = stream_of(CLASS_CONSUMERS, 1, 1, 0);
    stream->measured = false;
    add(&section, stream, &unknown, true);
  }
  section_end(&section);
  assert_int_equal(section_is_known(&section), one->known);
  assert_is(&section, "streams", one->streams);
  assert_is(&section, "bytes", 1 + (double)one->answering); /* who is silent or not measured adds nothing */
  section_done(&section);
}

static void without_values_it_does_nothing(void **state) {
  (void)state;
  section_t section = {0};
  section_begin(&section);
  section_end(&section);
  assert_false(section_is_known(&section));
  section_done(&section);
  allocations_fail_at(1);
  assert_false(section_init(&section, &classes[CLASS_TRANSPORTS]));
  allocations_fail_at(0);
  section_done(&section);
}

int main(void) {
  TEST(has_a_place_for_each_class_that_can_be_grouped);
  TEST(adds_up);
  TEST(counts_what_the_verdict_calls_bad);
  TEST_CASES(states_count_apart, state_cases);
  TEST_CASES(causes_count_apart, cause_cases);
  TEST_CASES(tells_the_ratio_of_losses, loss_cases);
  TEST_CASES(is_known_where_somebody_answers, known_cases);
  TEST(without_values_it_does_nothing);
  return tests_run("section");
}
