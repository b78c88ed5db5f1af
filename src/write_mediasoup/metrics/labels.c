/* SPDX-License-Identifier: MIT */
#include "labels.h"

#include "app_labels.h"
#include "common/identifier.h"
#include "label.h"

#include <string.h>

/* An endpoint of this name gets no label, so that the only application of a host has the series that mediasoup-exporter
 * has of it. */
static const char unnamed_endpoint[] = "mediasoup";

static void append_text(buffer_t *text, const char *name, const char *value) {
  label_append(text, name, value, strlen(value));
}

/* What the class alone tells, for rows that came without metadata. */
static const char *fact_of_class(const class_t *class, const char *fact) {
  if (strcmp(fact, "type") != 0)
    return NULL;
  return class_id(class) == CLASS_PRODUCERS   ? "inbound-rtp"
         : class_id(class) == CLASS_CONSUMERS ? "outbound-rtp"
                                              : NULL;
}

static void append_label(buffer_t *text, const store_row_t *row, const label_t *label) {
  pair_t pair = {0};
  if (label->pair != NULL && !identifier_find(row->type_instance, label->pair, &pair))
    return;
  const char *fact = label->fact != NULL ? facts_find_text(row->facts, label->fact) : NULL;
  if (fact == NULL && label->fact != NULL)
    fact = fact_of_class(row->class, label->fact);
  if (fact != NULL)
    append_text(text, label->name, fact);
  else
    label_append(text, label->name, pair.value, pair.value_length);
}

/* Ids of what the application made are unique. Those of the machine, and summaries, belong to their endpoint. */
static void append_endpoint(buffer_t *text, const store_row_t *row) {
  pair_t pair;
  if (class_is_made_by_application(row->class))
    return;
  if (!identifier_find(row->type_instance, IDENTIFIER_ENDPOINT, &pair))
    pair = identifier_is_name(row->plugin_instance)
               ? (pair_t){.value = row->plugin_instance, .value_length = strlen(row->plugin_instance)}
               : (pair_t){.value = ""};
  if (pair.value_length != strlen(unnamed_endpoint) || memcmp(pair.value, unnamed_endpoint, pair.value_length) != 0)
    label_append(text, IDENTIFIER_ENDPOINT, pair.value, pair.value_length);
}

void labels_append(buffer_t *text, const store_row_t *row) {
  label_t label;
  for (size_t i = 0; label_of_class(row->class, i, &label); i++)
    append_label(text, row, &label);
  append_endpoint(text, row);
  app_labels_append(text, row);
  append_text(text, LABEL_INSTANCE, row->host);
}

void labels_append_identifiers(buffer_t *text, const store_row_t *row) {
  append_text(text, LABEL_PLUGIN_INSTANCE, row->plugin_instance);
  append_text(text, LABEL_TYPE_INSTANCE, row->type_instance);
}
