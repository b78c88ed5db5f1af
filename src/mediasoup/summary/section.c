/* SPDX-License-Identifier: MIT */
#include "section.h"

#include "outcome.h"

#include <math.h>
#include <stdlib.h>

int section_place(const class_t *members) {
  return members->group != NULL ? (int)class_id(members->group) - (int)CLASS_GROUP_PRODUCERS : -1;
}

bool section_init(section_t *section, const class_t *members) {
  section->class = members->group;
  section->score_minimum = NAN;
  section->values = calloc(section->class->fields_length, sizeof(*section->values));
  return section->values != NULL;
}

void section_done(section_t *section) { free(section->values); }

/* --- a reading --- */

void section_begin(section_t *section) {
  if (section->values == NULL)
    return;
  *section =
      (section_t){.class = section->class, .values = section->values, .used = section->used, .score_minimum = NAN};
  for (size_t i = 0; i < section->class->fields_length; i++)
    if (section->class->fields[i].kind == KIND_GAUGE)
      section->values[i].gauge = 0;
}

static object_value_t *value_of(section_t *section, derived_t derived) {
  return &section->values[class_derived_field(section->class, derived)];
}

static void add_number(mean_t *mean, double number) {
  if (isnan(number))
    return;
  mean->sum += number;
  mean->count++;
}

/* What is unknown adds nothing. */
static void add_to_gauge(section_t *section, derived_t derived, double number) {
  value_of(section, derived)->gauge += isnan(number) ? 0 : number;
}

/* What the member's counters grew by. */
static void add_growth(section_t *section, const object_t *object) {
  for (size_t i = 0; i < object->class->fields_length; i++) {
    const field_t *field = &object->class->fields[i];
    if (field->group_sum == DERIVED_NOT)
      continue;
    uint64_t grown = object->grown[field->growth];
    object_value_t *sum = value_of(section, field->group_sum);
    sum->counter = (int64_t)((uint64_t)sum->counter + grown);
    section->packets += field->group_sum == DERIVED_PACKETS ? (double)grown : 0;
    section->packets_lost += field->group_sum == DERIVED_PACKETS_LOST ? (double)grown : 0;
  }
}

static const derived_t counts_of_states[] = {
    [STATE_FLOWING] = DERIVED_STREAMS,         [STATE_PAUSED] = DERIVED_STREAMS_PAUSED,
    [STATE_WAITING] = DERIVED_STREAMS_WAITING, [STATE_INACTIVE] = DERIVED_STREAMS_INACTIVE,
    [STATE_SILENT] = DERIVED_STREAMS_SILENT,
};

static const derived_t counts_of_causes[CAUSES_LENGTH] = {
    [CAUSE_NONE] = DERIVED_NOT,
    [CAUSE_SENDER] = DERIVED_STREAMS_CAUSE_SENDER,
    [CAUSE_RECEIVER] = DERIVED_STREAMS_CAUSE_RECEIVER,
    [CAUSE_BANDWIDTH] = DERIVED_STREAMS_CAUSE_BANDWIDTH,
    [CAUSE_WORKER] = DERIVED_STREAMS_CAUSE_WORKER,
    [CAUSE_TRANSPORT] = DERIVED_STREAMS_CAUSE_TRANSPORT,
    [CAUSE_UNKNOWN] = DERIVED_STREAMS_CAUSE_UNKNOWN,
};

static void add_verdict(section_t *section, const object_t *stream, stream_state_t state) {
  cause_t cause = stream->verdict.trouble.cause;
  add_to_gauge(section, counts_of_states[state], 1);
  if (cause != CAUSE_NONE)
    add_to_gauge(section, counts_of_causes[cause], 1);
}

static void add_layers(section_t *section, double below_preferred) {
  if (section->class != &classes[CLASS_GROUP_CONSUMERS])
    return;
  section->layers_known = section->layers_known || !isnan(below_preferred);
  section->layers_unknown = section->layers_unknown || isnan(below_preferred);
  add_to_gauge(section, DERIVED_STREAMS_BELOW_PREFERRED, below_preferred);
}

