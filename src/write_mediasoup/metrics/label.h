/* SPDX-License-Identifier: MIT */
/*
 * One label of Prometheus': which labels the rows of a class have, which names appData may not take, and how a label is
 * written.
 */
#ifndef COLLECTD_MEDIASOUP_LABEL_H
#define COLLECTD_MEDIASOUP_LABEL_H

#include "common/buffer.h"
#include "common/fields.h"

#include <stdbool.h>
#include <stddef.h>

#define LABEL_INSTANCE "instance"
#define LABEL_PLUGIN_INSTANCE "plugin_instance"
#define LABEL_TYPE_INSTANCE "type_instance"
#define LABEL_LEFT_OUT "appData_left_out" /* how many labels of appData a series lacks */
#define LABEL_BOUND "le"

typedef struct {
  const char *name;
  const char *fact; /* the key of the fact that is its value; NULL: the pair's value is */
  const char *pair; /* the row has the label only where its type_instance has this key; NULL: always */
} label_t;

/* Sets the label at `index` of those that tell what an object of the class is. false after the last. */
bool label_of_class(const class_t *class, size_t index, label_t *label);

/* Whether appData may not have a label of this name: it is one of the above, or Prometheus' own. */
bool label_is_reserved(const char *name);

/* Appends name="value", with a comma before it where `text` is not empty. Bytes that are not UTF-8 become '?'.
 * Prometheus takes an empty value for no label, so nothing is appended for one. */
void label_append(buffer_t *text, const char *name, const char *value, size_t length);

#endif
