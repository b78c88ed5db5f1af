/* SPDX-License-Identifier: MIT */
#include "metrics.h"

#define HASH_NONFATAL_OOM 1
#include <uthash.h>

#include "common/hash.h"
#include "common/limits.h"
#include "common/number.h"
#include "histogram.h"
#include "labels.h"
#include "write_mediasoup/views/keys.h"

#include <math.h>
#include <stdlib.h>

/* So much is made at once, and the last sample beyond it. */
enum { PIECE_BYTES = 16 * 1024, LABELS_MAX_BYTES = 4 * ROW_TEXT_MAX_BYTES };

/* A row's labels, as they stand before each of its samples. */
typedef struct {
  UT_hash_handle hh; /* by its text */
  size_t length;
  char text[];
} labelled_t;

/* The rows of a class. */
typedef struct {
  query_t query;
  const store_row_t **rows;
  size_t length;
} table_t;

typedef struct {
  exposition_t exposition;
  table_t tables[CLASS_COUNT];

  /* Where we are: at a row of a field of a class. */
  size_t class;
  size_t field;
  size_t row;
  bool headed; /* the head of the field, or of the histograms, is written */
  bool ended;
  char name[FAMILY_NAME_MAX]; /* of the samples */
  labelled_t **labelled;      /* of the class's rows, as far as they have been reached */
  labelled_t *labels;         /* the same by their texts */
  histograms_t *histograms;

  buffer_t label; /* being written */
  buffer_t text;  /* what was made, of which `read` bytes are read */
  size_t read;
} metrics_t;

/* --- labels --- */

/* Rows of other identifiers may have the same labels, when somebody else made them up. Prometheus knows no two series
 * of the same labels: the later one's say more. */
static labelled_t *label(metrics_t *metrics, const store_row_t *row) {
  labelled_t *other = NULL;
  buffer_t *text = &metrics->label;
  buffer_clear(text);
  labels_append(text, row);
  HASH_FIND(hh, metrics->labels, buffer_text(text), text->length, other);
  if (other != NULL)
    labels_append_identifiers(text, row);
  labelled_t *labelled = buffer_status(text) == STATUS_OK ? malloc(sizeof(*labelled) + text->length + 1) : NULL;
  if (labelled == NULL)
    return NULL;
  labelled->length = text->length;
  memcpy(labelled->text, buffer_text(text), text->length + 1);
  HASH_ADD_KEYPTR(hh, metrics->labels, labelled->text, labelled->length, labelled);
  if (labelled->hh.tbl == NULL) {
    free(labelled);
    return NULL;
  }
  return labelled;
}

static void forget_labels(metrics_t *metrics, size_t length) {
  HASH_CLEAR(hh, metrics->labels);
  for (size_t i = 0; metrics->labelled != NULL && i < length; i++)
    free(metrics->labelled[i]);
  free(metrics->labelled);
  metrics->labelled = NULL;
}

/* --- where we are --- */

static void begin_family(metrics_t *metrics) {
  metrics->row = 0;
  metrics->headed = false;
}

static void next_class(metrics_t *metrics) {
  forget_labels(metrics, metrics->tables[metrics->class].length);
  histograms_free(metrics->histograms);
  metrics->histograms = NULL;
  metrics->class ++;
  metrics->field = 0;
  begin_family(metrics);
}

static bool is_wanted(const table_t *table, const field_t *field) {
  char space[KEY_MAX_BYTES];
  return query_wants(&table->query, key_of_field(field, space));
}

/* --- families --- */

static void append_head(metrics_t *metrics, const class_t *class, const field_t *field) {
  if (metrics->headed)
    return;
  metrics->headed = true;
  family_sample_name(class, field, &metrics->exposition, metrics->name);
  family_append_head(&metrics->text, class, field, &metrics->exposition);
}

static void append_sample(metrics_t *metrics, const labelled_t *labelled, const field_t *field,
                          const store_value_t *value) {
  buffer_t *text = &metrics->text;
  buffer_append_text(text, metrics->name);
  buffer_append_character(text, '{');
  buffer_append(text, labelled->text, labelled->length);
  buffer_append_text(text, "} ");
  if (field->kind == KIND_COUNTER)
    number_append_whole(text, value->counter);
  else
    exposition_append_double(text, value->gauge);
  buffer_append_character(text, '\n');
}

/* The row is labelled whether it has a figure or not, so that it is always the same one of two whose labels say more.
 */
static void append_row(metrics_t *metrics, size_t index, const field_t *field) {
  const store_row_t *row = metrics->tables[metrics->class].rows[index];
  const store_value_t *value = &row->values[metrics->field];
  if (metrics->labelled[index] == NULL)
    metrics->labelled[index] = label(metrics, row);
  if (metrics->labelled[index] == NULL) {
    buffer_fail(&metrics->text, STATUS_NO_MEMORY);
    return;
  }
  if (field->kind == KIND_GAUGE && isnan(value->gauge))
    return;
  append_head(metrics, row->class, field);
  append_sample(metrics, metrics->labelled[index], field, value);
}

