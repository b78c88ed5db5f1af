/* SPDX-License-Identifier: MIT */
#include "restart.h"

#include <stdio.h>
#include <string.h>

static const double milliseconds = 1000;

static int64_t counter(const object_t *object, const char *field) {
  return object->values[class_field(object->class, field)].counter;
}

static process_t process_of(const object_t *endpoint, double now) {
  process_t process = {.known = true,
                       .asked = now,
                       .worker_deaths = counter(endpoint, "worker_deaths"),
                       .transports_created = counter(endpoint, "webrtc_transports_created")};
  const char *pid = object_find_attribute(endpoint, "pid");
  (void)snprintf(process.pid, sizeof(process.pid), "%s", pid != NULL ? pid : "");
  return process;
}

/* Whether the process began after the snapshot before was asked for. Where it has not told for how long it runs, nobody
 * knows. */
static bool began_since(const object_t *usage, double seconds) {
  int64_t elapsed = usage != NULL ? counter(usage, "elapsed") : 0;
  return elapsed > 0 && (double)elapsed / milliseconds < seconds;
}

static bool differs(const char *pid, const char *before) {
  return pid[0] != '\0' && before[0] != '\0' && strcmp(pid, before) != 0;
}

bool restart_is_seen(process_t *process, const object_t *endpoint, const object_t *usage, double now) {
  process_t before = *process;
  *process = process_of(endpoint, now);
  return before.known &&
         (differs(process->pid, before.pid) || began_since(usage, now - before.asked) ||
          process->worker_deaths < before.worker_deaths || process->transports_created < before.transports_created);
}
