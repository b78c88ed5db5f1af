/* SPDX-License-Identifier: MIT */
/*
 * A view, compressed as it is read.
 */
#ifndef COLLECTD_MEDIASOUP_GZIP_H
#define COLLECTD_MEDIASOUP_GZIP_H

#include "write_mediasoup/views/view.h"

typedef struct gzip gzip_t;

/* Takes over the view, unless it returns NULL: out of memory. */
gzip_t *gzip_new(view_t *view);
void gzip_free(gzip_t *gzip);

/* As view_read. */
ssize_t gzip_read(gzip_t *gzip, char *bytes, size_t size);

#endif