/* A piece of the field's family. */
static void produce_samples(metrics_t *metrics) {
  const table_t *table = &metrics->tables[metrics->class];
  const class_t *class = &classes[metrics->class];
  if (metrics->field == class->fields_length) {
    next_class(metrics);
    return;
  }
  const field_t *field = &class->fields[metrics->field];
  if (metrics->labelled == NULL)
    metrics->labelled = calloc(table->length, sizeof(*metrics->labelled));
  if (metrics->labelled == NULL) {
    buffer_fail(&metrics->text, STATUS_NO_MEMORY);
    return;
  }
  if (!is_wanted(table, field))
    metrics->row = table->length;
  while (metrics->row < table->length && metrics->text.length < PIECE_BYTES)
    append_row(metrics, metrics->row++, field);
  if (metrics->row == table->length) {
    metrics->field++;
    begin_family(metrics);
  }
}

static void produce_histogram(metrics_t *metrics) {
  const class_t *class = &classes[metrics->class];
  const table_t *sums = &metrics->tables[metrics->class], *buckets = &metrics->tables[class_id(class->buckets)];
  if (metrics->histograms == NULL)
    metrics->histograms = histograms_new(sums->rows, sums->length, buckets->rows, buckets->length);
  if (metrics->histograms == NULL) {
    buffer_fail(&metrics->text, STATUS_NO_MEMORY);
    return;
  }
  histogram_name(class, metrics->name);
  size_t before = metrics->text.length;
  if (!metrics->headed)
    histogram_append_head(&metrics->text, class);
  metrics->headed = histograms_append_next(metrics->histograms, metrics->name, &metrics->text);
  if (metrics->headed)
    return;
  metrics->text.length = before;
  next_class(metrics);
}

/* --- reading --- */

/* Makes the next piece, which may be empty. */
static MUST_CHECK status_t produce(metrics_t *metrics) {
  buffer_clear(&metrics->text);
  metrics->read = 0;
  if (metrics->class == CLASS_COUNT) {
    metrics->ended = true;
    if (metrics->exposition.openmetrics)
      buffer_append_text(&metrics->text, "# EOF\n");
  } else if (classes[metrics->class].buckets != NULL)
    produce_histogram(metrics);
  else if (classes[metrics->class].histogram == NULL && metrics->tables[metrics->class].length > 0)
    produce_samples(metrics);
  else
    next_class(metrics);
  return buffer_status(&metrics->text);
}

static ssize_t read_metrics(void *context, char *bytes, size_t size) {
  metrics_t *metrics = context;
  size_t written = 0;
  while (written < size) {
    size_t left = metrics->text.length - metrics->read;
    if (left == 0 && metrics->ended)
      break;
    if (left == 0) {
      if (produce(metrics) != STATUS_OK)
        return -1;
      continue;
    }
    size_t length = left < size - written ? left : size - written;
    memcpy(bytes + written, metrics->text.data + metrics->read, length);
    metrics->read += length;
    written += length;
  }
  return (ssize_t)written;
}

/* --- life --- */

static void free_metrics(void *context) {
  metrics_t *metrics = context;
  if (metrics->class < CLASS_COUNT)
    forget_labels(metrics, metrics->tables[metrics->class].length);
  histograms_free(metrics->histograms);
  for (size_t i = 0; i < CLASS_COUNT; i++)
    store_release(metrics->tables[i].rows, metrics->tables[i].length);
  buffer_done(&metrics->label);
  buffer_done(&metrics->text);
  free(metrics);
}

/* NULL rows are no memory for them. */
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

static const view_text_t metrics_text = {.read = read_metrics, .free = free_metrics};

status_t metrics_new(store_t *store, const scrape_t *scrape, double now, view_t **view, failure_t *failure) {
  metrics_t *metrics = calloc(1, sizeof(*metrics));
  if (metrics == NULL)
    return failure_no_memory(failure);
  metrics->exposition = scrape->exposition;
  metrics->label = (buffer_t)BUFFER_INIT(LABELS_MAX_BYTES);
  metrics->text = (buffer_t)BUFFER_INIT(PIECE_BYTES + 16 * (size_t)LABELS_MAX_BYTES);
  *view = take_tables(metrics, store, scrape, now) ? view_of_text(&metrics_text, metrics, version_of(metrics)) : NULL;
  if (*view != NULL)
    return STATUS_OK;
  free_metrics(metrics);
  return failure_no_memory(failure);
}
