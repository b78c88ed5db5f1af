/* SPDX-License-Identifier: MIT */
/* Names: whose an object is, what it is, within 127 bytes, and never the same twice. */
#include "common/clock.h"
#include "support/chain.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A worker, a router with a room, transports of alice and of nobody, one of each kind of stream. */
#define MACHINE                                                                                                        \
  "{'row':'usage','type':'parent','pid':10,'ppid':1}\n{'row':'usage','type':'worker','pid':11,'ppid':10,'worker':0}\n" \
  "{'row':'workers','worker':0,'pid':11}\n"
#define ROOM(app_data) "{'row':'routers','routerId':'r','worker':0,'appData':" app_data "}\n"
#define ALICE                                                                                                          \
  "{'row':'transports','transportId':'t','routerId':'r','transportType':'webrtc','appData':{'peer':'alice','x':null}}" \
  "\n"                                                                                                                 \
  "{'row':'producers','producerId':'p','transportId':'t','kind':'video','mimeType':'video/VP8','encodings':2,"         \
  "'stats':{'rid':'h','ssrc':5}}\n"                                                                                    \
  "{'row':'producers','producerId':'p','transportId':'t','kind':'video','mimeType':'video/VP8','encodings':2,"         \
  "'stats':{'ssrc':6}}\n"                                                                                              \
  "{'row':'consumers','consumerId':'c','transportId':'t','kind':'audio','mimeType':'audio/opus','appData':{'peer':"    \
  "'bob','a':1}}\n"                                                                                                    \
  "{'row':'data_producers','dataProducerId':'d','transportId':'t','label':'chat'}\n"
#define NOBODY "{'row':'transports','transportId':'u','routerId':'r','transportType':'pipe'}\n"
#define ROWS MACHINE ROOM("{'room':'one','floor':2}") ALICE NOBODY

static const char *const keys_room_peer[] = {"room", "peer"};
static const char *const keys_peer_room[] = {"peer", "room"};
static const char *const keys_room_id_peer_id[] = {"roomId", "peerId"};
#define ALIASES                                                                                                        \
  {.room = {.keys = {"roomId", "room"}, .length = 2, .else_router = true},                                             \
   .participant = {.keys = {"peerId", "userId"}, .length = 2}}
/* The worker's appData is as mediasoup-demo has it. */
#define NAMED                                                                                                          \
  "{'row':'workers','worker':0,'pid':11,'appData':{'webRtcServer':'[WebRtcServerImpl]'}}\n" ROOM(                      \
      "{'room':'hall'}") "{'row':'transports','transportId':'t','routerId':'r','appData':{'userId':7}}\n"              \
                         "{'row':'consumers','consumerId':'c','transportId':'t'}\n"                                    \
                         "{'row':'routers','routerId':'s','worker':0,'appData':{'roomId':'[Room]'}}\n"                 \
                         "{'row':'transports','transportId':'u','routerId':'s'}\n"                                     \
                         "{'row':'consumers','consumerId':'d','transportId':'u'}\n"
static const char *const keys_unknown[] = {"nothing"};

#define KEYS(array) .app_data = (array), .app_data_length = LENGTH(array)

typedef struct {
  const char *name;
  const char *rows;
  naming_t naming;
  const char *object;
  const char *plugin_instance, *type_instance;
} name_case_t;

#define PLAIN {.endpoint = "sfu", .process = -1}

