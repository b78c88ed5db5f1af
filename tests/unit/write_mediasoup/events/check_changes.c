/* SPDX-License-Identifier: MIT */
/* Changes: from one observation to the next, which events there are and what has ended how. Each case is a play. */
#include "support/rows.h"
#include "write_mediasoup/events/changes.h"
#include "write_mediasoup/events/ended.h"
#include "write_mediasoup/events/event.h"
#include "write_mediasoup/store/facts_from_name.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
  STEP_SECONDS = 10,
  PAUSE_SECONDS = 30,
  CLOCK_SECONDS = 3600,
  FIRST_TIME = 100000,
  ROWS_MAX = 20,
  STEPS_MAX = 16,
  PEOPLE_MAX = 4
};

/* --- what happens --- */

/* A step is an observation, 10 seconds after the one before, of words with blanks between them:
 *   3*             the step happens three times
 *   up down stale  how the endpoint is; stale: its row is that of the step before; without one it has no row
 *   1:up           the same for process 1
 *   restart death  the counter grows
 *   workers=N      rows of the workers 0 to N - 1
 *   red=F/B/S      the room's group: F streams flow, B of them bad, S more are silent
 *   old:red=F/B/S  the same by another <Group>, whose name is before that of the first
 *   ann=Q,C        the participant's quality, or "unknown", and its connection; "-": unknown
 *   back ahead     the clock of the host is set by an hour
 *   late           the rows of the words after it are of the step before
 *   pause          nobody looked, and no rows came, for 30 seconds before the step */
typedef struct {
  const char *name;
  const char *steps[STEPS_MAX];
  const char
      *expected; /* STEP:clock(SECONDS), STEP:EVENT(WHO) and STEP:ended(WHO,OUTCOME), by the number of the step */
} play_t;

