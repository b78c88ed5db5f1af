/* SPDX-License-Identifier: MIT */
#include "event.h"

#include <math.h>
#include <string.h>

static const record_member_t members[EVENT_MEMBERS] = {
    [EVENT_NUMBER] = {"number", RECORD_NUMBER},
    [EVENT_TIME] = {"time", RECORD_NUMBER},
    [EVENT_KIND] = {"kind", RECORD_TEXT},
    [EVENT_SEVERITY] = {"severity", RECORD_TEXT},
    [EVENT_HOST] = {"host", RECORD_TEXT},
    [EVENT_ENDPOINT] = {"endpoint", RECORD_TEXT},
    [EVENT_PROCESS] = {"process", RECORD_NUMBER},
    [EVENT_ROOM] = {"room", RECORD_TEXT},
    [EVENT_PARTICIPANT] = {"participant", RECORD_TEXT},
    [EVENT_WORKER] = {"worker", RECORD_NUMBER},
    [EVENT_PID] = {"pid", RECORD_NUMBER},
    [EVENT_CAUSE] = {"cause", RECORD_TEXT},
    [EVENT_SINCE] = {"since", RECORD_NUMBER},
    [EVENT_TEXT] = {"text", RECORD_TEXT},
    [EVENT_REMEDY] = {"remedy", RECORD_TEXT},
};

const record_type_t event_type = {.name = "events", .members = members, .length = EVENT_MEMBERS};

/* What is worth waking somebody up is a failure, as in the shipped alerts. What concerns one room or one participant is
 * no alert, so only the machine's events are notifications by default. */
static const struct {
  const char *name;
  severity_t severity;
  concern_t concern;
} kinds[EVENT_KINDS] = {
    [EVENT_WORKER_DIED] = {"worker_died", SEVERITY_FAILURE, CONCERNS_MACHINE},
    [EVENT_APPLICATION_RESTARTED] = {"application_restarted", SEVERITY_WARNING, CONCERNS_MACHINE},
    [EVENT_ENDPOINT_DOWN] = {"endpoint_down", SEVERITY_FAILURE, CONCERNS_MACHINE},
    [EVENT_ENDPOINT_UP] = {"endpoint_up", SEVERITY_OKAY, CONCERNS_MACHINE},
    [EVENT_ROOM_BAD] = {"room_bad", SEVERITY_WARNING, CONCERNS_ROOM},
    [EVENT_ROOM_GOOD] = {"room_good", SEVERITY_OKAY, CONCERNS_ROOM},
    [EVENT_PARTICIPANT_BAD] = {"participant_bad", SEVERITY_WARNING, CONCERNS_PARTICIPANT},
    [EVENT_PARTICIPANT_GOOD] = {"participant_good", SEVERITY_OKAY, CONCERNS_PARTICIPANT},
    [EVENT_PARTICIPANT_LOST] = {"participant_lost", SEVERITY_WARNING, CONCERNS_PARTICIPANT},
};

static const char *const severities[SEVERITIES] = {
    [SEVERITY_OKAY] = "okay", [SEVERITY_WARNING] = "warning", [SEVERITY_FAILURE] = "failure"};

const char *event_kind_name(event_kind_t kind) { return kinds[kind].name; }

concern_t event_kind_concern(event_kind_t kind) { return kinds[kind].concern; }

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
