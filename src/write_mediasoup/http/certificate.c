/* SPDX-License-Identifier: MIT */
#include "certificate.h"

#include <errno.h>
#include <fcntl.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* A chain of ten certificates with RSA keys of 8192 bits takes 40 KB. */
enum { FILE_MAX_BYTES = 256 * 1024, PIECE_BYTES = 4096, CAUSE_SIZE = 128 };

/* --- reading --- */

static MUST_CHECK status_t refuse_file(const char *option, const char *path, failure_t *failure) {
  char cause[CAUSE_SIZE];
  return failure_set(failure, STATUS_CERTIFICATE, "%s: cannot read %s: %s", option, path,
                     strerror_r(errno, cause, sizeof(cause)));
}

/* false with errno. */
static bool read_all(int descriptor, buffer_t *text) {
  char piece[PIECE_BYTES];
  ssize_t length;
  while ((length = read(descriptor, piece, sizeof(piece))) > 0)
    buffer_append(text, piece, (size_t)length);
  explicit_bzero(piece, sizeof(piece));
  return length == 0;
}

static MUST_CHECK status_t read_file(const char *option, const char *path, buffer_t *text, failure_t *failure) {
  int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  *text = (buffer_t)BUFFER_INIT(FILE_MAX_BYTES);
  if (descriptor < 0)
    return refuse_file(option, path, failure);
  status_t status = read_all(descriptor, text) ? STATUS_OK : refuse_file(option, path, failure);
  (void)close(descriptor);
  if (status == STATUS_OK && buffer_status(text) == STATUS_TOO_LARGE)
    return failure_set(failure, STATUS_CERTIFICATE, "%s: %s is larger than %d bytes", option, path, FILE_MAX_BYTES);
  return status == STATUS_OK && buffer_status(text) != STATUS_OK ? failure_no_memory(failure) : status;
}

/* --- trying out --- */

static gnutls_datum_t datum_of(const buffer_t *text) {
  return (gnutls_datum_t){.data = (unsigned char *)text->data, .size = (unsigned)text->length};
}

static void warn_of_expiry(const char *path, time_t end, certificate_t *certificate) {
  char day[16] = "";
  struct tm when;
  if (end >= time(NULL) || gmtime_r(&end, &when) == NULL)
    return;
  (void)strftime(day, sizeof(day), "%Y-%m-%d", &when);
  (void)snprintf(certificate->warning, sizeof(certificate->warning),
                 "the certificate in %.200s has expired on %s, so browsers and Prometheus refuse it; renew it and "
                 "restart collectd",
                 path, day);
}

static MUST_CHECK status_t check_certificate(const char *path, certificate_t *certificate, failure_t *failure) {
  gnutls_datum_t pem = datum_of(&certificate->certificate);
  gnutls_x509_crt_t *list = NULL;
  unsigned length = 0;
  int code = gnutls_x509_crt_list_import2(&list, &length, &pem, GNUTLS_X509_FMT_PEM, 0);
  if (code < 0)
    return failure_set(failure, STATUS_CERTIFICATE, "CertificateFile: there is no certificate in PEM in %s: %s", path,
                       gnutls_strerror(code));
  warn_of_expiry(path, gnutls_x509_crt_get_expiration_time(list[0]), certificate);
  for (unsigned i = 0; i < length; i++)
    gnutls_x509_crt_deinit(list[i]);
  gnutls_free(list);
  return STATUS_OK;
}

static MUST_CHECK status_t check_key(const char *path, const certificate_t *certificate, failure_t *failure) {
  gnutls_datum_t pem = datum_of(&certificate->key);
  gnutls_x509_privkey_t key;
  if (gnutls_x509_privkey_init(&key) < 0)
    return failure_no_memory(failure);
  int code = gnutls_x509_privkey_import2(key, &pem, GNUTLS_X509_FMT_PEM, NULL, 0);
  gnutls_x509_privkey_deinit(key);
  if (code < 0)
    return failure_set(failure, STATUS_CERTIFICATE,
                       "CertificateKeyFile: there is no key in PEM without a passphrase in %s: %s", path,
                       gnutls_strerror(code));
  return STATUS_OK;
}

static MUST_CHECK status_t check_pair(const certificate_files_t *files, const certificate_t *certificate,
                                      failure_t *failure) {
  gnutls_datum_t pem = datum_of(&certificate->certificate), key = datum_of(&certificate->key);
  gnutls_certificate_credentials_t credentials;
  if (gnutls_certificate_allocate_credentials(&credentials) < 0)
    return failure_no_memory(failure);
  int code = gnutls_certificate_set_x509_key_mem2(credentials, &pem, &key, GNUTLS_X509_FMT_PEM, NULL, 0);
  gnutls_certificate_free_credentials(credentials);
  if (code == GNUTLS_E_CERTIFICATE_KEY_MISMATCH)
    return failure_set(failure, STATUS_CERTIFICATE, "the key in %s does not belong to the certificate in %s",
                       files->key, files->certificate);
  return code < 0 ? failure_set(failure, STATUS_CERTIFICATE, "%s and %s cannot be used: %s", files->certificate,
                                files->key, gnutls_strerror(code))
                  : STATUS_OK;
}

static bool is_given(const char *path) { return path != NULL && path[0] != '\0'; }

/* --- what the header offers --- */

status_t certificate_read(const certificate_files_t *files, certificate_t *certificate, failure_t *failure) {
  *certificate = (certificate_t){.warning = ""};
  if (!is_given(files->certificate) || !is_given(files->key))
    return failure_set(failure, STATUS_CERTIFICATE, "%s does not name a file",
                       is_given(files->certificate) ? "CertificateKeyFile" : "CertificateFile");
  status_t status = read_file("CertificateFile", files->certificate, &certificate->certificate, failure);
  if (status == STATUS_OK)
    status = check_certificate(files->certificate, certificate, failure);
  if (status == STATUS_OK)
    status = read_file("CertificateKeyFile", files->key, &certificate->key, failure);
  if (status == STATUS_OK)
    status = check_key(files->key, certificate, failure);
  return status == STATUS_OK ? check_pair(files, certificate, failure) : status;
}

void certificate_done(certificate_t *certificate) {
  if (certificate->key.data != NULL)
    explicit_bzero(certificate->key.data, certificate->key.length);
  buffer_done(&certificate->key);
  buffer_done(&certificate->certificate);
}
