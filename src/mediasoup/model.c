/* SPDX-License-Identifier: MIT */
#include "model.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PROTOCOL_VERSION = 1 };

/* A field that adds to sums, and where these are on the rows above; -1 where there is none. */
typedef struct {
  size_t field;
  int above[CLASS_ROWS_COUNT];
} summed_t;

struct model {
  object_t *objects; /* in the order they came, so parents before children */
  object_t *endpoint;
  unsigned selected;
  size_t max_objects;
  summed_t summed[CLASS_ROWS_COUNT][GROWTHS_MAX]; /* of each class, in its fields' order */
  size_t summed_length[CLASS_ROWS_COUNT];

  size_t counted;     /* objects that count for max_objects */
  size_t waiting;     /* objects that are not admitted */
  size_t uncommitted; /* objects that no whole snapshot has named */

  uint64_t snapshot; /* counts all that began, failed ones too */
  uint64_t numbers;  /* given to objects */
  bool committed;    /* whether there was a whole snapshot */
  buffer_t scratch;

  /* of the snapshot under way */
  object_t *expected; /* the object after the last one named: rows come in much the same order each time. May be NULL */
  size_t seen;        /* objects that it has named */
  bool unanswered;    /* whether a worker did not answer for one of them */
  uint64_t rows[CLASS_ROWS_COUNT];
  uint64_t rows_total;
  bool ended;
};

static void find_sums(model_t *model, class_id_t class) {
  for (size_t i = 0; i < classes[class].fields_length; i++) {
    const field_t *field = &classes[class].fields[i];
    if (!field_is_summed(field))
      continue;
    summed_t *summed = &model->summed[class][model->summed_length[class]++];
    summed->field = i;
    for (size_t above = 0; above < CLASS_ROWS_COUNT; above++)
      summed->above[above] = class_derived_field(&classes[above], field->sum);
  }
}

model_t *model_new(unsigned selected, size_t max_objects) {
  model_t *model = calloc(1, sizeof(*model));
  if (model == NULL)
    return NULL;
  model->selected = selected;
  model->max_objects = max_objects;
  for (size_t i = 0; i < CLASS_ROWS_COUNT; i++)
    find_sums(model, (class_id_t)i);
  model->scratch = (buffer_t)BUFFER_INIT(ROW_TEXT_MAX_BYTES);
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
  buffer_done(&model->scratch);
  free(model);
}

/* --- objects --- */

static bool is_selected(const model_t *model, const object_t *object) {
  return (model->selected & (1U << class_id(object->class))) != 0;
}

static bool counts_for_max_objects(const model_t *model, const object_t *object) {
  return class_is_made_by_application(object->class) && is_selected(model, object);
}

static bool is_named(const object_t *object, const class_t *class, const object_t *parent, const char *id,
                     const char *stream) {
  return object != NULL && object->class == class && strcmp(object->id, id) == 0 &&
         strcmp(object->stream, stream) == 0 && (!class->keeps_id_when_piped || object->parent == parent);
}

static object_t *find(model_t *model, const class_t *class, const object_t *parent, const char *id,
                      const char *stream) {
  char key[OBJECT_KEY_MAX];
  size_t length = object_key(key, class, parent, id, stream);
  object_t *object = NULL;
  HASH_FIND(hh, model->objects, key, length, object);
  return object;
}

static MUST_CHECK status_t add(model_t *model, const class_t *class, object_t *parent, const char *id,
                               const char *stream, object_t **object) {
  *object = object_new(class, parent, id, stream);
  if (*object == NULL)
    return STATUS_NO_MEMORY;
  HASH_ADD_KEYPTR(hh, model->objects, (*object)->key, (*object)->key_length, *object);
  if ((*object)->hh.tbl == NULL) {
    object_free(*object);
    *object = NULL;
    return STATUS_NO_MEMORY;
  }
  (*object)->number = model->numbers++;
  model->waiting++;
  model->uncommitted++;
  return STATUS_OK;
}

static void forget(model_t *model, object_t *object) {
  HASH_DEL(model->objects, object);
  model->waiting -= object->admitted ? 0 : 1;
  model->counted -= object->admitted && counts_for_max_objects(model, object) ? 1 : 0;
  model->uncommitted -= object->inherited == 0 ? 1 : 0;
  object_free(object);
}

/* What only a snapshot that failed has named: else each of a row of failures would leave its objects behind. */
static void forget_uncommitted(model_t *model) {
  object_t *object, *next;
  if (model->uncommitted == 0)
    return;
  for (object = model->objects; object != NULL; object = object->hh.next)
    if (object->parent != NULL && object->parent->inherited == 0)
      object->parent = NULL;
  HASH_ITER(hh, model->objects, object, next) {
    if (object->inherited == 0)
      forget(model, object);
  }
}

