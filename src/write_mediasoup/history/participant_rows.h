/* SPDX-License-Identifier: MIT */
/*
 * The participants as rows of a class, so that what is kept of them is kept as of the classes of collectd's value
 * lists.
 */
#ifndef COLLECTD_MEDIASOUP_HISTORY_PARTICIPANT_ROWS_H
#define COLLECTD_MEDIASOUP_HISTORY_PARTICIPANT_ROWS_H

#include "participant_words.h"
#include "write_mediasoup/participants/participants.h"
#include "write_mediasoup/store/row.h"

/* What a sample of a participant has: the figures of participant_figure_id_t, since when it is bad, and the numbers of
 * its words. */
enum {
  SAMPLE_SINCE = PARTICIPANT_FIGURES, /* epoch milliseconds; NaN: it is not */
  SAMPLE_WORDS,
  SAMPLE_LENGTH = SAMPLE_WORDS + PARTICIPANT_WORDS
};

/* Initialise with participant_class_init(), and leave it where it is as long as there are rows. */
typedef struct {
  field_t fields[SAMPLE_LENGTH];
  class_t class;
} participant_class_t;

/* The class has no place in `classes`: functions that ask for its id must not be called. */
void participant_class_init(participant_class_t *class);

/* Whether it is such a class. */
bool participant_class_is(const class_t *class);

/* Whether a figure of this place is a word. Then `text` is what this number of it stands for, NULL where that is
 * none. */
bool participant_class_has_word(const class_t *class, size_t figure);
const char *participant_class_word(size_t figure, double number);

/* Whether a series of participants has this label, beside its host. */
bool participant_is_label(const char *key);

/* A row with one reference, the caller's, that is never out of date. Its facts are the labels. Its name is the
 * participant's key. It shares the name, and the labels while they are the same, with the row that was `before`; NULL:
 * there was none. NULL when out of memory. */
store_row_t *participant_row(const participant_class_t *class, const participant_t *participant,
                             const store_row_t *before);

#endif
