/* SPDX-License-Identifier: MIT */
#include "chunk.h"

#include "common/heap.h"

#include <stdlib.h>
#include <string.h>

chunk_t *chunk_new(const unsigned char *bytes, size_t length) {
  chunk_t *chunk = malloc(offsetof(chunk_t, bytes) + length);
  if (chunk == NULL)
    return NULL;
  memset(chunk, 0, offsetof(chunk_t, bytes));
  atomic_init(&chunk->references, 1);
  chunk->length = (uint32_t)length;
  memcpy(chunk->bytes, bytes, length);
  return chunk;
}

chunk_t *chunk_share(chunk_t *chunk) {
  atomic_fetch_add(&chunk->references, 1);
  return chunk;
}

void chunk_release(chunk_t *chunk) {
  if (chunk != NULL && atomic_fetch_sub(&chunk->references, 1) == 1)
    free(chunk);
}

size_t chunk_size(const chunk_t *chunk) { return heap_block(offsetof(chunk_t, bytes) + chunk->length); }
