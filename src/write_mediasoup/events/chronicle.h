/* SPDX-License-Identifier: MIT */
/*
 * What happened, and what has ended. An observation passes through this folder like this:
 *
 *   changes            compares it with what is known
 *     endpoints        of each endpoint: outages, restarts, deaths of workers, its clock
 *     rooms, people    what the rows of groups, and the participants, say of each: a reading of a subject
 *     subjects         takes these readings: which turn bad or good, are lost, have ended
 *   sink               takes the records: an event (event.h), or what has ended (ended.h)
 *   chronicle          keeps them in logs (record_log.h) for the views (record_view.h), and hands events on
 *
 * turn and life are what subjects and endpoints remember; *_events are the words of events.
 *
 * The chronicle follows the observer, keeps the last of both for the views, and hands each event to whoever makes a
 * notification of it.
 */
#ifndef COLLECTD_MEDIASOUP_CHRONICLE_H
#define COLLECTD_MEDIASOUP_CHRONICLE_H

#include "record_log.h"
#include "write_mediasoup/observer.h"

typedef struct chronicle chronicle_t;

/* Called in the observer's thread with each event, which is lent. */
typedef void (*on_event_t)(const record_t *event);

/* Called in the observer's thread when somebody has set the clock of a host by so many seconds. Texts are lent. */
typedef void (*on_clock_t)(const char *host, const char *endpoint, double step);

/* `on_event` and `on_clock` may be NULL. NULL when out of memory. */
chronicle_t *chronicle_new(on_event_t on_event, on_clock_t on_clock);
void chronicle_free(chronicle_t *chronicle); /* takes NULL */

/* For observer_follow(); lent until chronicle_free(), which comes after observer_free(). */
follower_t *chronicle_follower(chronicle_t *chronicle);

/* Lent until chronicle_free(). Any thread may take records of them. NULL of NULL. */
record_log_t *chronicle_events(const chronicle_t *chronicle);
record_log_t *chronicle_ended(const chronicle_t *chronicle);

#endif
