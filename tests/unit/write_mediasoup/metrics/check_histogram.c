/* SPDX-License-Identifier: MIT */
/* Histograms put together from their rows: whole ones only, in order and consistent; and without memory. */
#include "support/rows.h"
#include "write_mediasoup/metrics/histogram.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS_MAX = 8 };

/* A row: its identifier and its figure. */
typedef struct {
  const char *name;
  int figure;
} given_t;

typedef struct {
  const char *name;
  given_t sums[ROWS_MAX];
  given_t buckets[ROWS_MAX];
  const char *text; /* without the labels of the host, and with ' for " */
} histogram_case_t;

#define SUM {"of=c", 5}
#define ALL {"of=c,le=+Inf", 6}

static const histogram_case_t histogram_cases[] = {
    {"none", {{0}}, {{0}}, ""},
    {"one, in any order",
     {SUM},
     {ALL, {"of=c,le=1", 4}, {"of=c,le=0.5", 2}},
     "h_bucket{of='c',le='0.5'} 2\nh_bucket{of='c',le='1'} 4\nh_bucket{of='c',le='+Inf'} 6\nh_sum{of='c'} 5\n"
     "h_count{of='c'} 6\n"},
    {"bounds are numbers, not texts",
     {SUM},
     {{"of=c,le=10", 5}, {"of=c,le=9", 4}, {"of=c,le=1e-3", 1}, ALL},
     "h_bucket{of='c',le='1e-3'} 1\nh_bucket{of='c',le='9'} 4\nh_bucket{of='c',le='10'} 5\nh_bucket{of='c',le='+Inf'} "
     "6\nh_sum{of='c'} 5\nh_count{of='c'} 6\n"},
    {"rows of two snapshots",
     {SUM},
     {{"of=c,le=1", 4}, {"of=c,le=2", 9}, {"of=c,le=3", 3}, ALL},
     "h_bucket{of='c',le='1'} 4\nh_bucket{of='c',le='2'} 6\nh_bucket{of='c',le='3'} 6\nh_bucket{of='c',le='+Inf'} 6\n"
     "h_sum{of='c'} 5\nh_count{of='c'} 6\n"},
    {"two",
     {{"of=d", 7}, SUM},
     {ALL, {"of=d,le=+Inf", 8}},
     "h_bucket{of='c',le='+Inf'} 6\nh_sum{of='c'} 5\nh_count{of='c'} 6\nh_bucket{of='d',le='+Inf'} 8\nh_sum{of='d'} 7\n"
     "h_count{of='d'} 8\n"},
    {"without labels", {{"", 5}}, {{"le=+Inf", 6}}, "h_bucket{le='+Inf'} 6\nh_sum{} 5\nh_count{} 6\n"},

    {"without its sum", {{0}}, {ALL}, ""},
    {"without its last bucket", {SUM}, {{"of=c,le=1", 4}}, ""},
    {"an incomplete one before a whole one",
     {{"of=b", 1}, SUM},
     {{"of=b,le=1", 1}, ALL},
     "h_bucket{of='c',le='+Inf'} 6\nh_sum{of='c'} 5\nh_count{of='c'} 6\n"},
    {"what is no bound",
     {SUM},
     {ALL, {"of=c", 1}, {"of=c,le=", 1}, {"of=c,le=x", 1}, {"of=c,le=nan", 1}, {"of=c,le=1\"", 1}, {"of=c,le= 1", 1}},
     "h_bucket{of='c',le='+Inf'} 6\nh_sum{of='c'} 5\nh_count{of='c'} 6\n"},
    {"rows of the same labels count once",
     {SUM, {"of=c,x=y", 5}},
     {ALL, {"le=+Inf,of=c", 6}},
     "h_bucket{of='c',le='+Inf'} 6\nh_sum{of='c'} 5\nh_count{of='c'} 6\n"},
};

/* The plugin_instance names the endpoint that has no label, and there is no host. */
static size_t make_rows(class_id_t class, const given_t *given, const store_row_t **rows) {
  size_t length = 0;
  for (; length < ROWS_MAX && given[length].name != NULL; length++) {
    store_row_t *row = store_row_new(&classes[class], "", "mediasoup", given[length].name);
    for (size_t i = 0; i < row->class->fields_length; i++)
      if (row->class->fields[i].kind == KIND_COUNTER)
        row->values[i].counter = given[length].figure;
      else
        row->values[i].gauge = given[length].figure;
    rows[length] = row;
  }
  return length;
}

typedef struct {
  const store_row_t *sums[ROWS_MAX], *buckets[ROWS_MAX];
  size_t sums_length, buckets_length;
} rows_t;

static rows_t rows_of(const histogram_case_t *one) {
  rows_t rows;
  rows.sums_length = make_rows(CLASS_SCORE, one->sums, rows.sums);
  rows.buckets_length = make_rows(CLASS_SCORE_BUCKET, one->buckets, rows.buckets);
  return rows;
}

static void rows_done(const rows_t *rows) {
  for (size_t i = 0; i < rows->sums_length; i++)
    store_row_release(rows->sums[i]);
  for (size_t i = 0; i < rows->buckets_length; i++)
    store_row_release(rows->buckets[i]);
}

static void puts_together(void **state) {
  const histogram_case_t *one = *state;
  long before = allocations_live();
  rows_t rows = rows_of(one);
  buffer_t text = BUFFER_INIT(SNAPSHOT_MAX_BYTES);
  char *expected = json(one->text);
  histograms_t *histograms = histograms_new(rows.sums, rows.sums_length, rows.buckets, rows.buckets_length);
  while (!histograms_is_over(histograms))
    histograms_append_next(histograms, "h", &text);
  assert_string_equal(buffer_text(&text), expected);
  histograms_free(histograms);
  histograms_free(NULL);
  buffer_done(&text);
  free(expected);
  rows_done(&rows);
  assert_int_equal(allocations_live(), before);
}

static void bears_each_allocation_that_fails(void **state) {
  (void)state;
  rows_t rows = rows_of(&histogram_cases[1]);
  long before = allocations_live();
  bool failed = true;
  unsigned long number = 0;
  while (failed) {
    allocations_fail_at(++number);
    histograms_t *histograms = histograms_new(rows.sums, rows.sums_length, rows.buckets, rows.buckets_length);
    failed = allocations_failed();
    allocations_fail_at(0);
    assert_int_equal(histograms != NULL, !failed); /* whole or not at all */
    histograms_free(histograms);
    assert_int_equal(allocations_live(), before);
  }
  assert_true(number > 10);
  rows_done(&rows);
}

int main(void) {
  TEST_CASES(puts_together, histogram_cases);
  TEST(bears_each_allocation_that_fails);
  return tests_run("histogram");
}
