/* SPDX-License-Identifier: MIT */
/* Series: which rows become samples, when they become a chunk, and what is left without memory. */
#include "support/rows.h"
#include "write_mediasoup/history/series.h"

#include <stdlib.h>
#include <string.h>

enum { NOW = 1000 };

static series_t *series;

static store_row_t *row_at(double time, int64_t figure) {
  return row_of(CLASS_GROUP_PRODUCERS, "group=room", time, figure, "group=room");
}

/* The allocation of this number fails in it; 0: none does. */
static bool add_failing(unsigned long number, double time, int64_t figure) {
  store_row_t *row = row_at(time, figure);
  allocations_fail_at(number);
  bool added = series_add(series, row, NOW);
  allocations_fail_at(0);
  store_row_release(row);
  return added;
}

static bool add(double time, int64_t figure) { return add_failing(0, time, figure); }

static void begin(uint64_t number) {
  store_row_t *row = row_at(1, 1);
  series = series_new(row, 0x1f, number);
  store_row_release(row);
}

static void end(void) {
  while (series->oldest != NULL)
    chunk_release(series_take_oldest(series));
  series_free(series);
}

static void a_row_that_is_not_newer_adds_no_sample(void **state) {
  (void)state;
  begin(0);
  assert_true(add(10, 1));
  assert_int_equal(series->samples, 1);
  assert_true(add(10, 2));
  assert_true(add(10.0004, 2)); /* the same millisecond, which is what the views show */
  assert_true(add(9, 3));
  assert_int_equal(series->samples, 1);
  assert_int_equal(series->row->values[0].counter, 1);
  assert_true(add(10.001, 4));
  assert_int_equal(series->samples, 2);
  assert_int_equal(series->row->values[0].counter, 4);
  assert_true(series->first == 10000 && series->last == 10001);
  end();
}

static void becomes_a_chunk_when_it_is_full(void **state) {
  (void)state;
  begin(4); /* the first chunk of this number has 5 samples */
  for (int i = 1; i <= 4; i++)
    assert_true(add(i, i) && !series_is_full(series));
  assert_true(add(5, 5) && series_is_full(series));
  size_t size = series_size(series);
  const chunk_t *chunk = series_pack(series);
  assert_true(chunk->first == 1000 && chunk->last == 5000);
  assert_int_equal(chunk->samples, 5);
  assert_true(series->oldest == chunk && series->newest == chunk && chunk->series == series);
  assert_int_equal(series->samples, 0);
  assert_true(series_size(series) < size);
  assert_true(add(5, 6)); /* not newer than what is in the chunk */
  assert_int_equal(series->samples, 0);
  for (int i = 6; i < 6 + CHUNK_SAMPLES - 1; i++)
    assert_true(add(i, i) && !series_is_full(series));
  assert_true(add(1000, 1) && series_is_full(series));
  const chunk_t *later = series_pack(series);
  assert_true(series->oldest == chunk && chunk->later == later && series->newest == later);
  end();
}

static void without_memory_it_stays_as_it_was(void **state) {
  (void)state;
  long before = allocations_live();
  begin(CHUNK_SAMPLES - 1);
  assert_true(add(1, 1));
  double time = 1;
  size_t bits, samples;
  bool is_added;
  do { /* until its memory has to grow */
    bits = series->bits, samples = series->samples;
    time++;
    is_added = add_failing(1, time, (int64_t)time * 1234567890123);
  } while (is_added && time < 100);
  assert_false(is_added);
  assert_true(series->bits == bits && series->samples == samples && series->last == (int64_t)(time - 1) * 1000);
  assert_true(add(time, 1));
  assert_int_equal(series->samples, samples + 1);
  end();
  assert_int_equal(allocations_live(), before);
}

/* Whether no chunk is made without memory for it. */
static bool is_refused(void) {
  allocations_fail_at(1);
  const chunk_t *chunk = series_pack(series);
  allocations_fail_at(0);
  return chunk == NULL;
}

static void without_memory_for_a_chunk_its_samples_wait(void **state) {
  (void)state;
  begin(0);
  for (int i = 1; i < 4 * CHUNK_SAMPLES; i++) {
    assert_true(add(i, i));
    assert_true(is_refused());
    assert_int_equal(series->samples, i);
  }
  assert_true(add(4 * CHUNK_SAMPLES, 1));
  assert_true(is_refused());
  assert_int_equal(series->samples, 0); /* so many do not */
  assert_true(add(1000, 7));
  assert_non_null(series_pack(series));
  end();
}

int main(void) {
  TEST(a_row_that_is_not_newer_adds_no_sample);
  TEST(becomes_a_chunk_when_it_is_full);
  TEST(without_memory_it_stays_as_it_was);
  TEST(without_memory_for_a_chunk_its_samples_wait);
  return tests_run("series");
}
