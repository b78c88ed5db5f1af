/* SPDX-License-Identifier: MIT */
/*
 * Sends an answer through libmicrohttpd: its headers, its bytes, compressed where the client takes that, and nothing
 * but 304 where the client has them already.
 */
#ifndef COLLECTD_MEDIASOUP_RESPOND_H
#define COLLECTD_MEDIASOUP_RESPOND_H

#include "answer.h"

#include <microhttpd.h>
#include <stdbool.h>

/* How much of a body is made at once: little, so that connections take turns. With 32 KiB an answer takes a fifth
 * longer. */
enum { RESPOND_PIECE_BYTES = 128 * 1024 };

/* Takes over the body of the answer. MHD_NO, which ends the connection, when out of memory. */
enum MHD_Result respond(struct MHD_Connection *connection, answer_t *answer, bool is_head);

/* The value of a header of the request, or "". Lent as long as the request is. */
const char *request_header(struct MHD_Connection *connection, const char *name);

#endif
