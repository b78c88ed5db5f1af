/* SPDX-License-Identifier: MIT */
/*
 * The real snapshots in tests/golden, recorded from mediasoup, and the text that each is expected to become.
 */
#ifndef COLLECTD_MEDIASOUP_GOLDEN_H
#define COLLECTD_MEDIASOUP_GOLDEN_H

#include "chain.h"

/* A file's content, or NULL with errno. */
char *golden_load(const char *path, size_t *length);

/* What the model knows after the snapshot was read twice, so that figures made of two are there as well. `chunk` as in
 * chain_t. */
MUST_CHECK status_t golden_print(const char *text, size_t length, size_t chunk, buffer_t *printed, failure_t *failure);

/* Fails the test with the first line that differs. */
void assert_same_text(const char *text, const char *expected);

#endif
