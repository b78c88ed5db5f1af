/* SPDX-License-Identifier: MIT */
/* The history: what is kept of observations, for how long, within which memory, and read by others meanwhile. */
#include "support/rows.h"
#include "write_mediasoup/history/history.h"
#include "write_mediasoup/history/participant_rows.h"

#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { HOUR = 3600, MANY = 64 << 20, BEGIN = 1764000000 };

static const query_t any;
static const class_t *const rooms = &classes[CLASS_GROUP_PRODUCERS];

static int times_full;
static void on_full(void) { times_full++; }

static history_t *begin(size_t seconds, size_t max_bytes) {
  const history_options_t options = {.seconds = seconds, .max_bytes = max_bytes, .on_full = on_full};
  times_full = 0;
  return history_new(&options);
}

static store_row_t *room_row(int room, double time, int64_t figure) {
  char name[40];
  (void)snprintf(name, sizeof(name), "group=room,room=%d", room);
  return row_of(CLASS_GROUP_PRODUCERS, name, time, figure, "group=room");
}

/* An observation of these rows, which it releases. */
static void observe(history_t *history, store_row_t **rows, size_t length, double now) {
  observation_t observation = {.now = now};
  observation.rows[CLASS_GROUP_PRODUCERS] = (observed_rows_t){(const store_row_t **)rows, length};
  history_observe(history, &observation);
  for (size_t i = 0; i < length; i++)
    store_row_release(rows[i]);
}

static void observe_room(history_t *history, int room, double time, int64_t figure) {
  store_row_t *row = room_row(room, time, figure);
  observe(history, &row, 1, time);
}

/* "time=figure ..." of each series, with " | " between them, for the caller to free. */
static char *show(history_t *history, double now) {
  past_t *past = history_take(history, rooms, &any, 0, INT64_MAX, now);
  buffer_t text = BUFFER_INIT(1 << 20);
  for (size_t i = 0; i < past->length; i++) {
    past_reader_t reader = {.series = &past->list[i]};
    buffer_append_text(&text, i > 0 ? " |" : "");
    while (past_read(&reader)) {
      char sample[64];
      (void)snprintf(sample, sizeof(sample), "%s%lld=%lld", text.length > 0 ? " " : "",
                     (long long)(reader.time / 1000 - BEGIN), (long long)reader.figures[0].counter);
      buffer_append_text(&text, sample);
    }
  }
  past_free(past);
  char *shown = strdup(buffer_text(&text));
  buffer_done(&text);
  return shown;
}

static void assert_shown(history_t *history, double now, const char *expected) {
  char *shown = show(history, now);
  assert_string_equal(shown, expected);
  free(shown);
}

/* --- what is kept --- */

static void each_newer_row_is_a_sample(void **state) {
  (void)state;
  long before = allocations_live();
  history_t *history = begin(HOUR, MANY);
  observe_room(history, 1, BEGIN + 10, 5);
  observe_room(history, 1, BEGIN + 20, 6);
  observe_room(history, 1, BEGIN + 20, 7); /* not newer */
  observe_room(history, 1, BEGIN + 15, 8); /* late */
  observe_room(history, 1, BEGIN + 30, INT64_MAX);
  observe_room(history, 2, BEGIN + 30, -1);
  assert_shown(history, BEGIN + 30, "10=5 20=6 30=9223372036854775807 | 30=-1");
  history_usage_t usage = history_usage(history, BEGIN + 30);
  assert_int_equal(usage.series, 2);
  assert_int_equal(usage.samples, 4);
  assert_true(usage.bytes > 0 && usage.bytes < 10000);
  assert_false(usage.is_short);
  history_free(history);
  history_free(NULL);
  assert_int_equal(allocations_live(), before);
}

static void a_row_that_is_out_of_date_is_no_sample(void **state) {
  (void)state;
  history_t *history = begin(HOUR, MANY);
  store_row_t *row = room_row(1, BEGIN, 1);
  observe(history, &row, 1, BEGIN + 21);
  assert_shown(history, BEGIN + 21, "");
  assert_int_equal(history_usage(history, BEGIN).series, 0);
  history_free(history);
}

static void classes_are_kept_apart(void **state) {
  (void)state;
  history_t *history = begin(HOUR, MANY);
  const class_t *class;
  for (size_t i = 0; (class = history_class(history, i)) != NULL && !participant_class_is(class); i++) {
    store_row_t *row = row_of(class_id(class), "same=1", BEGIN, (int64_t)i, "endpoint=e");
    observation_t observation = {.now = BEGIN};
    observation.rows[class_id(class)] = (observed_rows_t){(const store_row_t **)&row, 1};
    history_observe(history, &observation);
    store_row_release(row);
    past_t *past = history_take(history, class, &any, 0, INT64_MAX, BEGIN);
    assert_int_equal(past->length, 1);
    assert_ptr_equal(past->list->row->class, class);
    past_free(past);
  }
  history_free(history);
}

