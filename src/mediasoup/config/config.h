/* SPDX-License-Identifier: MIT */
/*
 * <Plugin mediasoup>, as collectd hands it over, becomes endpoints.
 */
#ifndef COLLECTD_MEDIASOUP_CONFIG_H
#define COLLECTD_MEDIASOUP_CONFIG_H

#include "endpoint.h"

#include <collectd/liboconfig/oconfig.h>

/* Told of each mistake in the configuration: one line, with the option as it stands in the file. */
typedef void (*config_complain_t)(const char *complaint);

/* Reads one <Endpoint> block. A mistake in an option's value costs the endpoint (STATUS_OPTION), but of Distributions
 * and Worst only the option, and in a <Group> that group; an unknown option costs only itself. Each is complained of.
 * Other blocks are not touched by it. */
MUST_CHECK status_t config_read_endpoint(const oconfig_item_t *block, config_complain_t complain,
                                         endpoint_t **endpoint);

/* Complains of an option of <Plugin mediasoup> that is no <Endpoint> block. */
void config_unknown(const oconfig_item_t *option, config_complain_t complain);

#endif
