/* SPDX-License-Identifier: MIT */
#include "text_index.h"

#include "common/keyed_hash.h"

#include <stdlib.h>
#include <string.h>

enum { LEAST_CAPACITY = 64 };

void text_index_done(text_index_t *index) {
  free(index->places);
  *index = (text_index_t){0};
}

static uint64_t hash_of(const text_key_t *key) {
  keyed_hash_t hash;
  keyed_hash_begin(&hash, hash_secret());
  for (size_t i = 0; i < TEXT_INDEX_TEXTS; i++)
    keyed_hash_add_text(&hash, key->texts[i]);
  return keyed_hash_end(&hash);
}

static bool is_same(const text_key_t *left, const text_key_t *right) {
  for (size_t i = 0; i < TEXT_INDEX_TEXTS; i++)
    if (left->texts[i] != right->texts[i] && strcmp(left->texts[i], right->texts[i]) != 0)
      return false;
  return true;
}

/* The place of the key, or the free one where it belongs. */
static text_index_place_t *search(const text_index_t *index, const text_key_t *key, uint64_t hash) {
  size_t at = (size_t)hash & (index->capacity - 1);
  while (index->places[at].thing != NULL && (index->places[at].hash != hash || !is_same(&index->places[at].key, key)))
    at = (at + 1) & (index->capacity - 1);
  return &index->places[at];
}

/* At least half of the places stay free, so that a search is short. */
static MUST_CHECK bool grow(text_index_t *index) {
  text_index_t larger = {.capacity = index->capacity > 0 ? 2 * index->capacity : LEAST_CAPACITY,
                         .length = index->length};
  larger.places = calloc(larger.capacity, sizeof(*larger.places));
  if (larger.places == NULL)
    return false;
  for (size_t i = 0; i < index->capacity; i++)
    if (index->places[i].thing != NULL)
      *search(&larger, &index->places[i].key, index->places[i].hash) = index->places[i];
  free(index->places);
  *index = larger;
  return true;
}

text_index_place_t *text_index_place(text_index_t *index, const text_key_t *key) {
  uint64_t hash = hash_of(key);
  if (2 * (index->length + 1) > index->capacity && !grow(index))
    return NULL;
  text_index_place_t *place = search(index, key, hash);
  if (place->thing != NULL)
    return place;
  place->key = *key;
  place->hash = hash;
  index->length++; /* the caller takes it */
  return place;
}

void *text_index_find(const text_index_t *index, const text_key_t *key) {
  return index->capacity > 0 ? search(index, key, hash_of(key))->thing : NULL;
}
