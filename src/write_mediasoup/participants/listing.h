/* SPDX-License-Identifier: MIT */
/*
 * Makes the list of participants from their drafts.
 */
#ifndef COLLECTD_MEDIASOUP_PARTICIPANTS_LISTING_H
#define COLLECTD_MEDIASOUP_PARTICIPANTS_LISTING_H

#include "draft.h"

/* Finishes the drafts, and lists their participants in the order of their names. `ties_length` is how many ties all of
 * them have. The list, and the ids that it refers to, are the caller's to free, also after a failure: out of memory. */
MUST_CHECK bool listing_make(const drafts_t *drafts, size_t ties_length, participant_t **list, const char ***ids);

#endif
