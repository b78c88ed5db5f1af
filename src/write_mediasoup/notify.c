/* SPDX-License-Identifier: MIT */
#include "notify.h"

#include "write_mediasoup/events/event.h"

#include <collectd/core/daemon/plugin.h>
#include <collectd/core/utils/common/common.h>

#include <math.h>
#include <stdatomic.h>

static unsigned selected;
static atomic_bool ends;     /* then a slow mail server may hold up collectd once, and not for each event */
static plugin_ctx_t context; /* of this plugin: plugins that take a notification ask for its interval */

void notify_end(void) { atomic_store(&ends, true); }

void notify_select(unsigned kinds) {
  atomic_store(&ends, false);
  selected = kinds;
  context = plugin_get_ctx();
}

static int severity_of(event_kind_t kind) {
  static const int severities[SEVERITIES] = {
      [SEVERITY_OKAY] = NOTIF_OKAY, [SEVERITY_WARNING] = NOTIF_WARNING, [SEVERITY_FAILURE] = NOTIF_FAILURE};
  return severities[event_kind_severity(kind)];
}

/* Plugins write a notification line by line, exec as "Key: value": a room must not be called as a line of its own. */
static void keep_line(char *text) {
  for (; *text != '\0'; text++)
    if ((unsigned char)*text < 0x20 || *text == 0x7F)
      *text = ' ';
}

/* Appends what fits into `size` bytes, to the end of a character. */
static void append(char *text, size_t size, const char *more) {
  size_t length = strlen(text), fitting = more != NULL ? record_fitting(more, size - 1 - length) : 0;
  if (fitting > 0)
    memcpy(text + length, more, fitting);
  text[length + fitting] = '\0';
  keep_line(text + length);
}

static const char *text_of(const record_t *event, size_t member) { return event->values[member].text; }

/* "Endpoint "sfu" on media-1 is down: ...; remedy: ...". collectd's messages have 255 bytes. */
static void write_message(const record_t *event, char message[NOTIF_MAX_MSG_LEN]) {
  message[0] = '\0';
  append(message, NOTIF_MAX_MSG_LEN, text_of(event, EVENT_TEXT));
  if (text_of(event, EVENT_REMEDY) == NULL)
    return;
  append(message, NOTIF_MAX_MSG_LEN, "; remedy: ");
  append(message, NOTIF_MAX_MSG_LEN, text_of(event, EVENT_REMEDY));
}

static void add_text(notification_t *notification, const char *key, const char *text) {
  char line[RECORD_TEXT_MAX + 1] = "";
  append(line, sizeof(line), text);
  (void)plugin_notification_meta_add_string(notification, key, line);
}

/* What the message may have lost at its end, and what programs want to know, exactly. */
static void add_metadata(notification_t *notification, const record_t *event) {
  static const size_t members[] = {EVENT_NUMBER,      EVENT_KIND,   EVENT_PROCESS, EVENT_ROOM,
                                   EVENT_PARTICIPANT, EVENT_WORKER, EVENT_PID,     EVENT_CAUSE,
                                   EVENT_SINCE,       EVENT_TEXT,   EVENT_REMEDY};
  for (size_t i = 0; i < STATIC_ARRAY_SIZE(members); i++) {
    const record_member_t *member = &event->type->members[members[i]];
    const record_value_t *value = &event->values[members[i]];
    if (member->kind == RECORD_NUMBER && isfinite(value->number))
      (void)plugin_notification_meta_add_signed_int(notification, member->key, (int64_t)value->number);
    else if (member->kind == RECORD_TEXT && value->text != NULL)
      add_text(notification, member->key, value->text);
  }
}

static void dispatch(const record_t *event, event_kind_t kind) {
  notification_t notification = {.severity = severity_of(kind),
                                 .time = DOUBLE_TO_CDTIME_T(event->values[EVENT_TIME].number / 1000)};
  write_message(event, notification.message);
  sstrncpy(notification.plugin, "mediasoup", sizeof(notification.plugin));
  append(notification.host, sizeof(notification.host), text_of(event, EVENT_HOST));
  append(notification.plugin_instance, sizeof(notification.plugin_instance), text_of(event, EVENT_ENDPOINT));
  append(notification.type, sizeof(notification.type), event_kind_name(kind));
  add_metadata(&notification, event);
  (void)plugin_set_ctx(context);
  (void)plugin_dispatch_notification(&notification);
  plugin_notification_meta_free(notification.meta);
}

void notify(const record_t *event) {
  event_kind_t kind = event_kind(event);
  if (kind < EVENT_KINDS && (selected & 1U << kind) != 0 && !atomic_load(&ends))
    dispatch(event, kind);
}
