/* SPDX-License-Identifier: MIT */
#include "metrics.h"

#include "common/hash.h"
#include "common/number.h"
#include "histogram.h"
#include "label_sets.h"
#include "write_mediasoup/views/keys.h"

#include <math.h>
#include <stdlib.h>

/* A piece ends with the first sample beyond it. */
enum { PIECE_BYTES = 16 * 1024 };

/* The rows of a class. */
typedef struct {
  query_t query;
  const store_row_t **rows;
  size_t length;
} table_t;

typedef struct {
  exposition_t exposition;
  table_t tables[CLASS_COUNT];

  /* The next sample: a row of a field of a class. */
  size_t class;
  size_t field;
  size_t row;
  bool is_headed; /* the head of the family is written */
  bool has_ended;
  char name[FAMILY_NAME_MAX]; /* of the family's samples */
  label_sets_t *labels;       /* of the class's rows; NULL before its first sample */
  histograms_t *histograms;   /* of the class; NULL before the first one */
  buffer_t text;              /* the piece */
} metrics_t;

/* --- where we are --- */

static void begin_family(metrics_t *metrics) {
  metrics->row = 0;
  metrics->is_headed = false;
}

static void forget_class(metrics_t *metrics) {
  label_sets_free(metrics->labels);
  metrics->labels = NULL;
  histograms_free(metrics->histograms);
  metrics->histograms = NULL;
}

static void begin_next_class(metrics_t *metrics) {
  forget_class(metrics);
  metrics->class ++;
  metrics->field = 0;
  begin_family(metrics);
}

/* --- families --- */

static void append_head(metrics_t *metrics, const class_t *class, const field_t *field) {
  if (metrics->is_headed)
    return;
  metrics->is_headed = true;
  family_sample_name(class, field, &metrics->exposition, metrics->name);
  family_append_head(&metrics->text, class, field, &metrics->exposition);
}

static void append_sample(metrics_t *metrics, const label_set_t *labels, const field_t *field,
                          const store_value_t *value) {
  buffer_t *text = &metrics->text;
  buffer_append_text(text, metrics->name);
  buffer_append_character(text, '{');
  buffer_append(text, labels->text, labels->length);
  buffer_append(text, "} ", 2);
  if (field->kind == KIND_COUNTER)
    number_append_whole(text, value->counter);
  else
    exposition_append_double(text, value->gauge);
  buffer_append_character(text, '\n');
}

/* Each row gets its labels, whether it has a value or not. So of two rows with the same labels it is always the same
 * one that gets its identifiers too. */
static void append_row(metrics_t *metrics, size_t index, const field_t *field) {
  const store_row_t *row = metrics->tables[metrics->class].rows[index];
  const store_value_t *value = &row->values[metrics->field];
  const label_set_t *labels = label_sets_find(metrics->labels, index, row);
  if (labels == NULL) {
    buffer_fail(&metrics->text, STATUS_NO_MEMORY);
    return;
  }
  if (field->kind == KIND_GAUGE && isnan(value->gauge))
    return;
  append_head(metrics, row->class, field);
  append_sample(metrics, labels, field, value);
}

static bool is_wanted(const table_t *table, const field_t *field) {
  char space[KEY_MAX_BYTES];
  return query_wants(&table->query, key_of_field(field, space));
}

static bool is_piece_full(const buffer_t *piece) {
  return piece->length >= PIECE_BYTES || buffer_status(piece) != STATUS_OK;
}

static void append_family(metrics_t *metrics, const table_t *table, const field_t *field) {
  if (!is_wanted(table, field))
    metrics->row = table->length;
  while (metrics->row < table->length && !is_piece_full(&metrics->text))
    append_row(metrics, metrics->row++, field);
  if (metrics->row < table->length)
    return;
  metrics->field++;
  begin_family(metrics);
}

