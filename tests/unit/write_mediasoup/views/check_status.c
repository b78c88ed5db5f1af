/* SPDX-License-Identifier: MIT */
/* Status: each endpoint in each of its states, what is wrong in words, and what an operator should do. */
#include "support/rows.h"
#include "write_mediasoup/views/status.h"

#include <stdlib.h>
#include <string.h>

enum { ROOM = 100, NOW = 20 };

/* The caller frees it. */
static char *status_at(store_t *store, double now, uint64_t *version) {
  body_t *body;
  failure_t failure = {0};
  char bytes[8000];
  assert_int_equal(status_new(store, now, &body, &failure), STATUS_OK);
  ssize_t length = body_read(body, bytes, sizeof(bytes) - 1);
  assert_true(length > 0);
  bytes[length] = '\0';
  assert_int_equal(body_read(body, bytes + length, 1), 0);
  *version = body_version(body);
  body_free(body);
  return strdup(bytes);
}

#define WELL "'objectsSkipped':1,'unanswered':1,'restarts':1"

typedef struct {
  const char *name;
  const char *row; /* "HOST:TYPE_INSTANCE", or NULL: there is none */
  int64_t up;
  const char *facts;
  double now;
  const char *expected;
} state_case_t;

#define DOWN                                                                                                           \
  "'endpoints':[{'endpoint':'room=one','host':'here','state':'down','timestamp':20000,'age':0,'objectsSkipped':0,"     \
  "'unanswered':0,'restarts':0"
#define PROBLEM(kind, level)                                                                                           \
  "'problems':[{'kind':'" kind "','level':'" level "','endpoint':'room=one','host':'here','text':"
#define NAME "'Endpoint \\'room=one\\' on here"

static const state_case_t state_cases[] = {
    {"nothing has come", NULL, 0, NULL, NOW,
     "{'status':'trouble','problems':[{'kind':'nothing','level':'bad','text':'No value list of the plugin mediasoup "
     "has "
     "come','remedy':'load the plugin mediasoup, let mediasoup-writers.conf name write_mediasoup where that file is "
     "installed, and look in collectd\x27s log; where other hosts send their rows, check their "
     "write_http'}],'endpoints':[]}"},
    {"all is well", "", 1, "mediasoup=3 failure=old remedy=old lastReading=1", NOW,
     "{'status':'ok','problems':[],'endpoints':[{'endpoint':'room=one','host':'here','state':'up','timestamp':20000,"
     "'age':0,'lastReading':20000," WELL ",'mediasoup':'3'}]}"},
    {"one of several processes", "far:process=12", 1, "since=1 process=12", NOW,
     "{'status':'ok','problems':[],'endpoints':[{'endpoint':'room=one','process':12,'host':'far','state':'up',"
     "'timestamp':20000,'age':0,'lastReading':20000," WELL},
    {"down", "", 0, "failure=refused remedy=restart lastReading=1", NOW,
     "{'status':'trouble'," PROBLEM("down", "bad") NAME " is down: refused','remedy':'restart'}]," DOWN
                                                        ",'failure':'refused','lastReading':'1','remedy':'restart'}]}"},
    {"down, but without its metadata", "", 0, NULL, NOW,
     "{'status':'trouble'," PROBLEM("down", "bad") NAME
     " is down: its value list came without the cause','remedy':'look "
     "in the log of collectd on that host'}]," DOWN},
    {"not yet stale", "", 1, "since=1", NOW + 20, "{'status':'ok','problems':[],"},
    {"stale", "", 1, NULL, NOW + 45,
     "{'status':'trouble'," PROBLEM("stale", "bad") NAME
     " is stale: no value list has come for more than 20 s','remedy':'check "},
    {"this host's clock was set back", "", 1, NULL, NOW - 45,
     "{'status':'trouble'," PROBLEM("stale", "bad") NAME
     " is stale: the clock of this host was set back, and collectd reads nothing until it has caught up','remedy':"
     "'restart collectd on this host'}],"},
    {"stale and down before", "", 0, "failure=refused", NOW + 45,
     "{'status':'trouble'," PROBLEM("stale", "bad") NAME " is stale: "},
    {"forgotten", "", 1, NULL, NOW + SILENT_SECONDS + 1, "{'status':'trouble','problems':[{'kind':'nothing',"},
    {"in the lane public, which nobody minds", "", 1, "lane=public", NOW, "{'status':'ok','problems':[],"},
    {"in the lane public by a fault", "", 1, "lane=public laneReason=old", NOW,
     "{'status':'trouble'," PROBLEM("lane", "poor") NAME " measures in the lane public, though raw was asked for: "
                                                         "old','remedy':'remove the cause, or "},
    {"without metadata", "", 1, NULL, NOW,
     "{'status':'trouble'," PROBLEM("untold", "poor") NAME
     ": its rows have come without metadata, so states, causes and connections are unknown, and of participants only "
     "what figures tell is known',"},
    {"a process without metadata", "far:process=12", 1, NULL, NOW,
     "{'status':'trouble','problems':[{'kind':'untold','level':'poor','endpoint':'room=one','process':12,"},
    {"in the lane raw", "", 1, "lane=raw laneReason=none", NOW, "{'status':'ok','problems':[],"},
    {"rooms without names", "", 1, "roomNames=router roomRemedy=line", NOW,
     "{'status':'ok'," PROBLEM("rooms", "hint") NAME
     ": rooms are called by their routers\x27 ids, since no appData has a "
     "key of RoomKeys','remedy':'line'}],"},
    {"not while it is down", "", 0, "lane=public laneReason=old roomRemedy=line", NOW,
     "{'status':'trouble'," PROBLEM("down", "bad") NAME
     " is down: its value list came without the cause','remedy':'look in the log of collectd on that host'}],"},
};

