/* SPDX-License-Identifier: MIT */
#include "history.h"

#include "common/limits.h"
#include "participant_rows.h"

#include <utlist.h>

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static const class_id_t kept[] = {CLASS_ENDPOINT,        CLASS_WORKERS,         CLASS_GROUPS,
                                  CLASS_GROUP_PRODUCERS, CLASS_GROUP_CONSUMERS, CLASS_GROUP_TRANSPORTS};
/* And the participants, whose place is behind those. */
enum { PARTICIPANTS = sizeof(kept) / sizeof(kept[0]), KEPT };

_Static_assert((int)FIELDS_MAX <= (int)CODEC_FIGURES_MAX, "a class's fields are in a sample");
_Static_assert((int)SAMPLE_LENGTH <= (int)CODEC_FIGURES_MAX, "a participant's figures and words are in a sample");

typedef struct {
  const class_t *class;
  uint64_t counters; /* a bit for each field that is one */
  series_t *series;  /* by name */
  size_t sampled;    /* how many of them got a sample in this observation */
} kept_class_t;

struct history {
  history_options_t options;
  pthread_mutex_t lock;
  kept_class_t classes[KEPT];
  participant_class_t participants;
  chunk_t *chunks; /* of all series, the oldest first */
  series_t *loose; /* the series that have samples in no chunk */
  size_t bytes, series, samples;
  uint64_t numbers; /* how many series there were */
  uint64_t look;    /* the number of the last observation */
  double observed;  /* the time of the last observation, epoch seconds */
  double shortened; /* when samples went last that were not too old, epoch seconds */
  bool begins_to_be_short;
};

/* --- life --- */

static uint64_t counters_of(const class_t *class) {
  uint64_t counters = 0;
  for (size_t i = 0; i < class->fields_length; i++)
    counters |= (uint64_t)(class->fields[i].kind == KIND_COUNTER) << i;
  return counters;
}

history_t *history_new(const history_options_t *options) {
  history_t *history = calloc(1, sizeof(*history));
  if (history == NULL || pthread_mutex_init(&history->lock, NULL) != 0) {
    free(history);
    return NULL;
  }
  history->options = *options;
  history->shortened = -INFINITY;
  for (size_t i = 0; i < PARTICIPANTS; i++)
    history->classes[i] = (kept_class_t){.class = &classes[kept[i]], .counters = counters_of(&classes[kept[i]])};
  participant_class_init(&history->participants);
  history->classes[PARTICIPANTS] = (kept_class_t){.class = &history->participants.class};
  return history;
}

/* Below, the lock is held in every function that does not take it itself. Only the observer's thread changes anything,
 * so it needs the lock only while it does, and no request waits for more than one series. */

static void release_chunk(history_t *history, chunk_t *chunk) {
  DL_DELETE(history->chunks, chunk);
  history->bytes -= chunk_size(chunk);
  history->samples -= chunk->samples;
  chunk_release(chunk);
}

static void forget_oldest_chunk(history_t *history, series_t *series) {
  release_chunk(history, series_take_oldest(series));
}

static void forget_newest(history_t *history, series_t *series) {
  size_t size = series_size(series);
  history->samples -= series->samples;
  series_forget_newest(series);
  history->bytes -= size - series_size(series);
  DL_DELETE(history->loose, series);
}

static void remove_series(history_t *history, kept_class_t *kept_class, series_t *series) {
  while (series->oldest != NULL)
    forget_oldest_chunk(history, series);
  if (series->samples > 0)
    forget_newest(history, series);
  history->bytes -= series_size(series);
  history->series--;
  HASH_DELETE(by_name, kept_class->series, series);
  series_free(series);
}

void history_free(history_t *history) {
  if (history == NULL)
    return;
  for (size_t i = 0; i < KEPT; i++) {
    series_t *series, *next;
    HASH_ITER(by_name, history->classes[i].series, series, next)
      remove_series(history, &history->classes[i], series);
  }
  pthread_mutex_destroy(&history->lock);
  free(history);
}

/* --- memory --- */

/* Out of memory they stay as they are. */
static void pack(history_t *history, series_t *series) {
  size_t size = series_size(series), samples = series->samples;
  chunk_t *chunk = series_pack(series);
  history->bytes -= size - series_size(series);
  if (series->samples == 0)
    DL_DELETE(history->loose, series);
  if (chunk == NULL) {
    history->samples -= samples - series->samples;
    return;
  }
  history->bytes += chunk_size(chunk);
  DL_APPEND(history->chunks, chunk);
}

/* Makes chunks of all samples, so that the oldest can go. It looks at no series that has none: where the names alone
 * are more than the bound, it is called for each of them. */
static void pack_all(history_t *history) {
  series_t *series, *next;
  DL_FOREACH_SAFE(history->loose, series, next)
    pack(history, series);
}

static bool is_short(const history_t *history, double now) {
  return history->shortened + (double)history->options.seconds >= now;
}

