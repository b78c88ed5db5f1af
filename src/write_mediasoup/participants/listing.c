/* SPDX-License-Identifier: MIT */
#include "listing.h"

#include <stdlib.h>
#include <string.h>

/* --- the ids of their transports and routers --- */

static int compare_ids(const void *left, const void *right) {
  return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* Leaves each id once, and returns how many there are. */
static size_t sort_ids(const char **ids, size_t length) {
  size_t kept = 0;
  if (length > 1)
    qsort(ids, length, sizeof(*ids), compare_ids);
  for (size_t i = 0; i < length; i++)
    if (kept == 0 || strcmp(ids[kept - 1], ids[i]) != 0)
      ids[kept++] = ids[i];
  return kept;
}

/* Writes the lists of a participant to `ids`, which has room for two ids of each tie. Returns what is left of it. */
static const char **list_ids(participant_t *participant, const tie_t *ties, const char **ids) {
  size_t length = 0;
  for (const tie_t *tie = ties; tie != NULL; tie = tie->next)
    ids[length++] = tie->carrier->id;
  participant->transport_ids = ids;
  participant->transport_ids_length = sort_ids(ids, length);
  ids += length;
  length = 0;
  for (const tie_t *tie = ties; tie != NULL; tie = tie->next)
    if (tie->carrier->router_id != NULL)
      ids[length++] = tie->carrier->router_id;
  participant->router_ids = ids;
  participant->router_ids_length = sort_ids(ids, length);
  return ids + length;
}

/* --- the list --- */

bool listing_make(listing_t *listing, drafts_t *drafts, size_t ties_length) {
  listing->list = malloc((drafts_length(drafts) + 1) * sizeof(*listing->list));
  const char **ids = listing->ids = malloc((2 * ties_length + 1) * sizeof(*listing->ids));
  size_t length = 0;
  if (listing->list == NULL || ids == NULL)
    return false;
  for (draft_t *draft = drafts->by_name; draft != NULL; draft = draft->by_name.next) {
    draft_finish(draft);
    ids = list_ids(&draft->participant, draft->ties, ids);
    draft->ties = NULL; /* who makes participants frees them */
    listing->list[length++] = &draft->participant;
  }
  return true;
}

static int compare_participants(const void *left, const void *right) {
  return participant_compare(*(const participant_t *const *)left, *(const participant_t *const *)right);
}

void listing_sort(listing_t *listing, size_t length) {
  qsort(listing->list, length, sizeof(*listing->list), compare_participants);
}

void listing_done(listing_t *listing) {
  free(listing->list);
  free(listing->ids);
  *listing = (listing_t){0};
}
