/* SPDX-License-Identifier: MIT */
/*
 * Makes the list of participants from their drafts.
 */
#ifndef COLLECTD_MEDIASOUP_PARTICIPANTS_LISTING_H
#define COLLECTD_MEDIASOUP_PARTICIPANTS_LISTING_H

#include "draft.h"

/* Zero-initialise. */
typedef struct {
  const participant_t **list; /* of the drafts */
  const char **ids;           /* of their transports and routers */
} listing_t;

/* Finishes the drafts, and lists their participants in the order in which they were found. `ties_length` is how many
 * ties all of them have. What it has made is the caller's to free, also after a failure: out of memory. */
MUST_CHECK bool listing_make(listing_t *listing, drafts_t *drafts, size_t ties_length);

/* Puts the participants, of which there are `length`, into the order of their names. */
void listing_sort(listing_t *listing, size_t length);

void listing_done(listing_t *listing);

#endif
