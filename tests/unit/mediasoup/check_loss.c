/* SPDX-License-Identifier: MIT */
/* Loss: what share of a stream's packets is missing lately, and from when until when so much that it is bad. */
#include "mediasoup/loss.h"
#include "support/support.h"

#include <math.h>

/* A stream whose loss is the same all the time, as its counters tell it. */
typedef struct {
  double rate;     /* packets a second */
  double interval; /* seconds from reading to reading */
  double report;   /* seconds from report to report, on average; 0: each reading has one */
  double repaired; /* the share of those lost */
} flow_t;

typedef struct {
  const flow_t *flow;
  loss_t loss;
  double now, next_report; /* seconds */
  double unreported;       /* packets lost since the last report */
} stream_t;

static const uint64_t epoch = 1764136800000;

static stream_t stream_of(const flow_t *flow) { return (stream_t){.flow = flow}; }

static void read_counts(stream_t *stream, double packets, double lost) {
  loss_counts_t grown = {
      .packets = (float)packets, .lost = (float)lost, .repaired = (float)(lost * stream->flow->repaired)};
  loss_take(&stream->loss, &grown, epoch + (uint64_t)(stream->now * 1000));
}

/* --- steady loss, without scatter --- */

static void flow(stream_t *stream, double share, double seconds) {
  for (double end = stream->now + seconds; stream->now < end;) {
    double packets = stream->flow->rate * stream->flow->interval;
    stream->now += stream->flow->interval;
    stream->unreported += share * packets;
    bool is_reported = stream->now >= stream->next_report;
    read_counts(stream, packets, is_reported ? stream->unreported : 0);
    if (is_reported) {
      stream->unreported = 0;
      stream->next_report += stream->flow->report;
    }
  }
}

/* Seconds until it is as it shall be. */
static double seconds_until(stream_t *stream, double share, bool is_high) {
  double began = stream->now;
  while (loss_is_high(&stream->loss) != is_high && stream->now < began + 1000)
    flow(stream, share, stream->flow->interval);
  return stream->now - began;
}

typedef struct {
  const char *name;
  flow_t flow;
} flow_case_t;

static const flow_case_t flow_cases[] = {
    {"each second", {50, 1, 0, 0}},
    {"each second, a report each five", {50, 1, 5, 0}},
    {"each 5 s", {50, 5, 0, 0}},
    {"each 5 s, a report each second", {50, 5, 1, 0}},
    {"each 10 s", {50, 10, 0, 0}},
    {"each minute", {50, 60, 0, 0}},
    {"four times a second", {50, 0.25, 5, 0}},
    {"few packets", {25, 1, 5, 0}},
};

static void is_the_share_that_is_lost(void **state) {
  const flow_case_t *one = *state;
  stream_t stream = stream_of(&one->flow);
  flow(&stream, 0.05, 300);
  assert_float_equal(loss_share(&stream.loss), 0.05, 0.0005);
  assert_float_equal(loss_missing_share(&stream.loss), 0.05, 0.0005);
  assert_false(loss_is_high(&stream.loss));
}

/* 15 s * ln 4 = 20.8 s, and then until the next reading or report; 15 s * ln(0.1 / 0.06) = 7.7 s, and up to 8 s that
 * pass without a report. */
static void is_high_from_10_percent_on(void **state) {
  const flow_case_t *one = *state;
  stream_t stream = stream_of(&one->flow);
  double step = fmax(one->flow.interval, one->flow.report);
  flow(&stream, 0, 120);
  double begins = seconds_until(&stream, 0.1, true);
  assert_true(step > 21 ? begins == step : begins >= 20 && begins <= 21 + step);
  flow(&stream, 0.1, 240);
  double ends = seconds_until(&stream, 0, false);
  assert_true(ends >= fmin(7, step) && ends <= fmax(16, step));
}

/* Between the two limits it stays as it is. */
static void has_two_limits(void **state) {
  static const flow_t each_second = {50, 1, 0, 0};
  (void)state;
  stream_t stream = stream_of(&each_second);
  flow(&stream, 0.074, 300);
  assert_false(loss_is_high(&stream.loss));
  flow(&stream, 0.08, 300);
  assert_true(loss_is_high(&stream.loss));
  flow(&stream, 0.061, 300);
  assert_true(loss_is_high(&stream.loss));
  flow(&stream, 0.059, 300);
  assert_false(loss_is_high(&stream.loss));
}

static void takes_off_what_was_repaired(void **state) {
  static const flow_t repaired = {50, 1, 0, 0.75};
  (void)state;
  stream_t stream = stream_of(&repaired);
  flow(&stream, 0.2, 300);
  assert_float_equal(loss_share(&stream.loss), 0.2, 0.0005);
  assert_float_equal(loss_missing_share(&stream.loss), 0.05, 0.0005);
  assert_false(loss_is_high(&stream.loss));
  flow(&stream, 0.4, 300);
  assert_true(loss_is_high(&stream.loss));
}

/* --- few packets --- */

