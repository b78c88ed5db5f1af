/* SPDX-License-Identifier: MIT */
#include "apply.h"

#include <math.h>
#include <string.h>

enum { PROTOCOL_VERSION = 1 };

void apply_begin(model_t *model) {
  model_forget_uncommitted(model);
  events_begin(&model->events);
  model->snapshot++;
  model->under_way = (snapshot_t){.expected = model->objects};
}

/* --- which object a row is about --- */

/* The text by which a row names an object: a string, or a number, which a worker's slot and a process's id are. */
static MUST_CHECK status_t read_id(const row_t *row, const char *key, const char **id, failure_t *failure) {
  const member_t *member = row_find(row, IN_ROW, key);
  if (member == NULL || (member->type != MEMBER_TEXT && member->type != MEMBER_NUMBER))
    return failure_set(failure, STATUS_PROTOCOL, "%s is missing", key);
  const char *text = member_value(row, member);
  if (member->value_length == 0 || member->value_length > ID_MAX || strlen(text) != member->value_length)
    return failure_set(failure, STATUS_PROTOCOL, "%s is not a text of 1 to %d bytes", key, ID_MAX);
  *id = text;
  return STATUS_OK;
}

/* What tells the streams of one producer or consumer apart; "" where there can be only one. */
static const char *read_stream(const row_t *row) {
  uint64_t encodings;
  if (row_find_count(row, IN_ROW, "encodings", &encodings) != STATUS_OK || encodings < 2)
    return "";
  const char *rid = row_find_text(row, IN_STATS, "rid");
  if (rid != NULL && rid[0] != '\0' && strlen(rid) <= ID_MAX)
    return rid;
  const member_t *ssrc = row_find(row, IN_STATS, "ssrc");
  return ssrc != NULL && ssrc->type == MEMBER_NUMBER && ssrc->value_length <= ID_MAX ? member_value(row, ssrc) : "";
}

/* The object of this name, where it is most likely or anywhere else; NULL where there is none. */
static object_t *find(const model_t *model, object_t *likely, const class_t *class, const object_t *parent,
                      const char *id, const char *stream) {
  return model_is_named(likely, class, parent, id, stream) ? likely : model_find(model, class, parent, id, stream);
}

static MUST_CHECK status_t find_parent(const model_t *model, const class_t *class, const row_t *row, object_t **parent,
                                       failure_t *failure) {
  *parent = NULL;
  if (class->parent_id == NULL)
    return STATUS_OK;
  const char *id;
  status_t status = read_id(row, class->parent_id, &id, failure);
  if (status != STATUS_OK)
    return status;
  object_t *expected = model->under_way.expected;
  *parent = find(model, expected != NULL ? expected->parent : NULL, &classes[class->parent], NULL, id, "");
  if (*parent != NULL && (*parent)->seen == model->snapshot)
    return STATUS_OK;
  return failure_set(failure, STATUS_PROTOCOL, "its parent, %s %s, has no row before it", class->parent_id, id);
}

/* What a new object counts is growth if the snapshot before would have named it. A row without statistics may have
 * stood there for all streams of its producer or consumer: they have the baseline that it has. */
static bool has_baseline(const model_t *model, const class_t *class, const object_t *parent, const char *id,
                         const char *stream) {
  const object_t *row = stream[0] != '\0' ? model_find(model, class, parent, id, "") : NULL;
  return model->committed && (row == NULL || row->answered || row->has_baseline);
}

static object_t *add(model_t *model, const class_t *class, object_t *parent, const char *id, const char *stream) {
  object_t *object = model_add(model, class, parent, id, stream);
  if (object != NULL)
    object->has_baseline = has_baseline(model, class, parent, id, stream);
  return object;
}

/* --- the rows --- */

/* The row may bring something new and fail after that: then it is new all the same. */
static MUST_CHECK status_t update(model_t *model, object_t *object, const row_t *row, failure_t *failure) {
  bool new;
  status_t status = object_update(object, row, &model->scratch, &new, failure);
  if (new)
    object->changed = model->snapshot;
  object->metadata_due = object->metadata_due || new;
  if (status == STATUS_OK)
    object->seen = model->snapshot;
  return status;
}

/* A row of a few bytes costs a kilobyte: what a snapshot may make of them is bounded, as its bytes are. */
static MUST_CHECK status_t check_room(const snapshot_t *snapshot, failure_t *failure) {
  if (snapshot->seen < SNAPSHOT_MAX_OBJECTS)
    return STATUS_OK;
  return failure_set(failure, STATUS_TOO_LARGE, "the snapshot has more than %d objects", SNAPSHOT_MAX_OBJECTS);
}

static MUST_CHECK status_t refuse_twice(const object_t *object, failure_t *failure) {
  return failure_set(failure, STATUS_PROTOCOL, "%s %s%s%s is in this snapshot twice", object->class->id, object->id,
                     object->stream[0] != '\0' ? " " : "", object->stream);
}

/* The object that the row is about, which is added where it is new. */
static MUST_CHECK status_t find_or_add(model_t *model, const class_t *class, const row_t *row, object_t **object,
                                       failure_t *failure) {
  const char *id, *stream = read_stream(row);
  object_t *parent;
  status_t status = read_id(row, class->id, &id, failure);
  if (status == STATUS_OK)
    status = find_parent(model, class, row, &parent, failure);
  if (status != STATUS_OK)
    return status;
  *object = find(model, model->under_way.expected, class, parent, id, stream);
  if (*object != NULL && (*object)->seen == model->snapshot)
    return refuse_twice(*object, failure);
  if (*object == NULL)
    *object = add(model, class, parent, id, stream);
  if (*object == NULL)
    return failure_no_memory(failure);
  (*object)->parent = parent;
  return STATUS_OK;
}

