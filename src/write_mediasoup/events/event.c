/* SPDX-License-Identifier: MIT */
#include "event.h"

#include <math.h>
#include <string.h>

static const record_member_t members[EVENT_MEMBERS] = {
    [EVENT_NUMBER] = {"number", RECORD_NUMBER, "grows with each event, also from one start of collectd to the next"},
    [EVENT_TIME] = {"time", RECORD_NUMBER, "epoch milliseconds: when it was noticed"},
    [EVENT_KIND] = {"kind", RECORD_TEXT, "what happened"},
    [EVENT_SEVERITY] = {"severity", RECORD_TEXT, "`okay`, `warning` or `failure`"},
    [EVENT_HOST] = {"host", RECORD_TEXT, "the host whose collectd reads the application"},
    [EVENT_ENDPOINT] = {"endpoint", RECORD_TEXT, "the name of its `<Endpoint>`"},
    [EVENT_PROCESS] =
        {"process", RECORD_NUMBER,
         "which of several applications, where `Socket` is a glob; only of the endpoint's and workers' events"},
    [EVENT_ROOM] = {"room", RECORD_TEXT, "the name of the room"},
    [EVENT_PARTICIPANT] = {"participant", RECORD_TEXT, "the name of the participant"},
    [EVENT_WORKER] = {"worker", RECORD_NUMBER, "which worker, where that is certain"},
    [EVENT_PID] = {"pid", RECORD_NUMBER, "the worker's process id"},
    [EVENT_CAUSE] =
        {"cause", RECORD_TEXT,
         "why it is bad: the cause of most of the room's bad and silent streams, or of the participant's worst one"},
    [EVENT_SINCE] = {"since", RECORD_NUMBER,
                     "epoch milliseconds, by the clock of the host that sent the rows: since when it has been so; for "
                     "a room or participant that ended while it was bad, when it was last seen"},
    [EVENT_TEXT] = {"text", RECORD_TEXT, "what happened, in a sentence"},
    [EVENT_REMEDY] = {"remedy", RECORD_TEXT, "what to do"},
};

const record_type_t event_type = {.name = "events", .members = members, .length = EVENT_MEMBERS};

/* What is worth waking somebody up is a failure, as in the shipped alerts. What concerns one room or one participant is
 * no alert, so only the machine's events are notifications by default. */
static const struct {
  const char *name;
  severity_t severity;
  concern_t concern;
  const char *when;
} kinds[EVENT_KINDS] = {
    [EVENT_WORKER_DIED] = {"worker_died", SEVERITY_FAILURE, CONCERNS_MACHINE, "a worker ended without being closed"},
    [EVENT_APPLICATION_RESTARTED] = {"application_restarted", SEVERITY_WARNING, CONCERNS_MACHINE,
                                     "the application has started again"},
    [EVENT_ENDPOINT_DOWN] = {"endpoint_down", SEVERITY_FAILURE, CONCERNS_MACHINE,
                             "two readings in a row failed, or no value list has come for two intervals"},
    [EVENT_ENDPOINT_UP] = {"endpoint_up", SEVERITY_OKAY, CONCERNS_MACHINE, "two readings in a row succeeded again"},
    [EVENT_ROOM_BAD] = {"room_bad", SEVERITY_WARNING, CONCERNS_ROOM,
                        "the streams from a room's participants, or those to them, are in trouble: of 20 streams or "
                        "more, more than 10 % are bad or silent; of fewer streams, half are; or of 20 packets a second "
                        "or more, more than 10 % are lost"},
    [EVENT_ROOM_GOOD] = {"room_good", SEVERITY_OKAY, CONCERNS_ROOM, "that is over, or the room has ended"},
    [EVENT_PARTICIPANT_BAD] = {"participant_bad", SEVERITY_WARNING, CONCERNS_PARTICIPANT,
                               "the `quality` of a participant is `bad` or `silent`"},
    [EVENT_PARTICIPANT_GOOD] = {"participant_good", SEVERITY_OKAY, CONCERNS_PARTICIPANT,
                                "that is over, or the participant has gone and was not lost"},
    [EVENT_PARTICIPANT_LOST] =
        {"participant_lost", SEVERITY_WARNING, CONCERNS_PARTICIPANT,
         "ICE has been disconnected for 30 seconds, or was when the participant's transports were closed"},
};

static const char *const severities[SEVERITIES] = {
    [SEVERITY_OKAY] = "okay", [SEVERITY_WARNING] = "warning", [SEVERITY_FAILURE] = "failure"};

const char *event_kind_name(event_kind_t kind) { return kinds[kind].name; }

concern_t event_kind_concern(event_kind_t kind) { return kinds[kind].concern; }

const char *event_kind_when(event_kind_t kind) { return kinds[kind].when; }

severity_t event_kind_severity(event_kind_t kind) { return kinds[kind].severity; }

const char *severity_name(severity_t severity) { return severities[severity]; }

event_kind_t event_kind_of(const char *name) {
  unsigned kind = 0;
  while (kind < EVENT_KINDS && strcmp(kinds[kind].name, name) != 0)
    kind++;
  return (event_kind_t)kind;
}

unsigned event_kinds_by_default(void) {
  unsigned bits = 0;
  for (unsigned kind = 0; kind < EVENT_KINDS; kind++)
    bits |= kinds[kind].concern == CONCERNS_MACHINE ? 1U << kind : 0;
  return bits;
}

event_kind_t event_kind(const record_t *event) {
  const char *name = event->values[EVENT_KIND].text;
  return name != NULL ? event_kind_of(name) : EVENT_KINDS;
}

double event_milliseconds(double time) { return floor(time * 1000 + 0.5); }

record_t *event_new(event_kind_t kind, double time) {
  record_t *event = record_new(&event_type);
  record_set_number(event, EVENT_TIME, event_milliseconds(time));
  record_set_text(event, EVENT_KIND, kinds[kind].name);
  record_set_text(event, EVENT_SEVERITY, severities[kinds[kind].severity]);
  return event;
}
