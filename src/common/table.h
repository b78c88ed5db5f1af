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

#endif
