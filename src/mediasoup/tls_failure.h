/* SPDX-License-Identifier: MIT */
/*
 * Why there is no TLS connection, in words for the operator.
 */
#ifndef COLLECTD_MEDIASOUP_TLS_FAILURE_H
#define COLLECTD_MEDIASOUP_TLS_FAILURE_H

#include "common/status.h"

#include <curl/curl.h>
#include <stdbool.h>

typedef struct {
  CURLcode code;
  long verification;   /* CURLINFO_SSL_VERIFYRESULT */
  const char *said;    /* by libcurl, of CURLOPT_ERRORBUFFER; may be "" */
  const char *where;   /* the URL */
  const char *ca_file; /* or NULL */
} tls_outcome_t;

/* Sets STATUS_UNTRUSTED, STATUS_WRONG_NAME, STATUS_CA_FILE or STATUS_TLS. false for an outcome of another kind. */
bool tls_failure_set(failure_t *failure, const tls_outcome_t *outcome);

#endif
