/* SPDX-License-Identifier: MIT */
/*
 * A body, compressed as it is read.
 */
#ifndef COLLECTD_MEDIASOUP_GZIP_H
#define COLLECTD_MEDIASOUP_GZIP_H

#include "write_mediasoup/body.h"

/* The body as gzip. Takes over `plain`, unless it returns NULL: out of memory. */
body_t *gzip_new(body_t *plain);

#endif
