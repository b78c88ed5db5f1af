/* SPDX-License-Identifier: MIT */
/*
 * uthash, as all of this project uses it. Without memory an entry is left out, and its `tbl` is NULL. The hash has a
 * secret, see keyed_hash.h.
 */
#ifndef COLLECTD_MEDIASOUP_TABLE_H
#define COLLECTD_MEDIASOUP_TABLE_H

#include "keyed_hash.h"

#define HASH_NONFATAL_OOM 1
#define HASH_FUNCTION(bytes, length, hash) ((hash) = (unsigned)keyed_hash(hash_secret(), (bytes), (length)))
#include <uthash.h>

/* A table grows when so many entries share a place. Of uthash's own 10, a search would look at two or three entries,
 * each of which is somewhere else in memory; of 6, at 1.3, for 26 bytes an entry instead of 7. */
#undef HASH_BKT_CAPACITY_THRESH
#define HASH_BKT_CAPACITY_THRESH 6U

/* What an entry is found by in several tables: hashed once, when it is made. The bytes are lent. */
typedef struct {
  const void *bytes;
  size_t length;
  unsigned hash;
} table_key_t;

static inline table_key_t table_key(const void *bytes, size_t length) {
  table_key_t key = {.bytes = bytes, .length = length};
  HASH_VALUE(bytes, length, key.hash);
  return key;
}

#endif
