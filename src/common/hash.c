#include "hash.h"

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>

/* FNV-1a, 64 bits: short, and good enough to tell texts apart whose ids differ anyway. */
void hash_mark(char mark[HASH_MARK_LENGTH + 1], const char *text, size_t length) {
  uint64_t value = UINT64_C(0xcbf29ce484222325);
  for (size_t i = 0; i < length; i++)
    value = (value ^ (unsigned char)text[i]) * UINT64_C(0x100000001b3);
  (void)snprintf(mark, HASH_MARK_LENGTH + 1, "~%016" PRIx64, value);
}
