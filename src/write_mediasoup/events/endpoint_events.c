/* SPDX-License-Identifier: MIT */
#include "endpoint_events.h"

#include "common/limits.h"
#include "common/number.h"
#include "event.h"
#include "event_text.h"
#include "write_mediasoup/views/problems.h"

#include <math.h>

static record_t *new_event(event_kind_t kind, const endpoint_state_t *endpoint, double now) {
  record_t *event = event_new(kind, now);
  record_set_text(event, EVENT_HOST, endpoint->row->host);
  record_set_text(event, EVENT_ENDPOINT, endpoint->name);
  if (endpoint->process >= 0)
    record_set_number(event, EVENT_PROCESS, endpoint->process);
  return event;
}

/* --- outages --- */

/* An endpoint that was down when it was first seen has been so for longer. */
static void append_up(buffer_t *text, const endpoint_state_t *endpoint, const turn_t *outage) {
  buffer_append_text(text, "Endpoint ");
  endpoint_state_append_name(endpoint, text);
  buffer_append_text(text, " is up again, after ");
  event_text_append_seconds(text, outage->since - outage->before);
}

record_t *endpoint_event_turned(const endpoint_state_t *endpoint, const turn_t *outage, double now) {
  buffer_t text = BUFFER_INIT(ROW_TEXT_MAX_BYTES);
  record_t *event = new_event(outage->is_bad ? EVENT_ENDPOINT_DOWN : EVENT_ENDPOINT_UP, endpoint, now);
  if (outage->is_bad)
    record_set_text(event, EVENT_REMEDY, problems_outage(endpoint, &text));
  else
    append_up(&text, endpoint, outage);
  record_set_number(event, EVENT_SINCE, event_milliseconds(outage->since));
  event_text_put(event, &text);
  return event;
}

/* --- restarts --- */

record_t *endpoint_event_restarted(const endpoint_state_t *endpoint, double now) {
  buffer_t text = BUFFER_INIT(ROW_TEXT_MAX_BYTES);
  record_t *event = new_event(EVENT_APPLICATION_RESTARTED, endpoint, now);
  buffer_append_text(&text, "The application of endpoint ");
  endpoint_state_append_name(endpoint, &text);
  buffer_append_text(&text, " has restarted, and its rooms ended with it");
  record_set_text(event, EVENT_REMEDY,
                  "if nobody deployed anything, look for its last messages in its log, and for the kernel's "
                  "out-of-memory killer (journalctl -k)");
  event_text_put(event, &text);
  return event;
}

/* --- deaths --- */

/* "Worker 0 (pid 123) of endpoint "sfu" on media-1 died"; without a worker "2 workers of ..." */
static void append_death(buffer_t *text, const endpoint_state_t *endpoint, int64_t deaths,
                         const known_worker_t *worker) {
  buffer_append_text(text, worker != NULL ? "Worker " : deaths > 1 ? "" : "A worker");
  if (worker != NULL)
    number_append_double(text, worker->worker);
  else if (deaths > 1) {
    number_append_whole(text, deaths);
    buffer_append_text(text, " workers");
  }
  if (worker != NULL && isfinite(worker->pid)) {
    buffer_append_text(text, " (pid ");
    number_append_double(text, worker->pid);
    buffer_append_text(text, ")");
  }
  buffer_append_text(text, " of endpoint ");
  endpoint_state_append_name(endpoint, text);
  buffer_append_text(text, worker == NULL && deaths > 1 ? " died, and their rooms ended with them"
                                                        : " died, and its rooms ended with it");
}

static record_t *death_event(const endpoint_state_t *endpoint, int64_t deaths, const known_worker_t *worker,
                             double now) {
  buffer_t text = BUFFER_INIT(ROW_TEXT_MAX_BYTES);
  record_t *event = new_event(EVENT_WORKER_DIED, endpoint, now);
  append_death(&text, endpoint, deaths, worker);
  if (worker != NULL) {
    record_set_number(event, EVENT_WORKER, worker->worker);
    record_set_number(event, EVENT_PID, worker->pid);
  }
  record_set_text(event, EVENT_REMEDY,
                  "look for its last messages in the application's log, for a core dump and for the kernel's "
                  "out-of-memory killer (journalctl -k), and check that there is a new worker");
  event_text_put(event, &text);
  return event;
}

/* Lets `*gone` be the first worker from `from` on that is not among `after`. Returns the place behind it; 0 where there
 * is none. */
static size_t next_gone(const known_workers_t *before, const known_workers_t *after, size_t from,
                        const known_worker_t **gone) {
  for (size_t i = from; i < before->length; i++) {
    *gone = &before->list[i];
    if (isfinite((*gone)->worker) && !known_workers_have(after, *gone))
      return i + 1;
  }
  return 0;
}

/* Workers that the application closed at the same time have gone too: then nobody knows which of them died. */
void endpoint_events_deaths(const endpoint_state_t *endpoint, int64_t deaths, const known_workers_t *before,
                            const known_workers_t *after, double now, const sink_t *sink) {
  const known_worker_t *worker;
  int64_t gone = 0;
  for (size_t at = 0; (at = next_gone(before, after, at, &worker)) != 0;)
    gone++;
  if (gone != deaths) {
    sink_event(sink, death_event(endpoint, deaths, NULL, now));
    return;
  }
  for (size_t at = 0; (at = next_gone(before, after, at, &worker)) != 0;)
    sink_event(sink, death_event(endpoint, deaths, worker, now));
}
