/* SPDX-License-Identifier: MIT */
#include "judge.h"

#include <math.h>

void judge_init(judge_t *judge) {
  *judge = (judge_t){.producers = reading_fields(&classes[CLASS_PRODUCERS]),
                     .consumers = reading_fields(&classes[CLASS_CONSUMERS]),
                     .evidence = evidence_fields()};
  links_init(&judge->links);
}

void judge_done(judge_t *judge) { links_done(&judge->links); }

/* Where the fields of a stream are; NULL where the object is no stream. */
static const reading_fields_t *fields_of(const judge_t *judge, const object_t *object) {
  switch (class_id(object->class)) {
  case CLASS_PRODUCERS:
    return &judge->producers;
  case CLASS_CONSUMERS:
    return &judge->consumers;
  default:
    return NULL;
  }
}

/* --- a reading --- */

void judge_begin(judge_t *judge, uint64_t now) {
  judge->now = now;
  judge->sources_length = 0;
  judge->in_trouble = NULL;
  links_begin(&judge->links);
}

typedef void (*step_t)(judge_t *judge, object_t *object, bool answered);

static void each_object(judge_t *judge, const judged_t *source, step_t step) {
  for (object_t *object = model_next(source->model, NULL); object != NULL; object = model_next(source->model, object))
    if (object_is_summed(object))
      step(judge, object, source->read && object->answered);
}

/* What a stream is depends on others, so all are looked at before the first is judged. */
static void link_object(judge_t *judge, object_t *object, bool answered) {
  const reading_fields_t *fields = fields_of(judge, object);
  reading_update_membership(object);
  links_add(&judge->links, object, fields != NULL && answered && reading_moves(object, fields));
}

/* --- its figures --- */

static void estimate_mos(object_t *stream, const reading_fields_t *fields) {
  const mos_codec_t *codec = stream->membership.codec;
  if (codec == NULL)
    return;
  reading_t reading = reading_of(stream, fields);
  bool flows = stream->measured && reading.state == STATE_FLOWING;
  stream->values[fields->mos].gauge =
      flows ? mos_estimate(codec, reading.loss_ratio, reading.round_trip_time, reading.jitter) : NAN;
}

/* What is piped within the application is on its way to consumers, not from a sender. */
static void add_inflow(const object_t *producer, const reading_fields_t *fields) {
  reading_t reading = reading_of(producer, fields);
  if (!producer->membership.piped)
    links_add_inflow(producer, &(inflow_t){.flows = reading.state == STATE_FLOWING,
                                           .is_bad = producer->verdict.bad,
                                           .is_silent = reading.state == STATE_SILENT,
                                           .score = reading.score,
                                           .loss_ratio = reading.loss_ratio,
                                           .missing_ratio = loss_missing_share(&producer->loss),
                                           .jitter = reading.jitter,
                                           .bitrate = reading.bitrate});
}

/* --- its trouble --- */

static void set_consumers_affected(object_t *producer, const reading_fields_t *fields) {
  const link_t *link = producer->membership.producer;
  bool has_cause = producer->verdict.trouble.cause != CAUSE_NONE;
  producer->values[fields->consumers_affected].gauge = has_cause && link != NULL ? (double)link->consumers : 0;
}

/* Few streams are in trouble, so only these are looked at once more. */
static void note_trouble(judge_t *judge, object_t *stream) {
  if (!evidence_is_trouble(stream) && !trouble_is_open(&stream->verdict.trouble))
    return;
  stream->next_in_trouble = judge->in_trouble;
  judge->in_trouble = stream;
}

static void explain(judge_t *judge, object_t *stream) {
  const reading_fields_t *fields = fields_of(judge, stream);
  cause_t cause = CAUSE_NONE;
  if (evidence_is_trouble(stream)) {
    reading_t reading = reading_of(stream, fields);
    cause_facts_t facts = evidence_of(stream, &reading, &judge->evidence);
    cause = cause_of(&facts);
  }
  if (trouble_follow(&stream->verdict.trouble, cause, judge->now))
    stream->metadata_due = true;
  if (fields == &judge->producers)
    set_consumers_affected(stream, fields);
}

/* --- its verdict --- */

static void decide(judge_t *judge, object_t *object, bool answered) {
  const reading_fields_t *fields = fields_of(judge, object);
  reading_update_piped(object);
  if (fields == NULL || !answered)
    return;
  verdict_t verdict = reading_verdict(object, fields, judge->now);
  object->metadata_due = object->metadata_due || !verdict_is_same(&verdict, &object->verdict);
  object->verdict = verdict;
  estimate_mos(object, fields);
  note_trouble(judge, object);
  if (fields == &judge->producers) {
    add_inflow(object, fields);
    object->values[fields->consumers_affected].gauge = 0;
  }
}

void judge_add(judge_t *judge, const model_t *model, bool read) {
  if (judge->sources_length == SOURCES_MAX)
    return;
  judged_t *source = &judge->sources[judge->sources_length++];
  *source = (judged_t){.model = model, .read = read};
  each_object(judge, source, link_object);
}

void judge_end(judge_t *judge) {
  links_end(&judge->links);
  for (size_t i = 0; i < judge->sources_length; i++)
    each_object(judge, &judge->sources[i], decide);
  for (object_t *stream = judge->in_trouble; stream != NULL; stream = stream->next_in_trouble)
    explain(judge, stream);
}