static void filters_choose_series(void **state) {
  (void)state;
  history_t *history = begin(HOUR, MANY);
  query_t query = {0};
  store_row_t *red = row_of(CLASS_GROUP_PRODUCERS, "a", BEGIN, 1, "group=red");
  store_row_t *blue = row_of(CLASS_GROUP_PRODUCERS, "b", BEGIN, 2, "group=blue");
  observe(history, (store_row_t *[]){red, blue}, 2, BEGIN);
  assert_int_equal(query_add(&query, rooms, "group", "blue", NULL), STATUS_OK);
  past_t *past = history_take(history, rooms, &query, 0, INT64_MAX, BEGIN);
  assert_int_equal(past->length, 1);
  assert_string_equal(facts_find_text(past->list->row->facts, "group"), "blue");
  past_free(past);
  history_free(history);
}

/* --- for how long --- */

static void samples_go_when_they_are_too_old(void **state) {
  (void)state;
  history_t *history = begin(60, MANY);
  for (int at = 10; at <= 200; at += 10)
    observe_room(history, 1, BEGIN + at, at);
  assert_shown(history, BEGIN + 200, "140=140 150=150 160=160 170=170 180=180 190=190 200=200");
  assert_shown(history, BEGIN + 205, "150=150 160=160 170=170 180=180 190=190 200=200");
  history_free(history);
}

/* Memory too, not only what is shown. */
static void what_is_kept_does_not_grow(void **state) {
  (void)state;
  history_t *history = begin(HOUR, MANY);
  size_t most = 0;
  for (int at = 0; at < 5 * HOUR; at += 10) {
    observe_room(history, 1, BEGIN + at, at);
    size_t samples = history_usage(history, BEGIN + at).samples;
    most = samples > most ? samples : most;
  }
  assert_true(most >= 361 && most <= 361 + CHUNK_SAMPLES);
  history_free(history);
}

static void a_series_that_ended_stays_until_it_is_too_old(void **state) {
  (void)state;
  history_t *history = begin(60, MANY);
  observe_room(history, 1, BEGIN + 10, 1);
  observe_room(history, 1, BEGIN + 20, 2);
  observe_room(history, 2, BEGIN + 30, 3); /* the first is gone */
  assert_shown(history, BEGIN + 60, "10=1 20=2 | 30=3");
  observe(history, NULL, 0, BEGIN + 75);
  assert_shown(history, BEGIN + 75, "20=2 | 30=3");
  observe(history, NULL, 0, BEGIN + 81);
  assert_shown(history, BEGIN + 81, "30=3");
  observe(history, NULL, 0, BEGIN + 91);
  history_usage_t usage = history_usage(history, BEGIN + 91);
  assert_true(usage.series == 0 && usage.samples == 0 && usage.bytes == 0);
  history_free(history);
}

static void a_series_that_comes_back_goes_on(void **state) {
  (void)state;
  history_t *history = begin(HOUR, MANY);
  observe_room(history, 1, BEGIN + 10, 1000);
  observe(history, NULL, 0, BEGIN + 20);
  observe_room(history, 1, BEGIN + 100, 3); /* it began anew */
  observe_room(history, 1, BEGIN + 110, 4);
  assert_shown(history, BEGIN + 110, "10=1000 100=3 110=4");
  assert_int_equal(history_usage(history, BEGIN + 110).series, 1);
  history_free(history);
}

/* The clock of a host may be wrong by any time: its samples are as old as they have been here. */
static void the_clock_of_another_host_may_be_wrong(void **state) {
  (void)state;
  history_t *history = begin(60, MANY);
  for (int at = 10; at <= 100; at += 10) {
    store_row_t *row = room_row(1, BEGIN - 86400 + at, at);
    row->received = BEGIN + at;
    observe(history, &row, 1, BEGIN + at);
  }
  past_t *past = history_take(history, rooms, &any, 0, INT64_MAX, BEGIN + 100);
  past_reader_t reader = {.series = past->list};
  assert_true(past_read(&reader));
  assert_true(reader.time == (int64_t)(BEGIN - 86400 + 40) * 1000);
  past_free(past);
  history_free(history);
}

/* A room and a participant of the host, read at `time` of its clock, which come in at `at`. */
static void observe_host(history_t *history, const char *host, double time, double at) {
  char name[40];
  (void)snprintf(name, sizeof(name), "%s:group=room", host);
  participant_t ann = {.host = host, .room = "red", .participant = "ann", .time = time, .received = at};
  char *key = give_key(&ann);
  const participant_t *list[] = {&ann};
  participants_t participants = {.list = list, .length = 1};
  store_row_t *row = row_of(CLASS_GROUP_PRODUCERS, name, time, (int64_t)time - BEGIN, "group=room");
  row->received = at;
  observation_t observation = {.now = at, .participants = &participants};
  observation.rows[CLASS_GROUP_PRODUCERS] = (observed_rows_t){(const store_row_t **)&row, 1};
  history_observe(history, &observation);
  store_row_release(row);
  free(key);
}

