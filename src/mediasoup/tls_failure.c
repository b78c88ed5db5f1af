/* SPDX-License-Identifier: MIT */
#include "tls_failure.h"

#include <stddef.h>
#include <string.h>

/* What the two libraries of TLS that libcurl may have say in the verification of a certificate: GnuTLS in bits, OpenSSL
 * in small numbers. */
enum {
  GNUTLS_NOT_YET = 1 << 9,
  GNUTLS_EXPIRED = 1 << 10,
  OPENSSL_NOT_YET = 9,
  OPENSSL_EXPIRED = 10,
};

static const char *reason_of(long verification) {
  if (verification == OPENSSL_EXPIRED || (verification & GNUTLS_EXPIRED) != 0)
    return "it has expired";
  if (verification == OPENSSL_NOT_YET || (verification & GNUTLS_NOT_YET) != 0)
    return "it is not valid yet, or this host's clock is wrong";
  return "no authority that is trusted has signed it";
}

static void set_certificate_failure(failure_t *failure, const tls_outcome_t *outcome) {
  if (outcome->verification == 0)
    failure_set(failure, STATUS_WRONG_NAME, "the certificate of %s is for another name: %s", outcome->where,
                outcome->said);
  else
    failure_set(failure, STATUS_UNTRUSTED, "the certificate of %s is not trusted: %s", outcome->where,
                reason_of(outcome->verification));
}

bool tls_failure_set(failure_t *failure, const tls_outcome_t *outcome) {
  const char *said = outcome->said[0] != '\0' ? outcome->said : curl_easy_strerror(outcome->code);
  switch (outcome->code) {
  case CURLE_PEER_FAILED_VERIFICATION:
  case CURLE_SSL_ISSUER_ERROR:
    set_certificate_failure(failure, outcome);
    return true;
  case CURLE_SSL_CACERT_BADFILE:
    failure_set(failure, STATUS_CA_FILE, "cannot read certificates from %s: %s",
                outcome->ca_file != NULL ? outcome->ca_file : "the system's file", said);
    return true;
  case CURLE_SSL_CONNECT_ERROR:
    failure_set(failure, STATUS_TLS, "there is no TLS with %s: %.*s", outcome->where, (int)strcspn(said, "."), said);
    return true;
  default:
    return false;
  }
}
