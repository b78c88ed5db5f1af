/* SPDX-License-Identifier: MIT */
/*
 * What rows of an application have in common although neither stands above the other: the streams and the consumers of
 * one producer, and the two ends of a pipe between routers. An object remembers its links, so that they are looked up
 * only where it has changed.
 */
#ifndef COLLECTD_MEDIASOUP_LINKS_H
#define COLLECTD_MEDIASOUP_LINKS_H

#include "object.h"

typedef struct link {
  UT_hash_handle hh;
  bool seen;              /* an object has it in this reading */
  size_t moving;          /* of a producer: its streams that carry packets */
  size_t piped_producers; /* of a producer: its streams that come from a pipe */
  size_t piped_consumers; /* of a producer: the streams that take it into a pipe */
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

/* Whether the object stands on a pipe whose other end is in the same application. */
bool links_is_piped(const object_t *object);

/* Whether nothing has to come from this stream: from a layer while another stream of its producer moves, from a
 * consumer while its producer sends nothing. `moves`: the stream does itself. */
bool links_excuse(const object_t *stream, bool moves);

#endif
