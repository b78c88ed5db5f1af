/* SPDX-License-Identifier: MIT */
/*
 * One input of the fuzzer, as libFuzzer calls it.
 */
#ifndef COLLECTD_MEDIASOUP_FUZZ_SNAPSHOT_H
#define COLLECTD_MEDIASOUP_FUZZ_SNAPSHOT_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