static size_t count_participant(history_t *history, double now) {
  const class_t *class = NULL;
  for (size_t i = 0; history_class(history, i) != NULL; i++)
    class = history_class(history, i); /* the last one */
  past_t *past = history_take(history, class, &any, 0, INT64_MAX, now);
  size_t count = past->length > 0 ? past_count(past->list) : 0;
  past_free(past);
  return count;
}

/* What is later than the clock is now is forgotten, of all that is of the host, and the series go on from there. */
static void begins_anew_when_a_clock_is_set_back(void **state) {
  (void)state;
  history_t *history = begin(HOUR, MANY);
  for (int at = 10; at <= 50; at += 10)
    observe_host(history, "far", BEGIN + at, BEGIN + at);
  assert_int_equal(count_participant(history, BEGIN + 50), 5);
  for (int at = 100; at <= 120; at += 10) /* the store shows its rows again when those before are out of date */
    observe_host(history, "far", BEGIN - 1000 + at, BEGIN + at);
  assert_shown(history, BEGIN + 120, "-900=-900 -890=-890 -880=-880");
  assert_int_equal(count_participant(history, BEGIN + 120), 3);
  history_free(history);
}

static void keeps_what_was_before_a_clock_was_set_back_to(void **state) {
  (void)state;
  history_t *history = begin(24 * HOUR, MANY);
  for (int at = 10; at <= 2000; at += 10)
    observe_host(history, "far", BEGIN + at, BEGIN + at);
  observe_host(history, "far", BEGIN + 1500, BEGIN + 2050);
  observe_host(history, "far", BEGIN + 1510, BEGIN + 2060);
  past_t *past = history_take(history, rooms, &any, 0, INT64_MAX, BEGIN + 2060);
  past_reader_t reader = {.series = past->list};
  int64_t last = 0;
  size_t count = 0;
  for (; past_read(&reader); count++) {
    assert_true(reader.time > last);
    last = reader.time;
  }
  assert_true(last == (BEGIN + 1510) * 1000LL && count >= 149 - CHUNK_SAMPLES + 2 && count <= 149 + 2);
  past_free(past);
  history_free(history);
}

static void bears_another_host_whose_clock_is_right(void **state) {
  (void)state;
  history_t *history = begin(HOUR, MANY);
  observe_host(history, "a", BEGIN + 10, BEGIN + 10);
  observe_host(history, "b", BEGIN + 10, BEGIN + 10);
  observe_host(history, "b", BEGIN - 100, BEGIN + 60);
  assert_shown(history, BEGIN + 60, "10=10 | -100=-100");
  history_free(history);
}

/* The clock of this host is set back, and that of its own rows with it. They go when they are too old all the same. */
static void bears_that_the_clock_of_this_host_is_set_back(void **state) {
  (void)state;
  history_t *history = begin(60, MANY);
  for (int at = 10; at <= 50; at += 10) {
    observe_host(history, "here", BEGIN + at, BEGIN + at);
    observe_host(history, "far", BEGIN + at, BEGIN + at);
  }
  for (int at = 0; at <= 80; at += 10) /* 1,000 seconds less; the clock of the other one is right */
    observe_host(history, "here", BEGIN - 950 + at, BEGIN - 950 + at);
  assert_shown(history, BEGIN - 870, "-930=-930 -920=-920 -910=-910 -900=-900 -890=-890 -880=-880 -870=-870");
  history_free(history);
}

/* --- within which memory --- */

enum { ROOMS = 200 };

static void observe_rooms(history_t *history, int at) {
  store_row_t *rows[ROOMS];
  for (int room = 0; room < ROOMS; room++) {
    rows[room] = room_row(room, BEGIN + at, at * 7919LL * (room + 1));
    rows[room]->values[11].gauge = 1.0 / (at + room + 1);
  }
  observe(history, rows, ROOMS, BEGIN + at);
}

