/* SPDX-License-Identifier: MIT */
/*
 * What rows of an application have in common although neither stands above the other: the streams and the consumers of
 * one producer, and the two ends of a pipe between routers. An object remembers its links, so that they are looked up
 * only where it has changed.
 */
#ifndef COLLECTD_MEDIASOUP_LINKS_H
#define COLLECTD_MEDIASOUP_LINKS_H

#include "object.h"

/* What the streams of a producer are like on their way in; of those that are judged so far. Figures are those of the
 * streams that flow, NaN without any. */
typedef struct {
  size_t well;          /* streams that flow and are not bad */
  size_t troubled;      /* streams that are bad or silent */
  double score;         /* the highest */
  double loss_ratio;    /* of one report, repaired packets included */
  double missing_ratio; /* see loss.h */
  double jitter;        /* seconds */
  double bitrate_least, bitrate_most;
} way_in_t;

typedef struct link {
  UT_hash_handle hh;
  bool seen;              /* an object has it in this reading */
  size_t moving;          /* of a producer: its streams that carry packets */
  size_t piped_producers; /* of a producer: its streams that come from a pipe */
  size_t piped_consumers; /* of a producer: the streams that take it into a pipe */
  size_t consumers;       /* of a producer: those that are not paused, without pipes to other routers */
  way_in_t way_in;        /* of a producer */
  size_t ends;            /* of a pipe: its ends that are in this application */
  size_t key_length;
  char key[];
} link_t;

/* Zero-initialise. */
typedef struct {
  link_t *table;
  buffer_t text; /* the key that is being written */
} links_t;

void links_init(links_t *links);
void links_done(links_t *links);

/* A new reading begins. */
void links_begin(links_t *links);

/* Adds a transport or a stream whose membership is up to date, after the objects above it. `moves`: it is a stream that
 * carries packets. An object without memory for a link has none until the next reading. */
void links_add(links_t *links, object_t *object, bool moves);

/* All objects were added. Forgets the links that none of them has. */
void links_end(links_t *links);

/* How a stream of a producer fares on its way in, which a verdict has found out. */
typedef struct {
  bool flows, is_bad, is_silent;
  double score, loss_ratio, missing_ratio, jitter, bitrate;
} inflow_t;

/* Adds it to the way in of its producer, if that has a link. */
void links_add_inflow(const object_t *producer, const inflow_t *inflow);

/* Whether the object stands on a pipe whose other end is in the same application. */
bool links_is_piped(const object_t *object);

/* Whether nothing has to come from this stream: from a layer while another stream of its producer moves, from a
 * consumer while its producer sends nothing. `moves`: the stream does itself. */
bool links_excuse(const object_t *stream, bool moves);

#endif
