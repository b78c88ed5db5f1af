/* SPDX-License-Identifier: MIT */
/*
 * A source that has read one snapshot, for tests of what is made of a reading. curl_global_init() must have been
 * called.
 */
#ifndef COLLECTD_MEDIASOUP_SOURCE_READING_H
#define COLLECTD_MEDIASOUP_SOURCE_READING_H

#include "mediasoup/source.h"

/* Serves the rows as snapshot() makes them on a socket in the folder, and reads them once. For source_free(). */
source_t *source_reading(const char *folder, const char *rows);

#endif