static void the_oldest_go_when_memory_is_short(void **state) {
  (void)state;
  enum { BYTES = 600 * 1024 };
  long before = allocations_live();
  history_t *history = begin(24 * HOUR, BYTES);
  for (int at = 10; at <= 10000; at += 10) {
    observe_rooms(history, at);
    history_usage_t usage = history_usage(history, BEGIN + at);
    assert_true(usage.bytes <= BYTES);
    assert_int_equal(usage.series, ROOMS);
  }
  assert_int_equal(times_full, 1);
  history_usage_t usage = history_usage(history, BEGIN + 10000);
  assert_true(usage.is_short);
  assert_true(usage.samples > ROOMS * 15);
  past_t *past = history_take(history, rooms, &any, 0, INT64_MAX, BEGIN + 10000);
  int64_t least = INT64_MAX, most = 0;
  for (size_t i = 0; i < past->length; i++) {
    past_reader_t reader = {.series = &past->list[i]};
    assert_true(past_read(&reader));
    least = reader.time < least ? reader.time : least;
    most = reader.time > most ? reader.time : most;
    assert_true(past->list[i].last == (int64_t)(BEGIN + 10000) * 1000);
  }
  assert_true(most - least <= 2 * CHUNK_SAMPLES * 10000); /* they begin at about the same time */
  past_free(past);
  history_free(history);
  assert_int_equal(allocations_live(), before);
}

/* What has ended is older than what goes on, though its last chunk never became whole. */
static void what_has_ended_goes_before_what_goes_on(void **state) {
  (void)state;
  history_t *history = begin(24 * HOUR, 300 * 1024);
  observe_rooms(history, 10);
  observe_rooms(history, 20);
  int at = 20;
  do {
    at += 10;
    observe_room(history, ROOMS, BEGIN + at, at * 7919LL * 104729);
  } while (at < 12 * HOUR && (at == 30 || history_usage(history, BEGIN + at).series > ROOMS - 10));
  assert_int_equal(times_full, 1);
  past_t *past = history_take(history, rooms, &any, 0, INT64_MAX, BEGIN + at);
  const past_series_t *last = &past->list[past->length - 1];
  past_reader_t reader = {.series = last};
  assert_true(past_read(&reader));
  assert_true(reader.time == (int64_t)(BEGIN + 30) * 1000);
  past_free(past);
  history_free(history);
}

/* Less than the labels of all series take. */
static void very_little_memory_keeps_some_series(void **state) {
  (void)state;
  enum { BYTES = 100 * 1024 };
  history_t *history = begin(HOUR, BYTES);
  for (int at = 10; at <= 1000; at += 10) {
    observe_rooms(history, at);
    history_usage_t usage = history_usage(history, BEGIN + at);
    assert_true(usage.bytes <= BYTES);
    assert_true(usage.series > 20);
  }
  assert_int_equal(times_full, 1);
  history_free(history);
}

enum { NAME_BYTES = 2000 };

/* A room and a participant whose names are long, and full of characters that JSON escapes. */
static void observe_long_names(history_t *history, int number, int at) {
  char name[NAME_BYTES + 1], facts[NAME_BYTES + 40], host[20];
  memset(name, number % 2 == 0 ? '"' : 'n', NAME_BYTES);
  name[NAME_BYTES] = '\0';
  (void)snprintf(host, sizeof(host), "host%d", number);
  (void)snprintf(facts, sizeof(facts), "group=room appData={\"roomId\":\"%.*s\"}", NAME_BYTES / 2,
                 number % 2 == 0 ? "x" : name);
  participant_t participant = {
      .host = host, .room = name, .participant = name, .time = BEGIN + at, .received = BEGIN + at};
  char *key = give_key(&participant);
  const participant_t *list[] = {&participant};
  participants_t participants = {.list = list, .length = 1};
  store_row_t *row = row_of(CLASS_GROUP_PRODUCERS, host, BEGIN + at, at, facts);
  observation_t observation = {.now = BEGIN + at, .participants = &participants};
  observation.rows[CLASS_GROUP_PRODUCERS] = (observed_rows_t){(const store_row_t **)&row, 1};
  history_observe(history, &observation);
  store_row_release(row);
  free(key);
}

/* Reads the labels of all series, whose text is then kept. */
static void read_labels(history_t *history, size_t class) {
  json_writer_t json = JSON_WRITER_INIT(SIZE_MAX);
  past_t *past = history_take(history, history_class(history, class), &any, 0, INT64_MAX, BEGIN);
  for (size_t i = 0; i < past->length; i++)
    facts_write(past->list[i].row->facts, &json);
  past_free(past);
  buffer_done(&json.text);
}

/* Names as long as applications make them: what is counted is what is held, within a few in a hundred. */
static void counts_the_memory_that_it_holds(void **state) {
  (void)state;
  size_t before = allocations_bytes();
  history_t *history = begin(HOUR, MANY);
  size_t empty = allocations_bytes() - before;
  for (int at = 0; at < 100; at++)
    observe_long_names(history, at, at * 10);
  for (size_t class = 0; history_class(history, class) != NULL; class ++)
    read_labels(history, class);
  size_t held = allocations_bytes() - before - empty, counted = history_usage(history, BEGIN + 1000).bytes;
  print_message("# held %zu, counted %zu\n", held, counted);
  assert_true(held > 100 * 5 * NAME_BYTES);
  assert_true(counted > held - held / 50 && counted < held + held / 20);
  history_free(history);
  assert_int_equal(allocations_bytes(), before);
}