/* Forgets the oldest samples until what is kept is within its bound. false where the series take it even without
 * samples. */
static bool make_room(history_t *history, double now) {
  while (history->bytes > history->options.max_bytes) {
    history->begins_to_be_short = history->begins_to_be_short || !is_short(history, now);
    history->shortened = now;
    if (history->chunks == NULL)
      pack_all(history);
    if (history->chunks == NULL)
      return false;
    forget_oldest_chunk(history, history->chunks->series);
  }
  return true;
}

/* --- adding --- */

/* Needs no lock. */
static series_t *find(const kept_class_t *kept_class, const table_key_t *name) {
  series_t *series = NULL;
  HASH_FIND_BYHASHVALUE(by_name, kept_class->series, name->bytes, name->length, name->hash, series);
  return series;
}

/* NULL when out of memory. */
static series_t *add_series(history_t *history, kept_class_t *kept_class, const store_row_t *row) {
  series_t *series = series_new(row, kept_class->counters, history->numbers++);
  if (series == NULL)
    return NULL;
  HASH_ADD_KEYPTR(by_name, kept_class->series, series->name->texts, series->name->length, series);
  if (series->by_name.tbl == NULL) { /* out of memory */
    series_free(series);
    return NULL;
  }
  history->series++;
  history->bytes += series_size(series);
  return series;
}

/* false where the row is no newer than the last one, and when out of memory: there is no sample. */
static bool add_sample(history_t *history, series_t *series, const store_row_t *row, double now) {
  size_t size = series_size(series), samples = series->samples;
  int64_t last = series->last;
  if (!series_add(series, row, now))
    return false;
  history->bytes += series_size(series) - size;
  history->samples += series->samples - samples;
  if (samples == 0 && series->samples > 0)
    DL_APPEND(history->loose, series);
  bool is_new = series->last > last;
  if (series_is_full(series))
    pack(history, series);
  return is_new;
}

/* --- clocks that are set back --- */

/* Forgets the samples that are as late as this time or later, and those that are in one chunk with them. */
static void forget_from(history_t *history, series_t *series, int64_t time) {
  if (series->last < time)
    return;
  if (series->samples > 0)
    forget_newest(history, series);
  while (series->newest != NULL && series->newest->last >= time)
    release_chunk(history, series_take_newest(series));
}

/* All series of a host have the same clock. Most of them have no row yet that tells. */
static void set_back(history_t *history, const store_row_t *row) {
  for (size_t i = 0; i < KEPT; i++)
    for (series_t *series = history->classes[i].series; series != NULL; series = series->by_name.next)
      if (strcmp(series->row->host, row->host) == 0)
        forget_from(history, series, series_time(row));
}

/* The clock of this host was set back: nothing was added later than it is now. */
static void set_back_here(history_t *history, double now) {
  for (chunk_t *chunk = history->chunks; chunk != NULL; chunk = chunk->next)
    chunk->added = fmin(chunk->added, now);
  for (series_t *series = history->loose; series != NULL; series = series->next)
    series->added = fmin(series->added, now);
  history->shortened = fmin(history->shortened, now);
}

/* Takes the lock. */
static void follow_clock(history_t *history, double now) {
  pthread_mutex_lock(&history->lock);
  if (now < history->observed)
    set_back_here(history, now);
  history->observed = now;
  pthread_mutex_unlock(&history->lock);
}

/* `series` is that of the row's name; NULL: there is none yet. */
static void add_row(history_t *history, kept_class_t *kept_class, series_t *series, const store_row_t *row,
                    double now) {
  if (!store_is_current(row, now))
    return;
  if (series == NULL)
    series = add_series(history, kept_class, row);
  if (series == NULL)
    return;
  series->seen = history->look;
  if (series_time(row) < series->last && !store_row_is_late(series->row, row))
    set_back(history, row);
  bool is_sampled = add_sample(history, series, row, now);
  if (make_room(history, now))
    kept_class->sampled += is_sampled ? 1 : 0;
  else
    remove_series(history, kept_class, series);
}

/* --- forgetting --- */

static bool is_seen(const history_t *history, const series_t *series) { return series->seen == history->look; }

static double oldest_kept(const history_t *history, double now) { return now - (double)history->options.seconds; }

/* Chunks stand in the order in which they were made. One that was made late has older samples than those before it, and
 * goes after them: no answer has what is too old. Takes the lock. */
static void forget_old_chunks(history_t *history, double now) {
  while (history->chunks != NULL && history->chunks->added < oldest_kept(history, now)) {
    pthread_mutex_lock(&history->lock);
    forget_oldest_chunk(history, history->chunks->series);
    pthread_mutex_unlock(&history->lock);
  }
}

/* Packs what a series has that ended, since it gets no more samples to make a chunk whole; forgets what is too old; and
 * removes the series when it has ended and has nothing left. */
