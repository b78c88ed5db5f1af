/* SPDX-License-Identifier: MIT */
/* Why there is no TLS connection: what libcurl says, with either library of TLS, in words for the operator. */
#include "mediasoup/tls_failure.h"
#include "support/support.h"

typedef struct {
  const char *name;
  tls_outcome_t outcome;
  status_t status;
  const char *cause;
} failure_case_t;

#define URL "https://sfu"

static const failure_case_t failure_cases[] = {
    {"GnuTLS: nobody has signed it",
     {CURLE_PEER_FAILED_VERIFICATION, 0x42, "verification failed", URL, NULL},
     STATUS_UNTRUSTED,
     "the certificate of https://sfu is not trusted: no authority that is trusted has signed it"},
    {"GnuTLS: it has expired",
     {CURLE_PEER_FAILED_VERIFICATION, 0x402, "", URL, NULL},
     STATUS_UNTRUSTED,
     "the certificate of https://sfu is not trusted: it has expired"},
    {"GnuTLS: it is not valid yet",
     {CURLE_PEER_FAILED_VERIFICATION, 0x202, "", URL, NULL},
     STATUS_UNTRUSTED,
     "the certificate of https://sfu is not trusted: it is not valid yet, or this host's clock is wrong"},
    {"OpenSSL: nobody has signed it",
     {CURLE_PEER_FAILED_VERIFICATION, 18, "SSL certificate problem: self-signed certificate", URL, NULL},
     STATUS_UNTRUSTED,
     "the certificate of https://sfu is not trusted: no authority that is trusted has signed it"},
    {"OpenSSL: it has expired",
     {CURLE_PEER_FAILED_VERIFICATION, 10, "", URL, NULL},
     STATUS_UNTRUSTED,
     "the certificate of https://sfu is not trusted: it has expired"},
    {"OpenSSL: it is not valid yet",
     {CURLE_PEER_FAILED_VERIFICATION, 9, "", URL, NULL},
     STATUS_UNTRUSTED,
     "the certificate of https://sfu is not trusted: it is not valid yet, or this host's clock is wrong"},
    {"another name",
     {CURLE_PEER_FAILED_VERIFICATION, 0, "subject name (a) does not match 'b'", URL, NULL},
     STATUS_WRONG_NAME,
     "the certificate of https://sfu is for another name: subject name (a) does not match 'b'"},
    {"a file of certificates",
     {CURLE_SSL_CACERT_BADFILE, 0, "error reading it", URL, "/ca.pem"},
     STATUS_CA_FILE,
     "cannot read certificates from /ca.pem: error reading it"},
    {"the system's file, and libcurl says no more",
     {CURLE_SSL_CACERT_BADFILE, 0, "", URL, NULL},
     STATUS_CA_FILE,
     "cannot read certificates from the system's file: Problem with the SSL CA cert (path? access rights?)"},
    {"no TLS",
     {CURLE_SSL_CONNECT_ERROR, 0, "handshake failed: it ended.", URL, NULL},
     STATUS_TLS,
     "there is no TLS with https://sfu: handshake failed: it ended"},
};

static void says(void **state) {
  const failure_case_t *one = *state;
  failure_t failure = {0};
  assert_true(tls_failure_set(&failure, &one->outcome));
  assert_int_equal(failure.status, one->status);
  assert_string_equal(failure.cause, one->cause);
}

static void leaves_other_outcomes_alone(void **state) {
  (void)state;
  static const CURLcode codes[] = {CURLE_OK, CURLE_COULDNT_CONNECT, CURLE_GOT_NOTHING, CURLE_OPERATION_TIMEDOUT};
  for (size_t i = 0; i < LENGTH(codes); i++) {
    failure_t failure = {0};
    assert_false(tls_failure_set(&failure, &(tls_outcome_t){.code = codes[i], .said = "", .where = "https://sfu"}));
    assert_int_equal(failure.status, STATUS_OK);
    assert_string_equal(failure.cause, "");
  }
}

int main(void) {
  TEST_CASES(says, failure_cases);
  TEST(leaves_other_outcomes_alone);
  return tests_run("tls_failure");
}
