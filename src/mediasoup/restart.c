/* SPDX-License-Identifier: MIT */
#include "restart.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const double milliseconds = 1000;

static int64_t counter(const object_t *object, const char *field) {
  return object->values[class_field(object->class, field)].counter;
}

/* When the process began. Where it has not told for how long it runs, nobody knows. */
static double began_of(const object_t *usage, double now) {
  int64_t elapsed = usage != NULL ? counter(usage, "elapsed") : 0;
  return elapsed > 0 ? now - (double)elapsed / milliseconds : NAN;
}

static process_t process_of(const object_t *endpoint, const object_t *usage, double now) {
  process_t process = {.known = true,
                       .asked = now,
                       .began = began_of(usage, now),
                       .worker_deaths = counter(endpoint, "worker_deaths"),
                       .transports_created = counter(endpoint, "webrtc_transports_created")};
  const char *pid = object_find_attribute(endpoint, "pid");
  (void)snprintf(process.pid, sizeof(process.pid), "%s", pid != NULL ? pid : "");
  return process;
}

static bool differs(const char *pid, const char *before) {
  return pid[0] != '\0' && before[0] != '\0' && strcmp(pid, before) != 0;
}

static bool fell(const process_t *process, const process_t *before) {
  return process->worker_deaths < before->worker_deaths || process->transports_created < before->transports_created ||
         process->events < before->events;
}

restart_t restart_look(process_t *process, const object_t *endpoint, const object_t *usage, uint64_t events,
                       double now) {
  process_t before = *process;
  *process = process_of(endpoint, usage, now);
  process->is_new = before.is_new || !before.known;
  process->events = events;
  if (!before.known)
    return RESTART_NONE;
  if (process->began > before.asked)
    return RESTART_SEEN;
  if (differs(process->pid, before.pid))
    return process->began <= before.asked ? RESTART_OTHER : RESTART_SEEN; /* NaN where nobody knows */
  return fell(process, &before) ? RESTART_SEEN : RESTART_NONE;
}
