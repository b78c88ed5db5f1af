/* SPDX-License-Identifier: MIT */
/* Complaints: the block, the option as it stands in the file, what is wrong, and what follows from it. */
#include "mediasoup/config/complaint.h"
#include "support/config_text.h"
#include "support/support.h"

#include <stdio.h>
#include <string.h>

typedef struct {
  const char *name;
  const char *option; /* NULL: the block as a whole */
  const char *complaint;
} option_case_t;

static const option_case_t option_cases[] = {
    {"a string", "Socket \"/x\"", "<Endpoint \"sfu\">: Socket \"/x\": cause; consequence\n"},
    {"several", "AppData \"a\" \"b\" 7", "<Endpoint \"sfu\">: AppData \"a\" \"b\" 7: cause; consequence\n"},
    {"numbers", "Interval -0.5", "<Endpoint \"sfu\">: Interval -0.5: cause; consequence\n"},
    {"large numbers", "MaxObjects 12345678", "<Endpoint \"sfu\">: MaxObjects 12345678: cause; consequence\n"},
    {"booleans", "Worst true false", "<Endpoint \"sfu\">: Worst true false: cause; consequence\n"},
    {"no value", "Rows", "<Endpoint \"sfu\">: Rows: cause; consequence\n"},
    {"a block", "<Group \"x\">\nBy \"y\"\n</Group>", "<Endpoint \"sfu\">: Group \"x\": cause; consequence\n"},
    {"the block as a whole", NULL, "<Endpoint \"sfu\">: cause; consequence\n"},
};

static void quotes_the_option(void **state) {
  const option_case_t *one = *state;
  complaints_t complaints = complaints_of_endpoint(complaints_take, "sfu");
  oconfig_item_t *option = one->option != NULL ? config_text_read(one->option) : NULL;
  complaints_forget();
  complaints_add(&complaints, option, "cause", "consequence");
  assert_complaints(one->complaint);
  if (option != NULL)
    config_text_free(option);
}

static void names_the_block(void **state) {
  (void)state;
  complaints_t plugin = complaints_of_plugin(complaints_take),
               endpoint = complaints_of_endpoint(complaints_take, "sfu"),
               group = complaints_of_group(&endpoint, "rooms");
  complaints_forget();
  complaints_add(&plugin, NULL, "a", "b");
  complaints_add(&endpoint, NULL, "c", "d");
  complaints_add(&group, NULL, "e", "f");
  assert_complaints("<Plugin mediasoup>: a; b\n"
                    "<Endpoint \"sfu\">: c; d\n"
                    "<Endpoint \"sfu\">: <Group \"rooms\">: e; f\n");
}

static void names_the_options_that_there_are(void **state) {
  (void)state;
  complaints_t endpoint = complaints_of_endpoint(complaints_take, "sfu"), group = complaints_of_group(&endpoint, "g");
  oconfig_item_t *option = config_text_read("Colour \"blue\"");
  complaints_forget();
  complaints_add_unknown(&group, option, OPTIONS_OF_GROUP, "");
  complaints_add_unknown(&endpoint, option, OPTIONS_OF_ENDPOINT, " and more");
  assert_complaints(
      "<Endpoint \"sfu\">: <Group \"g\">: Colour \"blue\": unknown option; the options are By, Of, MaxGroups; "
      "this option is ignored\n"
      "<Endpoint \"sfu\">: Colour \"blue\": unknown option; the options are Socket, URL, CACert, VerifyPeer, "
      "VerifyHost, TokenFile, Host, Interval, "
      "Timeout, AppData, Rows, PluginInstance, TypeInstance, MaxObjects, Metadata, Distributions, Worst, RoomKeys, "
      "ParticipantKeys "
      "and more; this option is ignored\n");
  config_text_free(option);
}

static size_t told;

static void measure(const char *complaint) { told = strlen(complaint); }

/* Names and values of any length make no line of any length. */
static void is_bounded(void **state) {
  (void)state;
  char name[3000], text[380];
  memset(name, 'n', sizeof(name) - 1);
  name[sizeof(name) - 1] = '\0';
  complaints_t endpoint = complaints_of_endpoint(complaints_take, name), group = complaints_of_group(&endpoint, name);
  assert_true(strlen(endpoint.block) < 100 && strlen(group.block) < 200);
  (void)snprintf(text, sizeof(text), "Socket \"%.300s\" \"after\"", name);
  oconfig_item_t *option = config_text_read(text);
  complaints_t sfu = complaints_of_endpoint(complaints_take, "sfu");
  complaints_forget();
  complaints_add(&sfu, option, "cause", "consequence");
  assert_complaints("<Endpoint \"sfu\">: Socket \": cause; consequence\n");
  group.complain = measure;
  complaints_add(&group, option, name, name);
  assert_true(told > 500 && told < 1000);
  config_text_free(option);
}

int main(void) {
  TEST_CASES(quotes_the_option, option_cases);
  TEST(names_the_block);
  TEST(names_the_options_that_there_are);
  TEST(is_bounded);
  return tests_run("complaint");
}
