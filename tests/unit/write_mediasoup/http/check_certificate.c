/* SPDX-License-Identifier: MIT */
/* A certificate and its key: what is taken, warned of and refused. They are made here. */
#include "support/server.h"
#include "support/support.h"
#include "write_mediasoup/http/certificate.h"

#include <gnutls/x509.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { DAY = 24 * 3600 };

static char folder[64];

static const char *path_of(const char *name) {
  static char paths[4][100]; /* as many as a test has at a time */
  static size_t next;
  char *path = paths[next++ % LENGTH(paths)];
  (void)snprintf(path, sizeof(paths[0]), "%s/%s", folder, name);
  return path;
}

static void write_file(const char *name, const void *bytes, size_t length) {
  FILE *file = fopen(path_of(name), "w");
  assert_non_null(file);
  assert_int_equal(fwrite(bytes, 1, length, file), length);
  assert_int_equal(fclose(file), 0);
}

static void write_text(const char *name, const char *text) { write_file(name, text, strlen(text)); }

/* Writes NAME.key and NAME.pem, a certificate that its own key has signed, which begins and ends so many days from now.
 */
static void make_pair(const char *name, int begins, int ends) {
  char file[32];
  gnutls_datum_t pem;
  gnutls_x509_privkey_t key;
  gnutls_x509_crt_t certificate;
  assert_int_equal(gnutls_x509_privkey_init(&key), 0);
  assert_int_equal(
      gnutls_x509_privkey_generate(key, GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0), 0);
  assert_int_equal(gnutls_x509_crt_init(&certificate), 0);
  assert_int_equal(gnutls_x509_crt_set_version(certificate, 3), 0);
  assert_int_equal(gnutls_x509_crt_set_serial(certificate, "\1", 1), 0);
  assert_int_equal(gnutls_x509_crt_set_activation_time(certificate, time(NULL) + (time_t)begins * DAY), 0);
  assert_int_equal(gnutls_x509_crt_set_expiration_time(certificate, time(NULL) + (time_t)ends * DAY), 0);
  assert_int_equal(gnutls_x509_crt_set_key(certificate, key), 0);
  assert_int_equal(gnutls_x509_crt_sign2(certificate, certificate, key, GNUTLS_DIG_SHA256, 0), 0);
  assert_int_equal(gnutls_x509_crt_export2(certificate, GNUTLS_X509_FMT_PEM, &pem), 0);
  (void)snprintf(file, sizeof(file), "%s.pem", name);
  write_file(file, pem.data, pem.size);
  gnutls_free(pem.data);
  assert_int_equal(gnutls_x509_privkey_export2(key, GNUTLS_X509_FMT_PEM, &pem), 0);
  (void)snprintf(file, sizeof(file), "%s.key", name);
  write_file(file, pem.data, pem.size);
  gnutls_free(pem.data);
  gnutls_x509_crt_deinit(certificate);
  gnutls_x509_privkey_deinit(key);
}

/* --- what is taken --- */

static void takes_a_pair(void **state) {
  (void)state;
  long before = allocations_live();
  certificate_t certificate;
  const certificate_files_t files = {path_of("own.pem"), path_of("own.key")};
  assert_int_equal(certificate_read(&files, &certificate, NULL), STATUS_OK);
  assert_string_equal(certificate.warning, "");
  assert_non_null(strstr(buffer_text(&certificate.certificate), "BEGIN CERTIFICATE"));
  assert_non_null(strstr(buffer_text(&certificate.key), "PRIVATE KEY"));
  certificate_done(&certificate);
  assert_int_equal(allocations_live(), before);
}

