/* SPDX-License-Identifier: MIT */
/* Estimated opinions: values worked out by hand from the E-model's formulas, and which codecs it knows. */
#include "mediasoup/mos.h"
#include "support/support.h"

#include <math.h>

typedef struct {
  const char *name;
  const char *mime_type;
  double loss_ratio, round_trip_time, jitter;
  double mos;
} mos_case_t;

/* For Opus the delay is 26.5 ms, half of the round trip, and 40 ms or twice the jitter. R is 93.2 less Id and Ie,eff.
 */
static const mos_case_t mos_cases[] = {
    /* 66.5 ms: Id = 0.024 * 66.5 = 1.596; R = 91.604 */
    {"nothing lost, no delay", "audio/opus", 0, 0, 0, 4.376288},
    {"round trip and jitter are unknown", "audio/opus", 0, NAN, NAN, 4.376288},
    /* Ie,eff = 95 * 1 / (1 + 25.1) = 3.640; R = 87.964 */
    {"1 % lost", "audio/opus", 0.01, 0, 0, 4.285989},
    /* 26.5 + 50 + 40 = 116.5 ms: Id = 2.796; Ie,eff = 95 * 5 / 30.1 = 15.781; R = 74.623 */
    {"5 % lost, round trip 100 ms, jitter 10 ms", "audio/opus", 0.05, 0.1, 0.01, 3.805658},
    /* 26.5 + 150 + 100 = 276.5 ms: Id = 6.636 + 0.11 * 99.2 = 17.548; Ie,eff = 27.066; R = 48.586 */
    {"10 % lost, round trip 300 ms, jitter 50 ms", "audio/opus", 0.1, 0.3, 0.05, 2.500949},
    /* 26.5 + 200 + 40 = 266.5 ms: Id = 6.396 + 0.11 * 89.2 = 16.208; R = 76.992. Twice the jitter is just the buffer.
     */
    {"round trip 400 ms, jitter 20 ms", "audio/opus", 0, 0.4, 0.02, 3.905421},
    /* 177.25 ms, just before the bend: Id = 4.254; R = 88.946 */
    {"as late as goes without the bend", "audio/opus", 0, 0.2215, 0, 4.312330},
    /* Ie,eff = 95 * 100 / 125.1 = 75.939; R = 15.665 */
    {"all lost", "audio/opus", 1, 0, 0, 1.138270},
    /* 626.5 ms: Id = 64.448; Ie,eff = 42.129 */
    {"R below 0", "audio/opus", 0.2, 0.8, 0.1, 1},
    {"a loss that is unknown", "audio/opus", NAN, 0, 0, NAN},
    /* 60 ms: Id = 1.44; R = 91.76 */
    {"G.711", "audio/PCMU", 0, 0, 0, 4.379697},
    {"G.711, A-law", "audio/PCMA", 0.05, 0.1, 0.01, 3.812389},
    {"several channels", "audio/multiopus", 0.01, 0, 0, 4.285989},
    {"a type in small letters", "audio/pcmu", 0.01, 0, 0, 4.290269},
};

static void estimates(void **state) {
  const mos_case_t *one = *state;
  const mos_codec_t *codec = mos_codec(one->mime_type);
  assert_non_null(codec);
  double found = mos_estimate(codec, one->loss_ratio, one->round_trip_time, one->jitter);
  double expected = floor(one->mos * 100 + 0.5) / 100; /* two digits */
  if (isnan(one->mos) ? !isnan(found) : !(fabs(found - expected) < 1e-9))
    fail_msg("%.6f instead of %.6f", found, expected);
}

/* Nothing that a row may hold leads out of 1 to 4.5, and what is worse never counts as better. */
static void stays_on_the_scale(void **state) {
  (void)state;
  const mos_codec_t *codec = mos_codec("audio/opus");
  for (double time = 0; time <= 60; time = time * 2 + 0.01)
    for (double before = 4.5, loss = 0; loss <= 1; loss += 1.0 / 256) {
      double mos = mos_estimate(codec, loss, time, time);
      assert_true(mos >= 1 && mos <= before);
      before = mos;
    }
}

static void knows_few_codecs(void **state) {
  (void)state;
  assert_null(mos_codec(NULL));
  assert_null(mos_codec(""));
  assert_null(mos_codec("audio/iSAC"));
  assert_null(mos_codec("video/VP8"));
}

int main(void) {
  TEST_CASES(estimates, mos_cases);
  TEST(stays_on_the_scale);
  TEST(knows_few_codecs);
  return tests_run("mos");
}
