/* SPDX-License-Identifier: MIT */
/* The options of an <Endpoint>: what each becomes, and what is said of a wrong value. */
#include "common/options.h"
#include "mediasoup/config/endpoint_option.h"
#include "support/config_text.h"
#include "support/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ALL_CLASSES = (1 << CLASS_ROWS_COUNT) - 1 };

static status_t read_option(const char *text, endpoint_options_t *options, failure_t *failure) {
  oconfig_item_t *option = config_text_read(text);
  int place = option_find(OPTIONS_OF_ENDPOINT, option->key);
  assert_true(place >= 0);
  status_t status = endpoint_option_read(place, option, options, failure);
  config_text_free(option);
  return status;
}

/* --- what they become --- */

static const char *or_none(const char *text) { return text != NULL ? text : "-"; }

/* What differs from the defaults, as text. */
static void show(const endpoint_options_t *options, char *text, size_t size) {
  (void)snprintf(text, size, "%s %s %s %g %g %s %s %x %zu %d %d %zu", or_none(options->socket), or_none(options->url),
                 or_none(options->host), options->interval_seconds, options->timeout_seconds,
                 or_none(options->plugin_instance), or_none(options->type_instance), options->classes,
                 options->max_objects, options->metadata_always, options->distributions, options->worst);
  if (options->ca_file != NULL)
    (void)snprintf(text + strlen(text), size - strlen(text), " ca:%s", options->ca_file);
  if (options->token_file != NULL)
    (void)snprintf(text + strlen(text), size - strlen(text), " token:%s", options->token_file);
  if (!options->verify_peer || !options->verify_host)
    (void)snprintf(text + strlen(text), size - strlen(text), " verify:%d%d", options->verify_peer,
                   options->verify_host);
  for (size_t i = 0; i < options->app_data_length; i++)
    (void)snprintf(text + strlen(text), size - strlen(text), " %s", options->app_data[i]);
  for (size_t i = 0; i < options->room_keys_length; i++)
    (void)snprintf(text + strlen(text), size - strlen(text), " room:%s", options->room_keys[i]);
  for (size_t i = 0; i < options->participant_keys_length; i++)
    (void)snprintf(text + strlen(text), size - strlen(text), " participant:%s", options->participant_keys[i]);
}

typedef struct {
  const char *name;
  const char *options[3];
  const char *shown;
} option_case_t;

static const option_case_t option_cases[] = {
    {"none", {NULL}, "- - - 0 5 - - 1ff 20000 0 0 0"},
    {"Socket", {"Socket \"/a\""}, "/a - - 0 5 - - 1ff 20000 0 0 0"},
    {"the last one counts", {"Socket \"/a\"", "Socket \"/b\""}, "/b - - 0 5 - - 1ff 20000 0 0 0"},
    {"URL", {"URL \"http://h:1\""}, "- http://h:1 - 0 5 - - 1ff 20000 0 0 0"},
    {"URL with what is asked for",
     {"URL \"http://h:1/sfu/v1/snapshot\""},
     "- http://h:1/sfu - 0 5 - - 1ff 20000 0 0 0"},
    {"URL in upper case", {"URL \"HTTP://h\""}, "- HTTP://h - 0 5 - - 1ff 20000 0 0 0"},
    {"URL with TLS", {"URL \"https://h:1\""}, "- https://h:1 - 0 5 - - 1ff 20000 0 0 0"},
    {"CACert", {"CACert \"/c\""}, "- - - 0 5 - - 1ff 20000 0 0 0 ca:/c"},
    {"VerifyPeer", {"VerifyPeer false"}, "- - - 0 5 - - 1ff 20000 0 0 0 verify:01"},
    {"VerifyHost", {"VerifyHost \"false\""}, "- - - 0 5 - - 1ff 20000 0 0 0 verify:10"},
    {"TokenFile", {"TokenFile \"/t\""}, "- - - 0 5 - - 1ff 20000 0 0 0 token:/t"},
    {"Host", {"Host \"h\""}, "- - h 0 5 - - 1ff 20000 0 0 0"},
    {"Interval", {"Interval 0.5"}, "- - - 0.5 5 - - 1ff 20000 0 0 0"},
    {"Timeout", {"Timeout 2"}, "- - - 0 2 - - 1ff 20000 0 0 0"},
    {"AppData", {"AppData \"b\" \"a\""}, "- - - 0 5 - - 1ff 20000 0 0 0 b a"},
    {"AppData goes on", {"AppData \"b\"", "AppData \"a\" \"c\""}, "- - - 0 5 - - 1ff 20000 0 0 0 b a c"},
    {"Rows", {"Rows \"workers\" \"consumers\""}, "- - - 0 5 - - 45 20000 0 0 0"},
    {"Rows are those of the last", {"Rows \"workers\"", "Rows \"usage\""}, "- - - 0 5 - - 3 20000 0 0 0"},
    {"PluginInstance", {"PluginInstance \"%{appData:a}\""}, "- - - 0 5 %{appData:a} - 1ff 20000 0 0 0"},
    {"TypeInstance", {"TypeInstance \"%{kind}\""}, "- - - 0 5 - %{kind} 1ff 20000 0 0 0"},
    {"MaxObjects", {"MaxObjects 0"}, "- - - 0 5 - - 1ff 0 0 0 0"},
    {"Metadata", {"Metadata \"Always\""}, "- - - 0 5 - - 1ff 20000 1 0 0"},
    {"Metadata as it was", {"Metadata \"always\"", "Metadata \"changes\""}, "- - - 0 5 - - 1ff 20000 0 0 0"},
    {"Distributions", {"Distributions true"}, "- - - 0 5 - - 1ff 20000 0 1 0"},
    {"RoomKeys", {"RoomKeys \"a\" \"b\""}, "- - - 0 5 - - 1ff 20000 0 0 0 room:a room:b"},
    {"ParticipantKeys",
     {"ParticipantKeys \"a\"", "ParticipantKeys \"b\""},
     "- - - 0 5 - - 1ff 20000 0 0 0 participant:a participant:b"},
    {"Worst", {"Worst 100"}, "- - - 0 5 - - 1ff 20000 0 0 100"},
};

