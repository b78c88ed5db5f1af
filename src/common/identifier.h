/* SPDX-License-Identifier: MIT */
/*
 * The grammar of plugin_instance and type_instance, in which one plugin writes what an object is and the other reads it
 * back:
 *
 *   identifier = pairs / name              a name has no '='
 *   pairs      = key "=" value *("," key "=" value)
 *
 * collectd allows 127 bytes and gives "/" and quotes a meaning of its own. So a value goes through three steps on its
 * way in: each of , = / " \ and control characters becomes _ (clean); a value that this changed, or that ends in what
 * looks like a mark, may end in a mark, a hash of what it was, so that two values never become one (unique); an
 * identifier that is too long is cut and ends in a mark of the whole (cut).
 */
#ifndef COLLECTD_MEDIASOUP_IDENTIFIER_H
#define COLLECTD_MEDIASOUP_IDENTIFIER_H

#include "buffer.h"

#include <stdbool.h>
#include <stddef.h>

/* The keys of a type_instance that are not names of attributes. */
#define IDENTIFIER_ID "id"             /* the object's own id */
#define IDENTIFIER_VIA "via"           /* the transport that a producer was piped here by */
#define IDENTIFIER_ENDPOINT "endpoint" /* the endpoint's name, where appData has its place in plugin_instance */
#define IDENTIFIER_PROCESS "process"   /* which of the sockets that a glob matches */

/* --- writing; each fails as the buffer does --- */

/* Appends `text`, clean. */
void identifier_append_clean(buffer_t *identifier, const char *text);

/* Appends `text`, clean, and the mark of what it was where cleaning changed it. */
void identifier_append_unique(buffer_t *identifier, const char *text);

/* Append key=value, with a comma before it where the buffer is not empty. The value is clean or unique. */
void identifier_append_pair(buffer_t *identifier, const char *key, const char *value);
void identifier_append_unique_pair(buffer_t *identifier, const char *key, const char *value);

/* Cuts to IDENTIFIER_MAX bytes, at the end of a character, with the mark of the whole at the end. */
void identifier_cut(buffer_t *identifier);

/* `name` as an identifier of its own, clean and cut, for the caller to free. NULL when out of memory. */
char *identifier_new(const char *name);

/* --- reading --- */

typedef struct {
  const char *key; /* lent by the identifier, and not followed by a NUL; so is the value */
  size_t key_length;
  const char *value;
  size_t value_length;
} pair_t;

/* Reads the pair at `*at` and moves `*at` behind it. What has no '=' is passed over. false at the end. */
bool identifier_next(const char **at, pair_t *pair);

/* The first pair of this key; false where there is none. */
bool identifier_find(const char *identifier, const char *key, pair_t *pair);

/* Whether the identifier is a name: the endpoint's, where no appData has taken its place. */
bool identifier_is_name(const char *identifier);

/* How many bytes of it are whole: all, or those before the last pair where that was cut. */
size_t identifier_whole_length(const char *identifier);

/* Whether `clean` (`length` bytes) is what `text` becomes in an identifier, or is `text` itself: identifiers that
 * others made up need not be clean. */
bool identifier_is_clean_of(const char *clean, size_t length, const char *text);

/* The same, or what identifier_append_unique() makes of it. */
bool identifier_is_of(const char *value, size_t length, const char *text);

#endif