static const play_t plays[] = {
    /* the first observations */
    {"what is there at first is no news", {"9*up red=20/0/0 ann=good,connected"}, ""},
    {"what is down at first is no news", {"9*down"}, ""},
    {"what is bad at first is no news", {"9*up red=20/9/0 ann=bad,disconnected"}, ""},
    {"what turns bad in the first readings was so before",
     {"2*up red=20/0/0 ann=good,connected", "7*up red=20/9/0 ann=bad,connected"},
     ""},
    {"a down endpoint comes up", {"2*down", "4*up"}, "4:endpoint_up "},

    /* endpoints */
    {"one failed reading is nothing", {"6*up", "down", "3*up", "down", "up"}, ""},
    {"down and up again", {"6*up", "2*down", "2*up"}, "8:endpoint_down 10:endpoint_up "},
    {"down for long is one event", {"6*up", "9*down"}, "8:endpoint_down "},
    {"stale at once", {"6*up", "stale", "stale", "stale", "up", "up"}, "9:endpoint_down 11:endpoint_up "},
    {"its row is gone", {"6*up", "", "up"}, ""},
    {"restarted", {"6*up", "up restart", "up"}, "7:application_restarted "},
    {"restarted while it was down",
     {"6*up", "2*down", "2*up restart"},
     "8:endpoint_down 9:application_restarted 10:endpoint_up 10:application_restarted "},
    {"a worker died", {"6*up", "up death", "up"}, "7:worker_died "},
    {"it is known which", {"6*up workers=3", "up death workers=2"}, "7:worker_died[2] "},
    {"though its row of the last reading came later than the first",
     {"6*up workers=3", "up workers=1", "late up workers=3", "up death workers=2"},
     "9:worker_died[2] "},
    {"a worker died before its time", {"up death", "up"}, ""},
    {"a restart is no death",
     {"6*up death", "up restart death", "up"},
     "2:worker_died 3:worker_died 4:worker_died 5:worker_died 6:worker_died 7:application_restarted "},
    {"one process of several is down",
     {"6*up 1:up", "2*up 1:down", "2*up 1:up"},
     "8:endpoint_down(1) 10:endpoint_up(1) "},
    {"one process of several has ended", {"6*0:up 1:up", "6*0:up"}, ""},

    /* rooms */
    {"a room turns bad and good",
     {"6*up red=20/0/0", "2*up red=20/3/0", "2*up red=20/0/0"},
     "8:room_bad(red) 10:room_good(red) "},
    {"one bad reading of a room is nothing",
     {"6*up red=20/0/0", "up red=20/9/0", "up red=20/0/0", "up red=20/9/0", "up red=20/0/0"},
     ""},
    {"a new room is bad", {"6*up", "2*up red=20/3/0"}, "8:room_bad(red) "},
    {"a bad room ends",
     {"6*up red=20/0/0", "2*up red=20/3/0", "up red=0/0/0", "up"},
     "8:room_bad(red) 9:room_good(red) 9:ended(red,closed) "},
    {"a room ends and begins anew",
     {"6*up red=2/0/0", "2*up red=0/0/0", "2*up red=2/0/0", "up"},
     "7:ended(red,closed) 11:ended(red,closed) "},
    {"a room goes on by another <Group> when the first is gone",
     {"6*up old:red=20/0/0 red=20/0/0", "2*up red=20/0/0", "2*up red=20/9/0", "up"},
     "10:room_bad(red) 11:room_good(red) 11:ended(red,closed) "},
    {"of two <Group> blocks the first by name counts",
     {"6*up old:red=20/0/0 red=20/9/0", "2*up red=20/9/0 old:red=20/9/0", "up red=20/9/0 old:red=0/0/0"},
     "8:room_bad(red) 9:room_good(red) 9:ended(red,closed) "},
    {"a room that was empty at first", {"6*up red=0/0/0", "up"}, ""},
    {"a room's worker died", {"6*up red=2/0/0", "up red=0/0/0 death"}, "7:worker_died 7:ended(red,lost) "},
    {"a room goes on while its endpoint is down",
     {"6*up red=20/0/0", "3*down red=0/0/0", "3*up red=20/0/0"},
     "8:endpoint_down 11:endpoint_up "},
    {"a room that is gone when its endpoint is up again, for two readings",
     {"6*up red=20/0/0", "3*down", "2*up"},
     "8:endpoint_down 11:endpoint_up 11:ended(red,unknown) "},
    {"a room whose row comes a reading after its endpoint's, after an outage",
     {"6*up red=20/0/0", "3*down", "up", "3*up red=20/0/0"},
     "8:endpoint_down 11:endpoint_up "},
    {"and after no value list came",
     {"6*up red=20/0/0", "pause stale", "up", "3*up red=20/0/0"},
     "7:endpoint_down 9:endpoint_up "},
    {"and after an outage that ended before anybody saw it", {"6*up red=20/0/0", "pause up", "3*up red=20/0/0"}, ""},
    {"a room that looks empty in the first reading after an outage",
     {"6*up red=20/0/0", "3*down", "up red=0/0/0", "3*up red=20/0/0"},
     "8:endpoint_down 11:endpoint_up "},
    {"a room that is gone in two readings after an outage that nobody saw",
     {"6*up red=20/0/0", "pause up", "up"},
     "8:ended(red,unknown) "},
    {"what is shown of the first reading once more is no second one",
     {"6*up red=20/0/0", "3*down", "up", "late up", "2*up red=20/0/0"},
     "8:endpoint_down 12:endpoint_up "},
    {"a restart ends rooms, and they begin anew",
     {"6*up red=20/0/0", "3*up restart red=20/0/0"},
     "7:application_restarted 7:ended(red,restarted) 8:application_restarted 8:ended(red,restarted) "
     "9:application_restarted 9:ended(red,restarted) "},
    {"a bad room ends with a restart",
     {"6*up red=20/0/0", "2*up red=20/9/0", "up restart", "up"},
     "8:room_bad(red) 9:application_restarted 9:room_good(red) 9:ended(red,restarted) "},

    /* participants */
    {"a participant turns bad and good",
     {"6*up ann=good,connected", "2*up ann=bad,connected", "2*up ann=idle,connected"},
     "8:participant_bad(red/ann) 10:participant_good(red/ann) "},
    {"a silent participant is bad",
     {"6*up ann=good,connected", "2*up ann=silent,connected"},
     "8:participant_bad(red/ann) "},
    {"one bad reading of a participant is nothing",
     {"6*up ann=good,connected", "up ann=bad,connected", "up ann=good,connected"},
     ""},
    {"a row that is shown again is no reading",
     {"6*up ann=good,connected", "up ann=bad,connected", "up late ann=bad,connected", "up ann=good,connected"},
     ""},
    {"a participant of whom nothing is known is not good again",
     {"6*up ann=good,connected", "2*up ann=bad,connected", "4*up ann=unknown,connected", "2*up ann=good,connected"},
     "8:participant_bad(red/ann) 14:participant_good(red/ann) "},
    {"a participant leaves", {"6*up ann=good,connected", "up"}, "7:ended(red/ann,left) "},
    {"a participant that was not connected is gone", {"6*up ann=idle,connecting", "up"}, "7:ended(red/ann,closed) "},
    {"nobody says how a participant was connected", {"6*up ann=good,-", "up"}, "7:ended(red/ann,unknown) "},
    {"a participant that is disconnected for a moment",
     {"6*up ann=good,connected", "2*up ann=silent,disconnected", "up ann=good,connected", "up"},
     "8:participant_bad(red/ann) 10:participant_good(red/ann) 10:ended(red/ann,left) "},
    {"a participant is lost",
     {"6*up ann=good,connected", "up ann=idle,disconnected", "up"},
     "8:participant_lost(red/ann) 8:ended(red/ann,lost) "},
    {"a participant that is bad is lost, which is no good end",
     {"6*up ann=good,connected", "2*up ann=silent,disconnected", "up"},
     "8:participant_bad(red/ann) 9:participant_lost(red/ann) 9:ended(red/ann,lost) "},
    {"a participant is lost while it is there",
     {"6*up ann=good,connected", "6*up ann=idle,disconnected", "up"},
     "10:participant_lost(red/ann) 13:ended(red/ann,lost) "},
    {"a participant that comes back can be lost again",
     {"6*up ann=good,connected", "4*up ann=idle,disconnected", "up ann=good,connected", "4*up ann=idle,lost"},
     "10:participant_lost(red/ann) 15:participant_lost(red/ann) "},
    {"a participant that was disconnected at first is no news",
     {"9*up ann=idle,disconnected", "up"},
     "10:ended(red/ann,lost) "},
    {"a participant's worker died", {"6*up ann=good,connected", "up death"}, "7:worker_died 7:ended(red/ann,lost) "},
    {"a restart ends participants, once and not badly",
     {"6*up ann=good,connected", "up restart late ann=good,connected", "2*up ann=good,connected"},
     "7:application_restarted 7:ended(red/ann,restarted) "},
    {"a restart while the endpoint was down",
     {"6*up ann=good,connected", "2*down", "up restart", "up"},
     "8:endpoint_down 9:application_restarted 9:ended(red/ann,restarted) 10:endpoint_up "},
    {"a row of before a restart begins no life",
     {"6*up", "up restart late bob=good,connected", "2*up"},
     "7:application_restarted "},
    {"what is said of a room while nobody reads it counts for nothing",
     {"6*up red=20/0/0", "2*up red=20/9/0", "3*down red=20/0/0"},
     "8:room_bad(red) 10:endpoint_down "},
    {"an outage without a restart",
     {"6*up ann=good,connected", "2*down", "2*up ann=good,connected"},
     "8:endpoint_down 10:endpoint_up "},
    {"who leaves during an outage",
     {"6*up ann=good,connected", "2*down", "2*up"},
     "8:endpoint_down 10:endpoint_up 10:ended(red/ann,unknown) "},
    {"whose rows come a reading after the endpoint's, after an outage",
     {"6*up ann=good,connected", "2*down", "up", "2*up ann=good,connected"},
     "8:endpoint_down 10:endpoint_up "},
    {"the endpoint never comes back",
     {"6*up ann=good,connected", "2*down", "", ""},
     "8:endpoint_down 9:ended(red/ann,unknown) "},
    {"another process that is down says nothing",
     {"6*0:up 1:down ann=good,connected", "0:up 1:down"},
     "7:ended(red/ann,left) "},
};

