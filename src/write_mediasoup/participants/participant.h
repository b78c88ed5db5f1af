/* SPDX-License-Identifier: MIT */
/*
 * One participant, as plain data: who it is, and how it is for them.
 */
#ifndef COLLECTD_MEDIASOUP_PARTICIPANT_H
#define COLLECTD_MEDIASOUP_PARTICIPANT_H

#include "common/buffer.h"
#include "common/table.h"
#include "figures.h"

#include <stddef.h>

/* What stands for the key where none named them. */
#define PARTICIPANT_KEY_TRANSPORT "transport"
#define PARTICIPANT_KEY_ROUTER "router"

typedef enum {
  QUALITY_UNKNOWN, /* rows came without metadata, and none is known to be bad */
  QUALITY_IDLE,    /* nothing flows, and nothing should */
  QUALITY_GOOD,
  QUALITY_SILENT, /* a stream is silent, or waits for a connection that is lost or not made; none that flows is bad */
  QUALITY_BAD,    /* a stream that flows is bad */
} participant_quality_t; /* the worst last */

/* "good", ...; NULL of QUALITY_UNKNOWN. Static. */
const char *participant_quality_name(participant_quality_t quality);

/* How transports are connected and over what, the worst last; each list ends with a NULL. */
extern const char *const participant_connections[];
extern const char *const participant_protocols[];

/* Plain data. Texts and lists are lent until participants_free(). */
typedef struct {
  table_key_t key; /* its host, endpoint, room and name one after the other, each with its NUL; "" where it has none */
  const char *host;
  const char *endpoint;          /* NULL where no router's row tells */
  const char *room;              /* NULL where nothing names it */
  const char *participant;       /* never NULL */
  const char *room_key;          /* the key of appData that named it, or PARTICIPANT_KEY_ROUTER; NULL without a room */
  const char *participant_key;   /* the key of appData that named it, or PARTICIPANT_KEY_TRANSPORT */
  const char *const *router_ids; /* sorted, each once; so are the transports' */
  size_t router_ids_length;
  const char *const *transport_ids;
  size_t transport_ids_length;
  participant_quality_t quality;
  const char *uplink_cause;   /* why the worst stream of that way is bad or silent; NULL where no stream has a cause */
  const char *downlink_cause; /* so are the other two */
  const char *cause;          /* of the worse of both ways */
  double since;               /* epoch milliseconds: the earliest `badSince` of its streams; NaN: none */
  const char *connection;     /* the worst of its transports: "disconnected", ..., "unused"; NULL: none says it */
  const char *protocol;       /* "udp" or "tcp", which is the worse; NULL: none says it */
  double bytes_received; /* by its transports, since each began; NaN: unknown, as while others use one of them, too */
  double bytes_sent;
  double time;                         /* epoch seconds, by the clock of the host: of its newest row */
  double received;                     /* epoch seconds, by this host's clock: of that row */
  double figures[PARTICIPANT_FIGURES]; /* by participant_figure_id_t; NaN: unknown */
} participant_t;

/* The order of their hosts, endpoints, rooms and names: below 0 where the left one comes first. */
int participant_compare(const participant_t *left, const participant_t *right);

/* Appends the texts of its key. */
void participant_write_key(const participant_t *participant, buffer_t *key);

#endif
