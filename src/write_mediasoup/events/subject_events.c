/* SPDX-License-Identifier: MIT */
#include "subject_events.h"

#include "common/limits.h"
#include "event.h"
#include "event_text.h"

#include <math.h>
#include <string.h>

void subject_name_write(const subject_name_t *name, record_t *record, size_t first) {
  const char *texts[] = {name->host, name->endpoint, name->room, name->participant};
  for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
    if (texts[i] != NULL && texts[i][0] != '\0')
      record_set_text(record, first + i, texts[i]);
}

/* --- remedies --- */

/* What to do about a cause of the plugin mediasoup's: for a room and for a participant. */
static const struct {
  const char *cause;
  const char *words;
  const char *of_room;
  const char *of_participant;
} causes[] = {
    {"sender", "the sender's uplink", "look at /participants for whose uplink it is",
     "little or nothing arrives from the participant: another network, a lower bitrate, or a device that does not "
     "sleep"},
    {"receiver", "the receiver's downlink", "look at /participants for whose downlink it is",
     "the participant's network loses what it gets: another network, or fewer streams"},
    {"bandwidth", "too little bandwidth", "offer simulcast, or let participants get fewer or smaller videos",
     "offer simulcast, or let it get fewer or smaller videos"},
    {"worker", "the worker is busy", "place new rooms on other workers or hosts",
     "place new rooms on other workers or hosts"},
    {"transport", "no connection", "check the firewall, the announced address and TURN",
     "check the participant's network, the firewall, the announced address and TURN"},
    {"unknown", "unknown", "look at /consumers and /producers with worst=20 for what they have in common",
     "look at /consumers and /producers with worst=20 for what they have in common"},
};
enum { CAUSES = sizeof(causes) / sizeof(causes[0]), CAUSE_UNKNOWN = CAUSES - 1 };

static size_t index_of(const char *cause) {
  size_t index = 0;
  while (index < CAUSE_UNKNOWN && (cause == NULL || strcmp(causes[index].cause, cause) != 0))
    index++;
  return index;
}

/* --- texts --- */

static void append_quoted(buffer_t *text, const char *name) {
  buffer_append_text(text, "\"");
  buffer_append_text(text, name);
  buffer_append_text(text, "\"");
}

/* Room "red" on media-1; Participant "ann" in room "red" on media-1 */
static void append_name(buffer_t *text, const subject_name_t *name) {
  bool is_room = name->participant == NULL;
  buffer_append_text(text, is_room ? "Room " : "Participant ");
  append_quoted(text, is_room ? name->room : name->participant);
  if (!is_room && name->room[0] != '\0') {
    buffer_append_text(text, " in room ");
    append_quoted(text, name->room);
  }
  buffer_append_text(text, " on ");
  buffer_append_text(text, name->host);
}

static record_t *new_event(event_kind_t of_room, event_kind_t of_participant, const subject_name_t *name, double now) {
  record_t *event = event_new(name->participant == NULL ? of_room : of_participant, now);
  subject_name_write(&(subject_name_t){.host = name->host, .endpoint = name->endpoint}, event, EVENT_HOST);
  if (name->room[0] != '\0')
    record_set_text(event, EVENT_ROOM, name->room);
  record_set_text(event, EVENT_PARTICIPANT, name->participant);
  return event;
}

static void say_bad(record_t *event, const subject_reading_t *reading, buffer_t *text) {
  size_t index = index_of(reading->cause);
  buffer_append_text(text, " is bad: ");
  buffer_append_text(text, reading->detail);
  if (reading->cause != NULL) {
    buffer_append_text(text, "; cause: ");
    buffer_append_text(text, causes[index].words);
  }
  record_set_text(event, EVENT_CAUSE, reading->cause);
  record_set_text(event, EVENT_REMEDY,
                  reading->name.participant == NULL ? causes[index].of_room : causes[index].of_participant);
}

record_t *subject_event_turned(const subject_reading_t *reading, const turn_t *turn, double now) {
  buffer_t text = BUFFER_INIT(ROW_TEXT_MAX_BYTES);
  record_t *event = turn->is_bad ? new_event(EVENT_ROOM_BAD, EVENT_PARTICIPANT_BAD, &reading->name, now)
                                 : new_event(EVENT_ROOM_GOOD, EVENT_PARTICIPANT_GOOD, &reading->name, now);
  append_name(&text, &reading->name);
  if (turn->is_bad)
    say_bad(event, reading, &text);
  else {
    buffer_append_text(&text, " is good again, after ");
    event_text_append_seconds(&text, turn->since - turn->before);
  }
  bool is_told = turn->is_bad && isfinite(reading->since);
  record_set_number(event, EVENT_SINCE, event_milliseconds(is_told ? reading->since : turn->since));
  event_text_put(event, &text);
  return event;
}

record_t *subject_event_over(const subject_name_t *name, const turn_t *turn, double last, double now) {
  buffer_t text = BUFFER_INIT(ROW_TEXT_MAX_BYTES);
  record_t *event = new_event(EVENT_ROOM_GOOD, EVENT_PARTICIPANT_GOOD, name, now);
  append_name(&text, name);
  buffer_append_text(&text, name->participant == NULL ? " has ended, and was bad for " : " has gone, and was bad for ");
  event_text_append_seconds(&text, last - turn->since);
  record_set_number(event, EVENT_SINCE, event_milliseconds(last));
  event_text_put(event, &text);
  return event;
}

record_t *subject_event_lost(const subject_name_t *name, double since, double now) {
  buffer_t text = BUFFER_INIT(ROW_TEXT_MAX_BYTES);
  record_t *event = new_event(EVENT_PARTICIPANT_LOST, EVENT_PARTICIPANT_LOST, name, now);
  append_name(&text, name);
  buffer_append_text(&text, " has lost its connection");
  record_set_number(event, EVENT_SINCE, event_milliseconds(since));
  record_set_text(event, EVENT_REMEDY,
                  "its network is gone, or its browser was killed; if it happens to many, check this host's network");
  event_text_put(event, &text);
  return event;
}
