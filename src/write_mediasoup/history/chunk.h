/* SPDX-License-Identifier: MIT */
/*
 * A run of samples of one series, written by codec.h. It never changes, and is shared by the history and whoever reads
 * it.
 */
#ifndef COLLECTD_MEDIASOUP_HISTORY_CHUNK_H
#define COLLECTD_MEDIASOUP_HISTORY_CHUNK_H

#include "common/status.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How many samples make a chunk. The first of a chunk takes several times what the others do; and with more in a chunk,
 * more that are too old are kept with the last of them. In between is least memory for an hour at ten seconds. */
enum { CHUNK_SAMPLES = 60 };

typedef struct chunk chunk_t;
struct chunk {
  chunk_t *prev, *next; /* all of them, the oldest first */
  struct series *series;
  chunk_t *later; /* of the same series */
  atomic_uint references;
  uint32_t samples;
  int64_t first, last; /* the times of the samples, epoch milliseconds */
  double added;        /* when the last of them was added, epoch seconds by this host's clock */
  uint32_t length;
  unsigned char bytes[];
};

/* A chunk of these bytes with one reference, the caller's, who sets its times and samples. NULL when out of memory. */
chunk_t *chunk_new(const unsigned char *bytes, size_t length);

/* One reference more, and one less. The second takes NULL. Any thread. */
chunk_t *chunk_share(chunk_t *chunk);
void chunk_release(chunk_t *chunk);

/* The memory that it takes. */
size_t chunk_size(const chunk_t *chunk);

#endif
