/* SPDX-License-Identifier: MIT */
#include "arrivals.h"

#include "common/hash.h"
#include "store/store.h"

#include <math.h>
#include <stdlib.h>

void arrivals_done(arrivals_t *arrivals) {
  free(arrivals->list);
  *arrivals = (arrivals_t){0};
}

static int compare(const void *left, const void *right) {
  const begun_reading_t *a = left, *b = right;
  return a->row < b->row ? -1 : a->row > b->row ? 1 : 0;
}

/* What is known of this row already, or that it is new. */
static begun_reading_t find_or_begin(const arrivals_t *arrivals, const store_row_t *row, double steady) {
  const begun_reading_t begun = {.row = store_hash(HASH_BEGIN, &row, 1),
                                 .noticed = arrivals->has_looked ? steady : -INFINITY};
  const begun_reading_t *known =
      arrivals->length > 0 ? bsearch(&begun, arrivals->list, arrivals->length, sizeof(begun), compare) : NULL;
  return known != NULL ? *known : begun;
}

bool arrivals_take(arrivals_t *arrivals, const store_row_t *const *endpoints, size_t length, double steady) {
  begun_reading_t *list = malloc((length + 1) * sizeof(*list));
  if (list == NULL)
    return false;
  for (size_t i = 0; i < length; i++)
    list[i] = find_or_begin(arrivals, endpoints[i], steady);
  if (length > 1)
    qsort(list, length, sizeof(*list), compare);
  free(arrivals->list);
  *arrivals = (arrivals_t){.list = list, .length = length, .has_looked = true};
  return true;
}

bool arrivals_are_due(const arrivals_t *arrivals, double steady, double seconds) {
  double first = INFINITY, last = -INFINITY;
  for (size_t i = 0; i < arrivals->length; i++) {
    const begun_reading_t *arrival = &arrivals->list[i];
    first = arrival->is_seen ? first : fmin(first, arrival->noticed);
    last = arrival->is_seen ? last : fmax(last, arrival->noticed);
  }
  return first < INFINITY && (steady - last >= seconds || steady - first >= 2 * seconds);
}

void arrivals_were_seen(arrivals_t *arrivals, double steady, double seconds) {
  for (size_t i = 0; i < arrivals->length; i++)
    arrivals->list[i].is_seen = arrivals->list[i].is_seen || steady - arrivals->list[i].noticed >= seconds;
}
