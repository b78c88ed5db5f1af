/* SPDX-License-Identifier: MIT */
/* The name of a room or participant: by the first key that the object has or an object above it, else by the router. */
#include "mediasoup/alias.h"
#include "support/chain.h"

#include <string.h>

#define ROWS                                                                                                           \
  "{'row':'workers','worker':0,'pid':11,'appData':{'webRtcServer':'[WebRtcServerImpl]'}}\n"                            \
  "{'row':'routers','routerId':'named','worker':0,'appData':{'room_id':7}}\n"                                          \
  "{'row':'routers','routerId':'plain','worker':0}\n"                                                                  \
  "{'row':'transports','transportId':'t','routerId':'named','appData':{'userId':'bob'}}\n"                             \
  "{'row':'transports','transportId':'u','routerId':'plain'}\n"                                                        \
  "{'row':'consumers','consumerId':'below','transportId':'t'}\n"                                                       \
  "{'row':'consumers','consumerId':'room','transportId':'t','appData':{'room':'hall'}}\n"                              \
  "{'row':'consumers','consumerId':'both','transportId':'t','appData':{'roomId':'','room':'hall'}}\n"                  \
  "{'row':'consumers','consumerId':'empty','transportId':'t','appData':{'room_id':'','userId':''}}\n"                  \
  "{'row':'consumers','consumerId':'none','transportId':'u','appData':{'roomId':'','room':'','peerId':''}}\n"          \
  "{'row':'consumers','consumerId':'bare','transportId':'u'}\n"                                                        \
  "{'row':'consumers','consumerId':'class','transportId':'u','appData':{'roomId':'[Room]','peerId':'[Peer]'}}\n"

static const aliases_t aliases = {
    .room = {.keys = {"roomId", "room_id", "room"}, .length = 3, .else_router = true},
    .participant = {.keys = {"peerId", "userId"}, .length = 2},
};

typedef struct {
  const char *name;
  const char *object;
  const char *room; /* NULL: none */
  bool is_string;
  const char *participant;
} name_case_t;

static const name_case_t name_cases[] = {
    {"from above, a number", "consumers below", "7", false, "bob"},
    {"an earlier key from above before a later one of its own", "consumers room", "7", false, "bob"},
    {"the next key where the first is empty", "consumers both", "7", false, "bob"},
    {"what is above where its own is empty", "consumers empty", "7", false, "bob"},
    {"the router where all are empty", "consumers none", "plain", true, NULL},
    {"the router where there is none", "consumers bare", "plain", true, NULL},
    {"the router itself", "routers plain", "plain", true, NULL},
    {"an instance of a class is no name", "consumers class", "plain", true, NULL},
    {"nothing above routers has a name", "workers 0", NULL, true, NULL},
};

static void names(void **state) {
  const name_case_t *one = *state;
  chain_t chain;
  chain_init(&chain);
  chain_read(&chain, ROWS);
  const object_t *object = chain_find(&chain, one->object);
  app_data_scalar_t room = alias_value(&aliases.room, object);
  const char *participant = alias_value(&aliases.participant, object).text;
  assert_string_equal(room.text != NULL ? room.text : "(none)", one->room != NULL ? one->room : "(none)");
  assert_int_equal(room.is_string, one->is_string);
  assert_string_equal(participant != NULL ? participant : "(none)",
                      one->participant != NULL ? one->participant : "(none)");
  chain_done(&chain);
}

static void is_found_by_its_first_key(void **state) {
  (void)state;
  const aliases_t none = {0};
  assert_ptr_equal(alias_find(&aliases, "roomId"), &aliases.room);
  assert_ptr_equal(alias_find(&aliases, "peerId"), &aliases.participant);
  assert_null(alias_find(&aliases, "room_id"));
  assert_null(alias_find(&aliases, ""));
  assert_null(alias_find(&none, "roomId"));
}

int main(void) {
  TEST_CASES(names, name_cases);
  TEST(is_found_by_its_first_key);
  return tests_run("alias");
}
