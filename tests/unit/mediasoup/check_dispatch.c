/* SPDX-License-Identifier: MIT */
/* Dispatch: which value lists collectd gets of a reading, when with metadata, and what that says. */
#include "mediasoup/dispatch.h"
#include "mediasoup/judge.h"
#include "support/chain.h"
#include "support/fake_collectd.h"
#include "support/server.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char folder[64];

/* --- a source that is read and dispatched --- */

typedef struct {
  server_t server;
  source_t *source;
  judge_t judge;
  uint64_t time; /* epoch milliseconds of the last reading */
  type_conflicts_t conflicts;
  dispatch_t dispatch;
} rig_t;

static const aliases_t aliases = {.room = {.keys = {"room"}, .length = 1, .else_router = true}};

static void rig_init(rig_t *rig, int process) {
  static const char *const keys[] = {"room"};
  failure_t failure = {0};
  *rig = (rig_t){.dispatch = {.host = "h",
                              .interval = MS_TO_CDTIME_T(10),
                              .endpoint = "sfu",
                              .keys = {.app_data = keys, .app_data_length = LENGTH(keys), .aliases = aliases}}};
  rig->dispatch.conflicts = &rig->conflicts;
  (void)snprintf(rig->server.path, sizeof(rig->server.path), "%s/sfu.sock", folder);
  assert_int_equal(source_new(&(source_options_t){.socket = rig->server.path,
                                                  .timeout_milliseconds = 2000,
                                                  .classes = ALL_CLASSES,
                                                  .max_objects = OBJECTS_MAX,
                                                  .naming = {.endpoint = "sfu",
                                                             .app_data = keys,
                                                             .app_data_length = LENGTH(keys),
                                                             .aliases = aliases,
                                                             .process = process}},
                              &rig->source, &failure),
                   STATUS_OK);
  judge_init(&rig->judge);
  collectd_refuses(false);
  collectd_forget();
}

static void rig_done(rig_t *rig) {
  judge_done(&rig->judge);
  source_free(rig->source);
  collectd_forget();
}

