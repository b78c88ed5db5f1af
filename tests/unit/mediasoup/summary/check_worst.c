/* SPDX-License-Identifier: MIT */
/* The worst streams: which of them have ranks, in which order, and with which figures. */
#include "mediasoup/summary/worst.h"
#include "support/support.h"

#include <math.h>
#include <string.h>

/* --- ranks --- */

typedef struct {
  const char *name;
  size_t ranks;
  const char *streams; /* "ID SCORE", one digit each, in the order they are added */
  const char *ranked;  /* their ids */
} rank_case_t;

static const rank_case_t rank_cases[] = {
    {"none", 3, "", ""},
    {"fewer than ranks", 3, "a5 b3", "ba"},
    {"as many as ranks", 3, "a5 b3 c4", "bca"},
    {"more than ranks", 3, "a5 b3 c4 d1 e9 f2", "dfb"},
    {"the best come first", 2, "a9 b8 c7 d6", "dc"},
    {"the worst come first", 2, "a1 b2 c3", "ab"},
    {"alike: by their ids, whoever comes first", 2, "c5 a5 b5", "ab"},
    {"one rank", 1, "a5 b4 c6", "b"},
};

static object_t *streams[32];
static size_t streams_length;

static object_t *stream_of(class_id_t class, const char *id) {
  streams[streams_length] = object_new(&classes[class], NULL, id, "");
  assert_non_null(streams[streams_length]);
  return streams[streams_length++];
}

static void free_streams(void) {
  while (streams_length > 0)
    object_free(streams[--streams_length]);
}

static void add(worst_t *worst, class_id_t class, char id, double score) {
  char text[2] = {id, '\0'};
  reading_t reading = {.score = score, .loss_ratio = NAN, .round_trip_time = NAN, .jitter = NAN, .bitrate = NAN};
  worst_add(worst, stream_of(class, text), &reading);
}

static void assert_ranked(const worst_t *worst, const char *ids) {
  object_value_t values[FIELDS_MAX];
  const object_t *stream;
  size_t rank = 0;
  for (; (stream = worst_at(worst, rank, values)) != NULL; rank++)
    assert_int_equal(stream->id[0], ids[rank]);
  assert_int_equal(rank, strlen(ids));
}

static void ranks(void **state) {
  const rank_case_t *one = *state;
  worst_t *worst = worst_new(CLASS_CONSUMERS, one->ranks);
  for (int reading = 0; reading < 2; reading++) { /* the second begins anew */
    worst_begin(worst);
    for (const char *at = one->streams; at[0] != '\0'; at += at[2] == ' ' ? 3 : 2)
      add(worst, CLASS_CONSUMERS, at[0], at[1] - '0');
    assert_ranked(worst, one->ranked);
  }
  worst_free(worst);
  free_streams();
}

static void passes_over_what_has_no_rank(void **state) {
  (void)state;
  worst_t *worst = worst_new(CLASS_PRODUCERS, 5);
  worst_begin(worst);
  add(worst, CLASS_PRODUCERS, 'a', 5);
  add(worst, CLASS_CONSUMERS, 'b', 1);
  add(worst, CLASS_PRODUCERS, 'c', NAN);
  object_t *piped = stream_of(CLASS_PRODUCERS, "e");
  piped->membership.piped = true;
  for (int other = STATE_FLOWING + 1; other <= STATE_SILENT; other++)
    worst_add(worst, stream_of(CLASS_PRODUCERS, "d"), &(reading_t){.score = 1, .state = (stream_state_t)other});
  worst_add(worst, piped, &(reading_t){.score = 1});
  assert_ranked(worst, "a");
  worst_free(worst);
  free_streams();
}

/* --- rows --- */

static double value(const class_t *class, const object_value_t *values, const char *field) {
  return values[class_field(class, field)].gauge;
}

static void has_figures(void **state) {
  (void)state;
  object_value_t values[FIELDS_MAX];
  worst_t *worst = worst_new(CLASS_PRODUCERS, 1);
  const class_t *class = worst_class(worst);
  assert_ptr_equal(class, &classes[CLASS_WORST_PRODUCERS]);
  worst_begin(worst);
  assert_null(worst_at(worst, 0, values));
  object_t *stream = stream_of(CLASS_PRODUCERS, "a");
  worst_add(worst, stream, &(reading_t){3, 0.25, 0.5, NAN, 1000, NAN, STATE_FLOWING});
  assert_ptr_equal(worst_at(worst, 0, values), stream);
  assert_true(value(class, values, "score") == 3);
  assert_true(value(class, values, "loss_ratio") == 0.25);
  assert_true(value(class, values, "round_trip_time_seconds") == 0.5);
  assert_true(isnan(value(class, values, "jitter_seconds")));
  assert_true(value(class, values, "bitrate_bits_per_second") == 1000);
  assert_null(worst_at(worst, 1, values));
  worst_free(worst);
  free_streams();
  worst = worst_new(CLASS_CONSUMERS, 1);
  assert_ptr_equal(worst_class(worst), &classes[CLASS_WORST_CONSUMERS]);
  worst_free(worst);
  worst_free(NULL);
  allocations_fail_at(1);
  assert_null(worst_new(CLASS_CONSUMERS, 100));
  allocations_fail_at(0);
}

int main(void) {
  TEST_CASES(ranks, rank_cases);
  TEST(passes_over_what_has_no_rank);
  TEST(has_figures);
  return tests_run("worst");
}
