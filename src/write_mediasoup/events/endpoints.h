/* SPDX-License-Identifier: MIT */
/*
 * The endpoints, as one observation after the other shows them: which cannot be read, which application has restarted,
 * which worker died. It makes the events of these, and tells the rooms and participants of an endpoint how it is.
 */
#ifndef COLLECTD_MEDIASOUP_ENDPOINTS_H
#define COLLECTD_MEDIASOUP_ENDPOINTS_H

#include "common/table.h"
#include "sink.h"
#include "turn.h"
#include "write_mediasoup/observer.h"

typedef struct known_process known_process_t;
typedef struct known_endpoint known_endpoint_t;

/* When a row was made, by the clock of its host, and when it came, by the one here; epoch seconds. -INFINITY: none
 * has. */
typedef struct {
  double time, received;
} row_times_t;

/* Of a host, by its name. Times are those of its rows, in epoch seconds. When somebody sets its clock, all times that
 * are kept follow: what was a minute ago is so by the new clock, too. */
struct known_endpoint {
  UT_hash_handle by_name;
  known_process_t *processes; /* one, unless it is a glob of sockets */
  unsigned readings;          /* whole ones since it was first seen, of the process that had most */
  double interval;            /* seconds */
  double restarted;           /* the time of the reading that saw the application restarted last; -INFINITY: none did */
  double died;                /* the same for a worker's death */
  row_times_t last;           /* of the row that was taken last, of any process */
  double clock_step;          /* so many seconds the clock was set by, as the last observation saw; else 0 */
  double clock_told;          /* when that was said last, by the clock here; -INFINITY: never */
  bool is_new_process;        /* the last observation saw its one process restarted */
  uint64_t look;              /* the observation that last had it */
  char name[];                /* the host and the name, each with its NUL */
};

/* Zero-initialise. For one thread at a time. */
typedef struct {
  known_endpoint_t *by_name;
  uint64_t look; /* the number of the last observation */
} endpoints_t;

void endpoints_done(endpoints_t *endpoints);

/* Takes an observation: makes the events of the endpoints. Those that it does not have any more are forgotten. */
void endpoints_look(endpoints_t *endpoints, const observation_t *observation, const sink_t *sink);

/* NULL where there is none. */
const known_endpoint_t *endpoints_find(const endpoints_t *endpoints, const char *host, const char *name);

/* Whether the last observation saw the clock of one set, or its one process restarted. */
bool endpoints_have_new_clock_or_process(const endpoints_t *endpoints);

/* Whether it is that of this host and name. */
bool endpoint_is_called(const known_endpoint_t *endpoint, const char *host, const char *name);

/* Whether it was first seen only a few readings ago. What is bad then may have been so before: it is no event. */
bool endpoint_is_baseline(const known_endpoint_t *endpoint);

/* Whether none of its processes can be read now. */
bool endpoint_is_out(const known_endpoint_t *endpoint);

/* Whether a process could not be read since something was last seen, and has not been read whole twice again: then
 * nobody knows whether that is over. The rows of the first reading come from other hosts in pieces, that of the
 * endpoint in the first of them. */
bool endpoint_went_out_after(const known_endpoint_t *endpoint, double last);

/* Whether a row of this time comes by a clock that was set back since. */
bool endpoint_has_older_clock(const known_endpoint_t *endpoint, double time);

/* Whether a worker died between the reading that last saw something and the next one. */
bool endpoint_worker_died_after(const known_endpoint_t *endpoint, double last);

#endif
