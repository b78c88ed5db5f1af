/* SPDX-License-Identifier: MIT */
#include "reading.h"

#include "common/number.h"
#include "layers.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* RTCP reports the fraction lost in 256ths. */
static const double fraction_lost_unit = 256;
static const double milliseconds = 1000;

static bool attribute_is(const object_t *object, const char *key, const char *value) {
  const char *text = object_find_attribute(object, key);
  return text != NULL && strcmp(text, value) == 0;
}

/* Whether the state is said and is none of the two. */
static bool is_neither(const object_t *object, const char *key, const char *one, const char *other) {
  return object_find_attribute(object, key) != NULL && !attribute_is(object, key, one) &&
         !attribute_is(object, key, other);
}

/* WebRTC transports have these states, others have none. An older endpoint does not put them into one word. */
static bool is_connected(const object_t *object) {
  if (object_find_attribute(object, "connection") != NULL)
    return attribute_is(object, "connection", "connected");
  return !is_neither(object, "iceState", "connected", "completed") &&
         !is_neither(object, "dtlsState", "connected", "connected");
}

/* A transport that nobody has asked to connect, that is about to, or whose peer has left has lost nothing. */
static bool is_disconnected(const object_t *object) {
  static const char *const words[] = {"disconnected", "lost", "stuck", "dtls_failed"};
  const char *connection = object_find_attribute(object, "connection");
  for (size_t i = 0; connection != NULL && i < sizeof(words) / sizeof(words[0]); i++)
    if (strcmp(connection, words[i]) == 0)
      return true;
  return connection == NULL &&
         (attribute_is(object, "iceState", "disconnected") || attribute_is(object, "dtlsState", "failed"));
}

static const mos_codec_t *codec_of(const object_t *object) {
  return attribute_is(object, "kind", "audio") ? mos_codec(object_find_attribute(object, "mimeType")) : NULL;
}

void reading_update_membership(object_t *object) {
  membership_t *membership = &object->membership;
  if (membership->known == object->inherited)
    return;
  const char *clock_rate = object_find_attribute(object, "clockRate");
  double rate = clock_rate != NULL ? number_read(clock_rate, NULL) : 0;
  bool is_consumer = object->class == &classes[CLASS_CONSUMERS];
  *membership =
      (membership_t){.known = object->inherited,
                     .paused = attribute_is(object, "paused", "true") || attribute_is(object, "producerPaused", "true"),
                     .connected = is_connected(object),
                     .disconnected = is_disconnected(object),
                     .has_rtx = object_find_attribute(object, "rtxSsrc") != NULL,
                     .on_pipe = attribute_is(object, "transportType", "pipe"),
                     .video = attribute_is(object, "kind", "video"),
                     .without_layer = is_consumer && layers_are_missing(object),
                     .below_preferred = is_consumer ? layers_below_preferred(object) : 0,
                     .clock_rate = rate > 0 ? rate : NAN,
                     .codec = codec_of(object)};
}

void reading_update_piped(object_t *object) {
  membership_t *membership = &object->membership;
  bool piped = links_is_piped(object);
  if (piped != membership->piped)
    memset(membership->groups, 0, sizeof(membership->groups));
  membership->piped = piped;
}

reading_fields_t reading_fields(const class_t *class) {
  return (reading_fields_t){.score = class_field(class, "score"),
                            .fraction_lost = class_field(class, "fraction_lost"),
                            .round_trip_time = class_field(class, "round_trip_time"),
                            .jitter = class_field(class, "jitter"),
                            .bitrate = class_field(class, "bitrate"),
                            .packet_count = class_field(class, "packet_count"),
                            .packets_repaired = class_field(class, "packets_repaired"),
                            .mos = class_derived_field(class, DERIVED_MOS),
                            .consumers_affected = class_derived_field(class, DERIVED_CONSUMERS_AFFECTED)};
}

static bool grew(const object_t *stream) {
  return stream->grown[GROWTH_PACKETS] > 0 || stream->grown[GROWTH_BYTES] > 0;
}

