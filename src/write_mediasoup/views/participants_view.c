/* SPDX-License-Identifier: MIT */
#include "participants_view.h"

#include "array.h"
#include "common/hash.h"
#include "write_mediasoup/participants/known.h"
#include "write_mediasoup/participants/participants.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char name[] = "participants";

/* --- members --- */

/* Texts, by where they are in participant_t. */
typedef struct {
  const char *key;
  size_t offset;
} text_member_t;

#define TEXT_MEMBER(k, m) {k, offsetof(participant_t, m)}

static const text_member_t names[] = {
    TEXT_MEMBER("host", host),        TEXT_MEMBER("endpoint", endpoint),
    TEXT_MEMBER("room", room),        TEXT_MEMBER("participant", participant),
    TEXT_MEMBER("roomKey", room_key), TEXT_MEMBER("participantKey", participant_key),
};
static const text_member_t states[] = {
    TEXT_MEMBER("uplinkCause", uplink_cause),
    TEXT_MEMBER("downlinkCause", downlink_cause),
    TEXT_MEMBER("cause", cause),
    TEXT_MEMBER("connection", connection),
    TEXT_MEMBER("protocol", protocol),
};
enum { NAMES_LENGTH = sizeof(names) / sizeof(names[0]), STATES_LENGTH = sizeof(states) / sizeof(states[0]) };

static const char quality_key[] = "quality", since_key[] = "since";
static const char *const shown_only[] = {"routerIds", "transportIds", "timestamp", "age"};

static const char *text_at(const participant_t *participant, const text_member_t *member) {
  return *(const char *const *)(const void *)((const char *)participant + member->offset);
}

static const text_member_t *find_text(const char *key) {
  for (size_t i = 0; i < NAMES_LENGTH + STATES_LENGTH; i++) {
    const text_member_t *member = i < NAMES_LENGTH ? &names[i] : &states[i - NAMES_LENGTH];
    if (strcmp(member->key, key) == 0)
      return member;
  }
  return NULL;
}

/* --- what can be asked for --- */

/* The figures, and after them the time. */
enum { NUMBER_SINCE = PARTICIPANT_FIGURES };

static int find_number(const void *of, const char *key) {
  (void)of;
  return strcmp(key, since_key) == 0 ? NUMBER_SINCE : participant_figure_find(key);
}

static bool is_text(const void *of, const char *key) {
  (void)of;
  return strcmp(key, quality_key) == 0 || find_text(key) != NULL;
}

static bool is_shown_only(const void *of, const char *key) {
  (void)of;
  for (size_t i = 0; i < sizeof(shown_only) / sizeof(shown_only[0]); i++)
    if (strcmp(shown_only[i], key) == 0)
      return true;
  return false;
}

const row_keys_t participants_keys = {
    .name = name, .find_number = find_number, .is_text = is_text, .is_shown_only = is_shown_only, .has_worst = true};

/* --- which are shown --- */

static bool matches(const participant_t *participant, const filter_t *filter) {
  if (filter->field >= 0)
    return filter_takes_number(filter, filter->field == NUMBER_SINCE ? participant->since
                                                                     : participant->figures[filter->field]);
  const text_member_t *member = find_text(filter->key);
  return filter_takes_text(filter, member != NULL ? text_at(participant, member)
                                                  : participant_quality_name(participant->quality));
}

static bool matches_query(const participant_t *participant, const query_t *query) {
  for (size_t i = 0; i < query->filters_length; i++)
    if (!matches(participant, &query->filters[i]))
      return false;
  return true;
}

/* Of both ways; an unknown one is not bad. */
static double lowest_score(const participant_t *participant) {
  double score = known_least(participant->figures[FIGURE_OF(FIGURE_UPLINK, WAY_SCORE)],
                             participant->figures[FIGURE_OF(FIGURE_DOWNLINK, WAY_SCORE)]);
  return isnan(score) ? 10 : score;
}

static double highest_loss(const participant_t *participant) {
  double loss = known_most(participant->figures[FIGURE_OF(FIGURE_UPLINK, WAY_LOSS_RATIO)],
                           participant->figures[FIGURE_OF(FIGURE_DOWNLINK, WAY_LOSS_RATIO)]);
  return isnan(loss) ? 0 : loss;
}

