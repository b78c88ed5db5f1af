/* SPDX-License-Identifier: MIT */
/*
 * Decides what each stream of a reading is like and why, once all of the endpoint's snapshots are committed: a stream's
 * state depends on others, such as its producer. Rows carry the verdict and summaries are made of it, so it comes
 * before both and needs neither.
 */
#ifndef COLLECTD_MEDIASOUP_JUDGE_H
#define COLLECTD_MEDIASOUP_JUDGE_H

#include "evidence.h"
#include "model.h"

typedef struct {
  const model_t *model;
  bool read; /* its snapshot, and it was whole */
} judged_t;

typedef struct {
  links_t links;
  reading_fields_t producers, consumers;
  evidence_fields_t evidence;
  uint64_t now;                  /* epoch milliseconds of the reading under way */
  object_t *in_trouble;          /* streams that are, or were in the reading before; in any order */
  judged_t sources[SOURCES_MAX]; /* of the reading under way */
  size_t sources_length;
} judge_t;

void judge_init(judge_t *judge);
void judge_done(judge_t *judge);

/* Begin, add each source's model, end. `now` is the time of the reading in epoch milliseconds, as its rows have it.
 * `read` says whether the source's snapshot was read whole; if not, its streams keep the verdicts that they have, as
 * those do whose worker did not answer. At most SOURCES_MAX sources. A verdict that changes makes the stream's metadata
 * due. Objects of the models must not be freed in between. */
void judge_begin(judge_t *judge, uint64_t now);
void judge_add(judge_t *judge, const model_t *model, bool read);
void judge_end(judge_t *judge);

#endif
