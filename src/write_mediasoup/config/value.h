/* SPDX-License-Identifier: MIT */
/*
 * The value of an option in collectd's configuration, and where it goes.
 */
#ifndef COLLECTD_WRITE_MEDIASOUP_VALUE_H
#define COLLECTD_WRITE_MEDIASOUP_VALUE_H

#include <collectd/core/daemon/plugin.h>

#include <stdbool.h>

/* It goes into `text`, which owns it, into `whole`, or is read by `read`. */
typedef struct {
  char **text;
  bool (*is_right)(const char *text); /* NULL: every text is */
  int *whole;                         /* above 0 */
  bool is_port;
  bool may_be_zero;
  bool (*read)(const oconfig_item_t *item); /* of several values */
  bool *given;                              /* NULL, or to be set where the option is there, right or wrong */
} value_target_t;

/* Whether the value is right. A wrong one leaves what was there before. Does not log. */
bool value_read(const value_target_t *target, oconfig_item_t *item);

#endif
