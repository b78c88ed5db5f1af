/* SPDX-License-Identifier: MIT */
/*
 * What the last snapshot says of one stream, in base units. Groups, distributions and the worst streams are made of it.
 */
#ifndef COLLECTD_MEDIASOUP_READING_H
#define COLLECTD_MEDIASOUP_READING_H

#include "links.h"

typedef struct {
  double score; /* 0 to 10; this and the others are NaN when unknown */
  double loss_ratio;
  double round_trip_time; /* seconds */
  double jitter;          /* seconds */
  double bitrate;         /* bit/s */
  double mos;             /* 1 to 4.5; see mos.h */
  stream_state_t state;   /* the figures of a stream that does not flow say nothing about quality */
} reading_t;

/* Brings the object's membership up to date, but for the groups and links that it has: a change leaves it with none. */
void reading_update_membership(object_t *object);

/* Sets whether the object is piped, once all objects of the reading are in the links. A change puts it in no group. */
void reading_update_piped(object_t *object);

/* Where the fields of a reading are in a class. */
typedef struct {
  int score;
  int fraction_lost;
  int round_trip_time;
  int jitter;
  int bitrate;
  int packet_count;
  int packets_repaired;
  int mos;
  int consumers_affected; /* of producers; -1 elsewhere */
} reading_fields_t;

/* Of producers or of consumers. */
reading_fields_t reading_fields(const class_t *class);

/* Whether a stream of that class carries packets. One that is not measured does not. */
bool reading_moves(const object_t *stream, const reading_fields_t *fields);

/* The verdict on a stream of that class, whose membership and links are up to date, at `now` in epoch milliseconds. Its
 * trouble is that of the reading before. Takes what the stream has lost into its `loss`, so once in a reading. */
verdict_t reading_verdict(object_t *stream, const reading_fields_t *fields, uint64_t now);

/* The reading of a stream of that class, of which the verdict is known. Of one that is not measured everything but the
 * state is unknown. */
reading_t reading_of(const object_t *stream, const reading_fields_t *fields);

/* Negative where `left` is worse: a lower score, or the same and a higher loss. An unknown loss is none. */
int reading_compare(const reading_t *left, const reading_t *right);

#endif
