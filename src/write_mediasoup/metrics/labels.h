/* SPDX-License-Identifier: MIT */
/*
 * A row's labels as Prometheus has them: what the object is, whose it is, and on which host. They are the names and
 * values that write_prometheus' labels become by the shipped relabelling.
 */
#ifndef COLLECTD_MEDIASOUP_LABELS_H
#define COLLECTD_MEDIASOUP_LABELS_H

#include "common/buffer.h"
#include "write_mediasoup/store/store.h"

/* Appends name="value", with a comma before it where `text` is not empty. Bytes that are not UTF-8 become '?'. An
 * empty value is no label to Prometheus: nothing is appended. */
void label_append(buffer_t *text, const char *name, const char *value, size_t length);

/* Appends all labels of the row but `le`. */
void labels_append(buffer_t *text, const store_row_t *row);

/* Appends the row's identifiers as labels: no two rows of a host and a class share both. */
void labels_append_identifiers(buffer_t *text, const store_row_t *row);

/* Whether appData may not have this label: it is one of the above, or Prometheus' own. */
bool label_is_reserved(const char *name);

#endif
