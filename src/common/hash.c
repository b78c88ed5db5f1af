/* SPDX-License-Identifier: MIT */
#include "hash.h"

#include <inttypes.h>
#include <stdio.h>

/* FNV-1a, 64 bits: short, and good enough to tell texts apart whose ids differ anyway. */
uint64_t hash_add(uint64_t hash, const void *bytes, size_t length) {
  for (size_t i = 0; i < length; i++)
    hash = (hash ^ ((const unsigned char *)bytes)[i]) * UINT64_C(0x100000001b3);
  return hash;
}

void hash_mark(char mark[HASH_MARK_LENGTH + 1], const char *text, size_t length) {
  (void)snprintf(mark, HASH_MARK_LENGTH + 1, "~%016" PRIx64, hash_add(HASH_BEGIN, text, length));
}