/* An apostrophe of a text stands as \x27 in the cases, where json() would take it for a quotation mark. */
static char *expected_of(const char *text) {
  buffer_t marked = BUFFER_INIT(8000);
  for (const char *at = text; *at != '\0'; at++) {
    bool in_word = *at == '\'' && at > text &&
                   ((at[-1] == 'd' && at[1] == 's' && at[2] == ' ') || (at[-1] == 's' && at[1] == ' '));
    buffer_append_character(&marked, in_word ? '\x01' : *at);
  }
  char *made = json(buffer_text(&marked));
  for (char *at = made; *at != '\0'; at++)
    if (*at == '\x01')
      *at = '\'';
  buffer_done(&marked);
  return made;
}

static void says_how_it_is(void **state) {
  const state_case_t *one = *state;
  long before = allocations_live();
  uint64_t version;
  store_t *store = store_new(ROOM);
  if (one->row != NULL)
    put_row(store, CLASS_ENDPOINT, one->row, NOW, one->up, one->facts);
  char *shown = status_at(store, one->now, &version), *expected = expected_of(one->expected);
  if (strncmp(shown, expected, strlen(expected)) != 0)
    fail_msg("\"%s\" does not begin with \"%s\"", shown, expected);
  free(shown);
  free(expected);
  store_free(store);
  assert_int_equal(allocations_live(), before);
}

/* Of several processes one may end. */
static void passes_over_one_process_that_has_ended(void **state) {
  (void)state;
  uint64_t version;
  store_t *store = store_new(ROOM);
  put_row(store, CLASS_ENDPOINT, "process=2", 10, 1, NULL);
  put_row(store, CLASS_ENDPOINT, "process=10", 50, 1, NULL);
  put_row(store, CLASS_ENDPOINT, "process=9", 50, 1, NULL);
  put_row(store, CLASS_ENDPOINT, "far:process=2", 10, 1, NULL);
  char *shown = status_at(store, 50, &version);
  assert_non_null(strstr(shown, "process 2 on far is stale"));
  assert_null(strstr(shown, "process 2 on here"));
  assert_true(strstr(shown, "\"process\":9,\"host\":\"here\"") < strstr(shown, "\"process\":10,\"host\":\"here\""));
  assert_non_null(strstr(shown, "\"process\":9,"));
  free(shown);
  store_free(store);
}

static void changes_its_version_when_an_endpoint_falls_silent(void **state) {
  (void)state;
  uint64_t fresh, later, silent, more_silent, other;
  store_t *store = store_new(ROOM);
  put_row(store, CLASS_ENDPOINT, "", NOW, 1, NULL);
  free(status_at(store, NOW, &fresh));
  free(status_at(store, NOW + 5, &later));
  free(status_at(store, NOW + 30, &silent));
  free(status_at(store, NOW + 31, &more_silent));
  put_row(store, CLASS_ENDPOINT, "", NOW + 10, 1, NULL);
  free(status_at(store, NOW + 10, &other));
  assert_int_equal(fresh, later);
  assert_int_not_equal(fresh, silent);
  assert_int_equal(silent, more_silent);
  assert_int_not_equal(fresh, other);
  store_free(store);
}

static void fails_without_memory(void **state) {
  (void)state;
  store_t *store = store_new(ROOM);
  put_row(store, CLASS_ENDPOINT, "", NOW, 0, "failure=refused");
  long before = allocations_live();
  for (unsigned long number = 1;; number++) {
    body_t *body = NULL;
    failure_t failure = {0};
    allocations_fail_at(number);
    status_t status = status_new(store, NOW, &body, &failure);
    bool failed = allocations_failed();
    allocations_fail_at(0);
    assert_int_equal(status, failed ? STATUS_NO_MEMORY : STATUS_OK);
    body_free(body);
    assert_int_equal(allocations_live(), before);
    if (!failed)
      break;
  }
  store_free(store);
}

int main(void) {
  TEST_CASES(says_how_it_is, state_cases);
  TEST(passes_over_one_process_that_has_ended);
  TEST(changes_its_version_when_an_endpoint_falls_silent);
  TEST(fails_without_memory);
  return tests_run("status");
}