static MUST_CHECK status_t apply_object(model_t *model, const class_t *class, const row_t *row, failure_t *failure) {
  object_t *object;
  status_t status = check_room(&model->under_way, failure);
  if (status == STATUS_OK)
    status = find_or_add(model, class, row, &object, failure);
  if (status != STATUS_OK)
    return status;
  model->under_way.expected = object->hh.next;
  status = update(model, object, row, failure);
  model->under_way.seen += status == STATUS_OK ? 1 : 0;
  model->under_way.unanswered = model->under_way.unanswered || !object->answered;
  return status;
}

static MUST_CHECK status_t apply_endpoint(model_t *model, const row_t *row, failure_t *failure) {
  uint64_t version;
  if (row_find_count(row, IN_ROW, "protocol", &version) != STATUS_OK)
    return failure_set(failure, STATUS_PROTOCOL, "protocol is missing");
  if (version != PROTOCOL_VERSION)
    return failure_set(failure, STATUS_VERSION,
                       "the endpoint speaks version %llu of the protocol, this plugin speaks version %d",
                       (unsigned long long)version, PROTOCOL_VERSION);
  events_begin_at(&model->events, row);
  return update(model, model->endpoint, row, failure);
}

/* A class that the end row does not name has no rows. */
static MUST_CHECK status_t check_count(const row_t *row, const char *name, uint64_t came, failure_t *failure) {
  uint64_t count = 0;
  if (row_find(row, IN_COUNTS, name) != NULL && row_find_count(row, IN_COUNTS, name, &count) != STATUS_OK)
    return failure_set(failure, STATUS_PROTOCOL, "counts.%s is not a count", name);
  if (count != came)
    return failure_set(failure, STATUS_INCOMPLETE, "the end row counts %llu rows of %s, but %llu came",
                       (unsigned long long)count, name, (unsigned long long)came);
  return STATUS_OK;
}

/* Holds the end row's counts against the rows that came. */
static MUST_CHECK status_t check_counts(const model_t *model, const row_t *row, failure_t *failure) {
  const snapshot_t *snapshot = &model->under_way;
  if (row_find(row, IN_ROW, "counts") != NULL)
    return failure_set(failure, STATUS_PROTOCOL, "counts is not an object");
  status_t status = check_count(row, classes[CLASS_CONNECTIONS].name, snapshot->events, failure);
  for (size_t i = 0; i < CLASS_ROWS_COUNT && status == STATUS_OK; i++)
    status = check_count(row, classes[i].name, snapshot->rows[i], failure);
  return status;
}

static MUST_CHECK status_t apply_end(model_t *model, const row_t *row, failure_t *failure) {
  status_t status = check_counts(model, row, failure);
  if (status != STATUS_OK)
    return status;
  uint64_t unanswered;
  int field = class_derived_field(&classes[CLASS_ENDPOINT], DERIVED_UNANSWERED);
  model->endpoint->values[field].gauge =
      row_find_count(row, IN_ROW, "unanswered", &unanswered) == STATUS_OK ? (double)unanswered : NAN;
  model->under_way.ended = true;
  return STATUS_OK;
}

/* The class of this name that has rows, or NULL. Most rows are of the class that the last snapshot had there. */
static const class_t *find_class(const model_t *model, const char *name) {
  const object_t *expected = model->under_way.expected;
  if (expected != NULL && strcmp(name, expected->class->name) == 0)
    return expected->class;
  const class_t *class = class_by_name(name, strlen(name));
  return class != NULL && !class_is_summary(class) ? class : NULL;
}

/* The endpoint's row comes first, the end row last, and each of them once. */
static MUST_CHECK status_t check_order(const snapshot_t *snapshot, bool is_endpoint, failure_t *failure) {
  if (snapshot->ended)
    return failure_set(failure, STATUS_PROTOCOL, "it comes after the end row");
  if (is_endpoint && snapshot->rows_total > 0)
    return failure_set(failure, STATUS_PROTOCOL, "it is a second endpoint row");
  if (!is_endpoint && snapshot->rows_total == 0)
    return failure_set(failure, STATUS_PROTOCOL, "it comes before the endpoint row");
  return STATUS_OK;
}

/* A row of no class that has value lists. */
static MUST_CHECK status_t apply_other(model_t *model, const char *name, const row_t *row, failure_t *failure) {
  if (strcmp(name, classes[CLASS_CONNECTIONS].name) != 0)
    return STATUS_OK; /* a class of a later version of the endpoint */
  model->under_way.events++;
  return events_add(&model->events, row, &model->scratch, failure);
}

status_t apply_row(void *context, const row_t *row, failure_t *failure) {
  model_t *model = context;
  const char *name = row_find_text(row, IN_ROW, "row");
  if (name == NULL)
    return failure_set(failure, STATUS_PROTOCOL, "its member \"row\", which names its class, is missing");
  const class_t *class = find_class(model, name);
  bool is_endpoint = class == &classes[CLASS_ENDPOINT];
  status_t status = check_order(&model->under_way, is_endpoint, failure);
  if (status != STATUS_OK)
    return status;
  if (class == NULL && strcmp(name, "end") == 0)
    return apply_end(model, row, failure);
  model->under_way.rows_total++;
  if (class == NULL)
    return apply_other(model, name, row, failure);
  model->under_way.rows[class_id(class)]++;
  return is_endpoint ? apply_endpoint(model, row, failure) : apply_object(model, class, row, failure);
}