/* Reads these rows, or nothing where NULL, and dispatches what is known then. */
static void take(rig_t *rig, const char *rows) {
  if (rows != NULL) {
    char *text = snapshot_of(",'pid':9", rows);
    buffer_t answer = BUFFER_INIT(SNAPSHOT_MAX_BYTES);
    buffer_append_text(&answer, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
    buffer_append_text(&answer, text);
    free(text);
    rig->server.answer = buffer_text(&answer);
    server_start(&rig->server, folder, "sfu.sock");
    source_read_all(&rig->source, 1, NULL);
    server_stop(&rig->server);
    buffer_done(&answer);
  } else {
    source_read_all(&rig->source, 1, NULL);
  }
  const failure_t *failure;
  rig->time += 5000;
  judge_begin(&rig->judge, rig->time);
  judge_add(&rig->judge, source_model(rig->source), source_status(rig->source, &failure) == STATUS_OK);
  judge_end(&rig->judge);
  collectd_forget();
  dispatch_source(&rig->dispatch, rig->source);
}

#define ROOM                                                                                                           \
  WORKER "{'row':'routers','routerId':'r','worker':0,'appData':{'room':'red'}}\n"                                      \
         "{'row':'transports','transportId':'t','routerId':'r','transportType':'plain'}\n"
#define DATA_CONSUMER                                                                                                  \
  "{'row':'data_consumers','dataConsumerId':'d','dataProducerId':'p','transportId':'t','label':'chat',"                \
  "'stats':{'messagesSent':3,'bytesSent':70,'bufferedAmount':1.5}}\n"

/* --- value lists --- */

static void registers_a_type_for_each_class(void **state) {
  (void)state;
  size_t lines = 0;
  for (const char *at = collectd_types(); (at = strchr(at, '\n')) != NULL; at++)
    lines++;
  assert_int_equal(lines, CLASS_COUNT);
  assert_non_null(
      strstr(collectd_types(), "data_consumers messages_sent:derive,bytes_sent:derive,buffered_amount:gauge\n"));
  assert_non_null(strstr(collectd_types(), "stream_score_bucket value:derive\n"));
}

static void sends_a_list_for_each_object(void **state) {
  (void)state;
  rig_t rig;
  rig_init(&rig, -1);
  take(&rig, ROOM DATA_CONSUMER "{'row':'data_consumers','dataConsumerId':'e','transportId':'t','error':'late'}\n");
  assert_int_equal(collectd_lists_length(), 5); /* the endpoint, and all but the one without an answer */
  assert_non_null(strstr(collectd_lists(false), "h/mediasoup/room=red/data_consumers/id=d 3:70:1.5\n"));
  assert_non_null(strstr(collectd_lists(false), "h/mediasoup/sfu/endpoint/ 1:"));
  assert_non_null(strstr(collectd_lists(false), "h/mediasoup/sfu/workers/worker=0 1:"));
  assert_memory_equal(collectd_lists(false), "h/mediasoup/sfu/endpoint/", 25); /* which comes first */
  rig_done(&rig);
}

static size_t complaints;
static char last_complaint[512];

static void complain(const char *complaint) {
  complaints++;
  (void)snprintf(last_complaint, sizeof(last_complaint), "%s", complaint);
}

static void sends_no_list_of_a_type_that_differs(void **state) {
  (void)state;
  rig_t rig;
  rig_init(&rig, -1);
  dispatch_check_types(&rig.conflicts, complain);
  assert_int_equal(complaints, 0);
  collectd_redefine("data_consumers", "messages");
  dispatch_check_types(&rig.conflicts, complain);
  collectd_redefine("data_consumers", "messages_sent");
  assert_int_equal(complaints, 1);
  assert_non_null(strstr(last_complaint, "\"data_consumers\""));
  take(&rig, ROOM DATA_CONSUMER);
  assert_int_equal(collectd_lists_length(), 4);
  assert_null(collectd_list("data_consumers", "id=d"));
  dispatch_check_types(&rig.conflicts, complain);
  take(&rig, ROOM DATA_CONSUMER);
  assert_int_equal(collectd_lists_length(), 5);
  assert_non_null(strstr(collectd_list("data_consumers", "id=d"), " [dataConsumerId=")); /* nobody has had it yet */
  rig_done(&rig);
}

static void a_reading_that_fails_is_the_endpoints_list(void **state) {
  (void)state;
  rig_t rig;
  rig_init(&rig, -1);
  take(&rig, ROOM DATA_CONSUMER);
  take(&rig, NULL);
  assert_int_equal(collectd_lists_length(), 1);
  assert_memory_equal(collectd_lists(false), "h/mediasoup/sfu/endpoint/ 0:nan", 31);
  take(&rig, ROOM DATA_CONSUMER);
  assert_int_equal(collectd_lists_length(), 5);
  assert_non_null(
      strstr(collectd_list("data_consumers", "id=d"), " [dataConsumerId=")); /* receivers have forgotten it */
  rig_done(&rig);
}

/* --- when metadata goes along --- */

static size_t count_with_metadata(void) {
  size_t lists = 0;
  for (const char *at = collectd_lists(true); (at = strstr(at, " [")) != NULL; at++)
    lists++;
  return lists;
}

static void metadata_comes_first_and_in_turns(void **state) {
  (void)state;
  enum { READINGS = 2 * METADATA_INTERVALS };
  rig_t rig;
  size_t turns = 0;
  rig_init(&rig, -1);
  take(&rig, ROOM DATA_CONSUMER);
  assert_int_equal(count_with_metadata(), 5);
  for (int i = 0; i < READINGS; i++) {
    take(&rig, ROOM DATA_CONSUMER);
    turns += count_with_metadata();
  }
  assert_int_equal(turns, 5 * READINGS / METADATA_INTERVALS); /* each object twice, the endpoint too */
  rig_done(&rig);
}

static void metadata_comes_when_it_is_new(void **state) {
  (void)state;
  rig_t rig;
  rig_init(&rig, -1);
  take(&rig, ROOM DATA_CONSUMER);
  take(&rig, ROOM DATA_CONSUMER);
  assert_int_equal(count_with_metadata(), 0);
  take(&rig, ROOM "{'row':'data_consumers','dataConsumerId':'d','transportId':'t','label':'talk'}\n");
  assert_int_equal(count_with_metadata(), 1);
  assert_non_null(strstr(collectd_list("data_consumers", "id=d"), "label=\"talk\""));
  rig_done(&rig);
}

#define STREAM(packets, score)                                                                                         \
  "{'row':'consumers','consumerId':'c','producerId':'p','transportId':'t','paused':false,'stats':{'packetCount'"       \
  ":" #packets ",'bitrate':1,'score':" #score "}}\n"

/* Nothing but the verdict is new. */
static void metadata_comes_when_the_verdict_is_new(void **state) {
  (void)state;
  rig_t rig;
  rig_init(&rig, -1);
  take(&rig, ROOM STREAM(1, 10));
  assert_non_null(strstr(collectd_list("consumers", "kind=,mimeType=,id=c"), "paused=false state=\"flowing\" "));
  take(&rig, ROOM STREAM(2, 10));
  take(&rig, ROOM STREAM(3, 6));
  assert_int_equal(count_with_metadata(), 0);
  take(&rig, ROOM STREAM(4, 5));
  assert_int_equal(count_with_metadata(), 1);
  assert_non_null(strstr(collectd_list("consumers", "kind=,mimeType=,id=c"), "state=\"flowing\" bad=true "));
  assert_null(strstr(collectd_list("consumers", "kind=,mimeType=,id=c"), "cause="));
  take(&rig, ROOM STREAM(5, 5));
  assert_int_equal(count_with_metadata(), 1);
  assert_non_null(
      strstr(collectd_list("consumers", "kind=,mimeType=,id=c"), "bad=true cause=\"unknown\" badSince=20000 "));
  take(&rig, ROOM STREAM(6, 5));
  assert_int_equal(count_with_metadata(), 0);
  take(&rig, ROOM STREAM(7, 6));
  assert_int_equal(count_with_metadata(), 1);
  assert_null(strstr(collectd_list("consumers", "kind=,mimeType=,id=c"), "bad="));
  take(&rig, ROOM STREAM(8, 6));
  assert_int_equal(count_with_metadata(), 1);
  assert_null(strstr(collectd_list("consumers", "kind=,mimeType=,id=c"), "cause="));
  assert_null(strstr(collectd_list("consumers", "kind=,mimeType=,id=c"), "badSince="));
  take(&rig, ROOM STREAM(9, 6));
  assert_int_equal(count_with_metadata(), 0);
  rig_done(&rig);
}

static void metadata_comes_always_where_it_has_to(void **state) {
  (void)state;
  rig_t rig;
  rig_init(&rig, -1);
  rig.dispatch.metadata_always = true;
  for (int i = 0; i < 3; i++) {
    take(&rig, ROOM DATA_CONSUMER);
    assert_int_equal(count_with_metadata(), 5);
  }
  rig_done(&rig);
}

static void metadata_that_was_refused_comes_again(void **state) {
  (void)state;
  rig_t rig;
  rig_init(&rig, -1);
  collectd_refuses(true);
  take(&rig, ROOM);
  assert_int_equal(count_with_metadata(), 4);
  collectd_refuses(false);
  take(&rig, ROOM);
  assert_int_equal(count_with_metadata(), 4);
  take(&rig, ROOM);
  assert_int_equal(count_with_metadata(), 0);
  rig_done(&rig);
}

/* --- what it says --- */

static const char *metadata_of(const char *type, const char *type_instance) {
  const char *list = collectd_list(type, type_instance);
  assert_non_null(list);
  return strstr(list, " [");
}

static void metadata_has_types_and_ancestors(void **state) {
  (void)state;
  rig_t rig;
  rig_init(&rig, 2);
  take(&rig, ROOM "{'row':'producers','producerId':'p','transportId':'t','kind':'audio','paused':true,'encodings':1,"
                  "'clockRate':48000.5,'rtpObserverIds':['o'],'appData':{'a':1},'stats':{'ssrc':4294967295}}\n");
  assert_string_equal(
      metadata_of("producers", "kind=audio,mimeType=,id=p"),
      " [producerId=\"p\" transportId=\"t\" kind=\"audio\" clockRate=48000.5 encodings=1 paused=true "
      "ssrc=4294967295 rtpObserverIds=\"[\"o\"]\" state=\"paused\" routerId=\"r\" worker=0 appData=\"{\"a\":1}\" "
      "inherited=\"{\"room\":\"red\"}\" names=\"{\"room\":\"red\",\"roomKey\":\"room\"}\"]");
  assert_string_equal(metadata_of("transports", "transportType=plain,id=t"),
                      " [transportId=\"t\" routerId=\"r\" transportType=\"plain\" worker=0 "
                      "inherited=\"{\"room\":\"red\"}\" names=\"{\"room\":\"red\",\"roomKey\":\"room\"}\"]");
  assert_string_equal(metadata_of("routers", "id=r"),
                      " [routerId=\"r\" worker=0 endpoint=\"sfu\" process=2 appData=\"{\"room\":\"red\"}\" "
                      "names=\"{\"room\":\"red\",\"roomKey\":\"room\"}\"]");
  assert_string_equal(metadata_of("workers", "process=2,worker=0"), " [worker=0 pid=11 endpoint=\"sfu\" process=2]");
  const char *endpoint = metadata_of("endpoint", "process=2");
  assert_memory_equal(endpoint, " [mediasoup=\"3.19.22\" pid=9 since=1", 35);
  assert_string_equal(strstr(endpoint, " appDataKeys"),
                      " appDataKeys=\"{\"routers\":[\"room\"],\"producers\":[\"a\"]}\" roomNames=\"room\"]");
  rig_done(&rig);
}

static void the_endpoint_tells_of_its_failure_once(void **state) {
  (void)state;
  rig_t rig;
  rig_init(&rig, -1);
  take(&rig, ROOM);
  take(&rig, NULL);
  const char *metadata = metadata_of("endpoint", "");
  assert_memory_equal(metadata, " [mediasoup=\"3.19.22\" since=1", 29); /* no pid: the process may have ended */
  assert_non_null(strstr(metadata, " lastReading=1"));
  assert_non_null(strstr(metadata, "/sfu.sock: No such file or directory\" remedy=\"start the mediasoup application "));
  assert_null(strstr(metadata, "appDataKeys"));
  take(&rig, NULL);
  assert_int_equal(count_with_metadata(), 0);
  take(&rig, ROOM);
  metadata = metadata_of("endpoint", "");
  assert_null(strstr(metadata, "failure"));
  assert_null(strstr(metadata, "lastReading"));
  assert_non_null(strstr(metadata, " roomNames=\"room\"]"));
  rig_done(&rig);
}

/* write_http drops a row with a string of more than 511 bytes, escapes and quotes counted. */
static void long_texts_come_in_pieces(void **state) {
  (void)state;
  rig_t rig;
  char rows[3000], text[700];
  for (size_t i = 0; i < sizeof(text) - 1; i++)
    text[i] = i % 3 == 0 ? 'x' : '\\';
  text[sizeof(text) - 1] = '\0';
  rig_init(&rig, -1);
  (void)snprintf(rows, sizeof(rows), "{'row':'workers','worker':0,'appData':{'a':'%s'}}\n", text);
  take(&rig, rows);
  const char *list = metadata_of("workers", "worker=0");
  char whole[4000] = "";
  size_t pieces = 0;
  for (const char *at = list; (at = strstr(at, "appData")) != NULL; pieces++) {
    char key[32];
    (void)snprintf(key, sizeof(key), pieces == 0 ? "appData=\"" : "appData.%zu=\"", pieces);
    assert_memory_equal(at, key, strlen(key));
    at += strlen(key);
    const char *end = strstr(at, pieces < 2 ? "\" appData" : "\"]");
    assert_non_null(end);
    size_t escaped = 0;
    for (const char *byte = at; byte < end; byte++)
      escaped += *byte == '"' || *byte == '\\' ? 2 : 1;
    assert_true(escaped <= METADATA_PIECE_MAX);
    (void)strncat(whole, at, (size_t)(end - at));
  }
  assert_int_equal(pieces, 3);
  assert_string_equal(whole, model_next(source_model(rig.source), NULL)->app_data->json);
  rig_done(&rig);
}

/* --- summaries --- */

static void sends_the_rows_of_a_summary(void **state) {
  (void)state;
  rig_t rig;
  summary_t *summary = NULL;
  failure_t failure = {0};
  rig_init(&rig, -1);
  assert_int_equal(summary_new(&(summary_options_t){.endpoint = "sfu", .worst = 1}, &summary, &failure), STATUS_OK);
  take(&rig,
       ROOM "{'row':'consumers','consumerId':'c','transportId':'t','kind':'audio','stats':{'score':7,'bitrate':9}}\n");
  summary_begin(summary);
  summary_add(summary, source_model(rig.source), true);
  summary_end(summary, 1);
  collectd_forget();
  dispatch_summary(&rig.dispatch, summary);
  assert_int_equal(collectd_lists_length(), 1);
  assert_string_equal(collectd_lists(true),
                      "h/mediasoup/sfu/worst_consumers/rank=1 7:nan:nan:nan:9 [consumerId=\"c\" transportId=\"t\" "
                      "kind=\"audio\" state=\"flowing\" routerId=\"r\" worker=0 inherited=\"{\"room\":\"red\"}\" "
                      "names=\"{\"room\":\"red\",\"roomKey\":\"room\"}\"]\n");
  summary_free(summary);
  rig_done(&rig);
}

int main(void) {
  (void)curl_global_init(CURL_GLOBAL_DEFAULT);
  server_folder_make(folder);
  dispatch_register_types();
  TEST(registers_a_type_for_each_class);
  TEST(sends_a_list_for_each_object);
  TEST(sends_no_list_of_a_type_that_differs);
  TEST(a_reading_that_fails_is_the_endpoints_list);
  TEST(metadata_comes_first_and_in_turns);
  TEST(metadata_comes_when_it_is_new);
  TEST(metadata_comes_when_the_verdict_is_new);
  TEST(metadata_comes_always_where_it_has_to);
  TEST(metadata_that_was_refused_comes_again);
  TEST(metadata_has_types_and_ancestors);
  TEST(the_endpoint_tells_of_its_failure_once);
  TEST(long_texts_come_in_pieces);
  TEST(sends_the_rows_of_a_summary);
  int failed = tests_run("dispatch");
  server_folder_remove(folder);
  curl_global_cleanup();
  return failed;
}
