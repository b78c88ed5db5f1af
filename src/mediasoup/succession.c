/* SPDX-License-Identifier: MIT */
#include "succession.h"

#include <math.h>

/* A supervisor waits for some seconds, and an application takes some to begin. Nobody who adds a process after a longer
 * time replaces one. */
static const double longest_gap = 60;

static int64_t *restarts_of(source_t *source) {
  object_t *endpoint = model_endpoint(source_model(source));
  return &endpoint->values[class_derived_field(endpoint->class, DERIVED_RESTARTS)].counter;
}

void succession_enter(const succession_t *succession, source_t *source) {
  *restarts_of(source) = succession->restarts[source_process(source)];
}

static void forget_gone(succession_t *succession, size_t index) {
  succession->gone[index] = succession->gone[--succession->gone_length];
}

void succession_leave(succession_t *succession, source_t *source, double now) {
  const process_t *process = &source_model(source)->process;
  succession->restarts[source_process(source)] = *restarts_of(source);
  if (!process->known)
    return;
  if (succession->gone_length == SOURCES_MAX)
    forget_gone(succession, 0);
  succession->gone[succession->gone_length++] = (gone_t){.heard = process->asked, .left = now};
}

/* Whether the process began after the other one was last heard. Of one that does not tell when it began, only that it
 * answers for the first time is known. */
static bool began_since(const process_t *process, double heard) {
  return isnan(process->began) || process->began > heard;
}

/* Finds one that the process succeeds, the last of them, and forgets it. */
static bool take_predecessor(succession_t *succession, const process_t *process) {
  size_t found = SOURCES_MAX;
  for (size_t i = 0; i < succession->gone_length; i++)
    if (began_since(process, succession->gone[i].heard) &&
        (found == SOURCES_MAX || succession->gone[i].heard > succession->gone[found].heard))
      found = i;
  if (found == SOURCES_MAX)
    return false;
  forget_gone(succession, found);
  return true;
}

static void forget_old(succession_t *succession, double now) {
  for (size_t i = succession->gone_length; i-- > 0;)
    if (now - succession->gone[i].left > longest_gap)
      forget_gone(succession, i);
}

void succession_count(succession_t *succession, source_t *const *sources, size_t length, double now) {
  forget_old(succession, now);
  for (size_t i = 0; i < length; i++) {
    process_t *process = &source_model(sources[i])->process;
    if (!process->is_new)
      continue;
    process->is_new = false;
    if (take_predecessor(succession, process))
      (*restarts_of(sources[i]))++;
  }
}