static void becomes(void **state) {
  const option_case_t *one = *state;
  long before = allocations_live();
  char shown[500];
  failure_t failure = {0};
  endpoint_options_t options;
  assert_int_equal(endpoint_options_init(&options, "sfu"), STATUS_OK);
  assert_int_equal(options.classes, ALL_CLASSES);
  for (size_t i = 0; i < LENGTH(one->options) && one->options[i] != NULL; i++)
    assert_int_equal(read_option(one->options[i], &options, &failure), STATUS_OK);
  show(&options, shown, sizeof(shown));
  assert_string_equal(shown, one->shown);
  endpoint_options_done(&options);
  assert_int_equal(allocations_live(), before);
}

/* Every option of the table is in the cases above. */
static void all_are_tried(void **state) {
  (void)state;
  const option_block_t *block = &option_blocks[OPTIONS_OF_ENDPOINT];
  for (size_t i = 0; i < block->length; i++) {
    bool tried = false;
    for (size_t j = 0; j < LENGTH(option_cases); j++)
      tried = tried || strcmp(option_cases[j].name, block->options[i].name) == 0;
    if (!tried)
      fail_msg("no case of %s", block->options[i].name);
  }
}

/* --- what is refused --- */

typedef struct {
  const char *name;
  const char *option;
  const char *cause;
} refuse_case_t;

#define CLASSES                                                                                                        \
  "the classes are usage, workers, routers, transports, producers, consumers, data_producers, data_consumers"

