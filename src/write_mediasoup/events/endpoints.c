/* SPDX-License-Identifier: MIT */
#include "endpoints.h"

#include "common/buffer.h"
#include "common/clock.h"
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
  row_times_t last; /* of the row that was taken last */
  double out;       /* the time of the first reading of several that failed; NaN where the last one did not */
  double was_out;   /* the same of the last outage, which may be over; -INFINITY: there was none */
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

bool endpoint_is_called(const known_endpoint_t *endpoint, const char *host, const char *name) {
  const char *own_name = string_after(endpoint->name);
  return strncmp(endpoint->name, host, IDENTIFIER_MAX) == 0 && strncmp(own_name, name, IDENTIFIER_MAX) == 0;
}

bool endpoints_have_new_clock_or_process(const endpoints_t *endpoints) {
  bool has_new = false;
  for (const known_endpoint_t *endpoint = endpoints->by_name; endpoint != NULL; endpoint = endpoint->by_name.next)
    has_new = has_new || endpoint->clock_step != 0 || endpoint->is_new_process;
  return has_new;
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
  endpoint->restarted = endpoint->died = endpoint->clock_told = -INFINITY;
  endpoint->last = (row_times_t){-INFINITY, -INFINITY};
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
  process->last = (row_times_t){-INFINITY, -INFINITY};
  process->was_out = -INFINITY;
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

/* --- clocks --- */

/* A clock that is set again and again is said no oftener than once in so many seconds. */
static const double clock_told_seconds = 3600;

static row_times_t times_of(const store_row_t *row) { return (row_times_t){row->time, row->received}; }

/* How far the clock of the host was set since the row before: what passed by it is not what passed here. 0: it was not.
 * Where it is this host's clock that was set back, no less than an interval has passed all the same. */
static double step_since(row_times_t before, const store_row_t *row) {
  double passed_here = fmax(row->received - before.received, row->interval);
  double step = isinf(before.time) ? 0 : row->time - before.time - passed_here;
  return fabs(step) > clock_step(row->interval) ? step : 0;
}

static void tell_clock(known_endpoint_t *endpoint, const endpoint_state_t *state, double step, const sink_t *sink) {
  if (fabs(state->row->received - endpoint->clock_told) < clock_told_seconds)
    return;
  endpoint->clock_told = state->row->received;
  sink_clock(sink, state->row->host, state->name, step);
}

/* Of several processes the first one that shows it speaks for the endpoint. */
static void follow_clock(known_endpoint_t *endpoint, known_process_t *process, const endpoint_state_t *state,
                         const sink_t *sink) {
  double step = step_since(process->last, state->row), step_of_endpoint = step_since(endpoint->last, state->row);
  process->last.time += step;
  process->out += step;
  process->was_out += step;
  turn_follow_clock(&process->outage, step);
  if (step_of_endpoint == 0)
    return;
  endpoint->clock_step = step_of_endpoint;
  endpoint->restarted += step_of_endpoint;
  endpoint->died += step_of_endpoint;
  tell_clock(endpoint, state, step_of_endpoint, sink);
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
  return isfinite(process->last.time) && state->row->received - process->last.received > 2 * state->row->interval;
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
    begin_outage(process, is_out ? process->out : process->last.time);
  if (isinf(process->last.time))
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
  follow_clock(endpoint, process, state, sink);
  bool is_new = state->row->time > process->last.time;
  if (!is_new && !state->is_stale) {
    take_late_workers(process, state, &observation->rows[CLASS_WORKERS]);
    return;
  }
  look_for_outage(process, state, observation->now, sink);
  if (is_new && state->is_up && !state->is_stale)
    take_reading(endpoint, process, state, observation, sink);
  process->last = endpoint->last = times_of(state->row);
  if (process->readings > endpoint->readings)
    endpoint->readings = process->readings;
}

static void begin(endpoints_t *endpoints) {
  known_endpoint_t *endpoint, *next;
  endpoints->look++;
  HASH_ITER(by_name, endpoints->by_name, endpoint, next) {
    endpoint->is_new_process = false;
    endpoint->clock_step = 0;
  }
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

bool endpoint_has_older_clock(const known_endpoint_t *endpoint, double time) {
  return clock_was_set_back(time, endpoint->last.time, endpoint->interval);
}

bool endpoint_worker_died_after(const known_endpoint_t *endpoint, double last) {
  return endpoint->died > last && endpoint->died <= last + 1.5 * endpoint->interval;
}