/* So they stay within the bound. */
static void long_names_stay_within_the_bound(void **state) {
  (void)state;
  enum { BYTES = 500 * 1024 };
  size_t before = allocations_bytes();
  history_t *history = begin(HOUR, BYTES);
  for (int at = 0; at < 200; at++) {
    observe_long_names(history, at, at * 10);
    assert_true(allocations_bytes() - before < BYTES + BYTES / 20);
  }
  assert_int_equal(times_full, 1);
  history_free(history);
}

/* Seconds of this thread that a reading of so many rooms takes where their names alone are more than the bound. */
static double seconds_of_too_many(int many) {
  store_row_t **rows = malloc((size_t)many * sizeof(*rows));
  struct timespec begins, ends;
  history_t *history = begin(HOUR, (size_t)many * 400);
  for (int reading = 1; reading <= 2; reading++) {
    for (int room = 0; room < many; room++)
      rows[room] = room_row(room, BEGIN + reading * 10, room);
    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &begins);
    observe(history, rows, (size_t)many, BEGIN + reading * 10);
    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ends);
  }
  history_usage_t usage = history_usage(history, BEGIN + 20);
  assert_true(usage.bytes <= usage.max_bytes && usage.series > (size_t)many / 10 && usage.series < (size_t)many);
  history_free(history);
  free(rows);
  return (double)(ends.tv_sec - begins.tv_sec) + (double)(ends.tv_nsec - begins.tv_nsec) / 1e9;
}

/* Eight times as many take about eight times as long, not 64 times. */
static void too_many_series_cost_no_more_than_they_are(void **state) {
  (void)state;
  double few = INFINITY, many = INFINITY;
  for (int i = 0; i < 3; i++) {
    few = fmin(few, seconds_of_too_many(1000));
    many = fmin(many, seconds_of_too_many(8000));
  }
  print_message("# %.1f ms, and %.1f ms\n", few * 1000, many * 1000);
  assert_true(many < 24 * few);
}

/* It is said again when memory was enough for as long as samples are kept, and is short once more. */
static void fullness_is_said_once(void **state) {
  (void)state;
  enum { BYTES = 300 * 1024 };
  history_t *history = begin(HOUR, BYTES);
  int at = 0;
  while (times_full == 0)
    observe_rooms(history, at += 10);
  for (int end = at + 1000; at < end;)
    observe_rooms(history, at += 10);
  assert_int_equal(times_full, 1);
  for (int end = at + 2 * HOUR; at < end;)
    observe(history, NULL, 0, BEGIN + (at += 10));
  assert_false(history_usage(history, BEGIN + at).is_short);
  for (int end = at + 2000; at < end;)
    observe_rooms(history, at += 10);
  assert_int_equal(times_full, 2);
  history_free(history);
}

/* --- an hour of many rooms --- */

/* Rooms of ten, each with a microphone and a camera that the other nine get. HISTORY_LOAD=10 in the environment makes
 * the 500 rooms and 5,000 participants whose memory docs/measured.md tells. */
enum { LOAD_ROOMS = 50, LOAD_PEOPLE = 10, LOAD_STREAMS = 20, LOAD_SAMPLES = 361, LOAD_BYTES = 64 * 1024 * 1024 / 10 };

static uint64_t next_number(void) {
  static uint64_t number = 88172645463325252;
  number ^= number << 13;
  number ^= number >> 7;
  number ^= number << 17;
  return number;
}

/* From 0 on, below `end`. */
static int64_t below(int64_t end) { return (int64_t)(next_number() % (uint64_t)end); }

/* About `middle`, by a third of it at the most: what differs from reading to reading. */
static int64_t about(int64_t middle) {
  return middle + (below(middle / 3 + 1) + below(middle / 3 + 1)) / 2 - middle / 6;
}

/* As mediasoup tells them: a float of the 1/65536 of a second in RTCP, and ticks of the RTP clock. */
static double round_trip_time(void) { return (float)((double)about(3000) / 65536 * 1000); }
static double jitter(double clock) { return (double)about(300) / clock; }
static double lost(void) { return below(5) == 0 ? (double)below(12) / 256 : 0; }

static double mean(double (*one)(void), double divisor) {
  double sum = 0;
  for (int i = 0; i < LOAD_STREAMS; i++)
    sum += one() / divisor;
  return sum / (double)LOAD_STREAMS;
}

static double jitter_of_video(void) { return jitter(90000); }
static double score(void) { return (double)(below(30) == 0 ? 9 : 10); }

static double mos(void) { return (double)(350 + below(100)) / 100; }

