/* SPDX-License-Identifier: MIT */
/* Notifications: which events become one, and what stands in it. What collectd would do is done here. */
#include "support/support.h"
#include "write_mediasoup/events/event.h"
#include "write_mediasoup/notify.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <collectd/core/daemon/plugin.h>
#include <collectd/core/utils/common/common.h>

/* --- collectd --- */

static size_t dispatched;
static notification_t last;
static char metadata[4000]; /* "KEY=VALUE\n" of the last */

static void add(const char *key, const char *quote, const char *text) {
  size_t length = strlen(metadata);
  (void)snprintf(metadata + length, sizeof(metadata) - length, "%s=%s%s%s\n", key, quote, text, quote);
}

int plugin_notification_meta_add_string(notification_t *notification, const char *name, const char *value) {
  (void)notification;
  add(name, "\"", value);
  return 0;
}

int plugin_notification_meta_add_signed_int(notification_t *notification, const char *name, int64_t value) {
  char text[32];
  (void)notification;
  (void)snprintf(text, sizeof(text), "%lld", (long long)value);
  add(name, "", text);
  return 0;
}

int plugin_notification_meta_free(notification_meta_t *meta) {
  (void)meta;
  return 0;
}

static plugin_ctx_t current;

plugin_ctx_t plugin_get_ctx(void) { return (plugin_ctx_t){.interval = 10}; }

plugin_ctx_t plugin_set_ctx(plugin_ctx_t context) {
  current = context;
  return context;
}

int plugin_dispatch_notification(const notification_t *notification) {
  assert_int_equal(current.interval, 10);
  current.interval = 0;
  dispatched++;
  last = *notification;
  return 0;
}

char *sstrncpy(char *to, const char *from, size_t size) {
  (void)snprintf(to, size, "%s", from);
  return to;
}

/* --- tests --- */

/* An event with these texts, made a notification. */
static void tell(event_kind_t kind, const char *room, const char *text, const char *remedy) {
  record_t *event = event_new(kind, 1234.5);
  metadata[0] = '\0';
  record_set_number(event, EVENT_NUMBER, 17);
  record_set_text(event, EVENT_HOST, "media-1");
  record_set_text(event, EVENT_ENDPOINT, "sfu");
  record_set_text(event, EVENT_ROOM, room);
  record_set_text(event, EVENT_TEXT, text);
  record_set_text(event, EVENT_REMEDY, remedy);
  notify(event);
  record_release(event);
}

static void selects_kinds(void **state) {
  (void)state;
  dispatched = 0;
  notify_select(1U << EVENT_ROOM_BAD | 1U << EVENT_ENDPOINT_UP);
  for (unsigned kind = 0; kind < EVENT_KINDS; kind++)
    tell((event_kind_t)kind, NULL, "text", NULL);
  assert_int_equal(dispatched, 2);
  notify_select(0);
  tell(EVENT_ROOM_BAD, NULL, "text", NULL);
  assert_int_equal(dispatched, 2);
}

static void says_it_all(void **state) {
  (void)state;
  notify_select(~0U);
  tell(EVENT_ROOM_BAD, "red", "Room \"red\" is bad", "look at it");
  assert_int_equal(last.severity, NOTIF_WARNING);
  assert_int_equal(last.time, DOUBLE_TO_CDTIME_T(1234.5));
  assert_string_equal(last.message, "Room \"red\" is bad; remedy: look at it");
  assert_string_equal(last.host, "media-1");
  assert_string_equal(last.plugin, "mediasoup");
  assert_string_equal(last.plugin_instance, "sfu");
  assert_string_equal(last.type, "room_bad");
  assert_string_equal(last.type_instance, "");
  assert_string_equal(metadata, "number=17\nkind=\"room_bad\"\nroom=\"red\"\ntext=\"Room \"red\" is bad\"\n"
                                "remedy=\"look at it\"\n");
  tell(EVENT_ENDPOINT_DOWN, NULL, "down", NULL);
  assert_int_equal(last.severity, NOTIF_FAILURE);
  assert_string_equal(last.message, "down");
  tell(EVENT_ENDPOINT_UP, NULL, NULL, NULL);
  assert_int_equal(last.severity, NOTIF_OKAY);
  assert_string_equal(last.message, "");
}

static void cuts_at_a_character(void **state) {
  (void)state;
  char text[300];
  notify_select(~0U);
  memset(text, 'x', sizeof(text));
  memcpy(text + NOTIF_MAX_MSG_LEN - 2, "\xC3\xA4", 2);
  text[NOTIF_MAX_MSG_LEN] = '\0';
  tell(EVENT_ROOM_BAD, NULL, text, "look");
  assert_int_equal(strlen(last.message), NOTIF_MAX_MSG_LEN - 1); /* "; remedy: look" begins where the text was cut */
  assert_string_equal(last.message + NOTIF_MAX_MSG_LEN - 3, "x;");
  memcpy(text + NOTIF_MAX_MSG_LEN - 3, "\xC3\xA4!", 3);
  tell(EVENT_ROOM_BAD, NULL, text, NULL);
  assert_string_equal(last.message + NOTIF_MAX_MSG_LEN - 4, "x\xC3\xA4");
}

/* exec writes metadata as lines before the message. */
static void keeps_each_text_in_its_line(void **state) {
  (void)state;
  notify_select(~0U);
  tell(EVENT_ROOM_BAD, "red\nSeverity: OKAY\x7F", "a\tb\n\nc", NULL);
  assert_string_equal(last.message, "a b  c");
  assert_non_null(strstr(metadata, "room=\"red Severity: OKAY \"\n"));
}

int main(void) {
  TEST(selects_kinds);
  TEST(says_it_all);
  TEST(cuts_at_a_character);
  TEST(keeps_each_text_in_its_line);
  return tests_run("notify");
}
