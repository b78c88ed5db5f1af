/* SPDX-License-Identifier: MIT */
#include "evidence.h"

#include <math.h>

evidence_fields_t evidence_fields(void) {
  const class_t *transports = &classes[CLASS_TRANSPORTS], *workers = &classes[CLASS_WORKERS];
  return (evidence_fields_t){.send_bitrate = class_field(transports, "rtp_send_bitrate"),
                             .available_bitrate = class_field(transports, "available_outgoing_bitrate"),
                             .responding = class_derived_field(workers, DERIVED_RESPONDING),
                             .cpu_ratio = class_derived_field(workers, DERIVED_CPU_RATIO),
                             .channel_seconds = class_field(workers, "channel_round_trip_seconds")};
}

bool evidence_is_trouble(const object_t *stream) {
  const verdict_t *verdict = &stream->verdict;
  return verdict->bad || verdict->state == STATE_SILENT ||
         (verdict->state == STATE_WAITING && stream->membership.disconnected);
}

/* The nearest object of the class above the stream, or NULL. */
static const object_t *find_above(const object_t *object, class_id_t class) {
  while (object != NULL && object->class != &classes[class])
    object = object->parent;
  return object;
}

static double gauge(const object_t *object, int field) { return object != NULL ? object->values[field].gauge : NAN; }

static double known(double number) { return isnan(number) ? 0 : number; }

static void add_worker(cause_facts_t *facts, const object_t *worker, const evidence_fields_t *fields) {
  facts->worker_is_silent = gauge(worker, fields->responding) == 0;
  facts->worker_cpu_ratio = gauge(worker, fields->cpu_ratio);
  facts->worker_channel_seconds = gauge(worker, fields->channel_seconds);
}

static void add_source(cause_facts_t *facts, const way_in_t *way_in) {
  facts->source_is_bad = way_in->troubled > 0 && way_in->well == 0;
  facts->source_missing_ratio = way_in->missing_ratio;
  facts->source_loss_ratio = way_in->loss_ratio;
  facts->source_score = way_in->score;
  facts->source_jitter = way_in->jitter;
}

/* mediasoup gives a consumer for which there is no bandwidth at all no layer: then its lowest one is missing. */
static void add_bandwidth(cause_facts_t *facts, const object_t *consumer, const reading_t *reading,
                          const evidence_fields_t *fields) {
  const object_t *transport = find_above(consumer, CLASS_TRANSPORTS);
  const way_in_t *way_in = &consumer->membership.producer->way_in;
  double below_preferred = consumer->membership.below_preferred;
  bool has_none = facts->is_silent && isnan(below_preferred);
  double missing = has_none ? way_in->bitrate_least : way_in->bitrate_most - known(reading->bitrate);
  facts->wants_more = has_none || below_preferred == 1;
  facts->wanted_bitrate = known(gauge(transport, fields->send_bitrate)) + (missing > 0 ? missing : 0);
  facts->available_bitrate = gauge(transport, fields->available_bitrate);
}

/* One report tells little of a few packets; but of less it is all that is known. */
static double loss_lately(const object_t *stream, const reading_t *reading) {
  double ratio = loss_share(&stream->loss);
  return isnan(ratio) ? reading->loss_ratio : ratio;
}

cause_facts_t evidence_of(const object_t *stream, const reading_t *reading, const evidence_fields_t *fields) {
  bool is_producer = stream->class == &classes[CLASS_PRODUCERS];
  cause_facts_t facts = {.of_producer = is_producer,
                         .is_silent = stream->verdict.state == STATE_SILENT,
                         .is_disconnected = stream->membership.disconnected,
                         .loss_ratio = loss_lately(stream, reading),
                         .round_trip_time = reading->round_trip_time,
                         .jitter = reading->jitter,
                         .source_missing_ratio = NAN,
                         .source_loss_ratio = NAN,
                         .source_score = NAN,
                         .source_jitter = NAN,
                         .available_bitrate = NAN};
  add_worker(&facts, find_above(stream, CLASS_WORKERS), fields);
  if (is_producer || stream->membership.producer == NULL)
    return facts;
  add_source(&facts, &stream->membership.producer->way_in);
  add_bandwidth(&facts, stream, reading, fields);
  return facts;
}
