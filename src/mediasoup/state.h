/* SPDX-License-Identifier: MIT */
/*
 * Whether a stream carries media, and if not, why; and whether one that does is bad. Both are decided here and nowhere
 * else: means, ranks, distributions and counts of bad streams are of the streams that flow, a group counts the streams
 * in each state, and rows, views and the page show what is decided here.
 */
#ifndef COLLECTD_MEDIASOUP_STATE_H
#define COLLECTD_MEDIASOUP_STATE_H

#include <stdbool.h>

typedef enum {
  STATE_FLOWING,
  STATE_PAUSED,   /* itself, or its producer */
  STATE_WAITING,  /* its transport is not connected, or the stream is new and has sent nothing */
  STATE_INACTIVE, /* nothing has to come: the sender has stopped this layer, or the consumer's producer sends nothing */
  STATE_SILENT,   /* it should flow, but no packet came since the previous snapshot, or mediasoup sends it no layer */
} stream_state_t;

/* What a snapshot says of a stream. */
typedef struct {
  bool paused;
  bool connected;      /* its transport is, or it has no connection to make */
  bool has_sent;       /* at any time */
  bool grew;           /* it has sent since an earlier snapshot */
  bool lost_its_layer; /* mediasoup has taken away every layer of a consumer that flowed */
  bool compared;       /* there is such a snapshot */
  double score;        /* NaN when unknown */
  double bitrate;      /* bit/s; NaN when unknown */
  bool excused; /* nothing has to come from it, since another stream of its producer flows or its producer does not */
} stream_facts_t;

/* Whether packets came. mediasoup gives the score 0 to a stream that it takes for stopped. */
bool state_moves(double score, double bitrate, bool grew);

stream_state_t state_of(const stream_facts_t *facts);

/* Whether the stream flows with a score of 5 or less, or with so much loss as loss_is_high() says. An unknown score is
 * not bad. At 10 % loss mediasoup's score is 6 or 7, so that it tells nothing of that. */
bool state_is_bad(stream_state_t state, double score, bool loss_is_high);

/* Its name in metadata and documents: "flowing", ... */
const char *state_name(stream_state_t state);

#endif
