/* SPDX-License-Identifier: MIT */
/*
 * What the bytes of an answer come from: a source that makes them piece by piece, read in portions of any size. A view
 * and a scrape are such sources, and gzip is one that reads another body.
 */
#ifndef COLLECTD_MEDIASOUP_BODY_H
#define COLLECTD_MEDIASOUP_BODY_H

#include "common/buffer.h"

#include <stdint.h>
#include <sys/types.h>

typedef struct body body_t;

typedef struct {
  /* Makes the next piece, which may be empty, and lends it until the next call. NULL after the last. A failure is the
   * piece's status. */
  const buffer_t *(*next)(void *source);
  void (*free)(void *source);
} body_type_t;

/* A body with this source. `version` is a number that differs where the bytes do. Takes over the source,
 * unless it returns NULL: out of memory. `type` is lent as long as the body is used. For one thread at a time. */
body_t *body_new(const body_type_t *type, void *source, uint64_t version);
void body_free(body_t *body); /* takes NULL */

/* Reads the next bytes, at most `size`, and fewer where they come in very small pieces. Returns how many; 0 after the
 * last, -1 after a failure. */
ssize_t body_read(body_t *body, char *bytes, size_t size);

uint64_t body_version(const body_t *body);

#endif