static double room_gauge(derived_t derived) {
  switch (derived) {
  case DERIVED_STREAMS:
  case DERIVED_TRANSPORTS:
  case DERIVED_TRANSPORTS_CONNECTED:
  case DERIVED_TRANSPORTS_UDP:
    return LOAD_STREAMS;
  case DERIVED_STREAMS_BAD:
    return below(40) == 0 ? 1 : 0;
  case DERIVED_BITRATE:
  case DERIVED_RECEIVE_BITRATE:
  case DERIVED_SEND_BITRATE:
    return (double)about(12000000);
  case DERIVED_LOSS_RATIO:
    return (double)below(40) / (double)about(14000);
  case DERIVED_ROUND_TRIP_TIME:
    return mean(round_trip_time, 1000);
  case DERIVED_JITTER:
    return mean(jitter_of_video, 1);
  case DERIVED_SCORE_MINIMUM:
    return score();
  case DERIVED_SCORE_MEAN:
    return mean(score, 1);
  case DERIVED_MOS_MEAN:
    return mean(mos, 1);
  default:
    return 0;
  }
}

static int64_t room_growth(derived_t derived) {
  switch (derived) {
  case DERIVED_BYTES:
  case DERIVED_BYTES_RECEIVED:
  case DERIVED_BYTES_SENT:
    return about(15000000);
  case DERIVED_PACKETS:
    return about(14000);
  case DERIVED_PACKETS_LOST:
  case DERIVED_PACKETS_RETRANSMITTED:
    return below(40);
  case DERIVED_KEYFRAME_REQUESTS:
    return below(10) == 0 ? 1 : 0;
  default:
    return 0;
  }
}

/* The room's row after the one before it, which it releases. */
static store_row_t *next_row(store_row_t *before, double time) {
  store_row_t *row = store_row_new(before->class, before->host, before->plugin_instance, before->type_instance);
  row->facts = facts_share(before->facts);
  row->time = row->received = time;
  row->interval = 10;
  for (size_t i = 0; i < row->class->fields_length; i++)
    if (row->class->fields[i].kind == KIND_COUNTER)
      row->values[i].counter = before->values[i].counter + room_growth(row->class->fields[i].derived);
    else
      row->values[i].gauge = room_gauge(row->class->fields[i].derived);
  store_row_release(before);
  return row;
}

static void next_way(double *figures) {
  figures[WAY_STREAMS] = 2;
  figures[WAY_SCORE] = score();
  figures[WAY_LOSS_RATIO] = lost();
  figures[WAY_ROUND_TRIP_TIME] = round_trip_time();
  figures[WAY_JITTER] = jitter(90000) * 1000;
  figures[WAY_BITRATE] = (double)about(1200000);
}

/* About one in ten is in trouble at a time, for a minute. */
static void next_state(participant_t *participant, double time) {
  static const char *const causes[] = {"sender", "receiver", "bandwidth", "transport"};
  if (below(60) == 0) {
    participant->cause = participant->downlink_cause = causes[below(LENGTH(causes))];
    participant->since = time * 1000;
    participant->quality = QUALITY_BAD;
  } else if (below(6) == 0) {
    participant->cause = participant->downlink_cause = NULL;
    participant->since = NAN;
    participant->quality = QUALITY_GOOD;
  }
}

static void next_participant(participant_t *participant, double time) {
  participant->time = participant->received = time;
  next_state(participant, time);
  participant->figures[FIGURE_OF(FIGURE_DOWNLINK, WAY_STREAMS_BAD)] = participant->quality == QUALITY_BAD ? 1 : 0;
  next_way(participant->figures + FIGURE_UPLINK);
  next_way(participant->figures + FIGURE_DOWNLINK);
  participant->figures[FIGURE_MOS] = mos();
  participant->figures[FIGURE_CONNECT_TIME] = 312;
}

typedef struct {
  int rooms;
  store_row_t **rows[3];
  participants_t participants;
  participant_t *people;
  const participant_t **list;
  char (*names)[40];
  char (*rooms_of)[40];
  char **keys;
} load_t;

static const class_id_t room_classes[] = {CLASS_GROUP_PRODUCERS, CLASS_GROUP_CONSUMERS, CLASS_GROUP_TRANSPORTS};