static void warns_of_one_that_has_expired(void **state) {
  (void)state;
  char day[16], warning[400];
  time_t end = time(NULL) - DAY;
  struct tm when;
  certificate_t certificate;
  const certificate_files_t files = {path_of("old.pem"), path_of("old.key")};
  assert_int_equal(certificate_read(&files, &certificate, NULL), STATUS_OK);
  (void)strftime(day, sizeof(day), "%Y-%m-%d", gmtime_r(&end, &when));
  (void)snprintf(warning, sizeof(warning),
                 "the certificate in %s has expired on %s, so browsers and Prometheus refuse it; renew it and restart "
                 "collectd",
                 files.certificate, day);
  assert_string_equal(certificate.warning, warning);
  certificate_done(&certificate);
}

/* --- what is refused --- */

typedef struct {
  const char *name;
  const char *certificate, *key; /* names in the folder; "": not given */
  const char *cause;             /* its beginning; %s stands for the folder */
} refuse_case_t;

static const refuse_case_t refuse_cases[] = {
    {"no certificate is given", "", "own.key", "CertificateFile does not name a file"},
    {"no key is given", "own.pem", "", "CertificateKeyFile does not name a file"},
    {"there is no such certificate", "none", "own.key",
     "CertificateFile: cannot read %s/none: No such file or directory"},
    {"there is no such key", "own.pem", "none", "CertificateKeyFile: cannot read %s/none: No such file or directory"},
    {"a folder", ".", "own.key", "CertificateFile: cannot read %s/.: Is a directory"},
    {"a key in place of the certificate", "own.key", "own.key",
     "CertificateFile: there is no certificate in PEM in %s/own.key: "},
    {"a certificate in place of the key", "own.pem", "own.pem",
     "CertificateKeyFile: there is no key in PEM without a passphrase in %s/own.pem: "},
    {"an empty file", "empty", "own.key", "CertificateFile: there is no certificate in PEM in %s/empty: "},
    {"a file without end", "large", "own.key", "CertificateFile: %s/large is larger than 262144 bytes"},
    {"the key of another", "own.pem", "old.key",
     "the key in %s/old.key does not belong to the certificate in %s/own.pem"},
};

static void refuses(void **state) {
  const refuse_case_t *one = *state;
  char cause[300];
  long before = allocations_live();
  failure_t failure = {0};
  certificate_t certificate;
  const certificate_files_t files = {one->certificate[0] != '\0' ? path_of(one->certificate) : NULL,
                                     one->key[0] != '\0' ? path_of(one->key) : ""};
  assert_int_equal(certificate_read(&files, &certificate, &failure), STATUS_CERTIFICATE);
  assert_int_equal(failure.status, STATUS_CERTIFICATE);
  /* Every cause has the folder at most twice. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  (void)snprintf(cause, sizeof(cause), one->cause, folder, folder);
#pragma GCC diagnostic pop
  assert_memory_equal(failure.cause, cause, strlen(cause));
  certificate_done(&certificate);
  assert_int_equal(allocations_live(), before);
}

/* --- without memory --- */

static bool fails_at(unsigned long number) {
  failure_t failure = {0};
  certificate_t certificate;
  const certificate_files_t files = {path_of("own.pem"), path_of("own.key")};
  long before = allocations_live();
  allocations_fail_at(number);
  status_t status = certificate_read(&files, &certificate, &failure);
  bool failed = allocations_failed();
  allocations_fail_at(0);
  assert_int_equal(status, failed ? STATUS_NO_MEMORY : STATUS_OK);
  certificate_done(&certificate);
  assert_int_equal(allocations_live(), before);
  return failed;
}

static void fails_without_memory(void **state) {
  (void)state;
  assert_true(allocations_fail_in_turn(fails_at) > 1);
}

int main(void) {
  static const char large[256 * 1024 + 1] = {'x'};
  server_folder_make(folder);
  make_pair("own", -1, 1);
  make_pair("old", -2, -1);
  write_text("empty", "");
  write_file("large", large, sizeof(large));
  TEST(takes_a_pair);
  TEST(warns_of_one_that_has_expired);
  TEST_CASES(refuses, refuse_cases);
  TEST(fails_without_memory);
  int failed = tests_run("certificate");
  server_folder_remove(folder);
  return failed;
}
