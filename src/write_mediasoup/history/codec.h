/* SPDX-License-Identifier: MIT */
/*
 * Samples of a series as bits, each as its difference from the one before. What is read is what was written, to the
 * last bit: counters, doubles, and NaN with all its bits.
 *
 * A sample is
 *   its time       how much longer or shorter ago the one before is than that one's before, as a difference
 *   its changes    which figures differ from the one before: what differs from that one's set, each as a 1 and six bits
 *                  with its place, and a 0 after the last
 *   each change    of a counter the difference; of a gauge that of the number that it comes from, see codec.c
 *
 * A difference is folded: 0, -1, 1, -2, ... are 0, 1, 2, 3, ... Then it is a Rice code: its higher bits as so many ones
 * and a 0, and its lower bits as they are. How many are the lower ones is learnt from those before it of the same
 * figure: noise takes about as many bits as it has.
 */
#ifndef COLLECTD_MEDIASOUP_HISTORY_CODEC_H
#define COLLECTD_MEDIASOUP_HISTORY_CODEC_H

#include "common/status.h"
#include "write_mediasoup/store/row.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
  CODEC_FIGURES_MAX = 64, /* a bit of a set for each */
  /* The longest difference has 81 bits, and the longest set of changes 449. */
  CODEC_SAMPLE_MAX = ((1 + CODEC_FIGURES_MAX) * 81 + 449) / 8 + 2,
};

/* What the next sample is the difference from, beside the figures. Zero-initialise all but `figures` and `counters`. */
typedef struct {
  size_t figures;    /* how many a sample has */
  uint64_t counters; /* a bit for each that is a counter */
  uint64_t changes;
  int64_t time, step; /* epoch milliseconds */
  uint16_t learnt_of_time, learnt[CODEC_FIGURES_MAX];
} codec_t;

/* Writes a sample behind the first `at` bits of `bytes`, which has room for CODEC_SAMPLE_MAX bytes more, and returns
 * how many bits there are then. `before` are the figures of the sample before, all bits 0 before the first. */
size_t codec_write(codec_t *codec, const store_value_t *before, int64_t time, const store_value_t *figures,
                   unsigned char *bytes, size_t at);

/* Reads the sample behind the first `*at` bits of `length` bytes, and adds its bits to `*at`. `figures` are those of
 * the sample before, all bits 0 before the first; they become those of this one, and codec->time its time. false where
 * the bytes end too early. */
MUST_CHECK bool codec_read(codec_t *codec, store_value_t *figures, const unsigned char *bytes, size_t length,
                           size_t *at);

#endif
