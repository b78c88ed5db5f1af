/* SPDX-License-Identifier: MIT */
#include "events.h"

#include <stdlib.h>

void events_done(events_t *events) {
  events_begin(events);
  free(events->list);
  events->list = NULL;
  events->room = 0;
}

static void forget(events_t *events) {
  for (size_t i = 0; i < events->length; i++)
    object_free(events->list[i]);
  events->length = 0;
}

void events_begin(events_t *events) {
  forget(events);
  events->told = false;
  events->newest = 0;
  events->last = events->number;
}

void events_begin_at(events_t *events, const row_t *endpoint) {
  events->told = row_find_count(endpoint, IN_ROW, "events", &events->newest) == STATUS_OK;
}

/* --- a row --- */

static MUST_CHECK status_t make_room(events_t *events, failure_t *failure) {
  enum { ROOM_AT_FIRST = 16 };
  if (events->length == EVENTS_MAX)
    return failure_set(failure, STATUS_TOO_LARGE, "there are more than %d rows of connections", EVENTS_MAX);
  if (events->length < events->room)
    return STATUS_OK;
  size_t room = events->room > 0 ? 2 * events->room : ROOM_AT_FIRST;
  object_t **list = realloc(events->list, room * sizeof(*list));
  if (list == NULL)
    return failure_no_memory(failure);
  events->list = list;
  events->room = room;
  return STATUS_OK;
}

static MUST_CHECK status_t append(events_t *events, const row_t *row, buffer_t *scratch, failure_t *failure) {
  bool new;
  object_t *object = object_new(&classes[CLASS_CONNECTIONS], NULL, "", "");
  if (object == NULL)
    return failure_no_memory(failure);
  status_t status = object_update(object, row, scratch, &new, failure);
  if (status == STATUS_OK)
    events->list[events->length++] = object;
  else
    object_free(object);
  return status;
}

status_t events_add(events_t *events, const row_t *row, buffer_t *scratch, failure_t *failure) {
  uint64_t number;
  if (row_find_count(row, IN_ROW, classes[CLASS_CONNECTIONS].id, &number) != STATUS_OK)
    return failure_set(failure, STATUS_PROTOCOL, "%s is not a count", classes[CLASS_CONNECTIONS].id);
  if (!events->known || number <= events->last)
    return STATUS_OK;
  status_t status = make_room(events, failure);
  if (status == STATUS_OK)
    status = append(events, row, scratch, failure);
  if (status == STATUS_OK)
    events->last = number;
  return status;
}

/* --- the snapshot --- */

/* At first contact nothing that has happened so far was seen to happen. */
void events_commit(events_t *events, numbers_t numbers) {
  bool goes_on = events->known && events->told && numbers == NUMBERS_GO_ON;
  uint64_t start = numbers == NUMBERS_BEGAN_ANEW ? 0 : events->newest;
  if (!goes_on)
    forget(events);
  events->number = goes_on ? events->last : events->told ? start : 0;
  events->known = events->told;
}

void events_fail(events_t *events) { forget(events); }
