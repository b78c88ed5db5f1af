/* SPDX-License-Identifier: MIT */
/*
 * Makes endpoints of <Plugin mediasoup>, as collectd hands it over.
 */
#ifndef COLLECTD_MEDIASOUP_CONFIG_H
#define COLLECTD_MEDIASOUP_CONFIG_H

#include "complaint.h"
#include "mediasoup/endpoint.h"

/* Makes an endpoint of an <Endpoint> block. An invalid value disables its endpoint (STATUS_OPTION), except that one of
 * Distributions, Worst, RoomKeys and ParticipantKeys is ignored, and one within a <Group> disables that group. An
 * unknown option is ignored. There is a complaint about each. STATUS_NO_MEMORY. The caller frees `*endpoint`. */
MUST_CHECK status_t config_read_endpoint(const oconfig_item_t *block, complain_t complain, endpoint_t **endpoint);

/* Complains about an option of <Plugin mediasoup> that is no <Endpoint> block. */
void config_refuse(const oconfig_item_t *option, complain_t complain);

#endif
