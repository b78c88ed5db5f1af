/* SPDX-License-Identifier: MIT */
/*
 * Writes numbers as text that JSON and Prometheus both read, and reads them. Neither depends on the locale: any plugin
 * of the process may have called setlocale(), and printf and strtod would then use its decimal comma.
 */
#ifndef COLLECTD_MEDIASOUP_NUMBER_H
#define COLLECTD_MEDIASOUP_NUMBER_H

#include "common/buffer.h"

#include <stdint.h>

void number_append_whole(buffer_t *text, int64_t value);

/* Appends the fewest digits that read back as the same number. `value` is finite. */
void number_append_double(buffer_t *text, double value);

/* strtod() in the C locale. `end` may be NULL. */
double number_read(const char *text, char **end);

#endif
