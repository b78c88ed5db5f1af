/* SPDX-License-Identifier: MIT */
#include "life.h"

#include "ended.h"
#include "event.h"

#include <math.h>

/* Adds the growth of a counter. What it grew by is unknown where it fell, because one of several transports was closed,
 * and where it was unknown before. */
static void count(double *sum, double *counted, double counter) {
  if (isnan(counter))
    return;
  if (isnan(*sum))
    *sum = 0;
  if (counter > *counted)
    *sum += counter - *counted;
  *counted = counter;
}

static void take_figures(life_t *life, const life_reading_t *reading) {
  count(&life->received, &life->counted_received, reading->bytes_received);
  count(&life->sent, &life->counted_sent, reading->bytes_sent);
  life->worst_loss = fmax(life->worst_loss, reading->loss_ratio); /* fmax() prefers what is known */
  life->last = reading->time;
}

void life_begin(life_t *life, const life_reading_t *reading, double counted_received, double counted_sent) {
  *life = (life_t){.began = reading->time,
                   .received = NAN,
                   .sent = NAN,
                   .counted_received = counted_received,
                   .counted_sent = counted_sent,
                   .worst_loss = NAN};
  take_figures(life, reading);
}

void life_take(life_t *life, const life_reading_t *reading, bool was_watched) {
  if (reading->is_bad && was_watched)
    life->seconds_bad += reading->time - life->last;
  take_figures(life, reading);
}

void life_follow_clock(life_t *life, double step) {
  life->began += step;
  life->last += step;
}

static double rounded(double seconds) { return floor(seconds * 1000 + 0.5) / 1000; }

void life_write(const life_t *life, record_t *record) {
  double began = event_milliseconds(life->began), ended = event_milliseconds(life->last);
  record_set_number(record, ENDED_BEGAN, began);
  record_set_number(record, ENDED_ENDED, ended);
  record_set_number(record, ENDED_DURATION, (ended - began) / 1000);
  record_set_number(record, ENDED_BYTES_RECEIVED, life->received);
  record_set_number(record, ENDED_BYTES_SENT, life->sent);
  record_set_number(record, ENDED_WORST_LOSS_RATIO, life->worst_loss);
  record_set_number(record, ENDED_SECONDS_BAD, rounded(life->seconds_bad));
}
