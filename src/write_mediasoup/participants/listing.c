/* SPDX-License-Identifier: MIT */
#include "listing.h"

#include <stdlib.h>
#include <string.h>

/* --- the order --- */

static int compare_texts(const char *left, const char *right) {
  return left == right ? 0 : strcmp(left != NULL ? left : "", right != NULL ? right : "");
}

static int compare_drafts(const void *left, const void *right) {
  const participant_t *a = &(*(const draft_t *const *)left)->participant;
  const participant_t *b = &(*(const draft_t *const *)right)->participant;
  int order = strcmp(a->host, b->host);
  if (order == 0)
    order = compare_texts(a->endpoint, b->endpoint);
  if (order == 0)
    order = compare_texts(a->room, b->room);
  return order != 0 ? order : strcmp(a->participant, b->participant);
}

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

/* The drafts in the order of their names, for the caller to free. NULL when out of memory. */
static draft_t **sort_drafts(const drafts_t *drafts) {
  draft_t **sorted = malloc((drafts->length + 1) * sizeof(*sorted));
  size_t length = 0;
  for (draft_t *draft = drafts->first; sorted != NULL && draft != NULL; draft = draft->next)
    sorted[length++] = draft;
  if (sorted != NULL)
    qsort(sorted, length, sizeof(draft_t *), compare_drafts);
  return sorted;
}

bool listing_make(const drafts_t *drafts, size_t ties_length, participant_t **list, const char ***ids) {
  draft_t **sorted = sort_drafts(drafts);
  *list = malloc((drafts->length + 1) * sizeof(**list));
  const char **rest = *ids = malloc((2 * ties_length + 1) * sizeof(**ids));
  bool made = sorted != NULL && *list != NULL && rest != NULL;
  for (size_t i = 0; made && i < drafts->length; i++) {
    draft_finish(sorted[i]);
    (*list)[i] = sorted[i]->participant;
    rest = list_ids(&(*list)[i], sorted[i]->ties, rest);
  }
  free(sorted);
  return made;
}
