/* SPDX-License-Identifier: MIT */
/* Names of groups: which objects share a group, what it is called, and that no two are called alike. */
#include "mediasoup/summary/group_namer.h"
#include "support/chain.h"

#include <stdlib.h>
#include <string.h>

#define ROWS                                                                                                           \
  WORKER "{'row':'routers','routerId':'r','worker':0,'appData':{'roomId':'red','kind':'x'}}\n"                         \
         "{'row':'routers','routerId':'s','worker':0}\n"                                                               \
         "{'row':'transports','transportId':'t','routerId':'r','transportType':'webrtc'}\n"                            \
         "{'row':'transports','transportId':'u','routerId':'r','transportType':'pipe'}\n"                              \
         "{'row':'consumers','consumerId':'a','transportId':'t','kind':'video','mimeType':'video/VP8'}\n"              \
         "{'row':'consumers','consumerId':'b','transportId':'u','kind':'audio','appData':{'roomId':'a/b'}}\n"          \
         "{'row':'consumers','consumerId':'c','transportId':'t','appData':{'roomId':'__other__'}}\n"                   \
         "{'row':'consumers','consumerId':'d','transportId':'t','appData':{'roomId':'','note':''}}\n"                  \
         "{'row':'consumers','consumerId':'e','transportId':'t','appData':{'roomId':'a=b'}}\n"                         \
         "{'row':'transports','transportId':'v','routerId':'s','appData':{'userId':'u1'}}\n"                           \
         "{'row':'consumers','consumerId':'g','transportId':'v','appData':{'room':'hall'}}\n"                          \
         "{'row':'consumers','consumerId':'h','transportId':'v','appData':{'room':'hall','room_id':'7'}}\n"            \
         "{'row':'consumers','consumerId':'i','transportId':'v','appData':{'room':'[WebRtcServerImpl]'}}\n"            \
         "{'row':'consumers','consumerId':'f','transportId':'t','kind':'video','mimeType':'video/VP8'}\n"

enum { KEYS_MAX = 3 };

typedef struct {
  const char *name;
  const char *by[KEYS_MAX];
  const char *object; /* NULL: the group of the rest */
  const char *plugin_instance, *type_instance;
} name_case_t;

#define IN_ENDPOINT "group=room,endpoint=s_fu"

static const name_case_t name_cases[] = {
    {"no keys: all", {NULL}, "consumers a", "s_fu", "group=room"},
    {"no keys: the rest", {NULL}, NULL, "s_fu", "group=room"},
    {"a key of appData from above", {"roomId"}, "consumers a", "roomId=red", IN_ENDPOINT},
    {"a key of appData of its own, cleaned", {"roomId"}, "consumers b", "roomId=a_b~e620c3190468cf61", IN_ENDPOINT},
    {"an empty value", {"note"}, "consumers d", "note=", IN_ENDPOINT},
    {"a room whose name is empty is the one above", {"roomId"}, "consumers d", "roomId=red", IN_ENDPOINT},
    {"an empty room under this very key", {"appData:roomId"}, "consumers d", "roomId=", IN_ENDPOINT},
    {"a room called as the rest is", {"roomId"}, "consumers c", "roomId=__other___~8956f262b8d8d253", IN_ENDPOINT},
    {"a room under another key", {"roomId"}, "consumers g", "roomId=hall", IN_ENDPOINT},
    {"a room under two keys", {"roomId"}, "consumers h", "roomId=7", IN_ENDPOINT},
    {"a room under no key is its router", {"roomId"}, "consumers i", "roomId=s", IN_ENDPOINT},
    {"a room under this very key", {"appData:roomId"}, "consumers g", "s_fu", "group=room"},
    {"a participant under another key", {"peerId"}, "consumers i", "peerId=u1", IN_ENDPOINT},
    {"a participant under no key", {"peerId"}, "consumers a", "s_fu", "group=room"},
    {"a key that is no alias's first", {"userId"}, "consumers i", "userId=u1", IN_ENDPOINT},
    {"the rest", {"roomId"}, NULL, "roomId=__other__", IN_ENDPOINT},
    {"a key that nobody has", {"none"}, "consumers a", "s_fu", "group=room"},
    {"an attribute", {"kind"}, "consumers a", "s_fu", "group=room,kind=video"},
    {"an attribute from above, and one that is cleaned",
     {"transportType", "mimeType"},
     "consumers a",
     "s_fu",
     "group=room,transportType=webrtc,mimeType=video_VP8"},
    {"an attribute that it lacks", {"mimeType"}, "consumers b", "s_fu", "group=room"},
    {"a key of appData with an attribute's name", {"appData:kind"}, "consumers a", "kind=x", IN_ENDPOINT},
    {"both, in their order",
     {"kind", "roomId", "appData:kind"},
     "consumers a",
     "roomId=red,kind=x",
     "group=room,endpoint=s_fu,kind=video"},
    {"an attribute by which nobody groups is a key of appData", {"consumerId"}, "consumers a", "s_fu", "group=room"},
    {"the rest of an attribute", {"kind"}, NULL, "s_fu", "group=room,kind=__other__"},
};

