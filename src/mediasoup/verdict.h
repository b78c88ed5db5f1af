/* SPDX-License-Identifier: MIT */
/*
 * What the plugin has decided about a stream. It travels as attributes of the stream's row, beside those that mediasoup
 * reports. judge.c decides it.
 */
#ifndef COLLECTD_MEDIASOUP_VERDICT_H
#define COLLECTD_MEDIASOUP_VERDICT_H

#include "cause.h"
#include "common/fields.h"
#include "state.h"

#include <stdint.h>

enum { EPOCH_TEXT_SIZE = 24 };

/* Since when a stream is in trouble, and why. Zero-initialised: it is in none. */
typedef struct {
  cause_t cause;               /* what readings in a row have agreed on last */
  cause_t latest;              /* of the last reading */
  uint64_t latest_since;       /* epoch milliseconds of the first of the readings in a row that found it */
  char since[EPOCH_TEXT_SIZE]; /* epoch milliseconds of the first reading of this trouble */
} trouble_t;

/* Zero-initialised: nothing is decided yet. */
typedef struct {
  bool is_known;
  stream_state_t state;
  bool bad;   /* see state_is_bad() */
  bool piped; /* to or from another router of the same application: groups leave it out */
  trouble_t trouble;
} verdict_t;

/* Whether there was trouble in the last reading, or is by what the readings have agreed on. */
bool trouble_is_open(const trouble_t *trouble);

/* Takes the cause that a reading at `now`, in epoch milliseconds, has found; CAUSE_NONE: no trouble. Begins, changes
 * and ends trouble after two readings in a row or more that agree and lie five seconds apart. So a single one raises no
 * alarm, and neither do many that all show the same RTCP report, or the two or three seconds for which mediasoup's
 * score of a consumer is bad after a change of its layers. Readings come some milliseconds early or late: those of an
 * interval of 5 s lie far enough apart. A reading that does not know why does not contradict one that did: a score
 * stays low for a while after the loss has ended. Returns whether `cause` changed. */
bool trouble_follow(trouble_t *trouble, cause_t cause, uint64_t now);

bool verdict_is_same(const verdict_t *left, const verdict_t *right);

/* What it says there; NULL where it says nothing. `bad` and `piped` are said only where they are true, so that most
 * rows carry one entry more, not three; the cause and the time while there is trouble. Lent as long as the verdict. */
const char *verdict_text(const verdict_t *verdict, decided_t decided);

#endif