static const name_case_t name_cases[] = {
    {"appData of its own and from above, sorted", ROWS, PLAIN, "producers p h", "floor=2,peer=alice,room=one",
     "kind=video,mimeType=video_VP8,id=p,rid=h"},
    {"a stream by its ssrc", ROWS, PLAIN, "producers p 6", "floor=2,peer=alice,room=one",
     "kind=video,mimeType=video_VP8,id=p,ssrc=6"},
    {"the nearest counts", ROWS, PLAIN, "consumers c", "a=1,floor=2,peer=bob,room=one",
     "kind=audio,mimeType=audio_opus,id=c"},
    {"nothing of its own", ROWS, PLAIN, "transports u", "floor=2,room=one", "transportType=pipe,id=u"},
    {"a router", ROWS, PLAIN, "routers r", "floor=2,room=one", "id=r"},
    {"a data producer", ROWS, PLAIN, "data_producers d", "floor=2,peer=alice,room=one", "id=d"},
    {"no appData at all: the endpoint", MACHINE "{'row':'routers','routerId':'r','worker':0}\n", PLAIN, "routers r",
     "sfu", "id=r"},
    {"a worker", ROWS, PLAIN, "workers 0", "sfu", "worker=0"},
    {"a process", ROWS, PLAIN, "usage 11", "sfu", "type=worker,pid=11,ppid=10"},
    {"the endpoint", ROWS, PLAIN, "endpoint", "sfu", ""},

    {"chosen keys in their order",
     ROWS,
     {.endpoint = "sfu", .process = -1, KEYS(keys_room_peer)},
     "consumers c",
     "room=one,peer=bob",
     "kind=audio,mimeType=audio_opus,id=c"},
    {"chosen keys in another order",
     ROWS,
     {.endpoint = "sfu", .process = -1, KEYS(keys_peer_room)},
     "producers p h",
     "peer=alice,room=one",
     "kind=video,mimeType=video_VP8,id=p,rid=h"},
    {"chosen keys that it lacks",
     ROWS,
     {.endpoint = "sfu", .process = -1, KEYS(keys_room_peer)},
     "routers r",
     "room=one",
     "id=r"},
    {"none of the chosen keys",
     ROWS,
     {.endpoint = "sfu", .process = -1, KEYS(keys_unknown)},
     "routers r",
     "sfu",
     "id=r"},

    {"cleaned", MACHINE ROOM("{'a=b,c':'d/e\\\"f\\\\\\u0001g','h':'\xc3\xbc \\u20ac'}"), PLAIN, "routers r",
     "a_b_c=d_e_f__g~335d13cd5ad019cd,h=\xc3\xbc \xe2\x82\xac", "id=r"},
    {"numbers and booleans as they are", MACHINE ROOM("{'b':true,'n':-1.50,'o':{'x':1},'l':[1]}"), PLAIN, "routers r",
     "b=true,n=-1.50", "id=r"},
    {"an endpoint's name that has to be cleaned",
     MACHINE "{'row':'routers','routerId':'r','worker':0}\n",
     {.endpoint = "a/b", .process = -1},
     "routers r",
     "a_b",
     "id=r"},

    {"a chosen key that another stands in for",
     NAMED,
     {.endpoint = "sfu", .process = -1, KEYS(keys_room_id_peer_id), .aliases = ALIASES},
     "consumers c",
     "roomId=hall,peerId=7",
     "kind=,mimeType=,id=c"},
    {"a chosen key for which the router stands in, not an instance of a class",
     NAMED,
     {.endpoint = "sfu", .process = -1, KEYS(keys_room_id_peer_id), .aliases = ALIASES},
     "consumers d",
     "roomId=s",
     "kind=,mimeType=,id=d"},
    {"nothing stands in for another key",
     NAMED,
     {.endpoint = "sfu", .process = -1, KEYS(keys_room_peer), .aliases = ALIASES},
     "consumers c",
     "room=hall",
     "kind=,mimeType=,id=c"},
    {"a worker is in no room",
     NAMED,
     {.endpoint = "sfu", .process = -1, KEYS(keys_room_id_peer_id), .aliases = ALIASES},
     "workers 0",
     "sfu",
     "worker=0"},
    {"chosen keys, cleaned and marked as in the names of groups",
     MACHINE ROOM("{'roomId':'a/b'}"),
     {.endpoint = "sfu", .process = -1, KEYS(keys_room_id_peer_id), .aliases = ALIASES},
     "routers r",
     "roomId=a_b~e620c3190468cf61",
     "id=r"},

    {"PluginInstance",
     ROWS,
     {.endpoint = "sfu", .process = -1, .plugin_instance = "%{appData:room}/%{appData:peer}"},
     "consumers c",
     "one/bob",
     "kind=audio,mimeType=audio_opus,id=c"},
    {"PluginInstance that comes out empty",
     ROWS,
     {.endpoint = "sfu", .process = -1, .plugin_instance = "%{appData:peer}"},
     "routers r",
     "sfu",
     "id=r"},
    {"PluginInstance is for the application's objects",
     ROWS,
     {.endpoint = "sfu", .process = -1, .plugin_instance = "x"},
     "workers 0",
     "sfu",
     "worker=0"},
    {"TypeInstance",
     ROWS,
     {.endpoint = "sfu", .process = -1, .type_instance = "%{kind}-%{id}"},
     "consumers c",
     "a=1,floor=2,peer=bob,room=one",
     "audio-c"},
    {"TypeInstance without an id gets one",
     ROWS,
     {.endpoint = "sfu", .process = -1, .type_instance = "%{kind}"},
     "producers p h",
     "floor=2,peer=alice,room=one",
     "video,id=p,rid=h"},
    {"TypeInstance that is empty",
     ROWS,
     {.endpoint = "sfu", .process = -1, .type_instance = ""},
     "routers r",
     "floor=2,room=one",
     "id=r"},
    {"TypeInstance is for the application's objects",
     ROWS,
     {.endpoint = "sfu", .process = -1, .type_instance = "%{id}"},
     "workers 0",
     "sfu",
     "worker=0"},

    {"a worker with appData tells its endpoint", "{'row':'workers','worker':0,'appData':{'zone':'x'}}\n", PLAIN,
     "workers 0", "zone=x", "endpoint=sfu,worker=0"},
    {"what is below a worker inherits its appData, and needs no endpoint",
     "{'row':'workers','worker':0,'appData':{'zone':'x'}}\n{'row':'routers','routerId':'r','worker':0}\n", PLAIN,
     "routers r", "zone=x", "id=r"},
    {"one process of several: a worker",
     ROWS,
     {.endpoint = "sfu", .process = 3},
     "workers 0",
     "sfu",
     "process=3,worker=0"},
    {"one process of several: usage",
     ROWS,
     {.endpoint = "sfu", .process = 3},
     "usage 10",
     "sfu",
     "process=3,type=parent,pid=10,ppid=1"},
    {"one process of several: the endpoint", ROWS, {.endpoint = "sfu", .process = 0}, "endpoint", "sfu", "process=0"},
    {"one process of several: a router",
     ROWS,
     {.endpoint = "sfu", .process = 3},
     "routers r",
     "floor=2,room=one",
     "id=r"},
    {"one process of several, with appData",
     "{'row':'workers','worker':0,'appData':{'zone':'x'}}\n",
     {.endpoint = "sfu", .process = 12},
     "workers 0",
     "zone=x",
     "endpoint=sfu,process=12,worker=0"},

    {"a producer that was piped here tells its transport",
     MACHINE ROOM("{'room':'one'}") NOBODY
     "{'row':'producers','producerId':'p','transportId':'u','kind':'audio','mimeType':'audio/opus','encodings':1}\n",
     PLAIN, "producers p", "room=one", "kind=audio,mimeType=audio_opus,id=p,via=u"},
    {"a data producer that was piped here tells its transport",
     MACHINE ROOM("{'room':'one'}") NOBODY "{'row':'data_producers','dataProducerId':'d','transportId':'u'}\n", PLAIN,
     "data_producers d", "room=one", "id=d,via=u"},
    {"a consumer of a pipe has an id of its own",
     MACHINE ROOM("{'room':'one'}") NOBODY "{'row':'consumers','consumerId':'c','transportId':'u','encodings':2,"
                                           "'stats':{'ssrc':9}}\n",
     PLAIN, "consumers c 9", "room=one", "kind=,mimeType=,id=c,ssrc=9"},
};