static void end_series(history_t *history, kept_class_t *kept_class, series_t *series, double now) {
  if (!is_seen(history, series) && series->samples > 0)
    pack(history, series);
  if (series->samples > 0 && series->added < oldest_kept(history, now))
    forget_newest(history, series);
  if (series->oldest == NULL && series->samples == 0 && !is_seen(history, series))
    remove_series(history, kept_class, series);
}

/* Takes the lock. */
static void end_turn(history_t *history, kept_class_t *kept_class, double now) {
  series_t *series, *next;
  bool are_all_sampled = kept_class->sampled == HASH_CNT(by_name, kept_class->series);
  kept_class->sampled = 0;
  if (are_all_sampled)
    return;
  HASH_ITER(by_name, kept_class->series, series, next) {
    pthread_mutex_lock(&history->lock);
    end_series(history, kept_class, series, now);
    pthread_mutex_unlock(&history->lock);
  }
}

/* Takes the lock. */
static void add_rows(history_t *history, kept_class_t *kept_class, const observed_rows_t *rows, double now) {
  for (size_t i = 0; i < rows->length; i++) {
    const row_name_t *name = rows->list[i]->name;
    const table_key_t key = table_key(name->texts, name->length);
    series_t *series = find(kept_class, &key);
    pthread_mutex_lock(&history->lock);
    add_row(history, kept_class, series, rows->list[i], now);
    pthread_mutex_unlock(&history->lock);
  }
}

/* Takes the lock. */
static void add_participant(history_t *history, const participant_t *participant, double now) {
  kept_class_t *kept_class = &history->classes[PARTICIPANTS];
  series_t *series = find(kept_class, &participant->key);
  store_row_t *row = participant_row(&history->participants, participant, series != NULL ? series->row : NULL);
  if (row == NULL)
    return;
  pthread_mutex_lock(&history->lock);
  add_row(history, kept_class, series, row, now);
  pthread_mutex_unlock(&history->lock);
  store_row_release(row);
}

static void add_participants(history_t *history, const participants_t *participants, double now) {
  for (size_t i = 0; participants != NULL && i < participants->length; i++)
    add_participant(history, participants->list[i], now);
}

void history_observe(void *context, const observation_t *observation) {
  history_t *history = context;
  follow_clock(history, observation->now);
  history->look++;
  forget_old_chunks(history, observation->now);
  for (size_t i = 0; i < KEPT; i++) {
    kept_class_t *kept_class = &history->classes[i];
    if (i == PARTICIPANTS)
      add_participants(history, observation->participants, observation->now);
    else
      add_rows(history, kept_class, &observation->rows[kept[i]], observation->now);
    end_turn(history, kept_class, observation->now);
  }
  if (history->begins_to_be_short)
    history->options.on_full();
  history->begins_to_be_short = false;
}

/* --- reading --- */

const class_t *history_class(const history_t *history, size_t index) {
  return index < KEPT ? history->classes[index].class : NULL;
}

int64_t history_milliseconds(const history_t *history) { return 1000 * (int64_t)history->options.seconds; }

static const kept_class_t *find_class(const history_t *history, const class_t *class) {
  const kept_class_t *found = history->classes;
  while (found->class != class)
    found++;
  return found;
}

/* Samples are as old as they have been here: the clock of the row's host may be another. */
static int64_t oldest_of(const history_t *history, const series_t *series, double now) {
  double ahead = series->row->time - series->row->received;
  return (int64_t)((now - (double)history->options.seconds + ahead) * 1000);
}

static int64_t later(int64_t left, int64_t right) { return left > right ? left : right; }

/* false when out of memory. */
static bool take_matching(history_t *history, const kept_class_t *kept_class, const query_t *query, int64_t from,
                          int64_t to, double now, past_t *past) {
  bool has_memory = true;
  for (const series_t *series = kept_class->series; series != NULL && has_memory; series = series->by_name.next)
    if (query_matches(query, series->row))
      has_memory = past_add(past, series, later(from, oldest_of(history, series, now)), to);
  return has_memory;
}

past_t *history_take(history_t *history, const class_t *class, const query_t *query, int64_t from, int64_t to,
                     double now) {
  const kept_class_t *kept_class = find_class(history, class);
  past_t *past = calloc(1, sizeof(*past));
  if (past == NULL)
    return NULL;
  pthread_mutex_lock(&history->lock);
  past->list = calloc(HASH_CNT(by_name, kept_class->series) + 1, sizeof(*past->list));
  bool has_memory = past->list != NULL && take_matching(history, kept_class, query, from, to, now, past);
  pthread_mutex_unlock(&history->lock);
  if (has_memory)
    return past;
  past_free(past);
  return NULL;
}

history_usage_t history_usage(history_t *history, double now) {
  pthread_mutex_lock(&history->lock);
  history_usage_t usage = {.seconds = history->options.seconds,
                           .max_bytes = history->options.max_bytes,
                           .bytes = history->bytes,
                           .series = history->series,
                           .samples = history->samples,
                           .is_short = is_short(history, now)};
  pthread_mutex_unlock(&history->lock);
  return usage;
}
