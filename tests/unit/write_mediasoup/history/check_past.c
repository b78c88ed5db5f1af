/* SPDX-License-Identifier: MIT */
/* The past as it is read: all samples in their order, over chunks and what is none, whatever happens to the series. */
#include "support/rows.h"
#include "write_mediasoup/history/past.h"

#include <stdlib.h>

enum { SAMPLES = 150, NUMBER = 6, NOW = 1000 };

/* The chunks of this series have 7, 60 and 60 samples; 23 are in none. */
static series_t *make_series(void) {
  store_row_t *row = row_of(CLASS_GROUP_PRODUCERS, "group=room", 0, 0, "group=room");
  series_t *series = series_new(row, 0x1f, NUMBER);
  store_row_release(row);
  for (int i = 1; i <= SAMPLES; i++) {
    row = row_of(CLASS_GROUP_PRODUCERS, "group=room", i, i * i, "group=room");
    assert_true(series_add(series, row, NOW));
    store_row_release(row);
    if (series_is_full(series))
      assert_non_null(series_pack(series));
  }
  return series;
}

static void forget(series_t *series) {
  while (series->oldest != NULL)
    chunk_release(series_take_oldest(series));
  series_free(series);
}

static past_t *take_between(const series_t *series, int64_t from, int64_t to) {
  past_t *past = calloc(1, sizeof(*past));
  past->list = calloc(1, sizeof(*past->list));
  assert_true(past_add(past, series, from, to));
  return past;
}

static past_t *take(const series_t *series, int64_t from) { return take_between(series, from, INT64_MAX); }

static void assert_samples(const past_t *past, int first) {
  past_reader_t reader = {.series = past->list};
  for (int i = first; i <= SAMPLES; i++) {
    assert_true(past_read(&reader));
    assert_true(reader.time == i * 1000);
    assert_int_equal(reader.figures[0].counter, i * i);
    assert_true(reader.figures[5].gauge == i * i);
  }
  assert_false(past_read(&reader));
}

static void has_all_samples_though_the_series_is_gone(void **state) {
  (void)state;
  long before = allocations_live();
  series_t *series = make_series();
  past_t *past = take(series, 0);
  forget(series);
  assert_int_equal(past_count(past->list), SAMPLES);
  assert_int_equal(past->list->chunks_length, 3);
  assert_samples(past, 1);
  past_free(past);
  past_free(NULL);
  assert_int_equal(allocations_live(), before);
}

static void leaves_out_what_is_too_old(void **state) {
  (void)state;
  series_t *series = make_series();
  const int firsts[] = {1, 2, 7, 8, 50, 127, 128, 150};
  for (size_t i = 0; i < LENGTH(firsts); i++) {
    past_t *past = take(series, firsts[i] * 1000 - 500);
    assert_samples(past, firsts[i]);
    past_free(past);
  }
  forget(series);
}

typedef struct {
  const char *name;
  int from, to; /* samples, both included */
  size_t chunks, loose;
} span_case_t;

static const span_case_t span_cases[] = {
    {"all", 1, SAMPLES, 3, 23},
    {"nothing before", -5, 0, 0, 0},
    {"nothing behind", 151, 160, 0, 0},
    {"one sample at the end of a chunk", 7, 7, 1, 0},
    {"one of the next", 8, 8, 1, 0},
    {"within a chunk", 20, 40, 1, 0},
    {"a whole chunk", 8, 67, 1, 0},
    {"parts of two", 60, 80, 2, 0},
    {"one that is in no chunk", 140, 140, 0, 23},
    {"the end of a chunk and what is in none", 120, 130, 1, 23},
};

/* Only the chunks with such samples are taken, and no sample of theirs is told that is not between the times. */
static void has_what_is_between_two_times(void **state) {
  const span_case_t *one = *state;
  series_t *series = make_series();
  past_t *past = take_between(series, one->from * 1000LL, one->to * 1000LL);
  const past_series_t *list = past->list;
  assert_int_equal(list->chunks_length, one->chunks);
  assert_int_equal(list->loose, one->loose);
  past_reader_t reader = {.series = list};
  size_t count = 0;
  for (int i = one->from < 1 ? 1 : one->from; i <= one->to && i <= SAMPLES; i++, count++)
    assert_true(past_read(&reader) && reader.time == i * 1000 && reader.figures[0].counter == i * i);
  assert_false(past_read(&reader));
  assert_int_equal(past_count(list), count);
  assert_true(past_count_about(list) >= count);
  past_free(past);
  forget(series);
}

static void bears_an_allocation_that_fails(void **state) {
  (void)state;
  series_t *series = make_series();
  long before = allocations_live();
  past_t past = {.list = calloc(1, sizeof(*past.list))};
  allocations_fail_at(1);
  assert_false(past_add(&past, series, 0, INT64_MAX));
  allocations_fail_at(0);
  assert_int_equal(past.length, 0);
  free(past.list);
  assert_int_equal(allocations_live(), before);
  forget(series);
}

int main(void) {
  TEST(has_all_samples_though_the_series_is_gone);
  TEST(leaves_out_what_is_too_old);
  TEST_CASES(has_what_is_between_two_times, span_cases);
  TEST(bears_an_allocation_that_fails);
  return tests_run("past");
}
