/* SPDX-License-Identifier: MIT */
/*
 * Hashes that tell texts apart, and the mark: a short hash for an identifier that cannot hold a text unchanged.
 */
#ifndef COLLECTD_MEDIASOUP_HASH_H
#define COLLECTD_MEDIASOUP_HASH_H

#include <stddef.h>
#include <stdint.h>

#define HASH_BEGIN UINT64_C(0xcbf29ce484222325)

/* Adds these bytes to the hash of the bytes before them. The first call takes HASH_BEGIN. */
uint64_t hash_add(uint64_t hash, const void *bytes, size_t length);

enum { HASH_MARK_LENGTH = 17 };

/* Writes "~", 16 hexadecimal digits and a NUL. Databases keep identifiers, so the mark of a text never changes,
 * whatever the version. */
void hash_mark(char mark[HASH_MARK_LENGTH + 1], const char *text, size_t length);

#endif
