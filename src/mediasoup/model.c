/* SPDX-License-Identifier: MIT */
#include "model.h"

#include <stdlib.h>
#include <string.h>

model_t *model_new(unsigned selected, size_t max_objects) {
  model_t *model = calloc(1, sizeof(*model));
  if (model == NULL)
    return NULL;
  model->selected = selected;
  model->max_objects = max_objects;
  model->scratch = (buffer_t)BUFFER_INIT(ROW_TEXT_MAX_BYTES);
  growth_plan_init(&model->growth);
  model->endpoint = object_new(&classes[CLASS_ENDPOINT], NULL, "", "");
  if (model->endpoint == NULL) {
    model_free(model);
    return NULL;
  }
  model->endpoint->admitted = true;
  return model;
}

void model_free(model_t *model) {
  if (model == NULL)
    return;
  object_t *object, *next;
  HASH_ITER(hh, model->objects, object, next) {
    HASH_DEL(model->objects, object);
    object_free(object);
  }
  object_free(model->endpoint);
  events_done(&model->events);
  buffer_done(&model->scratch);
  free(model);
}

/* --- what is known --- */

object_t *model_endpoint(model_t *model) { return model->endpoint; }

object_t *model_next(const model_t *model, const object_t *object) {
  return object == NULL ? model->objects : object->hh.next;
}

uint64_t model_snapshot(const model_t *model) { return model->snapshot; }

object_t *const *model_events(const model_t *model, size_t *length) {
  *length = model->events.length;
  return model->events.list;
}

bool model_events_told(const model_t *model, uint64_t *number) {
  *number = model->events.number;
  return model->events.known;
}

static bool is_selected(const model_t *model, const object_t *object) {
  return (model->selected & (1U << class_id(object->class))) != 0;
}

bool model_dispatches(const model_t *model, const object_t *object) {
  return is_selected(model, object) && object->admitted &&
         (object->answered || object->class == &classes[CLASS_WORKERS]);
}

bool model_counts_object(const model_t *model, const object_t *object) {
  return class_is_made_by_application(object->class) && is_selected(model, object);
}

/* --- objects come and go --- */

bool model_is_named(const object_t *object, const class_t *class, const object_t *parent, const char *id,
                    const char *stream) {
  return object != NULL && object->class == class && strcmp(object->id, id) == 0 &&
         strcmp(object->stream, stream) == 0 && (!class->keeps_id_when_piped || object->parent == parent);
}

object_t *model_find(const model_t *model, const class_t *class, const object_t *parent, const char *id,
                     const char *stream) {
  char key[OBJECT_KEY_MAX];
  size_t length = object_key(key, class, parent, id, stream);
  object_t *object = NULL;
  HASH_FIND(hh, model->objects, key, length, object);
  return object;
}

object_t *model_add(model_t *model, const class_t *class, object_t *parent, const char *id, const char *stream) {
  object_t *object = object_new(class, parent, id, stream);
  if (object == NULL)
    return NULL;
  HASH_ADD_KEYPTR(hh, model->objects, object->key, object->key_length, object);
  if (object->hh.tbl == NULL) {
    object_free(object);
    return NULL;
  }
  object->number = model->numbers++;
  model->waiting++;
  model->uncommitted++;
  return object;
}

void model_forget(model_t *model, object_t *object) {
  HASH_DEL(model->objects, object);
  model->waiting -= object->admitted ? 0 : 1;
  model->counted -= object->admitted && model_counts_object(model, object) ? 1 : 0;
  model->uncommitted -= object->inherited == 0 ? 1 : 0;
  object_free(object);
}

void model_forget_uncommitted(model_t *model) {
  object_t *object, *next;
  if (model->uncommitted == 0)
    return;
  for (object = model->objects; object != NULL; object = object->hh.next)
    if (object->parent != NULL && object->parent->inherited == 0)
      object->parent = NULL;
  HASH_ITER(hh, model->objects, object, next) {
    if (object->inherited == 0)
      model_forget(model, object);
  }
}
