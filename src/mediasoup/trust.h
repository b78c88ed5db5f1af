/* SPDX-License-Identifier: MIT */
/*
 * How the plugin and an endpoint know each other. With nothing but zeros, certificates are checked against those of the
 * system, and no secret is sent.
 */
#ifndef COLLECTD_MEDIASOUP_TRUST_H
#define COLLECTD_MEDIASOUP_TRUST_H

#include <stdbool.h>

typedef struct {
  const char *token_file;   /* whose first line is sent as Authorization: Bearer, read anew each time; NULL: none */
  const char *ca_file;      /* of the certificates to trust, in PEM; NULL: libcurl's own, those of the system */
  bool takes_any_signature; /* whoever signed the certificate */
  bool takes_any_name;      /* whatever name is in it */
} trust_t;

#endif
