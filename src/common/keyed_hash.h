/* SPDX-License-Identifier: MIT */
/*
 * A hash for tables in memory, with a secret of this process. Rooms and participants are called as users of the
 * application like: nobody who does not know the secret can make many names that fall into one place of a table, where
 * each would be compared with all the others. It is SipHash-1-3.
 *
 * What is kept or sent has the hashes of hash.h, which never change.
 */
#ifndef COLLECTD_MEDIASOUP_KEYED_HASH_H
#define COLLECTD_MEDIASOUP_KEYED_HASH_H

#include <stddef.h>
#include <stdint.h>

typedef struct {
  uint64_t words[2];
} hash_key_t;

/* The secret, which is drawn before anything else of the program runs. Any thread. */
const hash_key_t *hash_secret(void);

typedef struct {
  uint64_t v[4];
} keyed_hash_t;

/* The hash of these bytes. */
uint64_t keyed_hash(const hash_key_t *key, const void *bytes, size_t length);

/* The hash of several texts, which are told apart by where they end. */
void keyed_hash_begin(keyed_hash_t *hash, const hash_key_t *key);
void keyed_hash_add_text(keyed_hash_t *hash, const char *text);
uint64_t keyed_hash_end(keyed_hash_t *hash);

#endif
