/* SPDX-License-Identifier: MIT */
#include "verdict.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* --- trouble --- */

bool trouble_is_open(const trouble_t *trouble) { return trouble->cause != CAUSE_NONE || trouble->latest != CAUSE_NONE; }

/* Five seconds, and a tenth of them for readings that are late. */
static const uint64_t agreement = 4500;

/* Whether the readings up to this one agree for long enough. A clock that was set back begins anew. */
static bool is_agreed(trouble_t *trouble, cause_t cause, uint64_t now) {
  bool is_first = cause != trouble->latest || now < trouble->latest_since;
  if (is_first)
    trouble->latest_since = now;
  trouble->latest = cause;
  return !is_first && now - trouble->latest_since >= agreement;
}

bool trouble_follow(trouble_t *trouble, cause_t cause, uint64_t now) {
  cause_t before = trouble->cause;
  if (cause == CAUSE_UNKNOWN && before != CAUSE_NONE)
    cause = before;
  if (cause != CAUSE_NONE && !trouble_is_open(trouble))
    (void)snprintf(trouble->since, sizeof(trouble->since), "%" PRIu64, now);
  if (is_agreed(trouble, cause, now))
    trouble->cause = cause;
  return trouble->cause != before;
}

/* --- as attributes --- */

bool verdict_is_same(const verdict_t *left, const verdict_t *right) {
  return left->is_known == right->is_known && left->state == right->state && left->bad == right->bad &&
         left->piped == right->piped && left->trouble.cause == right->trouble.cause &&
         (left->trouble.cause == CAUSE_NONE || strcmp(left->trouble.since, right->trouble.since) == 0);
}

static const char *text_if(bool condition, const char *text) { return condition ? text : NULL; }

const char *verdict_text(const verdict_t *verdict, decided_t decided) {
  const trouble_t *trouble = &verdict->trouble;
  if (!verdict->is_known)
    return NULL;
  switch (decided) {
  case DECIDED_STATE:
    return state_name(verdict->state);
  case DECIDED_BAD:
    return text_if(verdict->bad, "true");
  case DECIDED_PIPED:
    return text_if(verdict->piped, "true");
  case DECIDED_CAUSE:
    return text_if(trouble->cause != CAUSE_NONE, cause_name(trouble->cause));
  case DECIDED_BAD_SINCE:
    return text_if(trouble->cause != CAUSE_NONE, trouble->since);
  case DECIDED_NOT:
  case DECIDED_REPORT:
    break;
  }
  return NULL;
}
