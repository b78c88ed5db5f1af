/* SPDX-License-Identifier: MIT */
#include "label_sets.h"

#include "common/buffer.h"
#include "common/table.h"
#include "labels.h"

#include <stdlib.h>

typedef struct {
  UT_hash_handle by_text;
  label_set_t set;
  char text[];
} kept_set_t;

struct label_sets {
  buffer_t text; /* of the set that is being made */
  kept_set_t *by_text;
  size_t length;
  kept_set_t *sets[]; /* NULL for rows that have not been asked for */
};

label_sets_t *label_sets_new(size_t length) {
  label_sets_t *sets = calloc(1, sizeof(*sets) + length * sizeof(sets->sets[0]));
  if (sets == NULL)
    return NULL;
  sets->text = (buffer_t)BUFFER_INIT(LABELS_MAX_BYTES);
  sets->length = length;
  return sets;
}

void label_sets_free(label_sets_t *sets) {
  if (sets == NULL)
    return;
  HASH_CLEAR(by_text, sets->by_text);
  for (size_t i = 0; i < sets->length; i++)
    free(sets->sets[i]);
  buffer_done(&sets->text);
  free(sets);
}

/* A copy of the text, found by it. NULL when out of memory, or where the text is not whole. */
static kept_set_t *keep(label_sets_t *sets, const buffer_t *text) {
  if (buffer_status(text) != STATUS_OK)
    return NULL;
  kept_set_t *kept = malloc(sizeof(*kept) + text->length + 1);
  if (kept == NULL)
    return NULL;
  memcpy(kept->text, buffer_text(text), text->length + 1);
  kept->set = (label_set_t){.length = text->length, .text = kept->text};
  HASH_ADD_KEYPTR(by_text, sets->by_text, kept->text, kept->set.length, kept);
  if (kept->by_text.tbl != NULL)
    return kept;
  free(kept);
  return NULL;
}

static kept_set_t *make(label_sets_t *sets, const store_row_t *row) {
  kept_set_t *same = NULL;
  buffer_clear(&sets->text);
  labels_append(&sets->text, row);
  HASH_FIND(by_text, sets->by_text, buffer_text(&sets->text), sets->text.length, same);
  if (same != NULL)
    labels_append_identifiers(&sets->text, row);
  return keep(sets, &sets->text);
}

const label_set_t *label_sets_find(label_sets_t *sets, size_t index, const store_row_t *row) {
  if (sets->sets[index] == NULL)
    sets->sets[index] = make(sets, row);
  return sets->sets[index] != NULL ? &sets->sets[index]->set : NULL;
}