void model_begin(model_t *model) {
  forget_uncommitted(model);
  model->snapshot++;
  model->expected = model->objects;
  model->seen = 0;
  model->unanswered = false;
  memset(model->rows, 0, sizeof(model->rows));
  model->rows_total = 0;
  model->ended = false;
}

/* --- rows --- */

/* The text by which a row names an object: a string, or a worker's slot and a process's id, which are numbers. */
static MUST_CHECK status_t read_id(const row_t *row, const char *key, const char **id, failure_t *failure) {
  const member_t *member = row_find(row, IN_ROW, key, NULL);
  if (member == NULL || (member->type != MEMBER_TEXT && member->type != MEMBER_NUMBER))
    return failure_set(failure, STATUS_PROTOCOL, "%s is missing", key);
  const char *text = member_value(row, member);
  if (member->value_length == 0 || member->value_length > ID_MAX || strlen(text) != member->value_length)
    return failure_set(failure, STATUS_PROTOCOL, "%s is not a text of 1 to %d bytes", key, ID_MAX);
  *id = text;
  return STATUS_OK;
}

/* What tells the streams of one producer or consumer apart: nothing where it can have but one. */
static const char *read_stream(const row_t *row) {
  uint64_t encodings;
  if (row_find_count(row, IN_ROW, "encodings", &encodings) != STATUS_OK || encodings < 2)
    return "";
  const char *rid = row_find_text(row, IN_STATS, "rid");
  if (rid != NULL && rid[0] != '\0' && strlen(rid) <= ID_MAX)
    return rid;
  const member_t *ssrc = row_find(row, IN_STATS, "ssrc", NULL);
  return ssrc != NULL && ssrc->type == MEMBER_NUMBER && ssrc->value_length <= ID_MAX ? member_value(row, ssrc) : "";
}

static MUST_CHECK status_t find_parent(model_t *model, const class_t *class, const row_t *row, object_t **parent,
                                       failure_t *failure) {
  *parent = NULL;
  if (class->parent_id == NULL)
    return STATUS_OK;
  const char *id;
  status_t status = read_id(row, class->parent_id, &id, failure);
  if (status != STATUS_OK)
    return status;
  object_t *expected = model->expected != NULL ? model->expected->parent : NULL;
  *parent = is_named(expected, &classes[class->parent], NULL, id, "")
                ? expected
                : find(model, &classes[class->parent], NULL, id, "");
  if (*parent != NULL && (*parent)->seen == model->snapshot)
    return STATUS_OK;
  return failure_set(failure, STATUS_PROTOCOL, "no earlier row has its %s %s", class->parent_id, id);
}

static MUST_CHECK status_t update(model_t *model, object_t *object, const row_t *row, failure_t *failure) {
  bool new;
  status_t status = object_update(object, row, &model->scratch, &new, failure);
  if (new) /* which a row that fails after that may have been */
    object->changed = model->snapshot;
  object->metadata_due = object->metadata_due || new;
  if (status == STATUS_OK)
    object->seen = model->snapshot;
  return status;
}

static object_t *find_expected(model_t *model, const class_t *class, const object_t *parent, const char *id,
                               const char *stream) {
  object_t *expected = model->expected;
  return is_named(expected, class, parent, id, stream) ? expected : find(model, class, parent, id, stream);
}

static MUST_CHECK status_t apply_object(model_t *model, const class_t *class, const row_t *row, failure_t *failure) {
  const char *id;
  object_t *parent;
  status_t status = read_id(row, class->id, &id, failure);
  if (status == STATUS_OK)
    status = find_parent(model, class, row, &parent, failure);
  if (status != STATUS_OK)
    return status;
  const char *stream = read_stream(row);
  object_t *object = find_expected(model, class, parent, id, stream);
  if (object != NULL && object->seen == model->snapshot)
    return failure_set(failure, STATUS_PROTOCOL, "%s %s%s%s stands in this snapshot twice", class->id, id,
                       stream[0] != '\0' ? " " : "", stream);
  if (object == NULL && add(model, class, parent, id, stream, &object) != STATUS_OK)
    return failure_no_memory(failure);
  object->parent = parent;
  model->expected = object->hh.next;
  status = update(model, object, row, failure);
  if (status == STATUS_OK)
    model->seen++;
  model->unanswered = model->unanswered || !object->answered;
  return status;
}

