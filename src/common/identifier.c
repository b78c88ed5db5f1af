/* SPDX-License-Identifier: MIT */
#include "identifier.h"

#include "hash.h"
#include "limits.h"

#include <stdlib.h>

enum { CHARACTER_MAX = 4 }; /* bytes of a UTF-8 character */

static bool breaks_identifiers(char byte) {
  return (unsigned char)byte < 0x20 || byte == 0x7F || strchr(",=/\"\\", byte) != NULL;
}

static char clean(char byte) { return breaks_identifiers(byte) ? '_' : byte; }

static bool is_inside_character(char byte) { return ((unsigned char)byte & 0xC0) == 0x80; }

/* --- writing --- */

void identifier_append_clean(buffer_t *identifier, const char *text) {
  size_t first = identifier->length;
  buffer_append_text(identifier, text);
  for (size_t i = first; i < identifier->length; i++)
    identifier->data[i] = clean(identifier->data[i]);
}

static void append_mark(buffer_t *identifier, const char *text, size_t length) {
  char mark[HASH_MARK_LENGTH + 1];
  hash_mark(mark, text, length);
  buffer_append_text(identifier, mark);
}

/* Whether the text ends as a mark looks. */
static bool has_mark(const char *text, size_t length) {
  const char *mark = text + length - HASH_MARK_LENGTH;
  return length >= HASH_MARK_LENGTH && mark[0] == '~' && strspn(mark + 1, "0123456789abcdef") >= HASH_MARK_LENGTH - 1;
}

/* What has a mark already gets another: it could be the name that a mark gave to another text. */
void identifier_append_unique(buffer_t *identifier, const char *text) {
  size_t first = identifier->length, length = strlen(text);
  identifier_append_clean(identifier, text);
  if (length == 0 || buffer_status(identifier) != STATUS_OK)
    return;
  if (memcmp(identifier->data + first, text, length) != 0 || has_mark(text, length))
    append_mark(identifier, text, length);
}

static void append_key(buffer_t *identifier, const char *key) {
  if (identifier->length > 0)
    buffer_append_character(identifier, ',');
  identifier_append_clean(identifier, key);
  buffer_append_character(identifier, '=');
}

void identifier_append_pair(buffer_t *identifier, const char *key, const char *value) {
  append_key(identifier, key);
  identifier_append_clean(identifier, value);
}

void identifier_append_unique_pair(buffer_t *identifier, const char *key, const char *value) {
  append_key(identifier, key);
  identifier_append_unique(identifier, value);
}

void identifier_cut(buffer_t *identifier) {
  if (buffer_status(identifier) != STATUS_OK || identifier->length <= IDENTIFIER_MAX)
    return;
  char mark[HASH_MARK_LENGTH + 1];
  hash_mark(mark, identifier->data, identifier->length);
  size_t cut = IDENTIFIER_MAX - HASH_MARK_LENGTH;
  for (size_t back = 0; back < CHARACTER_MAX - 1 && is_inside_character(identifier->data[cut]); back++)
    cut--;
  identifier->length = cut;
  buffer_append_text(identifier, mark);
}

char *identifier_new(const char *name) {
  buffer_t identifier = BUFFER_INIT(ROW_TEXT_MAX_BYTES);
  identifier_append_clean(&identifier, name);
  identifier_cut(&identifier);
  char *copy = buffer_copy(&identifier);
  buffer_done(&identifier);
  return copy;
}

/* --- reading --- */

bool identifier_next(const char **at, pair_t *pair) {
  while (**at != '\0') {
    const char *key = *at;
    size_t length = strcspn(key, ",");
    const char *equals = memchr(key, '=', length);
    *at = key + length + (key[length] == ',' ? 1 : 0);
    if (equals == NULL)
      continue;
    size_t key_length = (size_t)(equals - key);
    *pair =
        (pair_t){.key = key, .key_length = key_length, .value = equals + 1, .value_length = length - key_length - 1};
    return true;
  }
  return false;
}

bool identifier_find(const char *identifier, const char *key, pair_t *pair) {
  size_t length = strlen(key);
  while (identifier_next(&identifier, pair))
    if (pair->key_length == length && memcmp(pair->key, key, length) == 0)
      return true;
  return false;
}

bool identifier_is_name(const char *identifier) { return strchr(identifier, '=') == NULL; }

/* A cut does not divide a character, so the identifier may be a little shorter than the maximum. */
static bool was_cut(const char *identifier, size_t length) {
  if (length + (CHARACTER_MAX - 1) < IDENTIFIER_MAX)
    return false;
  return has_mark(identifier, length);
}

size_t identifier_whole_length(const char *identifier) {
  size_t length = strlen(identifier);
  if (!was_cut(identifier, length))
    return length;
  while (length > 0 && identifier[length] != ',')
    length--;
  return length;
}

bool identifier_is_clean_of(const char *clean_text, size_t length, const char *text) {
  if (strlen(text) != length)
    return false;
  for (size_t i = 0; i < length; i++)
    if (clean_text[i] != text[i] && clean_text[i] != clean(text[i]))
      return false;
  return true;
}

bool identifier_is_of(const char *value, size_t length, const char *text) {
  size_t clean_length = strlen(text);
  char mark[HASH_MARK_LENGTH + 1];
  if (length != clean_length + HASH_MARK_LENGTH)
    return identifier_is_clean_of(value, length, text);
  hash_mark(mark, text, clean_length);
  for (size_t i = 0; i < clean_length; i++)
    if (value[i] != clean(text[i]))
      return false;
  return memcmp(value + clean_length, mark, HASH_MARK_LENGTH) == 0;
}