/* A piece of the next family of the class. */
static void append_samples(metrics_t *metrics) {
  const table_t *table = &metrics->tables[metrics->class];
  const class_t *class = &classes[metrics->class];
  if (table->length == 0 || metrics->field == class->fields_length) {
    begin_next_class(metrics);
    return;
  }
  if (metrics->labels == NULL)
    metrics->labels = label_sets_new(table->length);
  if (metrics->labels == NULL)
    buffer_fail(&metrics->text, STATUS_NO_MEMORY);
  else
    append_family(metrics, table, &class->fields[metrics->field]);
}

/* The next histogram of the class. */
static void append_histogram(metrics_t *metrics) {
  const class_t *class = &classes[metrics->class];
  const table_t *sums = &metrics->tables[metrics->class], *buckets = &metrics->tables[class_id(class->buckets)];
  if (metrics->histograms == NULL)
    metrics->histograms = histograms_new(sums->rows, sums->length, buckets->rows, buckets->length);
  if (metrics->histograms == NULL) {
    buffer_fail(&metrics->text, STATUS_NO_MEMORY);
    return;
  }
  if (histograms_is_over(metrics->histograms)) {
    begin_next_class(metrics);
    return;
  }
  histogram_name(class, metrics->name);
  if (!metrics->is_headed)
    histogram_append_head(&metrics->text, class);
  metrics->is_headed = true;
  histograms_append_next(metrics->histograms, metrics->name, &metrics->text);
}

/* --- pieces --- */

static const buffer_t *next_piece(void *source) {
  metrics_t *metrics = source;
  if (metrics->has_ended)
    return NULL;
  buffer_clear(&metrics->text);
  if (metrics->class == CLASS_COUNT) {
    metrics->has_ended = true;
    if (metrics->exposition.openmetrics)
      buffer_append_text(&metrics->text, "# EOF\n");
  } else if (classes[metrics->class].buckets != NULL)
    append_histogram(metrics);
  else if (classes[metrics->class].histogram != NULL)
    begin_next_class(metrics); /* its rows were in the histograms */
  else
    append_samples(metrics);
  return &metrics->text;
}

/* --- life --- */

static void free_metrics(void *source) {
  metrics_t *metrics = source;
  if (metrics == NULL)
    return;
  forget_class(metrics);
  for (size_t i = 0; i < CLASS_COUNT; i++)
    store_release(metrics->tables[i].rows, metrics->tables[i].length);
  buffer_done(&metrics->text);
  free(metrics);
}

/* false when out of memory. */
static MUST_CHECK bool take_tables(metrics_t *metrics, store_t *store, const scrape_t *scrape, double now) {
  for (size_t i = 0; i < CLASS_COUNT; i++) {
    table_t *table = &metrics->tables[i];
    if (!scrape_query(scrape, &classes[i], &table->query))
      continue;
    const selection_t selection = query_selection(&table->query, &classes[i]);
    table->rows = store_take(store, &classes[i], &selection, now, &table->length);
    if (table->rows == NULL)
      return false;
  }
  return true;
}

static uint64_t version_of(const metrics_t *metrics) {
  uint64_t version = HASH_BEGIN ^ (metrics->exposition.openmetrics ? 1 : 0);
  for (size_t i = 0; i < CLASS_COUNT; i++)
    version = store_hash(version, metrics->tables[i].rows, metrics->tables[i].length);
  return version;
}

status_t metrics_new(store_t *store, const scrape_t *scrape, double now, body_t **result, failure_t *failure) {
  static const body_type_t type = {.next = next_piece, .free = free_metrics};
  metrics_t *metrics = calloc(1, sizeof(*metrics));
  body_t *body = NULL;
  if (metrics != NULL) {
    metrics->exposition = scrape->exposition;
    metrics->text = (buffer_t)BUFFER_INIT(SIZE_MAX);
    if (take_tables(metrics, store, scrape, now))
      body = body_new(&type, metrics, version_of(metrics));
  }
  if (body == NULL) {
    free_metrics(metrics);
    return failure_no_memory(failure);
  }
  *result = body;
  return STATUS_OK;
}
