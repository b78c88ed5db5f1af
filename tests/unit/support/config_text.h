/* SPDX-License-Identifier: MIT */
/*
 * Configurations of collectd for tests, from their text. collectd's own parser is not a library.
 */
#ifndef COLLECTD_MEDIASOUP_CONFIG_TEXT_H
#define COLLECTD_MEDIASOUP_CONFIG_TEXT_H

#include <collectd/liboconfig/oconfig.h>
#include <stdbool.h>

/* What collectd's parser makes of one option or block with what is in it: strings between quotation marks, true, false,
 * numbers. Aborts where it is none. For the caller to free. */
oconfig_item_t *config_text_read(const char *text);
void config_text_free(oconfig_item_t *item);

/* Takes complaints, one a line, as they are told since complaints_forget(). */
void complaints_take(const char *complaint);
void complaints_forget(void);

/* Whether there were any. */
bool complaints_any(void);

/* Asserts that these are the complaints. */
void assert_complaints(const char *expected);

#endif