/* By quality, then by the lowest score, then by the highest loss, then in the order of their names. */
static int compare_badness(const void *left, const void *right) {
  const participant_t *a = *(const participant_t *const *)left, *b = *(const participant_t *const *)right;
  if (a->quality != b->quality)
    return a->quality > b->quality ? -1 : 1;
  double score_a = lowest_score(a), score_b = lowest_score(b);
  if (score_a != score_b)
    return score_a < score_b ? -1 : 1;
  double loss_a = highest_loss(a), loss_b = highest_loss(b);
  if (loss_a != loss_b)
    return loss_a > loss_b ? -1 : 1;
  return participant_compare(a, b);
}

/* --- rows --- */

typedef struct {
  query_t query;
  double now;
  participants_t *participants;
  const participant_t **matching;
  const participant_t **rows; /* to be shown; within `matching` */
  size_t length;
  array_t array;
} participants_view_t;

static void write_text(participants_view_t *view, const char *key, const char *text) {
  if (text == NULL || !query_wants(&view->query, key))
    return;
  json_key(&view->array.json, key);
  json_string(&view->array.json, text);
}

static void write_number(participants_view_t *view, const char *key, double number) {
  if (!isfinite(number) || !query_wants(&view->query, key))
    return;
  json_key(&view->array.json, key);
  json_double(&view->array.json, number);
}

static void write_ids(participants_view_t *view, const char *key, const char *const *ids, size_t length) {
  if (!query_wants(&view->query, key))
    return;
  json_key(&view->array.json, key);
  json_open(&view->array.json, '[');
  for (size_t i = 0; i < length; i++)
    json_string(&view->array.json, ids[i]);
  json_close(&view->array.json, ']');
}

static double rounded(double number) { return floor(number + 0.5); }

static void write_row(void *context, size_t row) {
  participants_view_t *view = context;
  const participant_t *participant = view->rows[row];
  json_open(&view->array.json, '{');
  for (size_t i = 0; i < NAMES_LENGTH; i++)
    write_text(view, names[i].key, text_at(participant, &names[i]));
  write_ids(view, "routerIds", participant->router_ids, participant->router_ids_length);
  write_ids(view, "transportIds", participant->transport_ids, participant->transport_ids_length);
  for (size_t i = 0; i < PARTICIPANT_FIGURES; i++)
    write_number(view, participant_figures[i].key, participant->figures[i]);
  write_text(view, quality_key, participant_quality_name(participant->quality));
  for (size_t i = 0; i < STATES_LENGTH; i++)
    write_text(view, states[i].key, text_at(participant, &states[i]));
  write_number(view, since_key, participant->since);
  write_number(view, "timestamp", rounded(participant->time * 1000));
  write_number(view, "age", rounded((view->now - participant->received) * 1000) / 1000);
  json_close(&view->array.json, '}');
}

/* --- life --- */

static const buffer_t *next_piece(void *source) {
  participants_view_t *view = source;
  return array_next(&view->array, view->length, write_row, view);
}

static void free_view(void *source) {
  participants_view_t *view = source;
  if (view == NULL)
    return;
  participants_free(view->participants);
  free(view->matching);
  array_done(&view->array);
  free(view);
}

/* false when out of memory. */
static MUST_CHECK bool select_rows(participants_view_t *view) {
  const participants_t *participants = view->participants;
  view->matching = malloc((participants->length + 1) * sizeof(*view->matching));
  if (view->matching == NULL)
    return false;
  for (size_t i = 0; i < participants->length; i++)
    if (matches_query(participants->list[i], &view->query))
      view->matching[view->length++] = participants->list[i];
  if (view->query.worst > 0)
    qsort(view->matching, view->length, sizeof(*view->matching), compare_badness);
  view->rows = view->matching + query_range(&view->query, &view->length);
  return true;
}

/* NULL when out of memory. */
static participants_view_t *make_view(store_t *store, const query_t *query, double now) {
  participants_view_t *view = malloc(sizeof(*view));
  if (view == NULL)
    return NULL;
  *view = (participants_view_t){
      .query = *query, .now = now, .participants = participants_new(store, now), .array = ARRAY_INIT};
  if (view->participants != NULL && select_rows(view))
    return view;
  free_view(view);
  return NULL;
}

status_t participants_view_new(store_t *store, const query_t *query, double now, body_t **result, failure_t *failure) {
  static const body_type_t type = {.next = next_piece, .free = free_view};
  participants_view_t *view = make_view(store, query, now);
  body_t *body = view != NULL
                     ? body_new(&type, view, hash_add(participants_version(view->participants), name, sizeof(name)))
                     : NULL;
  if (body == NULL) {
    free_view(view);
    return failure_no_memory(failure);
  }
  *result = body;
  return STATUS_OK;
}