typedef struct {
  play_t play;
  double duration, seconds_bad; /* of what ended last; 0 where nothing did */
} clock_play_t;

static const clock_play_t clock_plays[] = {
    {{"a room goes on when the clock is set back",
      {"6*up red=20/0/0", "up back red=20/9/0", "up red=20/9/0", "up red=20/0/0", "up"},
      "7:clock(-3600) 8:room_bad(red) 10:room_good(red) 10:ended(red,closed) "},
     80,
     20},
    {{"and when it is set ahead",
      {"6*up red=20/0/0", "up red=20/9/0", "up ahead red=20/9/0", "up red=20/0/0", "up"},
      "8:clock(+3600) 8:room_bad(red) 10:room_good(red) 10:ended(red,closed) "},
     80,
     20},
    {{"a participant goes on when the clock is set back",
      {"6*up ann=good,connected", "up back ann=good,connected", "2*up ann=bad,connected", "up"},
      "7:clock(-3600) 9:participant_bad(red/ann) 10:participant_good(red/ann) 10:ended(red/ann,left) "},
     80,
     20},
    {{"a participant is not lost by a clock that is set ahead",
      {"6*up ann=good,connected", "up ann=idle,disconnected", "up ahead ann=idle,disconnected", "up ann=good,connected",
       "up"},
      "8:clock(+3600) 10:ended(red/ann,left) "},
     80,
     0},
    {{"rows by the old clock count no more",
      {"6*up", "2*up red=2/0/0", "up back late red=2/0/0", "2*up red=2/0/0", "up"},
      "9:clock(-3600) 12:ended(red,closed) "},
     40,
     0},
    {{"a restart before the clock is set back is over",
      {"6*up", "up restart red=2/0/0", "up back red=2/0/0", "up red=2/0/0", "up"},
      "7:application_restarted 8:clock(-3600) 10:ended(red,closed) "},
     20,
     0},
    {{"a clock that is set back while its endpoint is down",
      {"6*up red=2/0/0", "2*down", "up back", "2*up red=2/0/0", "up"},
      "8:endpoint_down 9:clock(-3600) 10:endpoint_up 12:ended(red,closed) "},
     100,
     0},
    {{"a clock that is set back while nobody looks",
      {"6*up red=2/0/0", "pause up back", "2*up red=2/0/0", "up"},
      "7:clock(-3600) 10:ended(red,closed) "},
     110,
     0},
    {{"the events of an endpoint go on, too",
      {"6*up", "up back", "up death", "2*down"},
      "7:clock(-3600) 8:worker_died 10:endpoint_down "},
     0,
     0},
    {{"a clock that is set again and again is told once",
      {"6*up", "up back", "up ahead", "up back", "up death"},
      "7:clock(-3600) 10:worker_died "},
     0,
     0},
    {{"two processes tell it once", {"6*0:up 1:up", "0:up 1:up back", "0:up 1:up"}, "7:clock(-3600) "}, 0, 0},
};

