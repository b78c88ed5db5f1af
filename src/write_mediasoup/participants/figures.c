/* SPDX-License-Identifier: MIT */
#include "figures.h"

#include "common/fields.h"

#include <string.h>

/* Round trip time and jitter are in milliseconds, as mediasoup's roundTripTime is. */
#define WAY(base, prefix, small, streams)                                                                              \
  [(base) + WAY_STREAMS] = {prefix "Streams", small "_streams", "streams",                                             \
                            streams " that flow; the figures below are theirs"},                                       \
            [(base) + WAY_STREAMS_BAD] = {prefix "StreamsBad", small "_streams_bad", "streams", STREAMS_BAD_HELP},     \
            [(base) + WAY_STREAMS_SILENT] = {prefix "StreamsSilent", small "_streams_silent", "streams",               \
                                             STREAMS_SILENT_HELP},                                                     \
            [(base) + WAY_SCORE] = {prefix "Score", small "_score", "0..10", "the lowest score of a stream"},          \
            [(base) + WAY_LOSS_RATIO] = {prefix "LossRatio", small "_loss_ratio", "ratio",                             \
                                         "the highest loss of a stream, in the last report's interval"},               \
            [(base) + WAY_ROUND_TRIP_TIME] = {prefix "RoundTripTime", small "_round_trip_time", "milliseconds",        \
                                              "the longest round trip of a stream, from RTCP"},                        \
            [(base) + WAY_JITTER] = {prefix "Jitter", small "_jitter", "milliseconds",                                 \
                                     "the highest interarrival jitter of a stream"},                                   \
            [(base) + WAY_BITRATE] = {prefix "Bitrate", small "_bitrate", "bit/s", "sum over the streams"}

const participant_figure_t participant_figures[PARTICIPANT_FIGURES] = {
    WAY((size_t)FIGURE_UPLINK, "uplink", "uplink", "streams of its producers"),
    WAY((size_t)FIGURE_DOWNLINK, "downlink", "downlink", "streams of its consumers"),
    [FIGURE_MOS] = {"mos", "mos", "1..4.5", "the lowest estimated MOS of the audio that it gets"},
    [FIGURE_CONSUMERS_AFFECTED] = {"consumersAffected", "consumers_affected", "consumers",
                                   "consumers, not paused, of those of its producers that have a cause"},
    [FIGURE_CONNECT_TIME] = {"connectTime", "connect_time", "milliseconds",
                             "the longest that one of its WebRTC transports took to connect"},
};

int participant_figure_find(const char *key) {
  for (int i = 0; i < PARTICIPANT_FIGURES; i++)
    if (strcmp(participant_figures[i].key, key) == 0)
      return i;
  return -1;
}
