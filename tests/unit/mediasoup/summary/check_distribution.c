/* SPDX-License-Identifier: MIT */
/* Distributions: which buckets a reading falls into, and what their rows are called. */
#include "mediasoup/summary/distribution.h"
#include "support/chain.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const reading_t unknown = {NAN, NAN, NAN, NAN, NAN, NAN, STATE_FLOWING};

static object_t *stream_of(class_id_t class, bool video) {
  object_t *stream = object_new(&classes[class], NULL, "s", "");
  stream->membership.video = video;
  return stream;
}

/* --- the rows --- */

typedef struct {
  const class_t *class;
  const char *plugin_instance;
  const char *type_instance;
  double value; /* the first field */
  size_t seen;
} wanted_t;

static void look(void *context, const named_values_t *values) {
  wanted_t *wanted = context;
  if (values->class != wanted->class || strcmp(values->type_instance, wanted->type_instance) != 0)
    return;
  assert_string_equal(values->plugin_instance, wanted->plugin_instance);
  assert_null(values->about);
  bool counter = values->class->fields[0].kind == KIND_COUNTER;
  wanted->value = counter ? (double)values->values[0].counter : values->values[0].gauge;
  wanted->seen++;
}

/* The first field of a row; NaN where there is no such row. */
static double row_value(const distributions_t *distributions, const class_t *class, const char *type_instance) {
  wanted_t wanted = {class, "sfu", type_instance, NAN, 0};
  distributions_each(distributions, look, &wanted);
  assert_true(wanted.seen <= 1);
  return wanted.value;
}

static void count_row(void *context, const named_values_t *values) {
  (void)values;
  ++*(size_t *)context;
}

static size_t count_rows(const distributions_t *distributions) {
  size_t rows = 0;
  distributions_each(distributions, count_row, &rows);
  return rows;
}

/* --- buckets --- */

typedef struct {
  const char *name;
  class_id_t class;
  double value;
  const char *first; /* the first bucket that holds it */
  const char *below; /* the bucket before that; NULL: there is none */
} bucket_case_t;

static const bucket_case_t bucket_cases[] = {
    {"score: 0", CLASS_SCORE, 0, "0", NULL},
    {"score: 9", CLASS_SCORE, 9, "9", "8"},
    {"score: 10", CLASS_SCORE, 10, "+Inf", "9"},
    {"loss: none", CLASS_LOSS_RATIO, 0, "0", NULL},
    {"loss: a little", CLASS_LOSS_RATIO, 0.004, "0.005", "0"},
    {"loss: at the bound", CLASS_LOSS_RATIO, 0.02, "0.02", "0.01"},
    {"loss: just above it", CLASS_LOSS_RATIO, 0.0201, "0.05", "0.02"},
    {"loss: most", CLASS_LOSS_RATIO, 0.9, "+Inf", "0.5"},
    {"round trip: short", CLASS_ROUND_TRIP_TIME, 0.001, "0.005", NULL},
    {"round trip: usual", CLASS_ROUND_TRIP_TIME, 0.12, "0.15", "0.1"},
    {"round trip: long", CLASS_ROUND_TRIP_TIME, 3, "+Inf", "2"},
    {"jitter: little", CLASS_JITTER, 0.0005, "0.001", NULL},
    {"jitter: much", CLASS_JITTER, 0.21, "0.5", "0.2"},
};

static void set(reading_t *reading, class_id_t class, double value) {
  switch (class) {
  case CLASS_SCORE:
    reading->score = value;
    break;
  case CLASS_LOSS_RATIO:
    reading->loss_ratio = value;
    break;
  case CLASS_ROUND_TRIP_TIME:
    reading->round_trip_time = value;
    break;
  default:
    reading->jitter = value;
  }
}

static void falls_into_buckets(void **state) {
  const bucket_case_t *one = *state;
  const class_t *class = &classes[one->class];
  char name[64];
  reading_t reading = unknown;
  distributions_t *distributions = distributions_new("sfu");
  object_t *stream = stream_of(CLASS_CONSUMERS, true);
  set(&reading, one->class, one->value);
  assert_int_equal(count_rows(distributions), 0);
  distributions_add(distributions, stream, &reading);
  distributions_add(distributions, stream, &reading);
  assert_true(row_value(distributions, class, "of=consumers,kind=video") == 2 * one->value); /* the sum */
  (void)snprintf(name, sizeof(name), "of=consumers,kind=video,le=%s", one->first);
  assert_true(row_value(distributions, class->buckets, name) == 2);
  if (one->below != NULL) {
    (void)snprintf(name, sizeof(name), "of=consumers,kind=video,le=%s", one->below);
    assert_true(row_value(distributions, class->buckets, name) == 0);
  }
  assert_true(row_value(distributions, class->buckets, "of=consumers,kind=video,le=+Inf") == 2);
  object_free(stream);
  distributions_free(distributions);
}

/* --- what counts --- */