static const aliases_t aliases = {
    .room = {.keys = {"roomId", "room_id", "room"}, .length = 3, .else_router = true},
    .participant = {.keys = {"peerId", "userId"}, .length = 2},
};

static void init(group_namer_t *namer, const char *const *by) {
  size_t length = 0;
  char *keys[KEYS_MAX];
  for (; length < KEYS_MAX && by[length] != NULL; length++)
    keys[length] = strdup(by[length]);
  *namer = (group_namer_t){0};
  assert_true(group_namer_init(namer, "s/fu", "room", keys, length, &aliases));
  while (length > 0)
    free(keys[--length]);
}

static void names(void **state) {
  const name_case_t *one = *state;
  chain_t chain;
  group_namer_t namer;
  char *plugin_instance = NULL, *type_instance = NULL;
  chain_init(&chain);
  chain_read(&chain, ROWS);
  init(&namer, one->by);
  const object_t *object = one->object != NULL ? chain_find(&chain, one->object) : NULL;
  assert_true(group_namer_name(&namer, object, &plugin_instance, &type_instance));
  assert_string_equal(plugin_instance, one->plugin_instance);
  assert_string_equal(type_instance, one->type_instance);
  free(plugin_instance);
  free(type_instance);
  group_namer_done(&namer);
  chain_done(&chain);
}

/* --- keys --- */

typedef struct {
  const char *name;
  const char *by[KEYS_MAX];
  const char *left, *right;
  bool same;
} key_case_t;

static const key_case_t key_cases[] = {
    {"key: of all", {NULL}, "consumers a", "consumers b", true},
    {"key: the same room", {"roomId"}, "consumers a", "consumers f", true},
    {"key: another room", {"roomId"}, "consumers a", "consumers b", false},
    {"key: rooms that are cleaned alike", {"roomId"}, "consumers b", "consumers e", false},
    {"key: rooms without a name on two routers", {"roomId"}, "routers s", "consumers i", true},
    {"key: a room without a name, and one with another", {"roomId"}, "consumers i", "consumers g", false},
    {"key: an empty value is not a missing one", {"note"}, "consumers d", "workers 0", false},
    {"key: a room whose name is empty", {"roomId"}, "consumers d", "consumers a", true},
    {"key: nobody has it", {"none"}, "consumers a", "consumers b", true},
    {"key: the kind", {"kind"}, "consumers a", "consumers b", false},
    {"key: the transport's type", {"transportType"}, "consumers a", "consumers b", false},
    {"key: some alike", {"transportType", "kind"}, "consumers a", "consumers c", false},
};

static void tells_groups_apart(void **state) {
  const key_case_t *one = *state;
  chain_t chain;
  group_namer_t namer;
  chain_init(&chain);
  chain_read(&chain, ROWS);
  init(&namer, one->by);
  assert_int_equal(group_namer_write_key(&namer, chain_find(&chain, one->left)), STATUS_OK);
  size_t length = namer.text.length;
  char *left = exact_copy(buffer_text(&namer.text), length);
  assert_int_equal(group_namer_write_key(&namer, chain_find(&chain, one->right)), STATUS_OK);
  assert_int_equal(namer.text.length == length && memcmp(buffer_text(&namer.text), left, length) == 0, one->same);
  exact_copy_free(left);
  group_namer_done(&namer);
  chain_done(&chain);
}

