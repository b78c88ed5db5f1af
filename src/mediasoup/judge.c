/* SPDX-License-Identifier: MIT */
#include "judge.h"

void judge_init(judge_t *judge) {
  *judge = (judge_t){.producers = reading_fields(&classes[CLASS_PRODUCERS]),
                     .consumers = reading_fields(&classes[CLASS_CONSUMERS])};
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

void judge_begin(judge_t *judge) {
  judge->sources_length = 0;
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

static void decide(judge_t *judge, object_t *object, bool answered) {
  const reading_fields_t *fields = fields_of(judge, object);
  reading_update_piped(object);
  if (fields == NULL || !answered)
    return;
  verdict_t verdict = reading_verdict(object, fields);
  object->metadata_due = object->metadata_due || !verdict_is_same(&verdict, &object->verdict);
  object->verdict = verdict;
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
}
