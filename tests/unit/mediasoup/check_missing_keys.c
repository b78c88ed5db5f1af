/* SPDX-License-Identifier: MIT */
/* Keys of the configuration that nobody has: when it is said, and what. */
#include "mediasoup/missing_keys.h"
#include "support/chain.h"
#include "support/server.h"
#include "support/source_reading.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

static char folder[64];

enum { READINGS = 10 };

typedef struct {
  const char *name;
  const char *rows;
  const char *app_data; /* a key of AppData, or NULL */
  const char *by;       /* a key of By, or NULL */
  const char *said;     /* NULL: nothing */
} key_case_t;

#define ROOM(app_data) WORKER "{'row':'routers','routerId':'r','worker':0,'appData':{" app_data "}}\n"
#define CORRECT "; correct the key, or set it in the application"
#define FOR_KEY ", with the seen key that names it for KEY"
#define UNTIL "; until then a room is called by its router's id"

static const key_case_t key_cases[] = {
    {"nothing is wanted", ROOM("'x':1"), NULL, NULL, NULL},
    {"it is there", ROOM("'roomId':1"), "roomId", "roomId", NULL},
    {"another is there in its place", ROOM("'room':1"), NULL, "roomId", NULL},
    {"another is there in its place, for rows too", ROOM("'room':1"), "roomId", NULL, NULL},
    {"but not of this very key", ROOM("'room':1"), NULL, "appData:roomId",
     "no object's appData has the key of By \"roomId\"; the keys seen are: room; add RoomKeys \"roomId\" "
     "\"KEY\"" FOR_KEY UNTIL},
    {"no key of rooms", ROOM("'meetingId':1"), "roomId", "roomId",
     "no object's appData has the key of AppData \"roomId\", By \"roomId\"; the keys seen are: meetingId; add "
     "RoomKeys \"roomId\" \"KEY\"" FOR_KEY UNTIL},
    {"no key of rooms and of participants", ROOM("'displayName':1"), "peerId", "roomId",
     "no object's appData has the key of AppData \"peerId\", By \"roomId\"; the keys seen are: displayName; add "
     "RoomKeys \"roomId\" \"KEY\" and ParticipantKeys \"peerId\" \"KEY\"" FOR_KEY UNTIL},
    {"no key of participants", ROOM("'roomId':1"), "peerId", "roomId",
     "no object's appData has the key of AppData \"peerId\"; the keys seen are: roomId; add ParticipantKeys "
     "\"peerId\" \"KEY\"" FOR_KEY},
    {"instances of classes are no keys", ROOM("'webRtcServer':'[WebRtcServerImpl]'"), NULL, "roomId",
     "no object's appData has the key of By \"roomId\"; the keys seen are: none; set them in the appData of the "
     "application's routers and transports" UNTIL},
    {"an attribute needs no key", ROOM("'x':1"), NULL, "kind", NULL},
    {"misspelt", ROOM("'roomId':1,'b':2"), "roomid", "roomID",
     "no object's appData has the key of AppData \"roomid\", By \"roomID\"; the keys seen are: b, roomId" CORRECT},
    {"nobody has any", WORKER ROUTER, NULL, "roomId",
     "no object's appData has the key of By \"roomId\"; the keys seen are: none; set them in the appData of the "
     "application's routers and transports" UNTIL},
    {"nobody is there", WORKER, NULL, "roomId", NULL},
};

static void says_it_once(void **state) {
  const key_case_t *one = *state;
  endpoint_options_t options;
  missing_keys_t missing = {0};
  failure_t line = {0};
  assert_int_equal(endpoint_options_init(&options, "sfu"), STATUS_OK);
  if (one->app_data != NULL) {
    options.app_data = malloc(sizeof(*options.app_data));
    options.app_data[options.app_data_length++] = strdup(one->app_data);
  }
  options.groups[options.groups_length++] =
      (group_options_t){.name = strdup("g"), .by_length = one->by != NULL ? 1 : 0};
  if (one->by != NULL)
    options.groups[0].by[0] = strdup(one->by);
  source_t *source = source_reading(folder, one->rows);
  for (int i = 1; i < READINGS; i++)
    assert_false(missing_keys_look(&missing, &options, &source, 1, &line));
  assert_int_equal(missing_keys_look(&missing, &options, &source, 1, &line), one->said != NULL);
  assert_string_equal(line.cause, one->said != NULL ? one->said : "");
  assert_false(missing_keys_look(&missing, &options, &source, 1, &line));
  source_free(source);
  endpoint_options_done(&options);
}

int main(void) {
  (void)curl_global_init(CURL_GLOBAL_DEFAULT);
  server_folder_make(folder);
  TEST_CASES(says_it_once, key_cases);
  int failed = tests_run("missing_keys");
  server_folder_remove(folder);
  curl_global_cleanup();
  return failed;
}
