/* SPDX-License-Identifier: MIT */
/*
 * Complaints about the configuration. Each is one line: the block, the option as it stands in the file (collectd's
 * parser keeps no line numbers), what is wrong, and what follows from it.
 */
#ifndef COLLECTD_MEDIASOUP_COMPLAINT_H
#define COLLECTD_MEDIASOUP_COMPLAINT_H

#include "common/options.h"

#include <collectd/liboconfig/oconfig.h>

/* Takes a complaint, which is lent for the call. */
typedef void (*complain_t)(const char *complaint);

/* Where the complaints about a block go, and how they begin. */
typedef struct {
  complain_t complain;
  char block[320]; /* <Endpoint "sfu">: <Group "room"> */
} complaints_t;

/* For <Plugin mediasoup>. */
complaints_t complaints_of_plugin(complain_t complain);

/* For an <Endpoint>. */
complaints_t complaints_of_endpoint(complain_t complain, const char *name);

/* For a <Group> of that endpoint. */
complaints_t complaints_of_group(const complaints_t *endpoint, const char *name);

/* BLOCK: OPTION: CAUSE; CONSEQUENCE. `option` may be NULL: the block as a whole. */
void complaints_add(const complaints_t *complaints, const oconfig_item_t *option, const char *cause,
                    const char *consequence);

/* Says that there is no such option, and which options the block has. `more` follows their names. */
void complaints_add_unknown(const complaints_t *complaints, const oconfig_item_t *option, block_id_t block,
                            const char *more);

#endif
