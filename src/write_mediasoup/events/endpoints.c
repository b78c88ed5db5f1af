/* SPDX-License-Identifier: MIT */
#include "endpoints.h"

#include "common/limits.h"
#include "endpoint_events.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The read plugin needs two readings to tell who is silent, and an event takes two more. */
enum { BASELINE_READINGS = 4 };

/* So many whole readings after an outage what they do not show is gone. */
enum { SETTLED_READINGS = 2 };

/* Of one socket. */
struct known_process {
  known_process_t *next;
  int process; /* -1: the endpoint has only this one */
  turn_t outage;
  double time, received; /* of the row that was taken last */
  double out;            /* the time of the first reading of several that failed; NaN where the last one did not */
  double was_out;        /* the same of the last outage, which may be over; -INFINITY: there was none */
  unsigned readings;
  unsigned readings_since_out;
  bool has_counters; /* they are those of a whole reading */
  int64_t restarts, worker_deaths;
  known_workers_t workers;
  uint64_t look;
};

/* --- by name --- */

enum { NAME_MAX_BYTES = 2 * (IDENTIFIER_MAX + 1) };

/* Returns its length. collectd's identifiers are no longer. */
static size_t write_name(char name[NAME_MAX_BYTES], const char *host, const char *endpoint) {
  size_t host_length = strnlen(host, IDENTIFIER_MAX), length = strnlen(endpoint, IDENTIFIER_MAX);
  memcpy(name, host, host_length);
  name[host_length] = '\0';
  memcpy(name + host_length + 1, endpoint, length);
  name[host_length + 1 + length] = '\0';
  return host_length + length + 2;
}

static known_endpoint_t *find(const endpoints_t *endpoints, const char *host, const char *endpoint) {
  char name[NAME_MAX_BYTES];
  known_endpoint_t *found = NULL;
  size_t length = write_name(name, host, endpoint);
  HASH_FIND(by_name, endpoints->by_name, name, length, found);
  return found;
}

const known_endpoint_t *endpoints_find(const endpoints_t *endpoints, const char *host, const char *name) {
  return find(endpoints, host, name);
}

/* NULL when out of memory. */
static known_endpoint_t *find_or_add(endpoints_t *endpoints, const endpoint_state_t *state) {
  char name[NAME_MAX_BYTES];
  known_endpoint_t *endpoint = find(endpoints, state->row->host, state->name);
  if (endpoint != NULL)
    return endpoint;
  size_t length = write_name(name, state->row->host, state->name);
  endpoint = calloc(1, sizeof(*endpoint) + length);
  if (endpoint == NULL)
    return NULL;
  memcpy(endpoint->name, name, length);
  endpoint->restarted = endpoint->died = -INFINITY;
  HASH_ADD_KEYPTR(by_name, endpoints->by_name, endpoint->name, length, endpoint);
  if (endpoint->by_name.tbl != NULL)
    return endpoint;
  free(endpoint);
  return NULL;
}

/* NULL when out of memory. */
static known_process_t *find_or_add_process(known_endpoint_t *endpoint, const endpoint_state_t *state) {
  for (known_process_t *known = endpoint->processes; known != NULL; known = known->next)
    if (known->process == state->process)
      return known;
  known_process_t *process = calloc(1, sizeof(*process));
  if (process == NULL)
    return NULL;
  process->process = state->process;
  process->time = process->was_out = -INFINITY;
  process->out = NAN;
  process->next = endpoint->processes;
  endpoint->processes = process;
  return process;
}

static void forget(endpoints_t *endpoints, known_endpoint_t *endpoint) {
  for (known_process_t *process = endpoint->processes, *next; process != NULL; process = next) {
    next = process->next;
    known_workers_done(&process->workers);
    free(process);
  }
  HASH_DELETE(by_name, endpoints->by_name, endpoint);
  free(endpoint);
}

void endpoints_done(endpoints_t *endpoints) {
  known_endpoint_t *endpoint, *next;
  HASH_ITER(by_name, endpoints->by_name, endpoint, next)
    forget(endpoints, endpoint);
}

/* --- outages --- */

/* That no value list comes has lasted for two intervals when it is found, so it needs no second look. */
static bool turns(known_process_t *process, const endpoint_state_t *state, bool is_out) {
  if (!state->is_stale)
    return turn_take(&process->outage, is_out, state->row->time);
  bool was_out = process->outage.is_bad;
  if (!was_out)
    turn_begin(&process->outage, true, state->row->time);
  return !was_out;
}

/* Rows are not shown for longer than two intervals, so others of the process may have gone meanwhile, though the
 * outage ended before anybody looked. */
static bool was_silent(const known_process_t *process, const endpoint_state_t *state) {
  return isfinite(process->time) && state->row->received - process->received > 2 * state->row->interval;
}

static void begin_outage(known_process_t *process, double since) {
  process->was_out = since;
  process->readings_since_out = 0;
}

static void look_for_outage(known_process_t *process, const endpoint_state_t *state, double now, const sink_t *sink) {
  bool is_out = state->is_stale || !state->is_up;
  if (!is_out || isnan(process->out))
    process->out = is_out ? state->row->time : NAN;
  if (is_out || was_silent(process, state))
    begin_outage(process, is_out ? process->out : process->time);
  if (isinf(process->time))
    turn_begin(&process->outage, is_out, state->row->time);
  else if (turns(process, state, is_out))
    sink_event(sink, endpoint_event_turned(state, &process->outage, now));
}

