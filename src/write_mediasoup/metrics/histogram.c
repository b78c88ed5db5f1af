/* SPDX-License-Identifier: MIT */
#include "histogram.h"

#include "common/identifier.h"
#include "common/limits.h"
#include "common/number.h"
#include "exposition.h"
#include "labels.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A row, its labels but `le`, and its bound: NaN, which comes before all bounds, for sum and count. */
typedef struct {
  const store_row_t *row;
  char *labels;
  double bound;
  pair_t le;
} part_t;

struct histograms {
  part_t *parts; /* those of one histogram stand together: sum, then buckets by their bounds */
  size_t length;
  size_t next;
};

/* --- making them --- */

static bool is_sum(const part_t *part) { return isnan(part->bound); }

static int compare(const void *left, const void *right) {
  const part_t *a = left, *b = right;
  int order = strcmp(a->labels, b->labels);
  if (order != 0 || (is_sum(a) && is_sum(b)))
    return order;
  if (is_sum(a) || is_sum(b))
    return is_sum(a) ? -1 : 1;
  return a->bound < b->bound ? -1 : a->bound > b->bound ? 1 : 0;
}

/* Its bound stands in the text as it is written here: nothing but a number. */
static bool read_bound(part_t *part) {
  char *end;
  if (!identifier_find(part->row->type_instance, "le", &part->le) || part->le.value_length == 0 ||
      strspn(part->le.value, "+-.0123456789eInf") < part->le.value_length)
    return false;
  part->bound = strtod(part->le.value, &end);
  return end == part->le.value + part->le.value_length && !isnan(part->bound);
}

/* False when out of memory. A bucket without a bound is none. */
static MUST_CHECK bool add(histograms_t *histograms, const store_row_t *row, bool is_bucket) {
  part_t part = {.row = row, .bound = NAN};
  buffer_t labels = BUFFER_INIT(4 * ROW_TEXT_MAX_BYTES);
  if (is_bucket && !read_bound(&part))
    return true;
  labels_append(&labels, row);
  part.labels = buffer_copy(&labels);
  buffer_done(&labels);
  if (part.labels != NULL)
    histograms->parts[histograms->length++] = part;
  return part.labels != NULL;
}

/* What two rows say that have other identifiers and the same labels counts once. */
static void drop_alike(histograms_t *histograms) {
  size_t kept = 0;
  for (size_t i = 0; i < histograms->length; i++) {
    if (kept > 0 && compare(&histograms->parts[kept - 1], &histograms->parts[i]) == 0)
      free(histograms->parts[i].labels);
    else
      histograms->parts[kept++] = histograms->parts[i];
  }
  histograms->length = kept;
}

histograms_t *histograms_new(const store_row_t *const *sums, size_t sums_length, const store_row_t *const *buckets,
                             size_t buckets_length) {
  histograms_t *histograms = calloc(1, sizeof(*histograms));
  if (histograms == NULL)
    return NULL;
  histograms->parts = calloc(sums_length + buckets_length + 1, sizeof(*histograms->parts));
  bool whole = histograms->parts != NULL;
  for (size_t i = 0; i < sums_length && whole; i++)
    whole = add(histograms, sums[i], false);
  for (size_t i = 0; i < buckets_length && whole; i++)
    whole = add(histograms, buckets[i], true);
  if (!whole) {
    histograms_free(histograms);
    return NULL;
  }
  if (histograms->length > 1)
    qsort(histograms->parts, histograms->length, sizeof(*histograms->parts), compare);
  drop_alike(histograms);
  return histograms;
}

void histograms_free(histograms_t *histograms) {
  if (histograms == NULL)
    return;
  for (size_t i = 0; i < histograms->length; i++)
    free(histograms->parts[i].labels);
  free(histograms->parts);
  free(histograms);
}

/* --- writing them --- */

static void append_name(buffer_t *text, const char *name, const char *suffix, const part_t *part) {
  buffer_append_text(text, name);
  buffer_append_text(text, suffix);
  buffer_append_character(text, '{');
  buffer_append_text(text, part->labels);
  if (!is_sum(part)) {
    buffer_append_text(text, part->labels[0] != '\0' ? ",le=\"" : "le=\"");
    buffer_append(text, part->le.value, part->le.value_length);
    buffer_append_character(text, '"');
  }
  buffer_append_text(text, "} ");
}

static void append_count(buffer_t *text, const char *name, const char *suffix, const part_t *part, int64_t count) {
  append_name(text, name, suffix, part);
  number_append_whole(text, count);
  buffer_append_character(text, '\n');
}

static int64_t count_of(const part_t *bucket) {
  return bucket->row->values[class_derived_field(bucket->row->class, DERIVED_BUCKET)].counter;
}

static void append_sum(buffer_t *text, const char *name, const part_t *part) {
  append_name(text, name, "_sum", part);
  exposition_append_double(text, part->row->values[class_derived_field(part->row->class, DERIVED_SUM)].gauge);
  buffer_append_character(text, '\n');
}

/* `parts` are a sum and its buckets. Rows that are being replaced right now are of two snapshots: no bucket may hold
 * more than the next one, and the last holds all. */
static void append_histogram(buffer_t *text, const char *name, const part_t *parts, size_t length) {
  int64_t all = count_of(&parts[length - 1]), before = 0;
  for (size_t i = 1; i < length; i++) {
    int64_t count = count_of(&parts[i]);
    count = count > all ? all : count;
    before = count > before ? count : before;
    append_count(text, name, "_bucket", &parts[i], before);
  }
  append_sum(text, name, &parts[0]);
  append_count(text, name, "_count", &parts[0], all);
}

bool histograms_append_next(histograms_t *histograms, const char *name, buffer_t *text) {
  while (histograms->next < histograms->length) {
    const part_t *parts = &histograms->parts[histograms->next];
    size_t length = 1;
    while (histograms->next + length < histograms->length && strcmp(parts[length].labels, parts->labels) == 0)
      length++;
    histograms->next += length;
    if (!is_sum(parts) || !isinf(parts[length - 1].bound))
      continue;
    append_histogram(text, name, parts, length);
    return true;
  }
  return false;
}