static void begin_load(load_t *load, int rooms_of_ten) {
  size_t people = (size_t)rooms_of_ten * LOAD_PEOPLE;
  *load = (load_t){.rooms = rooms_of_ten};
  load->people = calloc(people, sizeof(*load->people));
  load->list = calloc(people, sizeof(*load->list));
  load->participants = (participants_t){.list = load->list, .length = people};
  load->names = calloc(people, sizeof(*load->names));
  load->rooms_of = calloc(people, sizeof(*load->rooms_of));
  load->keys = calloc(people, sizeof(*load->keys));
  for (size_t class = 0; class < LENGTH(room_classes); class ++) {
    load->rows[class] = calloc((size_t)rooms_of_ten, sizeof(*load->rows[class]));
    for (int room = 0; room < rooms_of_ten; room++) {
      char name[80], facts[120];
      (void)snprintf(name, sizeof(name), "group=room,endpoint=mediasoup,roomId=meeting-%06d", room);
      (void)snprintf(facts, sizeof(facts), "group=room endpoint=mediasoup appData={\"roomId\":\"meeting-%06d\"}", room);
      load->rows[class][room] = row_of(room_classes[class], name, 0, 0, facts);
    }
  }
  for (size_t i = 0; i < people; i++) {
    (void)snprintf(load->names[i], sizeof(load->names[i]), "%08x-5ca1-4ab1-8e55-0123456789ab", (unsigned)i);
    (void)snprintf(load->rooms_of[i], sizeof(load->rooms_of[i]), "meeting-%06zu", i / LOAD_PEOPLE);
    load->list[i] = &load->people[i];
    load->people[i] = (participant_t){.host = "sfu1",
                                      .endpoint = "mediasoup",
                                      .room = load->rooms_of[i],
                                      .participant = load->names[i],
                                      .room_key = "roomId",
                                      .participant_key = "peerId",
                                      .quality = QUALITY_GOOD,
                                      .connection = "connected",
                                      .protocol = "udp",
                                      .since = NAN};
    load->keys[i] = give_key(&load->people[i]);
  }
}

static void next_reading(load_t *load, history_t *history, double time) {
  observation_t observation = {.now = time, .participants = &load->participants};
  for (size_t class = 0; class < LENGTH(room_classes); class ++) {
    for (int room = 0; room < load->rooms; room++)
      load->rows[class][room] = next_row(load->rows[class][room], time);
    observation.rows[room_classes[class]] =
        (observed_rows_t){(const store_row_t **)load->rows[class], (size_t)load->rooms};
  }
  for (size_t i = 0; i < load->participants.length; i++)
    next_participant(&load->people[i], time);
  history_observe(history, &observation);
}

static void end_load(load_t *load) {
  for (size_t class = 0; class < LENGTH(room_classes); class ++) {
    for (int room = 0; room < load->rooms; room++)
      store_row_release(load->rows[class][room]);
    free(load->rows[class]);
  }
  for (size_t i = 0; i < load->participants.length; i++)
    free(load->keys[i]);
  free(load->keys);
  free(load->people);
  free(load->list);
  free(load->names);
  free(load->rooms_of);
}

/* The process's resident memory, in bytes. */
static size_t resident_memory(void) {
  size_t pages = 0;
  FILE *file = fopen("/proc/self/statm", "r");
  if (file != NULL && fscanf(file, "%*s %zu", &pages) != 1)
    pages = 0;
  if (file != NULL)
    (void)fclose(file);
  return pages * (size_t)sysconf(_SC_PAGESIZE);
}

/* What is held is measured at the allocator, and what is resident is told beside it. */
static void an_hour_of_500_rooms_takes_less_than_64_mebibytes(void **state) {
  (void)state;
  const char *factor = getenv("HISTORY_LOAD");
  int times = factor != NULL ? atoi(factor) : 1;
  size_t most = 0, most_held = 0;
  load_t load;
  begin_load(&load, times * LOAD_ROOMS);
  size_t before = allocations_bytes(), resident = resident_memory();
  history_t *history = begin(HOUR, (size_t)times * LOAD_BYTES);
  for (int at = 0; at < LOAD_SAMPLES + 2 * CHUNK_SAMPLES; at++) {
    next_reading(&load, history, BEGIN + at * 10);
    size_t bytes = history_usage(history, BEGIN + at * 10).bytes;
    size_t held = allocations_bytes() - before;
    most = bytes > most ? bytes : most;
    most_held = held > most_held ? held : most_held;
  }
  for (size_t class = 0; history_class(history, class) != NULL; class ++)
    read_labels(history, class);
  size_t held = allocations_bytes() - before;
  most_held = held > most_held ? held : most_held;
  history_usage_t usage = history_usage(history, BEGIN + (LOAD_SAMPLES + 2 * CHUNK_SAMPLES) * 10);
  print_message("# %zu series, %zu samples: %zu bytes, %zu at the most; held %zu at the most; resident %zu more\n",
                usage.series, usage.samples, usage.bytes, most, most_held, resident_memory() - resident);
  assert_true(most_held < (size_t)times * LOAD_BYTES);
  assert_int_equal(times_full, 0);
  assert_int_equal(usage.series, (size_t)times * LOAD_ROOMS * (LENGTH(room_classes) + LOAD_PEOPLE));
  assert_true(usage.samples >= usage.series * LOAD_SAMPLES);
  end_load(&load);
  history_free(history);
}

