/* SPDX-License-Identifier: MIT */
#include "histogram.h"

#include "common/identifier.h"
#include "common/number.h"
#include "exposition.h"
#include "label.h"
#include "label_sets.h"
#include "labels.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A row, which holds a bucket, or sum and count. */
typedef struct {
  const store_row_t *row;
  char *labels; /* without `le` */
  double bound; /* of the bucket; NaN for sum and count */
  pair_t le;    /* the bound as the row's identifier has it */
} histogram_row_t;

struct histograms {
  histogram_row_t *rows; /* a histogram's rows stand together: sum and count, then the buckets by their bounds */
  size_t length;
  size_t next;
};

/* --- making them --- */

static bool is_sum(const histogram_row_t *row) { return isnan(row->bound); }

static int compare(const void *left, const void *right) {
  const histogram_row_t *a = left, *b = right;
  int order = strcmp(a->labels, b->labels);
  if (order != 0 || (is_sum(a) && is_sum(b)))
    return order;
  if (is_sum(a) || is_sum(b))
    return is_sum(a) ? -1 : 1;
  return a->bound < b->bound ? -1 : a->bound > b->bound ? 1 : 0;
}

/* The bound is written as the identifier has it, so nothing but a number is taken. */
static bool read_bound(histogram_row_t *row) {
  char *end;
  if (!identifier_find(row->row->type_instance, LABEL_BOUND, &row->le) || row->le.value_length == 0 ||
      strspn(row->le.value, "+-.0123456789eInf") < row->le.value_length)
    return false;
  row->bound = number_read(row->le.value, &end);
  return end == row->le.value + row->le.value_length && !isnan(row->bound);
}

/* Passes over a bucket without a bound. false when out of memory. */
static MUST_CHECK bool add(histograms_t *histograms, const store_row_t *row, bool is_bucket) {
  histogram_row_t added = {.row = row, .bound = NAN};
  buffer_t labels = BUFFER_INIT(LABELS_MAX_BYTES);
  if (is_bucket && !read_bound(&added))
    return true;
  labels_append(&labels, row);
  added.labels = buffer_copy(&labels);
  buffer_done(&labels);
  if (added.labels != NULL)
    histograms->rows[histograms->length++] = added;
  return added.labels != NULL;
}

/* Two rows with other identifiers and the same labels count once. */
static void drop_equal(histograms_t *histograms) {
  size_t kept = 0;
  for (size_t i = 0; i < histograms->length; i++) {
    if (kept > 0 && compare(&histograms->rows[kept - 1], &histograms->rows[i]) == 0)
      free(histograms->rows[i].labels);
    else
      histograms->rows[kept++] = histograms->rows[i];
  }
  histograms->length = kept;
}

/* How many rows from `first` on are of one histogram. */
static size_t histogram_length(const histograms_t *histograms, size_t first) {
  size_t length = 1;
  while (first + length < histograms->length &&
         strcmp(histograms->rows[first + length].labels, histograms->rows[first].labels) == 0)
    length++;
  return length;
}

/* A histogram begins with its sum and ends with the bucket of +Inf. Moves on to the next that is whole. */
static void skip_incomplete(histograms_t *histograms) {
  while (histograms->next < histograms->length) {
    size_t length = histogram_length(histograms, histograms->next);
    const histogram_row_t *rows = &histograms->rows[histograms->next];
    if (is_sum(&rows[0]) && isinf(rows[length - 1].bound))
      return;
    histograms->next += length;
  }
}

histograms_t *histograms_new(const store_row_t *const *sums, size_t sums_length, const store_row_t *const *buckets,
                             size_t buckets_length) {
  histograms_t *histograms = calloc(1, sizeof(*histograms));
  if (histograms == NULL)
    return NULL;
  histograms->rows = calloc(sums_length + buckets_length + 1, sizeof(*histograms->rows));
  bool is_whole = histograms->rows != NULL;
  for (size_t i = 0; i < sums_length && is_whole; i++)
    is_whole = add(histograms, sums[i], false);
  for (size_t i = 0; i < buckets_length && is_whole; i++)
    is_whole = add(histograms, buckets[i], true);
  if (!is_whole) {
    histograms_free(histograms);
    return NULL;
  }
  if (histograms->length > 1)
    qsort(histograms->rows, histograms->length, sizeof(*histograms->rows), compare);
  drop_equal(histograms);
  skip_incomplete(histograms);
  return histograms;
}

void histograms_free(histograms_t *histograms) {
  if (histograms == NULL)
    return;
  for (size_t i = 0; i < histograms->length; i++)
    free(histograms->rows[i].labels);
  free(histograms->rows);
  free(histograms);
}

/* --- writing them --- */

static void append_name(buffer_t *text, const char *name, const char *suffix, const histogram_row_t *row) {
  buffer_append_text(text, name);
  buffer_append_text(text, suffix);
  buffer_append_character(text, '{');
  buffer_append_text(text, row->labels);
  if (!is_sum(row)) {
    buffer_append_text(text, row->labels[0] != '\0' ? "," : "");
    buffer_append_text(text, LABEL_BOUND "=\"");
    buffer_append(text, row->le.value, row->le.value_length);
    buffer_append_character(text, '"');
  }
  buffer_append_text(text, "} ");
}

static void append_count(buffer_t *text, const char *name, const char *suffix, const histogram_row_t *row,
                         int64_t count) {
  append_name(text, name, suffix, row);
  number_append_whole(text, count);
  buffer_append_character(text, '\n');
}

static void append_sum(buffer_t *text, const char *name, const histogram_row_t *row) {
  append_name(text, name, "_sum", row);
  exposition_append_double(text, row->row->values[class_derived_field(row->row->class, DERIVED_SUM)].gauge);
  buffer_append_character(text, '\n');
}

static int64_t count_of(const histogram_row_t *bucket) {
  return bucket->row->values[class_derived_field(bucket->row->class, DERIVED_BUCKET)].counter;
}

/* While rows are being replaced, some are of the next snapshot already. So a bucket is made to hold no more than the
 * one after it, and the last one holds all. */
void histograms_append_next(histograms_t *histograms, const char *name, buffer_t *text) {
  const histogram_row_t *rows = &histograms->rows[histograms->next];
  size_t length = histogram_length(histograms, histograms->next);
  int64_t all = count_of(&rows[length - 1]), before = 0;
  for (size_t i = 1; i < length; i++) {
    int64_t count = count_of(&rows[i]);
    count = count > all ? all : count;
    before = count > before ? count : before;
    append_count(text, name, "_bucket", &rows[i], before);
  }
  append_sum(text, name, &rows[0]);
  append_count(text, name, "_count", &rows[0], all);
  histograms->next += length;
  skip_incomplete(histograms);
}

bool histograms_is_over(const histograms_t *histograms) { return histograms->next == histograms->length; }