/* --- counters --- */

static int64_t counter(const endpoint_state_t *state, const char *name) {
  return state->row->values[class_field(state->row->class, name)].counter;
}

/* Of a process that has appeared beside others, a restart that it comes with is news. */
static bool has_restarted(const known_endpoint_t *endpoint, const known_process_t *process, int64_t restarts) {
  if (process->has_counters)
    return restarts > process->restarts;
  return process->process >= 0 && restarts > 0 && !endpoint_is_baseline(endpoint);
}

static void look_for_deaths(known_endpoint_t *endpoint, known_process_t *process, const endpoint_state_t *state,
                            const known_workers_t *workers, double now, const sink_t *sink) {
  int64_t deaths = counter(state, "worker_deaths") - process->worker_deaths;
  if (deaths <= 0)
    return;
  endpoint->died = state->row->time;
  endpoint_events_deaths(state, deaths, &process->workers, workers, now, sink);
}

/* A whole reading that was not seen before. */
static void take_reading(known_endpoint_t *endpoint, known_process_t *process, const endpoint_state_t *state,
                         const observation_t *observation, const sink_t *sink) {
  int64_t restarts = counter(state, "restarts");
  known_workers_t workers = known_workers_of(&observation->rows[CLASS_WORKERS], state);
  if (has_restarted(endpoint, process, restarts)) {
    endpoint->restarted = state->row->time;
    endpoint->is_new_process = process->process < 0;
    sink_event(sink, endpoint_event_restarted(state, observation->now));
  } else if (process->has_counters) {
    look_for_deaths(endpoint, process, state, &workers, observation->now, sink);
  }
  known_workers_done(&process->workers);
  process->workers = workers;
  process->has_counters = true;
  process->restarts = restarts;
  process->worker_deaths = counter(state, "worker_deaths");
  process->readings++;
  process->readings_since_out++;
}

/* A reading that is shown again may have rows that had not come when it was shown first. */
static void take_late_workers(known_process_t *process, const endpoint_state_t *state, const observed_rows_t *rows) {
  known_workers_t workers = known_workers_of(rows, state);
  if (workers.length <= process->workers.length) {
    known_workers_done(&workers);
    return;
  }
  known_workers_done(&process->workers);
  process->workers = workers;
}

/* --- looking --- */

static void take(endpoints_t *endpoints, const endpoint_state_t *state, const observation_t *observation,
                 const sink_t *sink) {
  known_endpoint_t *endpoint = find_or_add(endpoints, state);
  known_process_t *process = endpoint != NULL ? find_or_add_process(endpoint, state) : NULL;
  if (process == NULL)
    return;
  process->look = endpoint->look = endpoints->look;
  endpoint->interval = state->row->interval;
  bool is_new = state->row->time > process->time;
  if (!is_new && !state->is_stale) {
    take_late_workers(process, state, &observation->rows[CLASS_WORKERS]);
    return;
  }
  look_for_outage(process, state, observation->now, sink);
  if (is_new && state->is_up && !state->is_stale)
    take_reading(endpoint, process, state, observation, sink);
  process->time = state->row->time;
  process->received = state->row->received;
  if (process->readings > endpoint->readings)
    endpoint->readings = process->readings;
}

static void begin(endpoints_t *endpoints) {
  known_endpoint_t *endpoint, *next;
  endpoints->look++;
  HASH_ITER(by_name, endpoints->by_name, endpoint, next)
    endpoint->is_new_process = false;
}

static void end(endpoints_t *endpoints) {
  known_endpoint_t *endpoint, *next;
  HASH_ITER(by_name, endpoints->by_name, endpoint, next)
    if (endpoint->look != endpoints->look)
      forget(endpoints, endpoint);
}

void endpoints_look(endpoints_t *endpoints, const observation_t *observation, const sink_t *sink) {
  const observed_rows_t *seen = &observation->rows[CLASS_ENDPOINT];
  const store_row_t **rows = malloc((seen->length + 1) * sizeof(*rows));
  if (rows == NULL)
    return;
  begin(endpoints);
  for (size_t i = 0; i < seen->length; i++)
    rows[i] = seen->list[i];
  size_t length = endpoint_state_choose(rows, seen->length, observation->now);
  for (size_t i = 0; i < length; i++) {
    endpoint_state_t state = endpoint_state(rows[i], observation->now);
    take(endpoints, &state, observation, sink);
  }
  end(endpoints);
  free(rows);
}

/* --- what it tells of them --- */

bool endpoint_is_baseline(const known_endpoint_t *endpoint) { return endpoint->readings <= BASELINE_READINGS; }

/* A process that the last observation did not have has ended. */
static bool is_there(const known_endpoint_t *endpoint, const known_process_t *process) {
  return process->look == endpoint->look;
}

bool endpoint_is_out(const known_endpoint_t *endpoint) {
  for (const known_process_t *process = endpoint->processes; process != NULL; process = process->next)
    if (is_there(endpoint, process) && isnan(process->out))
      return false;
  return true;
}

bool endpoint_went_out_after(const known_endpoint_t *endpoint, double last) {
  for (const known_process_t *process = endpoint->processes; process != NULL; process = process->next)
    if (is_there(endpoint, process) && process->was_out >= last && process->readings_since_out < SETTLED_READINGS)
      return true;
  return false;
}

bool endpoint_worker_died_after(const known_endpoint_t *endpoint, double last) {
  return endpoint->died > last && endpoint->died <= last + 1.5 * endpoint->interval;
}
