/* SPDX-License-Identifier: MIT */
#include "commit.h"

#include <math.h>
#include <string.h>

/* --- objects that end --- */

/* Where a worker did not answer for a simulcast producer or consumer, one row without statistics stands for all its
 * streams. The streams live on: if they came back as new ones, all they ever counted would go to the sums. */
static void keep_unanswered_stream(model_t *model, object_t *stream) {
  if (stream->seen == model->snapshot || stream->stream[0] == '\0')
    return;
  const object_t *row = model_find(model, stream->class, stream->parent, stream->id, "");
  if (row == NULL || row->seen != model->snapshot || row->answered || row->parent != stream->parent)
    return;
  stream->seen = model->snapshot;
  stream->answered = false;
  stream->measured = false;
  model->under_way.seen++;
}

static void end_unseen(model_t *model) {
  object_t *object, *next;
  for (object = model->under_way.unanswered ? model->objects : NULL; object != NULL; object = object->hh.next)
    keep_unanswered_stream(model, object);
  if (model->under_way.seen == HASH_COUNT(model->objects))
    return;
  HASH_ITER(hh, model->objects, object, next) {
    if (object->seen != model->snapshot)
      model_forget(model, object);
  }
}

/* --- objects that stay --- */

/* First come, first admitted, so that a row does not come and go with its neighbours. */
static void admit(model_t *model) {
  if (model->waiting == 0)
    return;
  for (object_t *object = model->objects; object != NULL; object = object->hh.next) {
    bool counts = model_counts_object(model, object);
    if (object->admitted || (counts && model->counted >= model->max_objects))
      continue;
    object->admitted = true;
    model->waiting--;
    model->counted += counts ? 1 : 0;
  }
}

static double cpu_milliseconds(const object_t *worker) {
  return (double)worker->values[class_field(worker->class, "ru_utime")].counter +
         (double)worker->values[class_field(worker->class, "ru_stime")].counter;
}

/* Whether the worker answered in this snapshot, and its CPU time since the last one. */
static void derive_worker(object_t *worker, double now) {
  double *ratio = &worker->values[class_derived_field(worker->class, DERIVED_CPU_RATIO)].gauge;
  worker->values[class_derived_field(worker->class, DERIVED_RESPONDING)].gauge = worker->answered ? 1 : 0;
  *ratio = NAN;
  if (!worker->measured)
    return;
  double milliseconds = cpu_milliseconds(worker);
  /* Less CPU time than before means another process in the same slot. */
  if (worker->cpu_time > 0 && now > worker->cpu_time && milliseconds >= worker->cpu_milliseconds)
    *ratio = (milliseconds - worker->cpu_milliseconds) / 1000 / (now - worker->cpu_time);
  worker->cpu_milliseconds = milliseconds;
  worker->cpu_time = now;
}

static void commit_object(const model_t *model, object_t *object, double now) {
  uint64_t above = object->parent != NULL ? object->parent->inherited : 0;
  bool is_new = object->inherited == 0;
  object->inherited = object->changed > above ? object->changed : above;
  object->compared = !is_new && object->has_baseline;
  if (object->class == &classes[CLASS_WORKERS])
    derive_worker(object, now);
  else
    growth_count(&model->growth, object);
}

/* --- the endpoint --- */

static void set_endpoint(model_t *model, derived_t derived, double value) {
  model->endpoint->values[class_derived_field(model->endpoint->class, derived)].gauge = value;
}

/* The usage of the application's own process; NULL where the snapshot has none. */
static const object_t *find_own_usage(const model_t *model) {
  const object_t *object = (model->selected & (1U << CLASS_USAGE)) != 0 ? model->objects : NULL;
  for (; object != NULL; object = object->hh.next) {
    const char *type = object->class == &classes[CLASS_USAGE] ? object_find_attribute(object, "type") : NULL;
    if (type != NULL && strcmp(type, "parent") == 0)
      return object;
  }
  return NULL;
}

static restart_t count_restarts(model_t *model, double now) {
  int field = class_derived_field(model->endpoint->class, DERIVED_RESTARTS);
  restart_t restart = restart_look(&model->process, model->endpoint, find_own_usage(model), model->events.newest, now);
  model->endpoint->values[field].counter += restart != RESTART_NONE ? 1 : 0;
  return restart;
}

static const numbers_t numbers_after[] = {
    [RESTART_NONE] = NUMBERS_GO_ON, [RESTART_SEEN] = NUMBERS_BEGAN_ANEW, [RESTART_OTHER] = NUMBERS_OF_ANOTHER};

static void derive_endpoint(model_t *model, double seconds) {
  set_endpoint(model, DERIVED_UP, 1);
  set_endpoint(model, DERIVED_SNAPSHOT_SECONDS, seconds);
  set_endpoint(model, DERIVED_ROWS, (double)model->under_way.rows_total + 1); /* the end row too */
  /* With MaxObjects 0 no rows are wanted, so none count as skipped. */
  set_endpoint(model, DERIVED_OBJECTS_SKIPPED, model->max_objects > 0 ? (double)model->waiting : 0);
}

/* --- the snapshot --- */

status_t commit_snapshot(model_t *model, double now, double seconds, failure_t *failure) {
  if (!model->under_way.ended)
    return failure_set(failure, STATUS_INCOMPLETE, "the snapshot has no end row");
  end_unseen(model);
  admit(model);
  for (object_t *object = model->objects; object != NULL; object = object->hh.next)
    commit_object(model, object, now);
  model->committed = true;
  model->uncommitted = 0;
  derive_endpoint(model, seconds);
  events_commit(&model->events, numbers_after[count_restarts(model, now)]);
  return STATUS_OK;
}

void commit_failure(model_t *model) {
  events_fail(&model->events);
  const class_t *class = model->endpoint->class;
  for (size_t i = 0; i < class->fields_length; i++)
    if (class->fields[i].kind == KIND_GAUGE)
      model->endpoint->values[i].gauge = NAN;
  set_endpoint(model, DERIVED_UP, 0);
}
