/* SPDX-License-Identifier: MIT */
/* Two <Endpoint> blocks: whether both can be read, or would give the same objects the same names. */
#include "mediasoup/endpoint_options.h"
#include "support/support.h"

#include <string.h>

enum { ALL = (1U << CLASS_ROWS_COUNT) - 1, MACHINE = 1U << CLASS_ENDPOINT | 1U << CLASS_USAGE | 1U << CLASS_WORKERS };
enum {
  CONSUMERS = 1U << CLASS_ENDPOINT | 1U << CLASS_CONSUMERS,
  PRODUCERS = 1U << CLASS_ENDPOINT | 1U << CLASS_PRODUCERS
};

#define ONE_NAME "another block has this name; choose another name"
#define ONE_APPLICATION                                                                                                \
  "<Endpoint \"b\"> reads the same application, so its rows would have the same names; correct Socket or URL, or "     \
  "choose other Rows"

/* What is compared of a block. */
typedef struct {
  const char *name;
  unsigned classes;
  const char *socket, *url, *host, *plugin_instance, *type_instance;
} block_t;

typedef struct {
  const char *name;
  block_t one, other;
  const char *cause; /* NULL: both can be */
} pair_case_t;

static const pair_case_t pair_cases[] = {
    {"one name", {"a", ALL, .socket = "/a"}, {"a", ALL, .socket = "/b"}, ONE_NAME},
    {"two sockets", {"a", ALL, .socket = "/a"}, {"b", ALL, .socket = "/b"}, NULL},
    {"one socket", {"a", ALL, .socket = "/a"}, {"b", ALL, .socket = "/a"}, ONE_APPLICATION},
    {"a socket and a pattern", {"a", ALL, .socket = "/r/a.sock"}, {"b", ALL, .socket = "/r/*.sock"}, ONE_APPLICATION},
    {"a pattern and a socket", {"a", ALL, .socket = "/r/*.sock"}, {"b", ALL, .socket = "/r/a.sock"}, ONE_APPLICATION},
    {"a pattern of another folder", {"a", ALL, .socket = "/r/*.sock"}, {"b", ALL, .socket = "/r/s/a.sock"}, NULL},
    {"one URL", {"a", ALL, .url = "http://h"}, {"b", ALL, .url = "http://h"}, ONE_APPLICATION},
    {"two URLs", {"a", ALL, .url = "http://h:1"}, {"b", ALL, .url = "http://h:2"}, NULL},
    {"a socket and a URL", {"a", ALL, .socket = "/a"}, {"b", ALL, .url = "http://h"}, NULL},
    {"some rows by each", {"a", CONSUMERS, .socket = "/a"}, {"b", PRODUCERS, .socket = "/a"}, NULL},
    {"rows by both", {"a", CONSUMERS, .socket = "/a"}, {"b", ALL, .socket = "/a"}, ONE_APPLICATION},
    {"the machine's rows by both", {"a", MACHINE, .socket = "/a"}, {"b", ALL, .socket = "/a"}, NULL},
    {"two hosts", {"a", ALL, .socket = "/a", .host = "x"}, {"b", ALL, .socket = "/a"}, NULL},
    {"two templates",
     {"a", ALL, .socket = "/a", .plugin_instance = "x"},
     {"b", ALL, .socket = "/a", .plugin_instance = "y"},
     NULL},
    {"one template",
     {"a", ALL, .socket = "/a", .type_instance = "x"},
     {"b", ALL, .socket = "/a", .type_instance = "x"},
     ONE_APPLICATION},
};

static char *lend(const char *text) { return (char *)(uintptr_t)text; }

static endpoint_options_t options_of(const block_t *block) {
  return (endpoint_options_t){.name = lend(block->name),
                              .classes = block->classes,
                              .socket = lend(block->socket),
                              .url = lend(block->url),
                              .host = lend(block->host),
                              .plugin_instance = lend(block->plugin_instance),
                              .type_instance = lend(block->type_instance)};
}

static void compares(void **state) {
  const pair_case_t *pair = *state;
  const endpoint_options_t one = options_of(&pair->one), other = options_of(&pair->other);
  failure_t failure = {0};
  status_t status = endpoint_options_compare(&one, &other, &failure);
  assert_int_equal(status, pair->cause != NULL ? STATUS_OPTION : STATUS_OK);
  assert_string_equal(failure.cause, pair->cause != NULL ? pair->cause : "");
}

int main(void) {
  TEST_CASES(compares, pair_cases);
  return tests_run("endpoint_options");
}
