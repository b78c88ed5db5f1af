/* SPDX-License-Identifier: MIT */
/*
 * The labels of a class's rows as text: made once for each row, since they stand before each of its samples, and no two
 * rows have the same.
 */
#ifndef COLLECTD_MEDIASOUP_LABEL_SETS_H
#define COLLECTD_MEDIASOUP_LABEL_SETS_H

#include "common/limits.h"
#include "write_mediasoup/store/store.h"

enum { LABELS_MAX_BYTES = 4 * ROW_TEXT_MAX_BYTES };

typedef struct label_sets label_sets_t;

typedef struct {
  size_t length;
  const char *text;
} label_set_t;

/* For `length` rows. NULL when out of memory. */
label_sets_t *label_sets_new(size_t length);
void label_sets_free(label_sets_t *sets); /* takes NULL */

/* The labels of `row`, which is at `index`. Rows with other identifiers may have the same labels; the later one gets
 * its identifiers as labels too. NULL when out of memory. Lent until label_sets_free(). */
const label_set_t *label_sets_find(label_sets_t *sets, size_t index, const store_row_t *row);

#endif
