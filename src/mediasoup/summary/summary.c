/* SPDX-License-Identifier: MIT */
#include "summary.h"

#include "common/identifier.h"
#include "distribution.h"
#include "worst.h"

#include <stdio.h>
#include <stdlib.h>

enum { SIDES = 2 };
static const class_id_t sides[SIDES] = {CLASS_PRODUCERS, CLASS_CONSUMERS};

struct summary {
  char *plugin_instance; /* the endpoint's name as an identifier */
  group_block_t *blocks[GROUP_BLOCKS_MAX];
  size_t blocks_length;
  distributions_t *distributions; /* NULL: not wanted */
  worst_t *worst[SIDES];          /* NULL: not wanted */
  reading_fields_t fields[SIDES];
  bool known; /* a source was read */
};

/* --- making one --- */

static bool fill_groups(summary_t *summary, const summary_options_t *options) {
  for (size_t i = 0; i < options->groups_length; i++) {
    summary->blocks[i] = group_block_new(options->endpoint, &options->groups[i], &options->aliases, i);
    if (summary->blocks[i] == NULL)
      return false;
    summary->blocks_length++;
  }
  return true;
}

static bool fill_worst(summary_t *summary, size_t ranks) {
  for (size_t i = 0; i < SIDES && ranks > 0; i++) {
    summary->worst[i] = worst_new(sides[i], ranks);
    if (summary->worst[i] == NULL)
      return false;
  }
  return true;
}

status_t summary_new(const summary_options_t *options, summary_t **result, failure_t *failure) {
  summary_t *summary = calloc(1, sizeof(*summary));
  if (summary == NULL)
    return failure_no_memory(failure);
  summary->plugin_instance = identifier_new(options->endpoint);
  for (size_t i = 0; i < SIDES; i++)
    summary->fields[i] = reading_fields(&classes[sides[i]]);
  summary->distributions = options->distributions ? distributions_new(options->endpoint) : NULL;
  if (summary->plugin_instance != NULL && (summary->distributions != NULL || !options->distributions) &&
      fill_groups(summary, options) && fill_worst(summary, options->worst)) {
    *result = summary;
    return STATUS_OK;
  }
  summary_free(summary);
  return failure_no_memory(failure);
}

void summary_free(summary_t *summary) {
  if (summary == NULL)
    return;
  for (size_t i = 0; i < summary->blocks_length; i++)
    group_block_free(summary->blocks[i]);
  for (size_t i = 0; i < SIDES; i++)
    worst_free(summary->worst[i]);
  distributions_free(summary->distributions);
  free(summary->plugin_instance);
  free(summary);
}

/* --- reading --- */

static bool is_wanted(const summary_t *summary) {
  return summary->blocks_length > 0 || summary->distributions != NULL || summary->worst[0] != NULL;
}

/* The side of a stream. SIDES where the object is no stream. */
static size_t side_of(const object_t *object) {
  size_t side = 0;
  while (side < SIDES && object->class != &classes[sides[side]])
    side++;
  return side;
}

static void count_events(summary_t *summary, const model_t *model) {
  size_t length;
  object_t *const *events = model_events(model, &length);
  for (size_t i = 0; i < length; i++) {
    if (summary->distributions != NULL)
      distributions_add_event(summary->distributions, events[i]);
    for (size_t block = 0; block < summary->blocks_length; block++)
      group_block_count(summary->blocks[block], events[i]);
  }
}

static void add_object(summary_t *summary, object_t *object, bool answered) {
  reading_t reading = {0};
  size_t side = side_of(object);
  if (side < SIDES && answered) {
    reading = reading_of(object, &summary->fields[side]);
    if (summary->distributions != NULL)
      distributions_add(summary->distributions, object, &reading);
    if (summary->worst[side] != NULL)
      worst_add(summary->worst[side], object, &reading);
  }
  for (size_t i = 0; i < summary->blocks_length; i++)
    group_block_add(summary->blocks[i], object, &reading, answered);
}

void summary_begin(summary_t *summary) {
  summary->known = false;
  for (size_t i = 0; i < summary->blocks_length; i++)
    group_block_begin(summary->blocks[i]);
  for (size_t i = 0; i < SIDES && summary->worst[i] != NULL; i++)
    worst_begin(summary->worst[i]);
}

void summary_add(summary_t *summary, const model_t *model, bool read) {
  summary->known = summary->known || read;
  if (!is_wanted(summary))
    return;
  for (object_t *object = model_next(model, NULL); object != NULL; object = model_next(model, object))
    if (object_is_summed(object))
      add_object(summary, object, read && object->answered);
  if (read)
    count_events(summary, model);
}

void summary_end(summary_t *summary, double now) {
  for (size_t i = 0; i < summary->blocks_length; i++)
    group_block_end(summary->blocks[i], now);
}

/* --- rows --- */

static void visit_worst(const summary_t *summary, const worst_t *worst, named_values_visit_t visit, void *context) {
  object_value_t values[FIELDS_MAX];
  const object_t *stream;
  for (size_t rank = 0; (stream = worst_at(worst, rank, values)) != NULL; rank++) {
    char type_instance[IDENTIFIER_MAX + 1];
    (void)snprintf(type_instance, sizeof(type_instance), "rank=%zu", rank + 1);
    visit(context, &(named_values_t){.class = worst_class(worst),
                                     .plugin_instance = summary->plugin_instance,
                                     .type_instance = type_instance,
                                     .values = values,
                                     .about = stream});
  }
}

void summary_each(const summary_t *summary, named_values_visit_t visit, void *context) {
  if (!summary->known)
    return; /* the endpoint's own row says that it is down */
  for (size_t i = 0; i < summary->blocks_length; i++)
    group_block_each(summary->blocks[i], visit, context);
  if (summary->distributions != NULL)
    distributions_each(summary->distributions, visit, context);
  for (size_t i = 0; i < SIDES && summary->worst[i] != NULL; i++)
    visit_worst(summary, summary->worst[i], visit, context);
}
