/* SPDX-License-Identifier: MIT */
/* Reports: why a reading failed, which keys appData has, what names rooms, and which line would. */
#include "mediasoup/report.h"
#include "support/chain.h"
#include "support/server.h"
#include "support/source_reading.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

static char folder[64];

static const aliases_t aliases = {.room = {.keys = {"roomId", "room"}, .length = 2, .else_router = true}};

#define ROUTER_OF(id, app_data) "{'row':'routers','routerId':'" id "','worker':0,'appData':{" app_data "}}\n"
#define TRANSPORT_OF(id, router, app_data)                                                                             \
  "{'row':'transports','transportId':'" id "','routerId':'" router "','transportType':'plain','appData':{" app_data    \
  "}}\n"
#define DATA_OF(id, transport, app_data)                                                                               \
  "{'row':'data_producers','dataProducerId':'" id "','transportId':'" transport "','appData':{" app_data "}}\n"
#define LINE                                                                                                           \
  "add RoomKeys \"roomId\" \"KEY\" to <Endpoint \"sfu\"> in collectd's configuration, where KEY is the one "           \
  "of these keys that names a room: "

typedef struct {
  const char *name;
  const char *rows;
  const char *keys;
  const char *names;
  const char *remedy;
} name_case_t;

static const name_case_t name_cases[] = {
    {"nobody is there", WORKER, "", "", ""},
    {"a router names the room", WORKER ROUTER_OF("r", "'roomId':1"), "{'routers':['roomId']}", "roomId", ""},
    {"by another key", WORKER ROUTER_OF("r", "'room':1"), "{'routers':['room']}", "room", ""},
    {"a transport does", WORKER ROUTER_OF("r", "") TRANSPORT_OF("t", "r", "'room':1"), "{'transports':['room']}",
     "room", ""},
    {"one of two routers without transports", WORKER ROUTER_OF("r", "'roomId':1") ROUTER_OF("s", ""),
     "{'routers':['roomId']}", "roomId,router", ""},
    {"streams count where there are some",
     WORKER ROUTER_OF("r", "") TRANSPORT_OF("t", "r", "") DATA_OF("d", "t", "'roomId':'x'"),
     "{'data_producers':['roomId']}", "roomId", ""},
    {"no key of rooms", WORKER ROUTER_OF("r", "'meeting':1,'b':2") TRANSPORT_OF("t", "r", "'peer':1,'b':3"),
     "{'routers':['b','meeting'],'transports':['b','peer']}", "router", LINE "b, meeting, peer"},
    {"no key at all", WORKER ROUTER_OF("r", ""), "", "router",
     "set the key in the application: router.appData.roomId = 'the name of the room'"},
    {"twelve keys of a class are enough",
     WORKER ROUTER_OF("r", "'a':1,'b':1,'c':1,'d':1,'e':1,'f':1,'g':1,'h':1,'i':1,'j':1,'k':1,'l':1,'m':1,'roomId':1"),
     "{'routers':['a','b','c','d','e','f','g','h','i','j','k','l']}", "roomId", ""},
};

static source_t *source_of(const char *rows, status_t status) {
  const failure_t *failure;
  source_t *source = source_reading(folder, rows);
  assert_int_equal(source_status(source, &failure), status);
  return source;
}

static void assert_json(const buffer_t *text, const char *expected) {
  char *wanted = json(expected);
  assert_string_equal(buffer_text(text), wanted);
  free(wanted);
}

static void says_what_names_rooms(void **state) {
  const name_case_t *one = *state;
  source_t *source = source_of(one->rows, STATUS_OK);
  report_t report;
  report_make(&report, source, &aliases, "sfu");
  assert_json(&report.app_data_keys, one->keys);
  assert_string_equal(buffer_text(&report.room_names), one->names);
  assert_string_equal(buffer_text(&report.room_remedy), one->remedy);
  assert_string_equal(report.failure, "");
  assert_string_equal(report.remedy, "");
  assert_int_equal(report.last_reading, 0);
  assert_true(report.since > 0);
  report_done(&report);
  source_free(source);
}

static void keeps_within_its_bounds(void **state) {
  (void)state;
  char key[600], rows[3000];
  memset(key, 'k', sizeof(key) - 1);
  key[sizeof(key) - 1] = '\0';
  (void)snprintf(rows, sizeof(rows), WORKER "{'row':'routers','routerId':'r','worker':0,'appData':{'%s':1,'%s2':1}}\n",
                 key, key);
  source_t *source = source_of(rows, STATUS_OK);
  report_t report;
  report_make(&report, source, &aliases, "sfu");
  assert_string_equal(buffer_text(&report.app_data_keys), "");
  assert_string_equal(buffer_text(&report.room_names), "router");
  report_done(&report);
  source_free(source);
}

static void says_why_it_is_down(void **state) {
  (void)state;
  source_t *source = source_of("{'row':'workers','worker':0,'appData':1}\n", STATUS_PROTOCOL);
  report_t report;
  report_make(&report, source, &aliases, "sfu");
  assert_non_null(strstr(report.failure, "appData is not an object"));
  assert_string_equal(report.remedy, status_remedy(STATUS_PROTOCOL));
  assert_int_equal(report.last_reading, 0); /* there was none */
  assert_true(report.since > 0);
  assert_int_equal(report.app_data_keys.length + report.room_names.length + report.room_remedy.length, 0);
  report_done(&report);
  source_free(source);
}

static void tells_what_is_new(void **state) {
  (void)state;
  source_t *source = source_of(WORKER ROUTER_OF("r", ""), STATUS_OK);
  report_t report;
  assert_true(report_is_due(source));
  report_make(&report, source, &aliases, "sfu");
  assert_true(report_is_new(&report, source));
  assert_false(report_is_new(&report, source));
  report_done(&report);
  uint64_t since = source_since(source), read = source_last_reading(source);
  assert_true(since > 0 && since == read);
  source_read_all(&source, 1, NULL); /* its server is gone */
  report_make(&report, source, &aliases, "sfu");
  assert_true(report_is_due(source));
  assert_true(report_is_new(&report, source));
  assert_int_equal(report.last_reading, read);
  report_done(&report);
  source_read_all(&source, 1, NULL);
  report_make(&report, source, &aliases, "sfu");
  assert_false(report_is_new(&report, source));
  report_done(&report);
  source_free(source);
}

int main(void) {
  (void)curl_global_init(CURL_GLOBAL_DEFAULT);
  server_folder_make(folder);
  TEST_CASES(says_what_names_rooms, name_cases);
  TEST(keeps_within_its_bounds);
  TEST(says_why_it_is_down);
  TEST(tells_what_is_new);
  int failed = tests_run("report");
  server_folder_remove(folder);
  curl_global_cleanup();
  return failed;
}
