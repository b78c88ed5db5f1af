/* SPDX-License-Identifier: MIT */
/*
 * Hashes that tell texts apart, and a short mark of a text, for identifiers that can hold only part of it or not as it
 * is.
 */
#ifndef COLLECTD_MEDIASOUP_HASH_H
#define COLLECTD_MEDIASOUP_HASH_H

#include <stddef.h>
#include <stdint.h>

#define HASH_BEGIN UINT64_C(0xcbf29ce484222325)

/* The hash of what was hashed so far, from HASH_BEGIN on, and these bytes after it. */
uint64_t hash_add(uint64_t hash, const void *bytes, size_t length);

enum { HASH_MARK_LENGTH = 17 };

/* Writes "~" and 16 hexadecimal digits, and a NUL. They are stored elsewhere: they do not change between versions. */
void hash_mark(char mark[HASH_MARK_LENGTH + 1], const char *text, size_t length);

#endif
