/* SPDX-License-Identifier: MIT */
/*
 * The options of an <Endpoint> block.
 */
#ifndef COLLECTD_MEDIASOUP_ENDPOINT_OPTION_H
#define COLLECTD_MEDIASOUP_ENDPOINT_OPTION_H

#include "mediasoup/endpoint.h"

#include <collectd/liboconfig/oconfig.h>

/* Reads the option at this place of option_blocks[OPTIONS_OF_ENDPOINT] into `options`. STATUS_OPTION says what is wrong
 * with its value, STATUS_NO_MEMORY. */
MUST_CHECK status_t endpoint_option_read(int place, const oconfig_item_t *option, endpoint_options_t *options,
                                         failure_t *failure);

#endif