static void names(void **state) {
  const name_case_t *one = *state;
  chain_t chain;
  assert_int_equal(chain_init_with(&chain, ALL_CLASSES, OBJECTS_MAX, &one->naming), STATUS_OK);
  chain_read(&chain, one->rows);
  const object_t *object = chain_find(&chain, one->object);
  assert_non_null(object);
  assert_string_equal(object->plugin_instance, one->plugin_instance);
  assert_string_equal(object->type_instance, one->type_instance);
  chain_done(&chain);
}

/* --- uniqueness --- */

static void assert_all_differ(const chain_t *chain) {
  for (const object_t *a = model_next(chain->model, NULL); a != NULL; a = model_next(chain->model, a))
    for (const object_t *b = model_next(chain->model, a); b != NULL; b = model_next(chain->model, b))
      if (a->class == b->class && a->type_instance != NULL && b->type_instance != NULL &&
          strcmp(a->plugin_instance, b->plugin_instance) == 0 && strcmp(a->type_instance, b->type_instance) == 0)
        fail_msg("two %s are %s %s", a->class->name, a->plugin_instance, a->type_instance);
}

static const naming_t namings[] = {
    {.endpoint = "sfu", .process = -1},
    {.endpoint = "sfu", .process = 0, KEYS(keys_unknown)},
    {.endpoint = "sfu", .process = -1, .plugin_instance = "same", .type_instance = "same"},
    {.endpoint = "sfu", .process = -1, .plugin_instance = "same", .type_instance = "%{kind}%{id}"},
};

