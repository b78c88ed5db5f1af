/* SPDX-License-Identifier: MIT */
#include "worst.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
  const object_t *stream;
  reading_t reading;
} ranked_t;

struct worst {
  class_id_t class;
  size_t ranks;
  size_t length;
  ranked_t list[]; /* the worst first */
};

worst_t *worst_new(class_id_t class, size_t ranks) {
  worst_t *worst = calloc(1, sizeof(*worst) + ranks * sizeof(worst->list[0]));
  if (worst == NULL)
    return NULL;
  worst->class = class;
  worst->ranks = ranks;
  return worst;
}

void worst_free(worst_t *worst) { free(worst); }

void worst_begin(worst_t *worst) { worst->length = 0; }

/* Of two streams that are equally bad the same one always comes first, so ranks do not flicker. */
static bool is_worse(const ranked_t *left, const ranked_t *right) {
  int order = reading_compare(&left->reading, &right->reading);
  return order != 0 ? order < 0 : strcmp(left->stream->key, right->stream->key) < 0;
}

void worst_add(worst_t *worst, const object_t *stream, const reading_t *reading) {
  if (class_id(stream->class) != worst->class || reading->state != STATE_FLOWING || stream->membership.piped ||
      isnan(reading->score))
    return;
  ranked_t new = {.stream = stream, .reading = *reading};
  size_t at = worst->length;
  if (at == worst->ranks && (at == 0 || !is_worse(&new, &worst->list[at - 1])))
    return;
  at -= at == worst->ranks ? 1 : 0;
  for (; at > 0 && is_worse(&new, &worst->list[at - 1]); at--)
    worst->list[at] = worst->list[at - 1];
  worst->list[at] = new;
  worst->length += worst->length < worst->ranks ? 1 : 0;
}

const class_t *worst_class(const worst_t *worst) {
  return &classes[worst->class == CLASS_PRODUCERS ? CLASS_WORST_PRODUCERS : CLASS_WORST_CONSUMERS];
}

const object_t *worst_at(const worst_t *worst, size_t rank, object_value_t values[FIELDS_MAX]) {
  if (rank >= worst->length)
    return NULL;
  const class_t *class = worst_class(worst);
  const reading_t *reading = &worst->list[rank].reading;
  values[class_derived_field(class, DERIVED_SCORE)].gauge = reading->score;
  values[class_derived_field(class, DERIVED_LOSS_RATIO)].gauge = reading->loss_ratio;
  values[class_derived_field(class, DERIVED_ROUND_TRIP_TIME)].gauge = reading->round_trip_time;
  values[class_derived_field(class, DERIVED_JITTER)].gauge = reading->jitter;
  values[class_derived_field(class, DERIVED_BITRATE)].gauge = reading->bitrate;
  return worst->list[rank].stream;
}