bool reading_moves(const object_t *stream, const reading_fields_t *fields) {
  const object_value_t *values = stream->values;
  return stream->measured && state_moves(values[fields->score].gauge, values[fields->bitrate].gauge, grew(stream));
}

/* A consumer that was paused, or whose producer was, waits for a key frame until it has a layer again. */
static bool lost_its_layer(const object_t *stream) {
  const verdict_t *before = &stream->verdict;
  return stream->membership.without_layer && before->is_known &&
         (before->state == STATE_FLOWING || before->state == STATE_SILENT);
}

static stream_state_t find_state(const object_t *stream, const reading_fields_t *fields) {
  const object_value_t *values = stream->values;
  bool measured = stream->measured, moves = reading_moves(stream, fields);
  return state_of(&(stream_facts_t){.paused = stream->membership.paused,
                                    .connected = stream->membership.connected,
                                    .has_sent = measured && values[fields->packet_count].counter > 0,
                                    .grew = measured && grew(stream),
                                    .compared = stream->compared,
                                    .lost_its_layer = lost_its_layer(stream),
                                    .score = measured ? values[fields->score].gauge : NAN,
                                    .bitrate = measured ? values[fields->bitrate].gauge : NAN,
                                    .excused = links_excuse(stream, moves)});
}

/* packets_repaired adds to no sum, so its growth is found here. */
static double repaired_growth(object_t *stream, const reading_fields_t *fields) {
  int64_t now = stream->values[fields->packets_repaired].counter, before = stream->repaired;
  stream->repaired = now;
  return now > before ? (double)(now - before) : 0;
}

/* Packets received do not include those missing, packets sent do. */
static loss_counts_t loss_growth(object_t *stream, const reading_fields_t *fields) {
  double packets = (double)stream->grown[GROWTH_PACKETS], lost = (double)stream->grown[GROWTH_PACKETS_LOST];
  double grown = repaired_growth(stream, fields), repaired = stream->membership.has_rtx ? grown : 0;
  double missing = stream->class == &classes[CLASS_PRODUCERS] ? lost - repaired : 0;
  return (loss_counts_t){.packets = (float)(packets + missing), .lost = (float)lost, .repaired = (float)repaired};
}

static void follow_loss(object_t *stream, const reading_fields_t *fields, stream_state_t state, uint64_t now) {
  loss_counts_t grown = loss_growth(stream, fields);
  if (state == STATE_FLOWING)
    loss_take(&stream->loss, &grown, now);
  else
    stream->loss = (loss_t){0};
}

verdict_t reading_verdict(object_t *stream, const reading_fields_t *fields, uint64_t now) {
  stream_state_t state = find_state(stream, fields);
  double score = stream->measured ? stream->values[fields->score].gauge : NAN;
  if (stream->measured)
    follow_loss(stream, fields, state, now);
  return (verdict_t){.is_known = true,
                     .state = state,
                     .bad = state_is_bad(state, score, loss_is_high(&stream->loss)),
                     .piped = stream->membership.piped,
                     .trouble = stream->verdict.trouble};
}

reading_t reading_of(const object_t *stream, const reading_fields_t *fields) {
  const object_value_t *values = stream->values;
  stream_state_t state = stream->verdict.state;
  if (!stream->measured)
    return (reading_t){NAN, NAN, NAN, NAN, NAN, NAN, state};
  return (reading_t){.state = state,
                     .score = values[fields->score].gauge,
                     .loss_ratio = values[fields->fraction_lost].gauge / fraction_lost_unit,
                     .round_trip_time = values[fields->round_trip_time].gauge / milliseconds,
                     .jitter = values[fields->jitter].gauge / stream->membership.clock_rate,
                     .bitrate = values[fields->bitrate].gauge,
                     .mos = values[fields->mos].gauge};
}

int reading_compare(const reading_t *left, const reading_t *right) {
  if (left->score != right->score)
    return left->score < right->score ? -1 : 1;
  double left_loss = isnan(left->loss_ratio) ? 0 : left->loss_ratio;
  double right_loss = isnan(right->loss_ratio) ? 0 : right->loss_ratio;
  return left_loss == right_loss ? 0 : left_loss > right_loss ? -1 : 1;
}
