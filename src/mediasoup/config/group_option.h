/* SPDX-License-Identifier: MIT */
/*
 * The options of a <Group> block.
 */
#ifndef COLLECTD_MEDIASOUP_GROUP_OPTION_H
#define COLLECTD_MEDIASOUP_GROUP_OPTION_H

#include "mediasoup/summary/group_block.h"

#include <collectd/liboconfig/oconfig.h>

/* Reads the option at this place of option_blocks[OPTIONS_OF_GROUP] into `group`. STATUS_OPTION says what is wrong with
 * its value, STATUS_NO_MEMORY. */
MUST_CHECK status_t group_option_read(int place, const oconfig_item_t *option, group_options_t *group,
                                      failure_t *failure);

#endif
