/* SPDX-License-Identifier: MIT */
/*
 * Whose an object is, as Prometheus' labels: its own appData's scalars, exact and whole, and what its plugin_instance
 * has besides, which comes from the objects above it.
 *
 * A key is its label's name where it can be one. Elsewhere each character that cannot stand becomes _, a digit gets
 * one before it, and what would be taken for a label of ours (kind, le, ...) or of Prometheus' (__name__) begins with
 * appData_. Where two keys would have one name, the one that is such a name keeps it; the others end in a hash of the
 * key. So an object never has two labels of one name, and none is a surprise to PromQL.
 */
#ifndef COLLECTD_MEDIASOUP_APP_LABELS_H
#define COLLECTD_MEDIASOUP_APP_LABELS_H

#include "common/buffer.h"
#include "write_mediasoup/store/store.h"

/* Appends them as label_append does, sorted by name. */
void app_labels_append(buffer_t *text, const store_row_t *row);

#endif
