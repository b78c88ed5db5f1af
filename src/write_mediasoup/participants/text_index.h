/* SPDX-License-Identifier: MIT */
/*
 * Finds things by two texts at once, such as a host and an id.
 *
 * It is no uthash, as the other tables are: one is made for each answer and each observation, of a hundred thousand
 * texts that lie in rows. uthash would need an allocation for each and one piece of memory with all texts of a key;
 * here all places are one block. The hash has a secret: no set of texts, however it is made, needs more comparisons
 * than any other. Another host's rows may bring any.
 */
#ifndef COLLECTD_MEDIASOUP_TEXT_INDEX_H
#define COLLECTD_MEDIASOUP_TEXT_INDEX_H

#include "common/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TEXT_INDEX_TEXTS = 2 };

/* Texts are lent as long as the index is used. */
typedef struct {
  const char *texts[TEXT_INDEX_TEXTS];
} text_key_t;

typedef struct {
  text_key_t key;
  uint64_t hash;
  void *thing; /* NULL: the place is free */
} text_index_place_t;

/* Zero-initialise. */
typedef struct {
  text_index_place_t *places;
  size_t capacity; /* a power of two; 0 at first */
  size_t length;
} text_index_t;

void text_index_done(text_index_t *index);

/* The place of the key, for the caller to put a thing into where it is free: the key is then taken. Valid until the
 * next call. NULL when out of memory. */
text_index_place_t *text_index_place(text_index_t *index, const text_key_t *key);

/* NULL where there is none. */
void *text_index_find(const text_index_t *index, const text_key_t *key);

#endif