/* --- playing --- */

typedef struct {
  changes_t changes;
  double now;
  double clock, clock_before; /* how far that of the host is ahead, and was in the step before */
  bool is_late;
  double duration, seconds_bad; /* of what ended last */
  size_t step;
  int64_t restarts, deaths;
  store_row_t *last_endpoint; /* of the step before; NULL: none */
  const store_row_t *rows[CLASS_COUNT][ROWS_MAX];
  observation_t observation;
  participant_t people[PEOPLE_MAX];
  char *keys[PEOPLE_MAX];
  char names[PEOPLE_MAX][20];
  char connections[PEOPLE_MAX][20];
  size_t people_length;
  buffer_t shown;
} stage_t;

static void show(stage_t *stage, const char *kind, const record_t *record, size_t room, const char *outcome) {
  char text[200];
  const char *name = record->values[room].text, *participant = record->values[room + 1].text;
  (void)snprintf(text, sizeof(text), "%zu:%s", stage->step, kind);
  buffer_append_text(&stage->shown, text);
  if (name == NULL)
    return;
  (void)snprintf(text, sizeof(text), "(%s%s%s%s%s)", name, participant != NULL ? "/" : "",
                 participant != NULL ? participant : "", outcome != NULL ? "," : "", outcome != NULL ? outcome : "");
  buffer_append_text(&stage->shown, text);
}

