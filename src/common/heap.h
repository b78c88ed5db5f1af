/* SPDX-License-Identifier: MIT */
/*
 * How much memory an allocation takes.
 */
#ifndef COLLECTD_MEDIASOUP_HEAP_H
#define COLLECTD_MEDIASOUP_HEAP_H

#include <stddef.h>

/* What a block of so many bytes takes, with what the allocator keeps beside it: as glibc's malloc does where pointers
 * have 64 bits. 0 of 0, which stands for no block. */
static inline size_t heap_block(size_t bytes) {
  enum { HEADER = 8, STEP = 16, LEAST = 32 };
  size_t block = (bytes + HEADER + STEP - 1) / STEP * STEP;
  return bytes == 0 ? 0 : block < LEAST ? LEAST : block;
}

#endif
