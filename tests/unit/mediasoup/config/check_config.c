/* SPDX-License-Identifier: MIT */
/* The configuration: which endpoint a block makes, what a mistake disables, and what is said of it. */
#include "mediasoup/config/config.h"
#include "support/config_text.h"
#include "support/support.h"

#include <curl/curl.h>
#include <stdio.h>
#include <string.h>

#define UNKNOWN                                                                                                        \
  "unknown option; the options are Socket, URL, CACert, VerifyPeer, VerifyHost, TokenFile, Host, Interval, Timeout, "  \
  "AppData, Rows, PluginInstance, "                                                                                    \
  "TypeInstance, MaxObjects, Metadata, Distributions, Worst, RoomKeys, ParticipantKeys, and blocks <Group \"name\">; " \
  "this option is ignored\n"
#define DISABLED "; this endpoint is disabled\n"

/* --- what is made of it --- */

static void makes_an_endpoint(void **state) {
  (void)state;
  long before = allocations_live();
  endpoint_t *endpoint = NULL;
  oconfig_item_t *block = config_text_read("<Endpoint \"sfu\">\n"
                                           "  socket \"/run/x-*.sock\"\n"
                                           "  INTERVAL 2\n"
                                           "  Worst 3\n"
                                           "  <Group \"rooms\">\n    By \"roomId\"\n    MaxGroups 7\n  </Group>\n"
                                           "  <group \"all\">\n  </group>\n"
                                           "</Endpoint>");
  complaints_forget();
  assert_int_equal(config_read_endpoint(block, complaints_take, &endpoint), STATUS_OK);
  assert_complaints("");
  const endpoint_options_t *options = endpoint_options(endpoint);
  assert_string_equal(options->name, "sfu");
  assert_string_equal(options->socket, "/run/x-*.sock");
  assert_true(options->interval_seconds == 2);
  assert_int_equal(options->worst, 3);
  assert_int_equal(options->groups_length, 2);
  assert_string_equal(options->groups[0].name, "rooms");
  assert_string_equal(options->groups[0].by[0], "roomId");
  assert_int_equal(options->groups[0].max_groups, 7);
  assert_int_equal(options->groups[0].classes, 1U << CLASS_PRODUCERS | 1U << CLASS_CONSUMERS);
  assert_string_equal(options->groups[1].name, "all");
  assert_int_equal(options->groups[1].by_length, 0);
  assert_int_equal(options->groups[1].max_groups, GROUPS_DEFAULT_MAX);
  endpoint_free(endpoint);
  config_text_free(block);
  assert_int_equal(allocations_live(), before);
}

/* --- mistakes --- */

typedef struct {
  const char *name;
  const char *block;
  status_t status;
  size_t groups; /* that the endpoint has */
  const char *complaints;
} mistake_case_t;

static const mistake_case_t mistake_cases[] = {
    {"no name", "<Endpoint>\nSocket \"/x\"\n</Endpoint>", STATUS_OPTION, 0,
     "<Plugin mediasoup>: Endpoint: the block takes one name: <Endpoint \"name\">" DISABLED},
    {"two names", "<Endpoint \"a\" \"b\">\n</Endpoint>", STATUS_OPTION, 0,
     "<Plugin mediasoup>: Endpoint \"a\" \"b\": the block takes one name: <Endpoint \"name\">" DISABLED},
    {"a name that is a number", "<Endpoint 7>\n</Endpoint>", STATUS_OPTION, 0,
     "<Plugin mediasoup>: Endpoint 7: the block takes one name: <Endpoint \"name\">" DISABLED},
    {"an empty name", "<Endpoint \"\">\n</Endpoint>", STATUS_OPTION, 0,
     "<Plugin mediasoup>: Endpoint \"\": the block takes one name: <Endpoint \"name\">" DISABLED},
    {"an invalid value", "<Endpoint \"sfu\">\nInterval 0\n</Endpoint>", STATUS_OPTION, 0,
     "<Endpoint \"sfu\">: Interval 0: it takes one number of seconds, from 0.001 to 86400" DISABLED},
    {"several", "<Endpoint \"sfu\">\nInterval 0\nTimeout 9\nSocket 7\n</Endpoint>", STATUS_OPTION, 0,
     "<Endpoint \"sfu\">: Interval 0: it takes one number of seconds, from 0.001 to 86400" DISABLED
     "<Endpoint \"sfu\">: Socket 7: it takes one string in quotation marks" DISABLED},
    {"options that do not go together", "<Endpoint \"sfu\">\nSocket \"/x\"\nURL \"http://h\"\n</Endpoint>",
     STATUS_OPTION, 0, "<Endpoint \"sfu\">: both Socket and URL are given; remove one" DISABLED},
    {"an unknown option", "<Endpoint \"sfu\">\nIntervall 10\n</Endpoint>", STATUS_OK, 0,
     "<Endpoint \"sfu\">: Intervall 10: " UNKNOWN},
    {"an unknown block", "<Endpoint \"sfu\">\n<Rooms \"x\">\nBy \"y\"\n</Rooms>\n</Endpoint>", STATUS_OK, 0,
     "<Endpoint \"sfu\">: Rooms \"x\": " UNKNOWN},
    {"an invalid value of the summaries", "<Endpoint \"sfu\">\nDistributions 1\nWorst 101\n</Endpoint>", STATUS_OK, 0,
     "<Endpoint \"sfu\">: Distributions 1: it takes true or false; this option is ignored\n"
     "<Endpoint \"sfu\">: Worst 101: it takes one whole number from 0 to 100; this option is ignored\n"},
    {"which does not hide another", "<Endpoint \"sfu\">\nInterval 0\nWorst 101\n</Endpoint>", STATUS_OPTION, 0,
     "<Endpoint \"sfu\">: Interval 0: it takes one number of seconds, from 0.001 to 86400" DISABLED
     "<Endpoint \"sfu\">: Worst 101: it takes one whole number from 0 to 100; this option is ignored\n"},

    {"a group without a name", "<Endpoint \"sfu\">\n<Group>\n</Group>\n</Endpoint>", STATUS_OK, 0,
     "<Endpoint \"sfu\">: Group: the block takes one name: <Group \"name\">; this group is disabled\n"},
    {"two groups of one name", "<Endpoint \"sfu\">\n<Group \"a\">\n</Group>\n<Group \"a\">\n</Group>\n</Endpoint>",
     STATUS_OK, 1,
     "<Endpoint \"sfu\">: Group \"a\": another <Group> of this endpoint has the name; choose another name; this group "
     "is "
     "disabled\n"},
    {"an invalid value of a group",
     "<Endpoint \"sfu\">\n<Group \"a\">\nMaxGroups -1\nOf \"x\"\n</Group>\n<Group \"b\">\n</Group>\n</Endpoint>",
     STATUS_OK, 1,
     "<Endpoint \"sfu\">: <Group \"a\">: MaxGroups -1: it takes one whole number from 0 to 100000; this group is "
     "disabled\n"
     "<Endpoint \"sfu\">: <Group \"a\">: Of \"x\": it takes \"producers\", \"consumers\" and \"transports\", each at "
     "most "
     "once; this group is disabled\n"},
    {"an unknown option of a group", "<Endpoint \"sfu\">\n<Group \"a\">\nColour 7\n</Group>\n</Endpoint>", STATUS_OK, 1,
     "<Endpoint \"sfu\">: <Group \"a\">: Colour 7: unknown option; the options are By, Of, MaxGroups; this option is "
     "ignored\n"},
};