static const refuse_case_t refuse_cases[] = {
    {"a Socket that is a number", "Socket 7", "it takes one string in quotation marks"},
    {"a URL of another scheme", "URL \"ftp://h\"", "it takes a URL that begins with http:// or https://"},
    {"a URL with parameters", "URL \"http://h/v1/snapshot?rows=workers\"",
     "it takes a URL without parameters; the option Rows says what is asked for"},
    {"a Socket in the application's spelling", "Socket \"/run/mediasoup/%p.sock\"",
     "%p stands for a process in serve() only; here a * does: \"/run/mediasoup/*.sock\""},
    {"a VerifyPeer in words", "VerifyPeer \"no\"", "it takes true or false"},
    {"a TokenFile without a name", "TokenFile \"\"", "it takes one string in quotation marks"},
    {"two Hosts", "Host \"a\" \"b\"", "it takes one string in quotation marks"},
    {"an Interval that is none", "Interval 0", "it takes one number of seconds, from 0.001 to 86400"},
    {"a Timeout in words", "Timeout \"5 s\"", "it takes one number of seconds, from 0.001 to 86400"},
    {"AppData that repeats itself", "AppData \"a\" \"b\" \"a\"", "the key \"a\" is given twice"},
    {"AppData that is a number", "AppData 7", "it takes one string or more, in quotation marks"},
    {"Rows that nobody has", "Rows \"workers\" \"streams\"", "there is no class of rows \"streams\"; " CLASSES},
    {"Rows of the endpoint", "Rows \"endpoint\"", "there is no class of rows \"endpoint\"; " CLASSES},
    {"Rows of a summary", "Rows \"groups\"", "there is no class of rows \"groups\"; " CLASSES},
    {"no Rows", "Rows", "it takes one string or more, in quotation marks"},
    {"a PluginInstance that cannot be", "PluginInstance \"%{x}\"",
     "there is no variable %{x}; there are %{id}, %{endpoint}, %{appData:KEY} and the attributes of rows such as "
     "%{kind}, %{mimeType}, %{transportId}, %{routerId}"},
    {"a TypeInstance without its brace", "TypeInstance \"a%{id\"", "\"%{id\" lacks a closing brace"},
    {"MaxObjects beyond all bounds", "MaxObjects 1000001", "it takes one whole number from 0 to 1000000"},
    {"Metadata sometimes", "Metadata \"sometimes\"", "it takes \"changes\" or \"always\""},
    {"Metadata that is true", "Metadata true", "it takes \"changes\" or \"always\""},
    {"Distributions in words", "Distributions \"yes\"", "it takes true or false"},
    {"RoomKeys that repeat themselves", "RoomKeys \"a\" \"a\"", "the key \"a\" is given twice"},
    {"too many ParticipantKeys", "ParticipantKeys \"1\" \"2\" \"3\" \"4\" \"5\" \"6\" \"7\" \"8\" \"9\"",
     "it takes up to 8 keys"},
    {"Worst beyond its bound", "Worst 101", "it takes one whole number from 0 to 100"},
};

static void refuses(void **state) {
  const refuse_case_t *one = *state;
  long before = allocations_live();
  failure_t failure = {0};
  endpoint_options_t options;
  assert_int_equal(endpoint_options_init(&options, "sfu"), STATUS_OK);
  assert_int_equal(read_option(one->option, &options, &failure), STATUS_OPTION);
  assert_int_equal(failure.status, STATUS_OPTION);
  assert_string_equal(failure.cause, one->cause);
  endpoint_options_done(&options);
  assert_int_equal(allocations_live(), before);
}

/* --- without memory --- */

typedef struct {
  const char *name;
  const char *option;
} memory_case_t;

static const memory_case_t memory_cases[] = {
    {"without memory: Socket", "Socket \"/a\""},
    {"without memory: TokenFile", "TokenFile \"/t\""},
    {"without memory: RoomKeys", "RoomKeys \"a\" \"b\""},
    {"without memory: AppData", "AppData \"a\" \"b\""},
    {"without memory: PluginInstance", "PluginInstance \"a%{appData:b}\""},
};

static void fails_without_memory(void **state) {
  const memory_case_t *one = *state;
  oconfig_item_t *option = config_text_read(one->option);
  long before = allocations_live();
  bool failed = true;
  for (unsigned long number = 1; failed; number++) {
    failure_t failure = {0};
    endpoint_options_t options = {0};
    allocations_fail_at(number);
    status_t status = endpoint_option_read(option_find(OPTIONS_OF_ENDPOINT, option->key), option, &options, &failure);
    failed = allocations_failed();
    allocations_fail_at(0);
    assert_int_equal(status, failed ? STATUS_NO_MEMORY : STATUS_OK);
    assert_int_equal(failure.status, status);
    endpoint_options_done(&options);
    assert_int_equal(allocations_live(), before);
    assert_true(number < 50);
  }
  config_text_free(option);
}

int main(void) {
  TEST_CASES(becomes, option_cases);
  TEST(all_are_tried);
  TEST_CASES(refuses, refuse_cases);
  TEST_CASES(fails_without_memory, memory_cases);
  return tests_run("endpoint_option");
}
