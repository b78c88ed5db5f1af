/* SPDX-License-Identifier: MIT */
/*
 * The table of a participant's figures. The view, /history and the documents all read it.
 */
#ifndef COLLECTD_MEDIASOUP_PARTICIPANTS_FIGURES_H
#define COLLECTD_MEDIASOUP_PARTICIPANTS_FIGURES_H

#include <stddef.h>

/* The figures of a way: of what a participant sends to mediasoup (uplink), or gets from it (downlink). */
typedef enum {
  WAY_STREAMS,
  WAY_STREAMS_BAD,
  WAY_STREAMS_SILENT,
  WAY_SCORE,
  WAY_LOSS_RATIO,
  WAY_ROUND_TRIP_TIME,
  WAY_JITTER,
  WAY_BITRATE,
  WAY_FIGURES
} way_figure_t;

/* Where the figures of each way begin, see FIGURE_OF, and those that have no way. */
typedef enum {
  FIGURE_UPLINK = 0,
  FIGURE_DOWNLINK = WAY_FIGURES,
  FIGURE_MOS = 2 * WAY_FIGURES,
  FIGURE_CONSUMERS_AFFECTED,
  FIGURE_CONNECT_TIME,
  PARTICIPANT_FIGURES
} participant_figure_id_t;

/* The index of a way's figure: FIGURE_OF(FIGURE_UPLINK, WAY_SCORE). */
#define FIGURE_OF(way, figure) ((size_t)(way) + (size_t)(figure))

typedef struct {
  const char *key;  /* in JSON: "uplinkStreams" */
  const char *name; /* as a data source would be called: "uplink_streams" */
  const char *unit;
  const char *help;
} participant_figure_t;

/* Indexed by participant_figure_id_t. Static, for any thread. */
extern const participant_figure_t participant_figures[PARTICIPANT_FIGURES];

/* The index of the figure with this key, or -1. */
int participant_figure_find(const char *key);

#endif