static void complains(void **state) {
  const mistake_case_t *one = *state;
  long before = allocations_live();
  endpoint_t *endpoint = NULL;
  oconfig_item_t *block = config_text_read(one->block);
  complaints_forget();
  assert_int_equal(config_read_endpoint(block, complaints_take, &endpoint), one->status);
  assert_complaints(one->complaints);
  assert_true((one->status == STATUS_OK) == (endpoint != NULL));
  assert_int_equal(endpoint != NULL ? endpoint_options(endpoint)->groups_length : 0, one->groups);
  endpoint_free(endpoint);
  config_text_free(block);
  assert_int_equal(allocations_live(), before);
}

static void groups_are_bounded(void **state) {
  (void)state;
  char text[1000] = "<Endpoint \"sfu\">\n";
  endpoint_t *endpoint = NULL;
  for (int i = 0; i <= GROUP_BLOCKS_MAX; i++)
    (void)snprintf(text + strlen(text), sizeof(text) - strlen(text), "<Group \"g%d\">\n</Group>\n", i);
  (void)snprintf(text + strlen(text), sizeof(text) - strlen(text), "</Endpoint>");
  oconfig_item_t *block = config_text_read(text);
  complaints_forget();
  assert_int_equal(config_read_endpoint(block, complaints_take, &endpoint), STATUS_OK);
  assert_complaints(
      "<Endpoint \"sfu\">: Group \"g8\": an endpoint takes up to 8 <Group> blocks; this group is disabled\n");
  assert_int_equal(endpoint_options(endpoint)->groups_length, GROUP_BLOCKS_MAX);
  endpoint_free(endpoint);
  config_text_free(block);
}

static void knows_nothing_but_endpoints(void **state) {
  (void)state;
  oconfig_item_t *option = config_text_read("Colour \"blue\"");
  complaints_forget();
  config_refuse(option, complaints_take);
  assert_complaints("<Plugin mediasoup>: Colour \"blue\": unknown option; the options stand within blocks "
                    "<Endpoint \"name\">; this option is ignored\n");
  config_text_free(option);
}

/* --- without memory --- */

/* Either the endpoint is there, though perhaps without a group, or somebody has said why not. */
static void survives_each_allocation_failing(void **state) {
  (void)state;
  oconfig_item_t *block = config_text_read("<Endpoint \"sfu\">\nSocket \"/x\"\nAppData \"a\" \"b\"\nWorst 2\n"
                                           "<Group \"g\">\nBy \"a\"\n</Group>\n</Endpoint>");
  long before = allocations_live();
  bool failed = true;
  for (unsigned long number = 1; failed; number++) {
    endpoint_t *endpoint = NULL;
    complaints_forget();
    allocations_fail_at(number);
    status_t status = config_read_endpoint(block, complaints_take, &endpoint);
    failed = allocations_failed();
    allocations_fail_at(0);
    assert_int_equal(status, endpoint != NULL ? STATUS_OK : STATUS_NO_MEMORY);
    bool whole = endpoint != NULL && endpoint_options(endpoint)->groups_length == 1;
    assert_true(whole || failed);
    endpoint_free(endpoint);
    assert_int_equal(allocations_live(), before);
    assert_true(number < 500);
    if (whole)
      assert_complaints("");
    else
      assert_true(complaints_any());
  }
  config_text_free(block);
}

int main(void) {
  (void)curl_global_init(CURL_GLOBAL_DEFAULT);
  TEST(makes_an_endpoint);
  TEST_CASES(complains, mistake_cases);
  TEST(groups_are_bounded);
  TEST(knows_nothing_but_endpoints);
  TEST(survives_each_allocation_failing);
  int failed = tests_run("config");
  curl_global_cleanup();
  return failed;
}
