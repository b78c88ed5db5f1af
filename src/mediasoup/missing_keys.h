/* SPDX-License-Identifier: MIT */
/*
 * Tells the operator of keys in the configuration that no object has in its appData: a misspelt key would otherwise
 * make one group of all rooms, without a word.
 */
#ifndef COLLECTD_MEDIASOUP_MISSING_KEYS_H
#define COLLECTD_MEDIASOUP_MISSING_KEYS_H

#include "endpoint_options.h"
#include "source.h"

/* Zero-initialise. */
typedef struct {
  size_t readings; /* in which there were objects */
  bool done;
} missing_keys_t;

/* After each reading: whether there is something to say, once. Applications fill appData late, so it waits for some
 * readings that have objects. `line` says which keys nobody has, and which keys there are. */
bool missing_keys_look(missing_keys_t *missing, const endpoint_options_t *options, source_t *const *sources,
                       size_t sources_length, failure_t *line);

#endif
