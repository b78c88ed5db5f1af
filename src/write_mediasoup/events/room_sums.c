/* SPDX-License-Identifier: MIT */
#include "room_sums.h"

#include <math.h>
#include <stdio.h>

/* When a room is bad: the thresholds of the shipped alerts, without their windows of minutes, since two readings have
 * to agree. MediasoupManyBadStreams and MediasoupSilentStreams have the share, and from how many streams on it means
 * something: below that one participant would exceed it. Half of a few is two participants of four, or a call of two
 * that one of them spoils. MediasoupRoomLossHigh has the loss, and from how many packets a second on.
 *
 * A room that is bad stays so down to lower limits: at the threshold one stream more or less, or the scatter of a
 * reading, would turn it every ten seconds. */
typedef struct {
  double streams_least; /* that are many; of fewer than these `share_of_few` counts */
  double share, share_of_few, loss;
} limits_t;
static const limits_t limits_begin = {20, 0.1, 0.5, 0.1}, limits_end = {16, 0.07, 0.35, 0.07};
static const double packets_a_second_least = 20;

/* The two ways: what the room sends, and what it gets. */
static const struct {
  class_id_t class;
  const char *words;
  bool packets_include_lost;
} ways[WAYS] = {
    [WAY_IN] = {CLASS_GROUP_PRODUCERS, "from", false},
    [WAY_OUT] = {CLASS_GROUP_CONSUMERS, "to", true},
};

/* What the plugin mediasoup finds to be the cause of bad streams, in the words of their rows. */
static const struct {
  derived_t derived;
  const char *cause;
} causes[ROOM_CAUSES] = {
    {DERIVED_STREAMS_CAUSE_SENDER, "sender"},       {DERIVED_STREAMS_CAUSE_RECEIVER, "receiver"},
    {DERIVED_STREAMS_CAUSE_BANDWIDTH, "bandwidth"}, {DERIVED_STREAMS_CAUSE_WORKER, "worker"},
    {DERIVED_STREAMS_CAUSE_TRANSPORT, "transport"}, {DERIVED_STREAMS_CAUSE_UNKNOWN, "unknown"},
};

/* --- adding up --- */

static double value(const store_row_t *row, derived_t derived) {
  int field = class_derived_field(row->class, derived);
  if (field < 0)
    return 0;
  if (row->class->fields[field].kind == KIND_COUNTER)
    return (double)row->values[field].counter;
  return isfinite(row->values[field].gauge) ? row->values[field].gauge : 0;
}

static void add_causes(room_sums_t *sums, const store_row_t *row) {
  for (size_t i = 0; i < ROOM_CAUSES; i++)
    sums->causes[i] += value(row, causes[i].derived);
}

static void add_streams(room_sums_t *sums, const store_row_t *row, size_t way) {
  double streams = value(row, DERIVED_STREAMS), silent = value(row, DERIVED_STREAMS_SILENT);
  sums->expected[way] += streams + silent;
  sums->bad[way] += value(row, DERIVED_STREAMS_BAD);
  sums->silent[way] += silent;
  sums->packets[way].packets += value(row, DERIVED_PACKETS);
  sums->packets[way].lost += value(row, DERIVED_PACKETS_LOST);
  sums->stream_bytes[way] += value(row, DERIVED_BYTES);
  sums->members += streams + silent + value(row, DERIVED_STREAMS_PAUSED) + value(row, DERIVED_STREAMS_WAITING) +
                   value(row, DERIVED_STREAMS_INACTIVE);
  int loss = class_derived_field(row->class, DERIVED_LOSS_RATIO);
  sums->loss = fmax(sums->loss, row->values[loss].gauge); /* fmax() prefers what is known */
  if (sums->bad[way] + sums->silent[way] > 0)
    add_causes(sums, row);
}

static void add_transports(room_sums_t *sums, const store_row_t *row) {
  sums->has_transports = true;
  sums->members += value(row, DERIVED_TRANSPORTS);
  sums->transport_bytes[WAY_IN] += value(row, DERIVED_BYTES_RECEIVED);
  sums->transport_bytes[WAY_OUT] += value(row, DERIVED_BYTES_SENT);
}

void room_sums_add(room_sums_t *sums, const store_row_t *row) {
  sums->time = fmax(sums->time, row->time);
  for (size_t way = 0; way < WAYS; way++)
    if (row->class == &classes[ways[way].class])
      add_streams(sums, row, way);
  if (row->class == &classes[CLASS_GROUP_TRANSPORTS])
    add_transports(sums, row);
}

/* --- how it is --- */

static bool has_bad_streams(const room_sums_t *sums, size_t way, const limits_t *limits, char detail[ROOM_DETAIL_MAX]) {
  double troubled = sums->bad[way] + sums->silent[way], expected = sums->expected[way];
  bool is_bad = expected >= limits->streams_least ? troubled > limits->share * expected
                                                  : expected > 0 && troubled >= limits->share_of_few * expected;
  if (is_bad)
    (void)snprintf(detail, ROOM_DETAIL_MAX, "of %.0f streams %s its participants %.0f are bad and %.0f silent",
                   expected, ways[way].words, sums->bad[way], sums->silent[way]);
  return is_bad;
}

/* What happened since `before`. */
static bool has_loss(const room_sums_t *sums, const room_sums_t *before, size_t way, const limits_t *limits,
                     char detail[ROOM_DETAIL_MAX]) {
  double packets = sums->packets[way].packets - before->packets[way].packets;
  double lost = sums->packets[way].lost - before->packets[way].lost, seconds = sums->time - before->time;
  double all = packets + (ways[way].packets_include_lost ? 0 : lost);
  bool is_bad = all >= packets_a_second_least * seconds && lost > limits->loss * all;
  if (is_bad)
    (void)snprintf(detail, ROOM_DETAIL_MAX, "%.0f %% of the packets %s its participants are lost", 100 * lost / all,
                   ways[way].words);
  return is_bad;
}

bool room_sums_judge(const room_sums_t *sums, const room_sums_t *before, bool was_bad, char detail[ROOM_DETAIL_MAX]) {
  const limits_t *limits = was_bad ? &limits_end : &limits_begin;
  detail[0] = '\0';
  for (size_t way = 0; way < WAYS; way++)
    if (has_bad_streams(sums, way, limits, detail) || (before != NULL && has_loss(sums, before, way, limits, detail)))
      return true;
  return false;
}

const char *room_sums_cause(const room_sums_t *sums) {
  const char *cause = NULL;
  double most = 0;
  for (size_t i = 0; i < ROOM_CAUSES; i++)
    if (sums->causes[i] > most) {
      most = sums->causes[i];
      cause = causes[i].cause;
    }
  return cause;
}

static double bytes(const room_sums_t *sums, size_t way) {
  return sums->has_transports ? sums->transport_bytes[way] : sums->stream_bytes[way];
}

double room_sums_received(const room_sums_t *sums) { return bytes(sums, WAY_IN); }

double room_sums_sent(const room_sums_t *sums) { return bytes(sums, WAY_OUT); }