static void no_two_are_alike(void **state) {
  (void)state;
  static const char piped[] = MACHINE ROOM(
      "{'room':'one'}") "{'row':'transports','transportId':'t','routerId':'r','transportType':'webrtc'}\n" NOBODY
                        "{'row':'transports','transportId':'v','routerId':'r','transportType':'pipe'}\n"
                        "{'row':'producers','producerId':'p','transportId':'t','kind':'audio'}\n"
                        "{'row':'producers','producerId':'p','transportId':'u','kind':'audio'}\n"
                        "{'row':'producers','producerId':'p','transportId':'v','kind':'audio'}\n"
                        "{'row':'data_producers','dataProducerId':'p','transportId':'t'}\n"
                        "{'row':'data_producers','dataProducerId':'p','transportId':'u'}\n"
                        "{'row':'producers','producerId':'x/y','transportId':'t','kind':'audio'}\n"
                        "{'row':'producers','producerId':'x=y','transportId':'t','kind':'audio'}\n"
                        "{'row':'producers','producerId':'x_y','transportId':'t','kind':'audio'}\n";
  static const char *const all[] = {sample_rows, ROWS, piped};
  for (size_t i = 0; i < LENGTH(namings); i++)
    for (size_t j = 0; j < LENGTH(all); j++) {
      chain_t chain;
      assert_int_equal(chain_init_with(&chain, ALL_CLASSES, OBJECTS_MAX, &namings[i]), STATUS_OK);
      chain_read(&chain, all[j]);
      assert_all_differ(&chain);
      chain_done(&chain);
    }
}

static void both_parts_are_cut(void **state) {
  (void)state;
  chain_t chain;
  char rows[2000], id[ID_MAX + 1] = {0};
  memset(id, 'i', ID_MAX);
  (void)snprintf(rows, sizeof(rows),
                 "{'row':'workers','worker':0}\n{'row':'routers','routerId':'%s','worker':0,'appData':"
                 "{'room':'%s%s'}}\n",
                 id, id, id);
  chain_init(&chain);
  chain_read(&chain, rows);
  const object_t *router = model_next(chain.model, model_next(chain.model, NULL));
  assert_int_equal(strlen(router->plugin_instance), IDENTIFIER_MAX);
  assert_int_equal(strlen(router->type_instance), IDENTIFIER_MAX);
  assert_memory_equal(router->plugin_instance, "room=iiii", 9);
  assert_memory_equal(router->type_instance, "id=iiii", 7);
  chain_done(&chain);
}

