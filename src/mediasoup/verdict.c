/* SPDX-License-Identifier: MIT */
#include "verdict.h"

bool verdict_is_same(const verdict_t *left, const verdict_t *right) {
  return left->is_known == right->is_known && left->state == right->state && left->bad == right->bad &&
         left->piped == right->piped;
}

static const char *text_if(bool condition) { return condition ? "true" : NULL; }

const char *verdict_text(const verdict_t *verdict, decided_t decided) {
  if (!verdict->is_known || decided == DECIDED_NOT || decided == DECIDED_REPORT)
    return NULL;
  return decided == DECIDED_STATE ? state_name(verdict->state)
         : decided == DECIDED_BAD ? text_if(verdict->bad)
                                  : text_if(verdict->piped);
}
