/* SPDX-License-Identifier: MIT */
/*
 * The participants as rows of a class, so that what is kept of them is kept as of the classes of collectd's value
 * lists.
 */
#ifndef COLLECTD_MEDIASOUP_HISTORY_PARTICIPANT_ROWS_H
#define COLLECTD_MEDIASOUP_HISTORY_PARTICIPANT_ROWS_H

#include "write_mediasoup/participants/participants.h"
#include "write_mediasoup/store/row.h"

/* Initialise with participant_class_init(), and leave it where it is as long as there are rows. */
typedef struct {
  field_t fields[PARTICIPANT_FIGURES];
  class_t class;
} participant_class_t;

/* The class has no place in `classes`: functions that ask for its id must not be called. */
void participant_class_init(participant_class_t *class);

/* Whether it is such a class. */
bool participant_class_is(const class_t *class);

/* Whether a series of participants has this label, beside its host. */
bool participant_is_label(const char *key);

/* A row with one reference, the caller's, that is never out of date. It has no facts yet. NULL when out of memory. */
store_row_t *participant_row(const participant_class_t *class, const participant_t *participant);

/* Its labels. NULL when out of memory. */
facts_t *participant_labels(const participant_t *participant);

#endif
