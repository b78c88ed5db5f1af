/* SPDX-License-Identifier: MIT */
/*
 * All labels of a row: what the object is, whose it is, and on which host. They have the names and values that the
 * shipped relabelling makes from write_prometheus' labels.
 */
#ifndef COLLECTD_MEDIASOUP_LABELS_H
#define COLLECTD_MEDIASOUP_LABELS_H

#include "common/buffer.h"
#include "write_mediasoup/store/store.h"

/* Appends all labels of the row, as label_append() does, except `le`. */
void labels_append(buffer_t *text, const store_row_t *row);

/* Appends the row's identifiers as labels. No two rows of a host and a class share both. */
void labels_append_identifiers(buffer_t *text, const store_row_t *row);

#endif