static void on_event(void *context, record_t *event) {
  stage_t *stage = context;
  char number[20];
  if (event == NULL)
    return;
  assert_string_equal(event->values[EVENT_HOST].text, "here");
  assert_string_equal(event->values[EVENT_ENDPOINT].text, "sfu");
  assert_non_null(event->values[EVENT_TEXT].text);
  show(stage, event->values[EVENT_KIND].text, event, EVENT_ROOM, NULL);
  if (!isnan(event->values[EVENT_PROCESS].number)) {
    (void)snprintf(number, sizeof(number), "(%.0f)", event->values[EVENT_PROCESS].number);
    buffer_append_text(&stage->shown, number);
  }
  if (!isnan(event->values[EVENT_WORKER].number)) {
    (void)snprintf(number, sizeof(number), "[%.0f]", event->values[EVENT_WORKER].number);
    buffer_append_text(&stage->shown, number);
  }
  buffer_append_text(&stage->shown, " ");
  record_release(event);
}

static void on_ended(void *context, record_t *ended) {
  stage_t *stage = context;
  if (ended == NULL)
    return;
  assert_string_equal(ended->values[ENDED_HOST].text, "here");
  assert_string_equal(ended->values[ENDED_ENDPOINT].text, "sfu");
  assert_string_equal(ended->values[ENDED_KIND].text,
                      ended->values[ENDED_PARTICIPANT].text != NULL ? "participant" : "room");
  stage->duration = ended->values[ENDED_DURATION].number;
  stage->seconds_bad = ended->values[ENDED_SECONDS_BAD].number;
  show(stage, "ended", ended, ENDED_ROOM, ended->values[ENDED_OUTCOME].text);
  buffer_append_text(&stage->shown, " ");
  record_release(ended);
}

static void on_clock(void *context, const char *host, const char *endpoint, double step) {
  stage_t *stage = context;
  char text[40];
  assert_string_equal(host, "here");
  assert_string_equal(endpoint, "sfu");
  (void)snprintf(text, sizeof(text), "%zu:clock(%+.0f) ", stage->step, step);
  buffer_append_text(&stage->shown, text);
}

static double row_received(const stage_t *stage) {
  return stage->is_late ? stage->now - (double)STEP_SECONDS : stage->now;
}

static double row_time(const stage_t *stage) {
  return row_received(stage) + (stage->is_late ? stage->clock_before : stage->clock);
}

static store_row_t *new_row(const stage_t *stage, class_id_t class, const char *plugin_instance,
                            const char *type_instance) {
  store_row_t *row = store_row_new(&classes[class], "here", plugin_instance, type_instance);
  row->time = row_time(stage);
  row->received = row_received(stage);
  row->interval = STEP_SECONDS;
  row->facts = facts_from_name(row->class, plugin_instance, type_instance);
  return row;
}

