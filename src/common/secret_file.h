/* SPDX-License-Identifier: MIT */
/*
 * A secret in a file of its own: collectd's configuration is often readable by every user of the host, and a file can
 * be replaced while collectd runs.
 */
#ifndef COLLECTD_MEDIASOUP_SECRET_FILE_H
#define COLLECTD_MEDIASOUP_SECRET_FILE_H

#include "limits.h"
#include "status.h"

/* Reads the first line of the file, without white space around it, into `secret`. STATUS_SECRET, whose cause begins
 * with the name of the `option`, where the file cannot be read or its line is no secret: 1 to SECRET_MAX visible ASCII
 * characters, which a header can hold. Does not wait for a pipe. */
MUST_CHECK status_t secret_file_read(const char *option, const char *path, char secret[SECRET_MAX + 1],
                                     failure_t *failure);

#endif