/* --- when it is renewed --- */

static void names_follow_the_parents(void **state) {
  (void)state;
  chain_t chain;
  chain_init(&chain);
  chain_read(&chain, MACHINE ROOM("{'room':'one'}") ALICE);
  object_t *producer = chain_find(&chain, "producers p h"), *transport = chain_find(&chain, "transports t");
  const char *type_instance = producer->type_instance;
  assert_string_equal(producer->plugin_instance, "peer=alice,room=one");
  producer->metadata_due = transport->metadata_due = false;
  chain_read(&chain, MACHINE ROOM("{'room':'two'}") ALICE);
  assert_string_equal(producer->plugin_instance, "peer=alice,room=two");
  assert_string_equal(transport->plugin_instance, "peer=alice,room=two");
  assert_ptr_equal(producer->type_instance, type_instance); /* not made anew */
  assert_true(producer->metadata_due && transport->metadata_due);
  producer->metadata_due = false;
  chain_read(&chain, MACHINE ROOM("{'room':'two','more':null}") ALICE); /* another text, the same names */
  assert_string_equal(producer->plugin_instance, "peer=alice,room=two");
  assert_false(producer->metadata_due);
  chain_read(&chain, MACHINE "{'row':'routers','routerId':'r','worker':0}\n" ALICE);
  assert_string_equal(producer->plugin_instance, "peer=alice");
  assert_true(producer->metadata_due);
  chain_done(&chain);
}

/* What it inherits goes as metadata, though the name has no room for it. */
static void metadata_follows_what_is_inherited(void **state) {
  (void)state;
  chain_t chain;
  const naming_t naming = {.endpoint = "sfu", .process = -1, KEYS(keys_unknown), .aliases = ALIASES};
  assert_int_equal(chain_init_with(&chain, ALL_CLASSES, OBJECTS_MAX, &naming), STATUS_OK);
  chain_read(&chain, MACHINE ROOM("{'roomId':'one'}") ALICE);
  object_t *producer = chain_find(&chain, "producers p h");
  producer->metadata_due = false;
  chain_read(&chain, MACHINE ROOM("{'roomId':'two'}") ALICE);
  assert_string_equal(producer->plugin_instance, "sfu");
  assert_true(producer->metadata_due);
  chain_done(&chain);
}

/* What a snapshot that fails has brought counts when a whole one says it too. */
static void names_follow_a_snapshot_that_failed(void **state) {
  (void)state;
  chain_t chain;
  chain_init(&chain);
  chain_read(&chain, MACHINE ROOM("{'room':'one'}") ALICE);
  object_t *producer = chain_find(&chain, "producers p h");
  char *text = snapshot(MACHINE ROOM("{'room':'two'}") ALICE);
  assert_int_equal(chain_read_text(&chain, text, strlen(text) / 2), STATUS_CLOSED);
  free(text);
  chain_read(&chain, MACHINE ROOM("{'room':'two'}") ALICE);
  assert_string_equal(producer->plugin_instance, "peer=alice,room=two");
  chain_done(&chain);
}

/* A snapshot that says nothing new costs no allocation. */
static void nothing_new_is_free(void **state) {
  (void)state;
  chain_t chain;
  chain_init(&chain);
  chain_read(&chain, ROWS);
  chain_read(&chain, ROWS);
  char *text = snapshot(ROWS);
  allocations_fail_at(1);
  assert_int_equal(chain_read_text(&chain, text, strlen(text)), STATUS_OK);
  assert_false(allocations_failed());
  allocations_fail_at(0);
  free(text);
  chain_done(&chain);
}