static void put(stage_t *stage, const store_row_t *row) {
  class_id_t class = class_id(row->class);
  observed_rows_t *rows = &stage->observation.rows[class];
  assert_true(rows->length < ROWS_MAX);
  stage->rows[class][rows->length++] = row;
  rows->list = stage->rows[class];
}

static void put_endpoint(stage_t *stage, const char *process, bool is_up) {
  char type_instance[20] = "";
  if (process[0] != '\0')
    (void)snprintf(type_instance, sizeof(type_instance), "process=%s", process);
  store_row_t *row = new_row(stage, CLASS_ENDPOINT, "sfu", type_instance);
  row_set(row, "up", is_up ? 1 : 0);
  row_set(row, "restarts", (double)stage->restarts);
  row_set(row, "worker_deaths", (double)stage->deaths);
  store_row_release(stage->last_endpoint);
  stage->last_endpoint = row;
  put(stage, store_row_share(row));
}

static void put_workers(stage_t *stage, int length) {
  for (int i = 0; i < length; i++) {
    char type_instance[40];
    (void)snprintf(type_instance, sizeof(type_instance), "worker=%d,pid=%d", i, 100 + i);
    put(stage, new_row(stage, CLASS_WORKERS, "sfu", type_instance));
  }
}

static void put_room(stage_t *stage, const char *block, const char *figures) {
  double flowing, bad, silent;
  char type_instance[40];
  (void)snprintf(type_instance, sizeof(type_instance), "group=%s,endpoint=sfu", block);
  store_row_t *row = new_row(stage, CLASS_GROUP_CONSUMERS, "roomId=red", type_instance);
  assert_int_equal(sscanf(figures, "%lf/%lf/%lf", &flowing, &bad, &silent), 3);
  row_set(row, "streams", flowing);
  row_set(row, "streams_bad", bad);
  row_set(row, "streams_silent", silent);
  put(stage, row);
}

static participant_quality_t quality_of(const char *name, size_t length) {
  if (strncmp("unknown", name, length) == 0)
    return QUALITY_UNKNOWN;
  for (unsigned quality = QUALITY_IDLE; quality <= QUALITY_BAD; quality++)
    if (strncmp(participant_quality_name((participant_quality_t)quality), name, length) == 0)
      return (participant_quality_t)quality;
  fail_msg("there is no quality %s", name);
  return QUALITY_UNKNOWN;
}

static void put_participant(stage_t *stage, const char *name, size_t name_length, const char *how) {
  size_t index = stage->people_length++, length = strcspn(how, ",");
  (void)snprintf(stage->names[index], sizeof(stage->names[index]), "%.*s", (int)name_length, name);
  (void)snprintf(stage->connections[index], sizeof(stage->connections[index]), "%s", how + length + 1);
  participant_t *participant = &stage->people[index];
  *participant = (participant_t){.host = "here",
                                 .endpoint = "sfu",
                                 .room = "red",
                                 .participant = stage->names[index],
                                 .quality = quality_of(how, length),
                                 .connection = how[length + 1] != '-' ? stage->connections[index] : NULL,
                                 .since = NAN,
                                 .time = row_time(stage),
                                 .received = row_received(stage)};
  stage->keys[index] = give_key(participant);
  for (size_t i = 0; i < PARTICIPANT_FIGURES; i++)
    participant->figures[i] = NAN;
}

/* A word of a step; restarts and deaths have been counted already. */
static void take_word(stage_t *stage, const char *word) {
  const char *colon = strchr(word, ':'), *how = colon != NULL ? colon + 1 : word;
  char process[8];
  (void)snprintf(process, sizeof(process), "%.*s", colon != NULL ? (int)(colon - word) : 0, word);
  if (strcmp(how, "up") == 0 || strcmp(how, "down") == 0)
    put_endpoint(stage, process, how[0] == 'u');
  else if (strcmp(word, "stale") == 0)
    put(stage, store_row_share(stage->last_endpoint));
  else if (strcmp(word, "late") == 0)
    stage->is_late = true;
  else if (strncmp(word, "workers=", 8) == 0)
    put_workers(stage, atoi(word + 8));
  else if (strncmp(word, "red=", 4) == 0)
    put_room(stage, "room", word + 4);
  else if (strncmp(word, "old:red=", 8) == 0)
    put_room(stage, "old", word + 8);
  else if (strchr(word, '=') != NULL)
    put_participant(stage, word, strcspn(word, "="), strchr(word, '=') + 1);
}

