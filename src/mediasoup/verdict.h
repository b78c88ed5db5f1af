/* SPDX-License-Identifier: MIT */
/*
 * What the plugin has decided about a stream. It travels as attributes of the stream's row, beside those that mediasoup
 * reports. judge.c decides it.
 */
#ifndef COLLECTD_MEDIASOUP_VERDICT_H
#define COLLECTD_MEDIASOUP_VERDICT_H

#include "common/fields.h"
#include "state.h"

/* Zero-initialised: nothing is decided yet. */
typedef struct {
  bool is_known;
  stream_state_t state;
  bool bad;   /* state_is_bad() */
  bool piped; /* to or from another router of the same application: groups leave it out */
} verdict_t;

bool verdict_is_same(const verdict_t *left, const verdict_t *right);

/* What it says there; NULL where it says nothing. `bad` and `piped` are said only where they are true, so that most
 * rows carry one entry more, not three. Static. */
const char *verdict_text(const verdict_t *verdict, decided_t decided);

#endif
