/* SPDX-License-Identifier: MIT */
/*
 * Why a stream is in trouble: whose fault it is, by one table of rules. It decides from numbers alone, so that a
 * figure, an alert and a document can be held against the same table.
 */
#ifndef COLLECTD_MEDIASOUP_CAUSE_H
#define COLLECTD_MEDIASOUP_CAUSE_H

#include <stdbool.h>
#include <stddef.h>

typedef enum {
  CAUSE_NONE,      /* it is in no trouble */
  CAUSE_SENDER,    /* the participant who sends, or the network from there to the SFU */
  CAUSE_RECEIVER,  /* the participant who receives, or the network from the SFU to there */
  CAUSE_BANDWIDTH, /* the same network has no room for the layer that the participant wants */
  CAUSE_WORKER,    /* the worker has too much to do, or hangs */
  CAUSE_TRANSPORT, /* its WebRTC transport is not connected any more, or could not be */
  CAUSE_UNKNOWN,
  CAUSES_LENGTH
} cause_t;

/* What is known of a stream that is in trouble. Numbers are NaN where they are unknown. */
typedef struct {
  bool of_producer;      /* else of a consumer */
  bool is_silent;        /* it should flow and does not: what receivers reported of it is old */
  bool is_disconnected;  /* its transport lost its connection, or could not make one */
  bool worker_is_silent; /* its worker did not answer for itself */
  double worker_cpu_ratio;
  double worker_channel_seconds; /* from a request to the worker's answer */
  double loss_ratio;             /* lately, repaired packets included; of a consumer on both ways together */
  double round_trip_time;        /* seconds */
  double jitter;                 /* seconds */
  /* Of a consumer: its producer's streams. */
  bool source_is_bad;          /* one of them is bad or silent, and none is well */
  double source_missing_ratio; /* the highest share lost lately on the way in, without what was repaired */
  double source_loss_ratio;    /* the highest of one report, repaired packets included */
  double source_score;         /* the highest */
  double source_jitter;        /* the highest, seconds */
  /* Of a consumer: its bandwidth. */
  bool wants_more;          /* it gets a lower layer than it prefers, or none */
  double wanted_bitrate;    /* bit/s: what its transport would send with that layer; unknown: 0 */
  double available_bitrate; /* bit/s: the transport's estimate; unknown: NaN or 0 */
} cause_facts_t;

/* One rule: its cause is the stream's where the figure is at least the threshold. An unknown figure never is. */
typedef struct {
  cause_t cause;
  double (*figure)(const cause_facts_t *facts);
  double threshold;
  const char *when;   /* what the figure is, with the threshold, for documents; one line, without a full stop */
  const char *reason; /* why this number, and where it comes from; the same */
} cause_rule_t;

/* In the order in which they are tried. Static, read-only, for any thread. */
extern const cause_rule_t cause_rules[];
extern const size_t cause_rules_length;

/* The cause of the first rule that holds, else CAUSE_UNKNOWN. Never CAUSE_NONE: the stream is in trouble. */
cause_t cause_of(const cause_facts_t *facts);

/* Its name in metadata and documents: "sender", ...; "" for CAUSE_NONE. */
const char *cause_name(cause_t cause);

#endif