static void play_step(stage_t *stage, const char *words) {
  const sink_t sink = {.on_event = on_event, .on_ended = on_ended, .on_clock = on_clock, .context = stage};
  char copy[200], *rest = NULL;
  stage->step++;
  stage->now += (double)(STEP_SECONDS + (strstr(words, "pause") != NULL ? PAUSE_SECONDS : 0));
  stage->is_late = false;
  stage->people_length = 0;
  stage->observation = (observation_t){.now = stage->now};
  stage->clock_before = stage->clock;
  stage->clock += strstr(words, "ahead") != NULL ? CLOCK_SECONDS : strstr(words, "back") != NULL ? -CLOCK_SECONDS : 0;
  stage->restarts += strstr(words, "restart") != NULL ? 1 : 0;
  stage->deaths += strstr(words, "death") != NULL ? 1 : 0;
  (void)snprintf(copy, sizeof(copy), "%s", words);
  for (char *word = strtok_r(copy, " ", &rest); word != NULL; word = strtok_r(NULL, " ", &rest))
    take_word(stage, word);
  const participant_t *people[PEOPLE_MAX];
  for (size_t i = 0; i < stage->people_length; i++)
    people[i] = &stage->people[i];
  const participants_t participants = {.list = people, .length = stage->people_length};
  stage->observation.participants = &participants;
  changes_look(&stage->changes, &stage->observation, &sink);
  for (size_t i = 0; i < stage->people_length; i++)
    free(stage->keys[i]);
  for (size_t class = 0; class < CLASS_COUNT; class ++)
    for (size_t i = 0; i < stage->observation.rows[class].length; i++)
      store_row_release(stage->rows[class][i]);
}

static void play_all(stage_t *stage, const play_t *play) {
  for (size_t i = 0; i < STEPS_MAX && play->steps[i] != NULL; i++) {
    const char *words = play->steps[i], *times = strchr(words, '*');
    for (long left = times != NULL ? strtol(words, NULL, 10) : 1; left > 0; left--)
      play_step(stage, times != NULL ? times + 1 : words);
  }
}

static stage_t *open_stage(void) {
  stage_t *stage = calloc(1, sizeof(*stage));
  stage->now = FIRST_TIME;
  stage->shown = (buffer_t)BUFFER_INIT(SNAPSHOT_MAX_BYTES);
  return stage;
}

static void close_stage(stage_t *stage) {
  changes_done(&stage->changes);
  store_row_release(stage->last_endpoint);
  buffer_done(&stage->shown);
  free(stage);
}

static void plays_out(void **state) {
  const play_t *play = *state;
  long before = allocations_live();
  stage_t *stage = open_stage();
  play_all(stage, play);
  assert_string_equal(buffer_text(&stage->shown), play->expected);
  close_stage(stage);
  assert_int_equal(allocations_live(), before);
}

static void follows_the_clock(void **state) {
  const clock_play_t *one = *state;
  stage_t *stage = open_stage();
  play_all(stage, &one->play);
  assert_string_equal(buffer_text(&stage->shown), one->play.expected);
  assert_true(stage->duration == one->duration);
  assert_true(stage->seconds_bad == one->seconds_bad);
  close_stage(stage);
}

int main(void) {
  TEST_CASES(plays_out, plays);
  TEST_CASES(follows_the_clock, clock_plays);
  return tests_run("changes");
}
