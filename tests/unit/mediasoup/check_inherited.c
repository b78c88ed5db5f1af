/* SPDX-License-Identifier: MIT */
/* What rows say of the appData above them: which keys, whose value, as what, and how much. */
#include "mediasoup/inherited.h"
#include "support/chain.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROWS                                                                                                           \
  "{'row':'workers','worker':0,'pid':11,'appData':{'zone':'x','floor':1}}\n"                                           \
  "{'row':'routers','routerId':'r','worker':0,'appData':{'roomId':'red','floor':2,'open':true,'list':[1]}}\n"          \
  "{'row':'routers','routerId':'s','worker':0,'appData':{'room':'Team \\u00c4/\\u0022'}}\n"                            \
  "{'row':'transports','transportId':'t','routerId':'r','appData':{'peerId':'bob'}}\n"                                 \
  "{'row':'transports','transportId':'u','routerId':'s'}\n"                                                            \
  "{'row':'consumers','consumerId':'a','transportId':'t'}\n"                                                           \
  "{'row':'consumers','consumerId':'b','transportId':'t','appData':{'peerId':'eve','floor':3}}\n"                      \
  "{'row':'consumers','consumerId':'c','transportId':'u','appData':{'userId':5}}\n"                                    \
  "{'row':'consumers','consumerId':'d','transportId':'t','appData':{'roomId':'','peerId':''}}\n"                       \
  "{'row':'routers','routerId':'v','worker':0}\n"

#define ALIASES                                                                                                        \
  {.room = {.keys = {"roomId", "room"}, .length = 2, .else_router = true},                                             \
   .participant = {.keys = {"peerId", "userId"}, .length = 2}}

static const char *const room_peer[] = {"roomId", "peerId"};
static const char *const zone[] = {"zone", "nothing"};
static const name_keys_t all = {.aliases = ALIASES};
static const name_keys_t chosen = {.app_data = room_peer, .app_data_length = 2, .aliases = ALIASES};
static const name_keys_t others = {.app_data = zone, .app_data_length = 2, .aliases = ALIASES};
static const name_keys_t plain = {.app_data = room_peer, .app_data_length = 2};

typedef struct {
  const char *name;
  const name_keys_t *keys;
  const char *object;
  const char *inherited; /* with ' for " */
  const char *names;
} case_t;

static const case_t cases[] = {
    {"chosen keys, in their order", &chosen, "consumers a", "{'roomId':'red','peerId':'bob'}",
     "{'room':'red','participant':'bob'}"},
    {"not what it has itself", &chosen, "consumers b", "{'roomId':'red'}", "{'room':'red','participant':'eve'}"},
    {"another key's value, whose it is", &chosen, "consumers c", "{'roomId':'Team \\u00c4/\\'','peerId':5}",
     "{'room':'Team \\u00c4/\\'','roomKey':'room','participant':'5','participantKey':'userId'}"},
    {"what stands for a name of its own that is empty", &chosen, "consumers d", "{'roomId':'red','peerId':'bob'}",
     "{'room':'red','participant':'bob'}"},
    {"the router", &chosen, "routers v", "{'roomId':'v'}", "{'room':'v'}"},
    {"nothing is new", &chosen, "routers r", "", "{'room':'red'}"},
    {"other keys, and names all the same", &others, "consumers a", "{'roomId':'red','peerId':'bob','zone':'x'}",
     "{'room':'red','participant':'bob'}"},
    {"all scalars, the nearest of each", &all, "consumers a",
     "{'roomId':'red','peerId':'bob','floor':2,'open':true,'zone':'x'}", "{'room':'red','participant':'bob'}"},
    {"all scalars that it lacks", &all, "consumers b", "{'roomId':'red','open':true,'zone':'x'}",
     "{'room':'red','participant':'eve'}"},
    {"no key has another's value", &plain, "consumers c", "", ""},
    {"the machine's objects have none", &all, "workers 0", "", ""},
};

static void assert_written(const char *with_quotes, const buffer_t *text) {
  char *expected = json(with_quotes);
  assert_int_equal(buffer_status(text), STATUS_OK);
  assert_string_equal(buffer_text(text), expected);
  free(expected);
}

static void writes(void **state) {
  const case_t *one = *state;
  chain_t chain;
  chain_init(&chain);
  chain_read(&chain, ROWS);
  const object_t *object = chain_find(&chain, one->object);
  buffer_t inherited = BUFFER_INIT(ROW_TEXT_MAX_BYTES), names = BUFFER_INIT(ROW_TEXT_MAX_BYTES);
  inherited_write(one->keys, object, &inherited);
  inherited_write_names(one->keys, object, &names);
  assert_written(one->inherited, &inherited);
  assert_written(one->names, &names);
  buffer_done(&inherited);
  buffer_done(&names);
  chain_done(&chain);
}

/* What is too long is left out, and what follows it is not. */
static void is_bounded(void **state) {
  (void)state;
  chain_t chain;
  char rows[4000], text[INHERITED_MAX_BYTES + 1] = {0};
  memset(text, 'x', INHERITED_MAX_BYTES);
  (void)snprintf(rows, sizeof(rows),
                 WORKER "{'row':'routers','routerId':'r','worker':0,'appData':{'a':'%s','b':1}}\n" TRANSPORT, text);
  chain_init(&chain);
  chain_read(&chain, rows);
  buffer_t inherited = BUFFER_INIT(ROW_TEXT_MAX_BYTES);
  inherited_write(&(name_keys_t){0}, chain_find(&chain, "transports t"), &inherited);
  assert_written("{'b':1}", &inherited);
  buffer_done(&inherited);
  chain_done(&chain);
}

int main(void) {
  TEST_CASES(writes, cases);
  TEST(is_bounded);
  return tests_run("inherited");
}
