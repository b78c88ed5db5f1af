/* SPDX-License-Identifier: MIT */
#include "status.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Ids and HTTP answers come from outside: what they hold must not begin a line of its own in the log. */
static void make_one_line(char *text) {
  for (; *text != '\0'; text++)
    if ((unsigned char)*text < 0x20 || *text == 0x7F)
      *text = ' ';
}

/* Takes the beginning of a character away whose rest did not fit. */
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
    [STATUS_NO_MEMORY] = "give collectd more memory or lower MaxObjects",
    [STATUS_ABSENT] = "start the mediasoup application with serve() of collectd-mediasoup in it, or correct Socket",
    [STATUS_REFUSED] =
        "restart the mediasoup application if it has ended, and let collectd's user read and write its socket",
    [STATUS_TIMEOUT] = "see whether the application's event loop is blocked, or raise Timeout",
    [STATUS_CLOSED] = "see in the application's log why it closed the connection",
    [STATUS_NOT_HTTP] = "correct Socket or URL: something else listens there",
    [STATUS_HTTP] = "correct Socket or URL, or see the application's log",
    [STATUS_TOO_LARGE] = "select fewer classes with Rows, or put less into appData",
    [STATUS_SYNTAX] = "see PROTOCOL.md: rows are JSON in UTF-8, one on each line",
    [STATUS_PROTOCOL] = "see PROTOCOL.md, and update the endpoint if it is an old one",
    [STATUS_VERSION] = "install the same version of collectd-mediasoup in the application and in collectd",
    [STATUS_INCOMPLETE] = "see in the application's log why the snapshot ended early",
    [STATUS_OPTION] = "see collectd-mediasoup's README, chapter Configuration",
};

const char *status_remedy(status_t status) { return remedies[status < STATUS_COUNT ? status : STATUS_OK]; }
