/* SPDX-License-Identifier: MIT */
#include "keyed_hash.h"

#include "clock.h"

#include <string.h>
#include <sys/random.h>

/* --- the secret --- */

/* The only state of this library: it is written once, when the program or the plugin is loaded, and no thread runs that
 * reads it then. A table may so be zero-initialised. */
static hash_key_t secret;

/* Without random numbers the clocks and the place of the library in memory have to do. */
__attribute__((constructor)) static void draw_secret(void) {
  if (getrandom(&secret, sizeof(secret), GRND_NONBLOCK) == (ssize_t)sizeof(secret))
    return;
  secret.words[0] = epoch_milliseconds() ^ (uint64_t)(uintptr_t)&secret;
  secret.words[1] = (uint64_t)(steady_seconds() * 1e9) ^ (uint64_t)(uintptr_t)&secret << 16;
}

const hash_key_t *hash_secret(void) { return &secret; }

/* --- rounds --- */

static inline uint64_t rotate(uint64_t word, unsigned bits) { return word << bits | word >> (64 - bits); }

static inline void mix(keyed_hash_t *hash) {
  uint64_t *v = hash->v;
  v[0] += v[1], v[2] += v[3];
  v[1] = rotate(v[1], 13) ^ v[0], v[3] = rotate(v[3], 16) ^ v[2];
  v[0] = rotate(v[0], 32);
  v[2] += v[1], v[0] += v[3];
  v[1] = rotate(v[1], 17) ^ v[2], v[3] = rotate(v[3], 21) ^ v[0];
  v[2] = rotate(v[2], 32);
}

static inline void add_word(keyed_hash_t *hash, uint64_t word) {
  hash->v[3] ^= word;
  mix(hash);
  hash->v[0] ^= word;
}

/* Adds whole words. Returns the bytes that are left, as the lower ones of a word. */
static inline uint64_t add_words(keyed_hash_t *hash, const void *bytes, size_t length) {
  const unsigned char *at = bytes;
  uint64_t word;
  for (; length >= sizeof(word); length -= sizeof(word), at += sizeof(word)) {
    memcpy(&word, at, sizeof(word));
    add_word(hash, word);
  }
  word = 0;
  for (size_t i = 0; i < length; i++)
    word |= (uint64_t)at[i] << 8 * i;
  return word;
}

/* --- hashes --- */

void keyed_hash_begin(keyed_hash_t *hash, const hash_key_t *key) {
  uint64_t first = key->words[0], second = key->words[1];
  *hash = (keyed_hash_t){{first ^ UINT64_C(0x736f6d6570736575), second ^ UINT64_C(0x646f72616e646f6d),
                          first ^ UINT64_C(0x6c7967656e657261), second ^ UINT64_C(0x7465646279746573)}};
}

void keyed_hash_add_text(keyed_hash_t *hash, const char *text) {
  size_t length = strlen(text);
  add_word(hash, length); /* "ab" "c" is not "a" "bc" */
  add_word(hash, add_words(hash, text, length));
}

uint64_t keyed_hash_end(keyed_hash_t *hash) {
  hash->v[2] ^= 0xff;
  for (int i = 0; i < 3; i++)
    mix(hash);
  return hash->v[0] ^ hash->v[1] ^ hash->v[2] ^ hash->v[3];
}

uint64_t keyed_hash(const hash_key_t *key, const void *bytes, size_t length) {
  keyed_hash_t hash;
  keyed_hash_begin(&hash, key);
  uint64_t rest = add_words(&hash, bytes, length);
  add_word(&hash, rest | (uint64_t)length << 56);
  return keyed_hash_end(&hash);
}