static void few_packets_say_nothing(void **state) {
  static const flow_t pauses = {2.5, 1, 0, 0}, speaks = {50, 1, 0, 0};
  (void)state;
  stream_t stream = stream_of(&pauses);
  flow(&stream, 0.5, 600);
  assert_true(isnan(loss_share(&stream.loss)) && isnan(loss_missing_share(&stream.loss)));
  assert_false(loss_is_high(&stream.loss));
  stream.flow = &speaks;
  flow(&stream, 0.5, 30);
  assert_true(loss_is_high(&stream.loss));
  stream.flow = &pauses;
  flow(&stream, 0.5, 15); /* a pause for breath */
  assert_true(loss_is_high(&stream.loss));
  flow(&stream, 0.5, 30);
  assert_false(loss_is_high(&stream.loss));
}

/* --- what is no share --- */

static void a_stream_begins_without_the_past(void **state) {
  static const flow_t each_second = {50, 1, 0, 0}, each_ten = {500, 10, 0, 0};
  (void)state;
  stream_t stream = stream_of(&each_second);
  stream.now = 1;
  read_counts(&stream, 1000, 900);
  for (stream.now = 2; stream.now < 9; stream.now++)
    read_counts(&stream, 50, 50); /* reports of before */
  flow(&stream, 0, 60);
  assert_float_equal(loss_share(&stream.loss), 0, 0);
  stream = stream_of(&each_ten);
  stream.now = 10;
  read_counts(&stream, 1000, 900);
  stream.now = 20;
  read_counts(&stream, 500, 50); /* all of this is of now */
  assert_float_equal(loss_share(&stream.loss), 0.1, 1e-6);
}

static void a_clock_may_be_set(void **state) {
  static const flow_t each_second = {50, 1, 0, 0};
  (void)state;
  stream_t stream = stream_of(&each_second);
  flow(&stream, 0.05, 100);
  stream.now = 10;
  flow(&stream, 0.05, 3);
  assert_float_equal(loss_share(&stream.loss), 0.05, 0.001);
  stream.now += 86400;
  flow(&stream, 0.05, 1);
  assert_true(isnan(loss_share(&stream.loss))); /* what was then is forgotten */
  assert_false(loss_is_high(&stream.loss));
}

static void a_share_is_none_beyond_all(void **state) {
  static const flow_t odd = {50, 1, 0, 3};
  (void)state;
  stream_t stream = stream_of(&odd);
  flow(&stream, 2, 60);
  assert_float_equal(loss_share(&stream.loss), 1, 0);
  assert_float_equal(loss_missing_share(&stream.loss), 0, 0);
}

/* --- scatter --- */

static uint64_t seed;

/* From 0 to 1. The same numbers each time (Knuth's MMIX). */
static double chance(void) {
  seed = seed * 6364136223846793005U + 1442695040888963407U;
  return (double)(seed >> 11) / 9007199254740992.0;
}

static void flow_by_chance(stream_t *stream, double share) {
  double end = stream->now + stream->flow->interval, reported = 0;
  for (; stream->now < end; stream->now += 1 / stream->flow->rate) {
    if (stream->now >= stream->next_report) {
      reported += stream->unreported;
      stream->unreported = 0;
      stream->next_report += stream->flow->report * (0.5 + chance());
    }
    stream->unreported += chance() < share ? 1 : 0;
  }
  read_counts(stream, stream->flow->rate * stream->flow->interval, reported);
}

static const flow_case_t chance_cases[] = {
    {"by chance: each second", {50, 1, 5, 0}},
    {"by chance: each 5 s", {50, 5, 5, 0}},
    {"by chance: each 10 s", {50, 10, 5, 0}},
    {"by chance: video", {100, 10, 1, 0}},
};

/* In two hours; the header tells how often for long. */
static void chance_makes_5_percent_hardly_ever_high(void **state) {
  const flow_case_t *one = *state;
  stream_t stream = stream_of(&one->flow);
  double high = 0;
  seed = 1;
  while (stream.now < 7200) {
    flow_by_chance(&stream, 0.05);
    high += loss_is_high(&stream.loss) ? one->flow.interval : 0;
  }
  assert_true(high <= 0.005 * 7200);
}

static void chance_makes_10_percent_always_high(void **state) {
  const flow_case_t *one = *state;
  int late = 0;
  seed = 2;
  for (int trial = 0; trial < 100; trial++) {
    stream_t stream = stream_of(&one->flow);
    flow(&stream, 0, 60);
    stream.next_report = stream.now;
    while (stream.now < 60 + 40)
      flow_by_chance(&stream, 0.1);
    late += loss_is_high(&stream.loss) ? 0 : 1;
    while (stream.now < 60 + 70)
      flow_by_chance(&stream, 0.1);
    assert_true(loss_is_high(&stream.loss));
  }
  assert_true(late <= 5);
}

int main(void) {
  TEST_CASES(is_the_share_that_is_lost, flow_cases);
  TEST_CASES(is_high_from_10_percent_on, flow_cases);
  TEST(has_two_limits);
  TEST(takes_off_what_was_repaired);
  TEST(few_packets_say_nothing);
  TEST(a_stream_begins_without_the_past);
  TEST(a_clock_may_be_set);
  TEST(a_share_is_none_beyond_all);
  TEST_CASES(chance_makes_5_percent_hardly_ever_high, chance_cases);
  TEST_CASES(chance_makes_10_percent_always_high, chance_cases);
  return tests_run("loss");
}
