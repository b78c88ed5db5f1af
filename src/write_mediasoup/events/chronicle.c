/* SPDX-License-Identifier: MIT */
#include "chronicle.h"

#include "changes.h"
#include "common/clock.h"
#include "ended.h"
#include "event.h"

#include <stdlib.h>

struct chronicle {
  on_event_t on_event;
  on_clock_t on_clock;
  record_log_t *log;
  record_log_t *ended;
  changes_t changes;
  follower_t follower;
};

/* --- the sink --- */

static void take_event(void *context, record_t *event) {
  const chronicle_t *chronicle = context;
  if (event == NULL)
    return;
  record_log_add(chronicle->log, event_kind_concern(event_kind(event)), record_share(event)); /* it gets its number */
  if (chronicle->on_event != NULL)
    chronicle->on_event(event);
  record_release(event);
}

static void take_ended(void *context, record_t *ended) {
  const chronicle_t *chronicle = context;
  bool is_room = ended != NULL && ended->values[ENDED_PARTICIPANT].text == NULL;
  record_log_add(chronicle->ended, is_room ? CONCERNS_ROOM : CONCERNS_PARTICIPANT, ended);
}

static void take_clock(void *context, const char *host, const char *endpoint, double step) {
  const chronicle_t *chronicle = context;
  if (chronicle->on_clock != NULL)
    chronicle->on_clock(host, endpoint, step);
}

/* --- following --- */

static void observe(void *context, const observation_t *observation) {
  chronicle_t *chronicle = context;
  const sink_t sink = {.on_event = take_event, .on_ended = take_ended, .on_clock = take_clock, .context = chronicle};
  changes_look(&chronicle->changes, observation, &sink);
}

/* --- life --- */

chronicle_t *chronicle_new(on_event_t on_event, on_clock_t on_clock) {
  chronicle_t *chronicle = calloc(1, sizeof(*chronicle));
  if (chronicle == NULL)
    return NULL;
  *chronicle = (chronicle_t){.on_event = on_event,
                             .on_clock = on_clock,
                             .log = record_log_new(&event_type, epoch_milliseconds()),
                             .ended = record_log_new(&ended_type, epoch_milliseconds()),
                             .follower = {.observe = observe, .context = chronicle}};
  if (chronicle->log != NULL && chronicle->ended != NULL)
    return chronicle;
  chronicle_free(chronicle);
  return NULL;
}

void chronicle_free(chronicle_t *chronicle) {
  if (chronicle == NULL)
    return;
  changes_done(&chronicle->changes);
  record_log_free(chronicle->log);
  record_log_free(chronicle->ended);
  free(chronicle);
}

follower_t *chronicle_follower(chronicle_t *chronicle) { return &chronicle->follower; }

record_log_t *chronicle_events(const chronicle_t *chronicle) { return chronicle != NULL ? chronicle->log : NULL; }

record_log_t *chronicle_ended(const chronicle_t *chronicle) { return chronicle != NULL ? chronicle->ended : NULL; }