static void keeps_sides_and_kinds_apart(void **state) {
  (void)state;
  static const class_id_t sides[] = {CLASS_PRODUCERS, CLASS_CONSUMERS};
  distributions_t *distributions = distributions_new("sfu");
  for (int i = 0; i < 4; i++) {
    object_t *stream = stream_of(sides[i % 2], i >= 2);
    reading_t reading = unknown;
    reading.score = i + 1;
    distributions_add(distributions, stream, &reading);
    object_free(stream);
  }
  const class_t *score = &classes[CLASS_SCORE];
  assert_true(row_value(distributions, score, "of=producers,kind=audio") == 1);
  assert_true(row_value(distributions, score, "of=consumers,kind=audio") == 2);
  assert_true(row_value(distributions, score, "of=producers,kind=video") == 3);
  assert_true(row_value(distributions, score, "of=consumers,kind=video") == 4);
  assert_int_equal(count_rows(distributions),
                   4 * (1 + 11)); /* only the score is known: its sum, its buckets and +Inf */
  distributions_free(distributions);
}

static void passes_over_what_does_not_flow_and_what_is_piped(void **state) {
  (void)state;
  distributions_t *distributions = distributions_new("sfu");
  object_t *stream = stream_of(CLASS_PRODUCERS, true), *piped = stream_of(CLASS_PRODUCERS, true);
  piped->membership.piped = true;
  for (int other = STATE_FLOWING + 1; other <= STATE_SILENT; other++)
    distributions_add(distributions, stream, &(reading_t){1, 1, 1, 1, 1, 1, (stream_state_t)other});
  distributions_add(distributions, piped, &(reading_t){1, 1, 1, 1, 1, 1, STATE_FLOWING});
  assert_int_equal(count_rows(distributions), 0);
  object_free(stream);
  object_free(piped);
  distributions_free(distributions);
}

/* --- how long transports took to connect --- */

/* A row of connections; `protocol` and `milliseconds` are JSON, with their commas. */
static object_t *event_of(const char *event, const char *protocol, const char *milliseconds) {
  size_t length;
  char row[300];
  chain_t chain;
  chain_init(&chain);
  chain_read_of(&chain, ",'events':0", "");
  (void)snprintf(row, sizeof(row), "{'row':'connections','number':1,'event':'%s'%s%s}\n", event, protocol,
                 milliseconds);
  chain_read_of(&chain, ",'events':1", row);
  object_t *found = model_events(chain.model, &length)[0];
  assert_int_equal(length, 1);
  chain.model->events.length = 0; /* it is ours now */
  chain_done(&chain);
  return found;
}

typedef struct {
  const char *name;
  const char *event, *protocol, *milliseconds;
  const char *row; /* NULL: it does not count */
  const char *bucket;
  double seconds;
} connect_case_t;

static const connect_case_t connect_cases[] = {
    {"connect: by UDP", "connected", ",'protocol':'udp'", ",'connectTime':100", "protocol=udp", "0.1", 0.1},
    {"connect: by TCP", "connected", ",'protocol':'tcp'", ",'connectTime':101", "protocol=tcp", "0.25", 0.101},
    {"connect: nobody knows by what", "connected", "", ",'connectTime':31000", "protocol=unknown", "+Inf", 31},
    {"connect: by something else", "connected", ",'protocol':'quic'", ",'connectTime':5", "protocol=unknown", "0.1",
     0.005},
    {"connect: nobody knows how long", "connected", ",'protocol':'udp'", "", NULL, NULL, 0},
    {"connect: longer than anybody waits", "connected", ",'protocol':'udp'", ",'connectTime':1e30", NULL, NULL, 0},
    {"connect: it ended", "left", ",'protocol':'udp'", ",'connectTime':5", NULL, NULL, 0},
};

static void distributes_connect_times(void **state) {
  const connect_case_t *one = *state;
  const class_t *class = &classes[CLASS_CONNECT_TIME];
  distributions_t *distributions = distributions_new("sfu");
  object_t *event = event_of(one->event, one->protocol, one->milliseconds);
  distributions_add_event(distributions, event);
  object_free(event);
  assert_int_equal(count_rows(distributions), one->row != NULL ? 1 + 9 : 0); /* sum and count, 8 bounds, +Inf */
  if (one->row != NULL) {
    char name[64];
    assert_true(row_value(distributions, class, one->row) == one->seconds);
    (void)snprintf(name, sizeof(name), "%s,le=%s", one->row, one->bucket);
    assert_true(row_value(distributions, class->buckets, name) == 1);
  }
  distributions_free(distributions);
}

static void fails_without_memory(void **state) {
  (void)state;
  long before = allocations_live();
  bool failed = true;
  for (unsigned long number = 1; failed; number++) {
    allocations_fail_at(number);
    distributions_t *distributions = distributions_new("s/fu");
    failed = allocations_failed();
    allocations_fail_at(0);
    assert_true(failed == (distributions == NULL));
    distributions_free(distributions);
    assert_int_equal(allocations_live(), before);
    assert_true(number < 1000);
  }
}

int main(void) {
  TEST_CASES(falls_into_buckets, bucket_cases);
  TEST(keeps_sides_and_kinds_apart);
  TEST(passes_over_what_does_not_flow_and_what_is_piped);
  TEST_CASES(distributes_connect_times, connect_cases);
  TEST(fails_without_memory);
  return tests_run("distribution");
}