static void add_stream(section_t *section, const object_t *stream, const reading_t *reading) {
  if (reading->state != STATE_FLOWING)
    return;
  add_to_gauge(section, DERIVED_STREAMS_BAD, stream->verdict.bad ? 1 : 0);
  add_to_gauge(section, DERIVED_BITRATE, reading->bitrate);
  add_layers(section, stream->membership.below_preferred);
  add_number(&section->score, reading->score);
  add_number(&section->round_trip_time, reading->round_trip_time);
  add_number(&section->jitter, reading->jitter);
  add_number(&section->mos, reading->mos);
  if (!isnan(reading->score) && !(section->score_minimum <= reading->score)) /* which is NaN at first */
    section->score_minimum = reading->score;
}

static void add_outcome(section_t *section, const object_t *transport) {
  outcome_gauges_t gauges = outcome_gauges(transport);
  section->is_untold = section->is_untold || !outcome_is_told(transport);
  if (gauges.state != DERIVED_NOT)
    add_to_gauge(section, gauges.state, 1);
  if (gauges.protocol != DERIVED_NOT)
    add_to_gauge(section, gauges.protocol, 1);
}

/* A transport's row says how it is connected without its statistics, too. */
static void add_transport(section_t *section, const object_t *transport) {
  add_to_gauge(section, DERIVED_TRANSPORTS, 1);
  add_outcome(section, transport);
}

static void add_bitrates(section_t *section, const object_t *transport) {
  const class_t *transports = transport->class;
  add_to_gauge(section, DERIVED_RECEIVE_BITRATE, transport->values[class_field(transports, "recv_bitrate")].gauge);
  add_to_gauge(section, DERIVED_SEND_BITRATE, transport->values[class_field(transports, "send_bitrate")].gauge);
}

void section_add(section_t *section, const object_t *object, const reading_t *reading, bool answered) {
  bool is_stream = class_id(object->class) != CLASS_TRANSPORTS;
  section->members++;
  section->used = true;
  if (!answered)
    return;
  section->answered++;
  if (is_stream)
    add_verdict(section, object, reading->state);
  else
    add_transport(section, object);
  if (!object->measured)
    return;
  add_growth(section, object);
  if (is_stream)
    add_stream(section, object, reading);
  else
    add_bitrates(section, object);
}

void section_count(section_t *section, const object_t *event) {
  derived_t counter = outcome_counter(event);
  section->used = true;
  if (counter != DERIVED_NOT)
    value_of(section, counter)->counter++;
}

/* --- its end --- */

static double mean(const mean_t *mean) { return mean->count > 0 ? mean->sum / mean->count : NAN; }

/* The packets of consumers are those sent, lost ones among them. The packets of producers are those received. */
static double loss_ratio(const section_t *section) {
  double all = section->packets + (section->class == &classes[CLASS_GROUP_PRODUCERS] ? section->packets_lost : 0);
  /* A packet sent in one interval may be reported as lost in the next, so more may be lost than were sent. */
  return all > 0 ? (section->packets_lost < all ? section->packets_lost / all : 1) : NAN;
}

static void end_transports(section_t *section) {
  for (size_t i = 0; section->is_untold && outcome_gauge_at(i) != DERIVED_NOT; i++)
    value_of(section, outcome_gauge_at(i))->gauge = NAN;
}

/* Without members they are unknown. */
static void end_streams(section_t *section) {
  if (section->layers_unknown && !section->layers_known)
    value_of(section, DERIVED_STREAMS_BELOW_PREFERRED)->gauge = NAN;
  value_of(section, DERIVED_LOSS_RATIO)->gauge = loss_ratio(section);
  value_of(section, DERIVED_ROUND_TRIP_TIME)->gauge = mean(&section->round_trip_time);
  value_of(section, DERIVED_JITTER)->gauge = mean(&section->jitter);
  value_of(section, DERIVED_SCORE_MINIMUM)->gauge = section->score_minimum;
  value_of(section, DERIVED_SCORE_MEAN)->gauge = mean(&section->score);
  value_of(section, DERIVED_MOS_MEAN)->gauge = mean(&section->mos);
}

void section_end(section_t *section) {
  if (section->values == NULL)
    return;
  if (section->class == &classes[CLASS_GROUP_TRANSPORTS])
    end_transports(section);
  else
    end_streams(section);
}

bool section_is_known(const section_t *section) {
  return section->used && (section->answered > 0 || section->members == 0);
}