static MUST_CHECK status_t apply_endpoint(model_t *model, const row_t *row, failure_t *failure) {
  uint64_t version;
  if (row_find_count(row, IN_ROW, "protocol", &version) != STATUS_OK)
    return failure_set(failure, STATUS_PROTOCOL, "protocol is missing");
  if (version != PROTOCOL_VERSION)
    return failure_set(failure, STATUS_VERSION, "it speaks version %llu of the protocol, this plugin version %d",
                       (unsigned long long)version, PROTOCOL_VERSION);
  return update(model, model->endpoint, row, failure);
}

static MUST_CHECK status_t apply_end(model_t *model, const row_t *row, failure_t *failure) {
  if (row_find(row, IN_ROW, "counts", NULL) != NULL)
    return failure_set(failure, STATUS_PROTOCOL, "counts is not an object");
  for (size_t i = 0; i < CLASS_ROWS_COUNT; i++) {
    uint64_t count = 0;
    if (row_find(row, IN_COUNTS, classes[i].name, NULL) != NULL &&
        row_find_count(row, IN_COUNTS, classes[i].name, &count) != STATUS_OK)
      return failure_set(failure, STATUS_PROTOCOL, "counts.%s is not a count", classes[i].name);
    if (count != model->rows[i])
      return failure_set(failure, STATUS_INCOMPLETE, "%llu rows of %s came, the end row counts %llu",
                         (unsigned long long)model->rows[i], classes[i].name, (unsigned long long)count);
  }
  uint64_t unanswered;
  int field = class_derived_field(&classes[CLASS_ENDPOINT], DERIVED_UNANSWERED);
  model->endpoint->values[field].gauge =
      row_find_count(row, IN_ROW, "unanswered", &unanswered) == STATUS_OK ? (double)unanswered : NAN;
  model->ended = true;
  return STATUS_OK;
}

status_t model_apply(void *context, const row_t *row, failure_t *failure) {
  model_t *model = context;
  const char *name = row_find_text(row, IN_ROW, "row");
  if (name == NULL)
    return failure_set(failure, STATUS_PROTOCOL, "row, its class, is missing");
  if (model->ended)
    return failure_set(failure, STATUS_PROTOCOL, "it follows the end row");
  const class_t *expected = model->expected != NULL ? model->expected->class : NULL;
  const class_t *class =
      expected != NULL && strcmp(name, expected->name) == 0 ? expected : class_by_name(name, strlen(name));
  if (class != NULL && class_is_summary(class))
    class = NULL; /* no row of ours */
  bool is_endpoint = class == &classes[CLASS_ENDPOINT];
  if (is_endpoint != (model->rows_total == 0))
    return failure_set(failure, STATUS_PROTOCOL, "the endpoint row is not the first, or not the only one");
  if (class == NULL && strcmp(name, "end") == 0)
    return apply_end(model, row, failure);
  model->rows_total++;
  if (class == NULL)
    return STATUS_OK; /* a class of a later endpoint */
  model->rows[class_id(class)]++;
  return is_endpoint ? apply_endpoint(model, row, failure) : apply_object(model, class, row, failure);
}

/* --- commit --- */

/* By how much a field that adds to sums has grown. A counter that fell began anew, and with it the fields after it;
 * what is recomputed and fell (packets_lost) otherwise has to get beyond its highest again. */
static uint64_t growth(const field_t *field, object_value_t value, uint64_t *counted, bool *began_anew) {
  uint64_t before = *began_anew ? 0 : *counted;
  if (field->kind == KIND_COUNTER) {
    uint64_t now = (uint64_t)value.counter;
    *began_anew = *began_anew || now < before;
    *counted = now;
    return now >= before ? now - before : now;
  }
  *counted = before;
  if (!(value.gauge > (double)before && value.gauge < 9.2e18))
    return 0;
  *counted = (uint64_t)value.gauge;
  return *counted - before;
}

static void add_to_sums(const object_t *object, const summed_t *summed, uint64_t grown) {
  for (object_t *above = object->parent; grown > 0 && above != NULL; above = above->parent) {
    int field = summed->above[class_id(above->class)];
    if (field >= 0)
      above->values[field].counter = (int64_t)((uint64_t)above->values[field].counter + grown);
  }
}

/* What an object's counters grew by goes to the sums of its router and worker, and is kept for those of its groups.
 * What the objects of the first snapshot counted before it is not growth that we saw: after a restart of collectd it
 * would look like a burst. */
static void count_growth(const model_t *model, object_t *object) {
  class_id_t class = class_id(object->class);
  bool began_anew = false;
  for (size_t i = 0; i < model->summed_length[class]; i++) {
    const summed_t *summed = &model->summed[class][i];
    const field_t *field = &object->class->fields[summed->field];
    object_value_t value = object->values[summed->field];
    uint64_t grown = object->measured ? growth(field, value, &object->counted[i], &began_anew) : 0;
    object->grown[i] = model->committed ? grown : 0;
    add_to_sums(object, summed, object->grown[i]);
  }
}

