/* SPDX-License-Identifier: MIT */
/*
 * The samples of one object: chunks, and the newest ones that are no chunk yet. For one thread at a time: the history
 * holds its lock.
 */
#ifndef COLLECTD_MEDIASOUP_HISTORY_SERIES_H
#define COLLECTD_MEDIASOUP_HISTORY_SERIES_H

#include "chunk.h"
#include "codec.h"
#include "common/table.h"
#include "write_mediasoup/store/row.h"

typedef struct series series_t;
struct series {
  UT_hash_handle by_name;
  const store_row_t *row; /* the last one: its facts are the labels */
  uint64_t number;        /* no other series of this process has it */
  uint64_t seen;          /* the observation that last had its object */
  chunk_t *oldest, *newest;
  /* The samples that are no chunk yet. */
  codec_t codec;
  unsigned char *bytes;
  size_t bits, room; /* bits that are written, bytes that there is room for */
  uint32_t samples, samples_max;
  int64_t first; /* the time of the first of them, epoch milliseconds */
  int64_t last;  /* the time of the last sample of all */
  double added;  /* when that was added, epoch seconds by this host's clock */
  row_name_t *name;
  size_t labels;         /* the memory of its row, with the row's name and facts */
  series_t *prev, *next; /* those that have samples in no chunk, that which has had some for the longest first */
};

/* A series without samples, for rows of this one's name and class. `counters` has a bit for each field that is one.
 * NULL when out of memory. */
series_t *series_new(const store_row_t *row, uint64_t counters, uint64_t number);

/* Frees the series and what is no chunk. Its chunks are the caller's. Takes NULL. */
void series_free(series_t *series);

/* The time that a sample of this row has: as the views show it, epoch milliseconds. */
int64_t series_time(const store_row_t *row);

/* Adds the row as a sample, unless it is not newer than the last one. false when out of memory: nothing is added. */
MUST_CHECK bool series_add(series_t *series, const store_row_t *row, double now);

/* Whether there are enough samples for a chunk. */
bool series_is_full(const series_t *series);

/* Makes a chunk of the samples that are none yet, of which there is at least one. It is the series', and the caller's
 * to place among all chunks. NULL when out of memory: they stay. */
chunk_t *series_pack(series_t *series);

/* How many bytes they take. */
size_t series_length(const series_t *series);

/* Forgets those samples, or the oldest chunk; the chunk is the caller's to release. */
void series_forget_newest(series_t *series);
chunk_t *series_take_oldest(series_t *series);

/* So is the newest one; the series then ends before it. There is one, and all samples are in chunks. */
chunk_t *series_take_newest(series_t *series);

/* The memory that it takes without its chunks. */
size_t series_size(const series_t *series);

#endif
