/* SPDX-License-Identifier: MIT */
/*
 * What the last snapshot says of one stream, in base units: what groups, distributions and the worst streams are made
 * of.
 */
#ifndef COLLECTD_MEDIASOUP_READING_H
#define COLLECTD_MEDIASOUP_READING_H

#include "mediasoup/object.h"

typedef struct {
  double score; /* each NaN when unknown */
  double loss_ratio;
  double round_trip_time; /* seconds */
  double jitter;          /* seconds */
  double bitrate;         /* bit/s */
} reading_t;

/* Looks up what the object's attributes say, where they are new. */
void reading_update_membership(object_t *object);

/* Which of a class's fields a reading is made of. */
typedef struct {
  int score;
  int fraction_lost;
  int round_trip_time;
  int jitter;
  int bitrate;
} reading_fields_t;

/* Of producers or consumers. */
reading_fields_t reading_fields(const class_t *class);

/* Of a stream of this class whose membership is up to date and that is measured. */
reading_t reading_of(const object_t *stream, const reading_fields_t *fields);

/* Lower score first, then higher loss: negative where `left` is the worse one. */
int reading_compare(const reading_t *left, const reading_t *right);

#endif