static double cpu_milliseconds(const object_t *worker) {
  return (double)worker->values[class_field(worker->class, "ru_utime")].counter +
         (double)worker->values[class_field(worker->class, "ru_stime")].counter;
}

/* A worker's figures that come of two snapshots, and whether it answered in this one. */
static void derive_worker(object_t *worker, double now) {
  double *ratio = &worker->values[class_derived_field(worker->class, DERIVED_CPU_RATIO)].gauge;
  worker->values[class_derived_field(worker->class, DERIVED_RESPONDING)].gauge = worker->answered ? 1 : 0;
  *ratio = NAN;
  if (!worker->measured)
    return;
  double milliseconds = cpu_milliseconds(worker);
  /* Less than before is another process in the same slot. */
  if (worker->cpu_time > 0 && now > worker->cpu_time && milliseconds >= worker->cpu_milliseconds)
    *ratio = (milliseconds - worker->cpu_milliseconds) / 1000 / (now - worker->cpu_time);
  worker->cpu_milliseconds = milliseconds;
  worker->cpu_time = now;
}

/* Where the worker did not answer there is one row, without statistics, for all streams of a producer or consumer: they
 * live on, or they would come back as new ones and add all they ever counted to the sums. */
static void keep_unanswered_stream(model_t *model, object_t *stream) {
  if (stream->seen == model->snapshot || stream->stream[0] == '\0')
    return;
  const object_t *row = find(model, stream->class, stream->parent, stream->id, "");
  if (row == NULL || row->seen != model->snapshot || row->answered || row->parent != stream->parent)
    return;
  stream->seen = model->snapshot;
  stream->answered = false;
  stream->measured = false;
  model->seen++;
}

/* Ends what the snapshot did not name. */
static void end_unseen(model_t *model) {
  object_t *object, *next;
  for (object = model->unanswered ? model->objects : NULL; object != NULL; object = object->hh.next)
    keep_unanswered_stream(model, object);
  if (model->seen == HASH_COUNT(model->objects))
    return;
  HASH_ITER(hh, model->objects, object, next) {
    if (object->seen != model->snapshot)
      forget(model, object);
  }
}

/* First come, first admitted, so that a row does not come and go with its neighbours. */
static void admit(model_t *model) {
  if (model->waiting == 0)
    return;
  for (object_t *object = model->objects; object != NULL; object = object->hh.next) {
    bool counts = counts_for_max_objects(model, object);
    if (object->admitted || (counts && model->counted >= model->max_objects))
      continue;
    object->admitted = true;
    model->waiting--;
    model->counted += counts ? 1 : 0;
  }
}

static void set_endpoint(model_t *model, derived_t derived, double value) {
  model->endpoint->values[class_derived_field(model->endpoint->class, derived)].gauge = value;
}

status_t model_commit(model_t *model, double now, double seconds, failure_t *failure) {
  if (!model->ended)
    return failure_set(failure, STATUS_INCOMPLETE, "the snapshot has no end row");
  end_unseen(model);
  admit(model);
  for (object_t *object = model->objects; object != NULL; object = object->hh.next) {
    uint64_t above = object->parent != NULL ? object->parent->inherited : 0;
    object->inherited = object->changed > above ? object->changed : above;
    if (object->class == &classes[CLASS_WORKERS])
      derive_worker(object, now);
    else
      count_growth(model, object);
  }
  model->committed = true;
  model->uncommitted = 0;
  set_endpoint(model, DERIVED_UP, 1);
  set_endpoint(model, DERIVED_SNAPSHOT_SECONDS, seconds);
  set_endpoint(model, DERIVED_ROWS, (double)model->rows_total + 1); /* the end row too */
  /* Of none is none skipped. */
  set_endpoint(model, DERIVED_OBJECTS_SKIPPED, model->max_objects > 0 ? (double)model->waiting : 0);
  return STATUS_OK;
}

void model_fail(model_t *model) {
  const class_t *class = model->endpoint->class;
  for (size_t i = 0; i < class->fields_length; i++)
    if (class->fields[i].kind == KIND_GAUGE)
      model->endpoint->values[i].gauge = NAN;
  set_endpoint(model, DERIVED_UP, 0);
}

object_t *model_endpoint(model_t *model) { return model->endpoint; }

object_t *model_next(const model_t *model, const object_t *object) {
  return object == NULL ? model->objects : object->hh.next;
}

uint64_t model_snapshot(const model_t *model) { return model->snapshot; }

bool model_dispatches(const model_t *model, const object_t *object) {
  return is_selected(model, object) && object->admitted &&
         (object->answered || object->class == &classes[CLASS_WORKERS]);
}
