/* SPDX-License-Identifier: MIT */
#include "status.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* U+0080 to U+009F: some terminals take them for escape sequences. */
static bool is_control_character(const char *text) {
  return (unsigned char)text[0] == 0xC2 && (unsigned char)text[1] >= 0x80 && (unsigned char)text[1] <= 0x9F;
}

/* Ids and HTTP answers come from outside. They must not start a line of their own in the log. */
static void make_one_line(char *text) {
  for (; *text != '\0'; text++) {
    if (is_control_character(text))
      text[0] = text[1] = ' ';
    if ((unsigned char)*text < 0x20 || *text == 0x7F)
      *text = ' ';
  }
}

/* Removes the first bytes of a character whose last bytes did not fit. */
static void end_between_characters(char *text, size_t length) {
  size_t last = length;
  while (last > 0 && length - last < 4 && ((unsigned char)text[last - 1] & 0xC0) == 0x80)
    last--;
  if (last == 0 || (unsigned char)text[last - 1] < 0xC0)
    return;
  unsigned char lead = (unsigned char)text[last - 1];
  size_t needed = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (length - (last - 1) < needed)
    text[last - 1] = '\0';
}

status_t failure_set(failure_t *failure, status_t status, const char *format, ...) {
  if (failure == NULL)
    return status;
  va_list arguments;
  va_start(arguments, format);
  (void)vsnprintf(failure->cause, sizeof(failure->cause), format, arguments);
  va_end(arguments);
  make_one_line(failure->cause);
  end_between_characters(failure->cause, strlen(failure->cause));
  failure->status = status;
  return status;
}

status_t failure_no_memory(failure_t *failure) { return failure_set(failure, STATUS_NO_MEMORY, "out of memory"); }

static const char *const remedies[STATUS_COUNT] = {
    [STATUS_OK] = "nothing to do",
    [STATUS_NO_MEMORY] = "give collectd more memory, or lower MaxObjects",
    [STATUS_TOO_LARGE] = "read fewer classes with Rows, or put less into appData",
    [STATUS_OPTION] = "see collectd-mediasoup(5)",
    [STATUS_NO_SOCKET] = "start the mediasoup application with serve() of collectd-mediasoup in it, or correct Socket",
    [STATUS_REFUSED] =
        "restart the mediasoup application if it has ended, and let collectd's user read and write its socket",
    [STATUS_TIMEOUT] = "check whether the application's event loop is blocked, or raise Timeout",
    [STATUS_CLOSED] =
        ("look in the application's log for why it closed the connection; if there is no word of it, it may "
         "have reached its limit of open files: raise LimitNOFILE"),
    [STATUS_NOT_HTTP] = "correct Socket or URL: something else listens there",
    [STATUS_HTTP] = "correct Socket or URL, or look in the application's log",
    [STATUS_REJECTED] = "let TokenFile name a file with the token that the application gives to serve()",
    [STATUS_SECRET] = "write the secret into the first line of the file, and let collectd's user read it",
    [STATUS_UNTRUSTED] = "let CACert name the certificate of the authority that has signed it, or renew it",
    [STATUS_WRONG_NAME] = "write a name of the certificate in URL, or give the application one for this name",
    [STATUS_CA_FILE] = "let CACert name a file of certificates in PEM that collectd's user can read",
    [STATUS_TLS] = "let the application serve TLS there with serve({ tls }), or write http:// in URL",
    [STATUS_SYNTAX] = "make the endpoint write one JSON object in UTF-8 on each line, as PROTOCOL.md says",
    [STATUS_PROTOCOL] = "update the endpoint if it is an old one, or make it write what PROTOCOL.md says",
    [STATUS_VERSION] = "install the same version of collectd-mediasoup in the application and in collectd",
    [STATUS_INCOMPLETE] = "look in the application's log for why the snapshot ended early",
    [STATUS_LISTEN] = "stop the program that uses the address, or choose another one",
    [STATUS_CERTIFICATE] =
        "let CertificateFile and CertificateKeyFile name a certificate and its key that collectd's user can read",
    [STATUS_QUERY] = "correct the request",
    [STATUS_NOT_FOUND] = "ask for the list of objects first",
};

const char *status_remedy(status_t status) { return remedies[status < STATUS_COUNT ? status : STATUS_OK]; }