/* --- without memory --- */

static bool fails_at(unsigned long number) {
  long before = allocations_live();
  store_row_t *rows[2][3];
  for (int round = 0; round < 2; round++)
    for (int room = 0; room < 3; room++)
      rows[round][room] = room_row(room, BEGIN + round, room);
  allocations_fail_at(number);
  history_t *history = begin(HOUR, MANY);
  for (int round = 0; round < 2 && history != NULL; round++) {
    observation_t observation = {.now = BEGIN + round};
    observation.rows[CLASS_GROUP_PRODUCERS] = (observed_rows_t){(const store_row_t **)rows[round], 3};
    history_observe(history, &observation);
  }
  past_t *past = history != NULL ? history_take(history, rooms, &any, 0, INT64_MAX, BEGIN + 1) : NULL;
  bool failed = allocations_failed();
  allocations_fail_at(0);
  if (history != NULL) {
    assert_true(history_usage(history, BEGIN + 1).samples >= 3); /* one failure costs few samples */
    history_free(history);
  }
  past_free(past);
  for (int i = 0; i < 6; i++)
    store_row_release(rows[i / 3][i % 3]);
  assert_int_equal(allocations_live(), before);
  return failed;
}

static void bears_each_allocation_that_fails(void **state) {
  (void)state;
  assert_true(allocations_fail_in_turn(fails_at) > 10);
}

/* --- at once --- */

typedef struct {
  history_t *history;
  atomic_bool ends;
  atomic_int reads;
  bool is_right;
} reading_t;

/* Each figure of these rooms is their time. */
static bool is_right(const past_series_t *series) {
  past_reader_t reader = {.series = series};
  int64_t last = 0;
  bool right = true;
  while (past_read(&reader)) {
    right = right && reader.time > last && reader.figures[0].counter == reader.time / 1000;
    last = reader.time;
  }
  return right && last == series->last;
}

static void *read_often(void *context) {
  reading_t *reading = context;
  reading->is_right = true;
  while (!atomic_load(&reading->ends)) {
    past_t *past = history_take(reading->history, rooms, &any, 0, INT64_MAX, BEGIN + HOUR);
    for (size_t i = 0; i < past->length; i++)
      reading->is_right = reading->is_right && is_right(&past->list[i]);
    past_free(past);
    (void)history_usage(reading->history, BEGIN);
    atomic_fetch_add(&reading->reads, 1);
  }
  return NULL;
}

static void is_read_while_it_is_written(void **state) {
  (void)state;
  history_t *history = begin(24 * HOUR, 100 * 1024);
  reading_t reading = {.history = history};
  pthread_t thread;
  assert_int_equal(pthread_create(&thread, NULL, read_often, &reading), 0);
  for (int at = 1; at <= 300 || atomic_load(&reading.reads) < 5; at++) {
    store_row_t *rows[20];
    for (int room = 0; room < 20; room++)
      rows[room] = room_row(room, BEGIN + at, BEGIN + at);
    observe(history, rows, (size_t)(20 - at % 3), BEGIN + at);
    for (int room = 20 - at % 3; room < 20; room++)
      store_row_release(rows[room]);
  }
  atomic_store(&reading.ends, true);
  assert_int_equal(pthread_join(thread, NULL), 0);
  assert_true(reading.is_right);
  history_free(history);
}

int main(void) {
  TEST(each_newer_row_is_a_sample);
  TEST(a_row_that_is_out_of_date_is_no_sample);
  TEST(classes_are_kept_apart);
  TEST(filters_choose_series);
  TEST(samples_go_when_they_are_too_old);
  TEST(what_is_kept_does_not_grow);
  TEST(a_series_that_ended_stays_until_it_is_too_old);
  TEST(a_series_that_comes_back_goes_on);
  TEST(the_clock_of_another_host_may_be_wrong);
  TEST(begins_anew_when_a_clock_is_set_back);
  TEST(keeps_what_was_before_a_clock_was_set_back_to);
  TEST(bears_another_host_whose_clock_is_right);
  TEST(bears_that_the_clock_of_this_host_is_set_back);
  TEST(the_oldest_go_when_memory_is_short);
  TEST(what_has_ended_goes_before_what_goes_on);
  TEST(very_little_memory_keeps_some_series);
  TEST(counts_the_memory_that_it_holds);
  TEST(long_names_stay_within_the_bound);
  TEST(too_many_series_cost_no_more_than_they_are);
  TEST(fullness_is_said_once);
  TEST(an_hour_of_500_rooms_takes_less_than_64_mebibytes);
  TEST(bears_each_allocation_that_fails);
  TEST(is_read_while_it_is_written);
  return tests_run("history");
}
