/* SPDX-License-Identifier: MIT */
/*
 * An event: something that happened, with whom it concerns, why, and what an operator can do.
 */
#ifndef COLLECTD_MEDIASOUP_EVENT_H
#define COLLECTD_MEDIASOUP_EVENT_H

#include "record_log.h"

typedef enum {
  EVENT_WORKER_DIED,
  EVENT_APPLICATION_RESTARTED,
  EVENT_ENDPOINT_DOWN,
  EVENT_ENDPOINT_UP,
  EVENT_ROOM_BAD,
  EVENT_ROOM_GOOD,
  EVENT_PARTICIPANT_BAD,
  EVENT_PARTICIPANT_GOOD,
  EVENT_PARTICIPANT_LOST,
  EVENT_KINDS
} event_kind_t;

typedef enum { SEVERITY_OKAY, SEVERITY_WARNING, SEVERITY_FAILURE, SEVERITIES } severity_t;

/* Places of an event's members. Times are epoch milliseconds. */
enum {
  EVENT_NUMBER,
  EVENT_TIME,
  EVENT_KIND,
  EVENT_SEVERITY,
  EVENT_HOST,
  EVENT_ENDPOINT,
  EVENT_PROCESS, /* where the endpoint is a glob of sockets */
  EVENT_ROOM,
  EVENT_PARTICIPANT,
  EVENT_WORKER, /* its slot */
  EVENT_PID,    /* the worker's */
  EVENT_CAUSE,
  EVENT_SINCE, /* since when it is so, or when that began which is over now */
  EVENT_TEXT,
  EVENT_REMEDY,
  EVENT_MEMBERS
};

extern const record_type_t event_type;

/* Static, read-only, for any thread. */
const char *event_kind_name(event_kind_t kind);
severity_t event_kind_severity(event_kind_t kind);
const char *severity_name(severity_t severity);

/* The kind of this name, or EVENT_KINDS. */
event_kind_t event_kind_of(const char *name);

/* Those that become notifications unless Notifications says otherwise: a bit 1 << event_kind_t for each. */
unsigned event_kinds_by_default(void);

/* What events of this kind are about. */
concern_t event_kind_concern(event_kind_t kind);

/* When there is such an event, for documents: one line, without a full stop. */
const char *event_kind_when(event_kind_t kind);

/* The kind of an event. */
event_kind_t event_kind(const record_t *event);

/* An event with its kind and its time in epoch seconds. NULL when out of memory. */
record_t *event_new(event_kind_t kind, double time);

/* A time in epoch seconds as a member has it. NaN stays NaN. */
double event_milliseconds(double time);

#endif