/* --- making a namer --- */

typedef struct {
  const char *name;
  naming_t naming;
  const char *cause;
} refuse_case_t;

static const refuse_case_t refuse_cases[] = {
    {"a bad PluginInstance", {.endpoint = "sfu", .plugin_instance = "%{room}"}, "there is no variable %{room}"},
    {"a bad TypeInstance", {.endpoint = "sfu", .type_instance = "%{id"}, "\"%{id\" lacks a closing brace"},
};

static void refuses(void **state) {
  const refuse_case_t *one = *state;
  failure_t failure = {0};
  namer_t *namer = NULL;
  long before = allocations_live();
  assert_int_equal(namer_new(&one->naming, &namer, &failure), STATUS_OPTION);
  assert_memory_equal(failure.cause, one->cause, strlen(one->cause));
  assert_null(namer);
  assert_int_equal(allocations_live(), before);
}

static void fails_without_memory(void **state) {
  (void)state;
  naming_t naming = {
      .endpoint = "sfu", .process = 1, .plugin_instance = "%{id}", .type_instance = "%{kind}", KEYS(keys_room_peer)};
  long before = allocations_live();
  for (unsigned long number = 1;; number++) {
    failure_t failure = {0};
    namer_t *namer = NULL;
    allocations_fail_at(number);
    status_t status = namer_new(&naming, &namer, &failure);
    if (!allocations_failed()) {
      assert_int_equal(status, STATUS_OK);
      assert_true(number > 20);
      namer_free(namer);
      break;
    }
    assert_int_equal(status, STATUS_NO_MEMORY);
    assert_int_equal(allocations_live(), before);
  }
  allocations_fail_at(0);
  namer_free(NULL);
}

/* The time to merge the scalars of an object with those above it does not grow with their product. */
static void many_scalars_are_quick(void **state) {
  (void)state;
  enum { KEYS = 20000 };
  buffer_t near = BUFFER_INIT(ROW_TEXT_MAX_BYTES), far = BUFFER_INIT(ROW_TEXT_MAX_BYTES);
  for (int i = 0; i < KEYS; i++) {
    char pair[32];
    (void)snprintf(pair, sizeof(pair), "%s\"a%d\":1", i > 0 ? "," : "{", i);
    buffer_append_text(&near, pair);
    (void)snprintf(pair, sizeof(pair), "%s\"b%d\":1", i > 0 ? "," : "{", i);
    buffer_append_text(&far, pair);
  }
  buffer_append_character(&near, '}');
  buffer_append_character(&far, '}');
  object_t *transport = object_new(&classes[CLASS_TRANSPORTS], NULL, "t", "");
  object_t *producer = object_new(&classes[CLASS_PRODUCERS], transport, "p", "");
  transport->app_data = app_data_new(buffer_text(&far));
  producer->app_data = app_data_new(buffer_text(&near));
  namer_t *namer = NULL;
  assert_int_equal(namer_new(&(naming_t){.endpoint = "sfu", .process = -1}, &namer, NULL), STATUS_OK);
  double before = steady_seconds();
  assert_int_equal(namer_name(namer, producer), STATUS_OK);
  assert_true(steady_seconds() - before < 0.6);
  assert_memory_equal(producer->plugin_instance, "a0=1,a1=1,a10=1", 15);
  namer_free(namer);
  object_free(producer);
  object_free(transport);
  buffer_done(&near);
  buffer_done(&far);
}

int main(void) {
  TEST(many_scalars_are_quick);
  TEST_CASES(names, name_cases);
  TEST(no_two_are_alike);
  TEST(both_parts_are_cut);
  TEST(names_follow_the_parents);
  TEST(metadata_follows_what_is_inherited);
  TEST(names_follow_a_snapshot_that_failed);
  TEST(nothing_new_is_free);
  TEST_CASES(refuses, refuse_cases);
  TEST(fails_without_memory);
  return tests_run("namer");
}
