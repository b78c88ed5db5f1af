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

static past_t *take(const series_t *series, int64_t oldest) {
  past_t *past = calloc(1, sizeof(*past));
  past->list = calloc(1, sizeof(*past->list));
  assert_true(past_add(past, series, oldest));
  return past;
}

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
  assert_int_equal(past->list->samples, SAMPLES);
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

static void counts_chunks_between_two_times(void **state) {
  (void)state;
  series_t *series = make_series();
  past_t *past = take(series, 0);
  assert_int_equal(past_count(past->list, 0, INT64_MAX), SAMPLES);
  assert_int_equal(past_count(past->list, 8000, INT64_MAX), SAMPLES - 7);
  assert_int_equal(past_count(past->list, 7000, 7000), 7 + 23);
  assert_int_equal(past_count(past->list, 1000000, INT64_MAX), 23);
  past_free(past);
  forget(series);
}

static void bears_an_allocation_that_fails(void **state) {
  (void)state;
  series_t *series = make_series();
  long before = allocations_live();
  past_t past = {.list = calloc(1, sizeof(*past.list))};
  allocations_fail_at(1);
  assert_false(past_add(&past, series, 0));
  allocations_fail_at(0);
  assert_int_equal(past.length, 0);
  free(past.list);
  assert_int_equal(allocations_live(), before);
  forget(series);
}

int main(void) {
  TEST(has_all_samples_though_the_series_is_gone);
  TEST(leaves_out_what_is_too_old);
  TEST(counts_chunks_between_two_times);
  TEST(bears_an_allocation_that_fails);
  return tests_run("past");
}
