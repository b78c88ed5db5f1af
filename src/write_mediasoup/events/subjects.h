/* SPDX-License-Identifier: MIT */
/*
 * The rooms and participants that live: which of them turn bad or good, which lose their connection, and how those that
 * are gone have ended.
 *
 * What the endpoint cannot tell, because it is not read, is not decided: a room that nobody sees meanwhile goes on when
 * it is there again, and has ended when the second whole reading does not have it either.
 */
#ifndef COLLECTD_MEDIASOUP_SUBJECTS_H
#define COLLECTD_MEDIASOUP_SUBJECTS_H

#include "endpoints.h"
#include "subject.h"

typedef struct subject subject_t;

/* Zero-initialise the first part. For one thread at a time. */
typedef struct {
  subject_t *by_name;
  uint64_t look;
  size_t seen; /* how many were there in this look */

  /* Set by subjects_begin() until the next one. */
  const endpoints_t *endpoints;
  const known_endpoint_t *endpoint; /* that was found last; NULL: none */
  const sink_t *sink;
  double now; /* epoch seconds */
} subjects_t;

void subjects_done(subjects_t *subjects);

/* An observation at `now`, which the endpoints have taken already: ends what a restart of its application has ended,
 * and follows the clocks of hosts. */
void subjects_begin(subjects_t *subjects, const endpoints_t *endpoints, const sink_t *sink, double now);

/* Takes what the observation says of one of them. One that is shown again with the time of before says nothing. */
void subjects_take(subjects_t *subjects, const subject_reading_t *reading);

/* All have been taken: those that were not have gone. */
void subjects_end(subjects_t *subjects);

#endif