static void knows_whether_pipes_are_apart(void **state) {
  (void)state;
  static const struct {
    const char *by[KEYS_MAX];
    bool by_transport;
  } cases[] = {{{NULL}, false},
               {{"kind", "roomId"}, false},
               {{"kind", "transportType"}, true},
               {{"appData:transportType"}, false}};
  for (size_t i = 0; i < LENGTH(cases); i++) {
    group_namer_t namer;
    init(&namer, cases[i].by);
    assert_int_equal(namer.by_transport, cases[i].by_transport);
    group_namer_done(&namer);
  }
}

/* Where plugin_instance is not exact, the group says what it is of. */
static void tells_exact_values(void **state) {
  (void)state;
  static const struct {
    const char *object;
    const char *app_data; /* with ' for " */
  } cases[] = {{"consumers a", ""},
               {"consumers b", "{'roomId':'a/b'}"},
               {"consumers c", "{'roomId':'__other__'}"},
               {"consumers i", ""},
               {"consumers d", ""}};
  chain_t chain;
  chain_init(&chain);
  chain_read(&chain, ROWS);
  for (size_t i = 0; i < LENGTH(cases); i++) {
    group_namer_t namer;
    char *plugin_instance = NULL, *type_instance = NULL, *app_data = NULL, *expected = json(cases[i].app_data);
    const object_t *object = chain_find(&chain, cases[i].object);
    init(&namer, (const char *const[KEYS_MAX]){"kind", "roomId"});
    assert_true(group_namer_name(&namer, object, &plugin_instance, &type_instance));
    assert_true(group_namer_app_data(&namer, object, plugin_instance, &app_data));
    assert_string_equal(app_data != NULL ? app_data : "", expected);
    assert_true(group_namer_app_data(&namer, NULL, "roomId=__other__", &app_data));
    free(app_data);
    free(expected);
    free(plugin_instance);
    free(type_instance);
    group_namer_done(&namer);
  }
  chain_done(&chain);
}

static void names_the_block(void **state) {
  (void)state;
  group_namer_t namer;
  init(&namer, (const char *const[KEYS_MAX]){"roomId"});
  char *name = group_namer_name_block(&namer);
  assert_string_equal(name, "group=room");
  assert_string_equal(namer.endpoint, "s_fu");
  free(name);
  group_namer_done(&namer);
}

/* --- without memory --- */

static bool names_all(const object_t *object) {
  static char room[] = "roomId", kind[] = "kind";
  char *const by[] = {room, kind};
  group_namer_t namer = {0};
  char *plugin_instance = NULL, *type_instance = NULL, *block = NULL, *app_data = NULL;
  bool whole = group_namer_init(&namer, "s/fu", "room", by, LENGTH(by), &aliases);
  whole = whole && group_namer_write_key(&namer, object) == STATUS_OK;
  whole = whole && group_namer_name(&namer, object, &plugin_instance, &type_instance);
  whole = whole && group_namer_app_data(&namer, object, plugin_instance, &app_data);
  whole = whole && (block = group_namer_name_block(&namer)) != NULL;
  free(plugin_instance);
  free(type_instance);
  free(block);
  free(app_data);
  group_namer_done(&namer);
  return whole;
}

static void fails_without_memory(chain_t *chain) {
  chain_read(chain, ROWS);
  long before = allocations_live();
  bool failed = true;
  for (unsigned long number = 1; failed; number++) {
    allocations_fail_at(number);
    bool whole = names_all(chain_find(chain, "consumers b"));
    failed = allocations_failed();
    allocations_fail_at(0);
    assert_true(failed == !whole);
    assert_int_equal(allocations_live(), before);
    assert_true(number < 50);
  }
}

static const chain_test_t chain_tests[] = {
    CHAIN_TEST(fails_without_memory),
};

int main(void) {
  TEST_CASES(names, name_cases);
  TEST_CASES(tells_groups_apart, key_cases);
  TEST(knows_whether_pipes_are_apart);
  TEST(tells_exact_values);
  TEST(names_the_block);
  TEST_CASES(chain_test, chain_tests);
  return tests_run("group_namer");
}
