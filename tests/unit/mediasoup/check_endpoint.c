/* SPDX-License-Identifier: MIT */
/* An endpoint and its sources: options, a glob's sockets that come and go, and a reading from one end to the other. */
#include "mediasoup/endpoint.h"
#include "support/chain.h"
#include "support/server.h"

#include <curl/curl.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[64];

/* --- options --- */

static void has_defaults(void **state) {
  (void)state;
  endpoint_options_t options;
  endpoint_t *endpoint;
  size_t length;
  assert_int_equal(endpoint_options_init(&options, "sfu"), STATUS_OK);
  assert_int_equal(endpoint_new(&options, &endpoint, NULL), STATUS_OK);
  assert_null(options.name); /* taken over */
  const endpoint_options_t *kept = endpoint_options(endpoint);
  assert_string_equal(kept->name, "sfu");
  assert_string_equal(kept->socket, "/run/mediasoup/collectd.sock");
  assert_null(kept->url);
  assert_null(kept->host);
  assert_true(kept->interval_seconds == 0);
  assert_true(kept->timeout_seconds == 5);
  assert_int_equal(kept->classes, ALL_CLASSES);
  assert_int_equal(kept->max_objects, 20000);
  assert_false(kept->metadata_always);
  source_t *const *sources = endpoint_sources(endpoint, &length);
  assert_int_equal(length, 1);
  assert_int_equal(source_process(sources[0]), -1);
  assert_string_equal(source_where(sources[0]), "/run/mediasoup/collectd.sock");
  endpoint_free(endpoint);
  endpoint_free(NULL);
}

typedef struct {
  const char *name;
  const char *socket, *url, *plugin_instance, *type_instance, *ca_file;
  const char *cause;
} refuse_case_t;

static const refuse_case_t refuse_cases[] = {
    {"both Socket and URL", "/x", "http://127.0.0.1", NULL, NULL, NULL, "both Socket and URL are given; remove one"},
    {"CACert without https", NULL, "http://127.0.0.1", NULL, NULL, "/ca.pem",
     "CACert is given, and no URL that begins with https://"},
    {"CACert and a socket", "/x", NULL, NULL, NULL, "/ca.pem", "CACert is given, and no URL that begins with https://"},
    {"a bad PluginInstance", "/x", NULL, "%{x}", NULL, NULL, "there is no variable %{x}"},
    {"a bad TypeInstance", NULL, "http://127.0.0.1", NULL, "%{", NULL, "\"%{\" lacks a closing brace"},
};

static char *copy(const char *text) { return text != NULL ? strdup(text) : NULL; }

static void refuses(void **state) {
  const refuse_case_t *one = *state;
  failure_t failure = {0};
  endpoint_options_t options;
  endpoint_t *endpoint = NULL;
  long before = allocations_live();
  assert_int_equal(endpoint_options_init(&options, "sfu"), STATUS_OK);
  options.socket = copy(one->socket);
  options.url = copy(one->url);
  options.plugin_instance = copy(one->plugin_instance);
  options.type_instance = copy(one->type_instance);
  options.ca_file = copy(one->ca_file);
  assert_int_equal(endpoint_new(&options, &endpoint, &failure), STATUS_OPTION);
  assert_memory_equal(failure.cause, one->cause, strlen(one->cause));
  assert_null(endpoint);
  assert_string_equal(options.name, "sfu"); /* still the caller's */
  endpoint_options_done(&options);
  assert_int_equal(allocations_live(), before);
}

static void fails_without_memory(void **state) {
  (void)state;
  long before = allocations_live();
  for (unsigned long number = 1;; number++) {
    failure_t failure = {0};
    endpoint_options_t options = {0};
    endpoint_t *endpoint = NULL;
    allocations_fail_at(number);
    status_t status = endpoint_options_init(&options, "sfu");
    if (status == STATUS_OK)
      status = endpoint_new(&options, &endpoint, &failure);
    endpoint_options_done(&options);
    endpoint_free(endpoint);
    assert_int_equal(allocations_live(), before);
    assert_int_equal(status, allocations_failed() ? STATUS_NO_MEMORY : STATUS_OK);
    if (!allocations_failed())
      break;
    assert_true(number < 500);
  }
  allocations_fail_at(0);
}

/* --- a reading --- */

static endpoint_t *new_endpoint(const char *socket) {
  endpoint_options_t options;
  endpoint_t *endpoint;
  char path[200];
  (void)snprintf(path, sizeof(path), "%s/%s", folder, socket);
  assert_int_equal(endpoint_options_init(&options, "sfu"), STATUS_OK);
  options.socket = strdup(path);
  assert_int_equal(endpoint_new(&options, &endpoint, NULL), STATUS_OK);
  return endpoint;
}

static status_t read_once(endpoint_t *endpoint) {
  failure_t failure = {0};
  assert_int_equal(endpoint_read(endpoint, 1, NULL, &failure), STATUS_OK);
  size_t length;
  const failure_t *outcome;
  return source_status(endpoint_sources(endpoint, &length)[0], &outcome);
}

static char *http(const char *rows) {
  buffer_t answer = BUFFER_INIT(100000);
  char *text = snapshot(rows);
  buffer_append_text(&answer, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
  buffer_append_text(&answer, text);
  assert_int_equal(buffer_status(&answer), STATUS_OK);
  free(text);
  return answer.data;
}

static double value_up(source_t *source) {
  const object_t *endpoint = model_endpoint(source_model(source));
  return endpoint->values[class_derived_field(endpoint->class, DERIVED_UP)].gauge;
}

static void reads_from_socket_to_names(void **state) {
  (void)state;
  size_t length, objects = 0;
  long before = allocations_live();
  char *answer = http(sample_rows);
  server_t server = {.answer = answer};
  server_start(&server, folder, "sfu.sock");
  endpoint_t *endpoint = new_endpoint("sfu.sock");
  source_t *source = endpoint_sources(endpoint, &length)[0];
  assert_int_equal(read_once(endpoint), STATUS_OK);
  assert_true(source_status_is_new(source));
  assert_true(value_up(source) == 1);
  for (object_t *object = NULL; (object = model_next(source_model(source), object)) != NULL; objects++) {
    assert_int_equal(namer_name(source_namer(source), object), STATUS_OK);
    assert_non_null(object->plugin_instance);
  }
  assert_int_equal(objects, 18);
  assert_int_equal(read_once(endpoint), STATUS_OK);
  assert_false(source_status_is_new(source));
  server_stop(&server);
  assert_memory_equal(server.request,
                      "GET /v1/snapshot?rows=usage,workers,routers,transports,producers,consumers,data_producers,"
                      "data_consumers HTTP/1.1\r\n",
                      113);
  assert_int_equal(read_once(endpoint), STATUS_NO_SOCKET);
  assert_true(source_status_is_new(source));
  assert_true(value_up(source) == 0);
  assert_int_equal(read_once(endpoint), STATUS_NO_SOCKET);
  assert_false(source_status_is_new(source));
  server_start(&server, folder, "sfu.sock");
  assert_int_equal(read_once(endpoint), STATUS_OK);
  assert_true(source_status_is_new(source));
  server_stop(&server);
  endpoint_free(endpoint);
  free(answer);
  assert_int_equal(allocations_live(), before);
}

static void on_row(void *context, const named_values_t *values) {
  char *rows = context;
  (void)snprintf(rows + strlen(rows), 400 - strlen(rows), "%s %s %s\n", values->class->name, values->plugin_instance,
                 values->type_instance);
}

/* The summary of a reading is made of its sources. */
static void sums_up_its_sources(void **state) {
  (void)state;
  char *answer = http(TREE ADD_PRODUCER("p", 1, 1) ADD_PRODUCER("q", 1, 1) ADD_CONSUMER("c", 1, 1));
  server_t server = {.answer = answer};
  server_start(&server, folder, "sum.sock");
  endpoint_options_t options;
  endpoint_t *endpoint;
  assert_int_equal(endpoint_options_init(&options, "sfu"), STATUS_OK);
  options.socket = strdup(server.path);
  options.groups_length = 1;
  options.groups[0] = (group_options_t){
      .name = strdup("all"), .classes = 1U << CLASS_PRODUCERS | 1U << CLASS_CONSUMERS, .max_groups = 1};
  assert_int_equal(endpoint_new(&options, &endpoint, NULL), STATUS_OK);
  char rows[400] = "";
  summary_each(endpoint_summary(endpoint), on_row, rows);
  assert_string_equal(rows, "");
  assert_int_equal(read_once(endpoint), STATUS_OK);
  summary_each(endpoint_summary(endpoint), on_row, rows);
  assert_string_equal(rows, "groups sfu group=all\ngroup_producers sfu group=all\ngroup_consumers sfu group=all\n");
  server_stop(&server);
  assert_int_equal(read_once(endpoint), STATUS_NO_SOCKET);
  rows[0] = '\0';
  summary_each(endpoint_summary(endpoint), on_row, rows);
  assert_string_equal(rows, ""); /* nobody could be asked */
  endpoint_free(endpoint);
  free(answer);
}

/* --- a glob --- */

static void touch(const char *name) {
  char path[200];
  (void)snprintf(path, sizeof(path), "%s/%s", folder, name);
  (void)close(open(path, O_CREAT | O_WRONLY, 0600));
}

static void withdraw(const char *name) {
  char path[200];
  (void)snprintf(path, sizeof(path), "%s/%s", folder, name);
  (void)unlink(path);
}

/* Reads, and holds the sources against "NAME:PROCESS ". */
static void assert_sources(endpoint_t *endpoint, const char *expected) {
  size_t length;
  char found[400] = "";
  (void)read_once(endpoint);
  source_t *const *sources = endpoint_sources(endpoint, &length);
  for (size_t i = 0; i < length; i++) {
    const char *name = strrchr(source_where(sources[i]), '/') + 1;
    (void)snprintf(found + strlen(found), sizeof(found) - strlen(found), "%s:%d ", name, source_process(sources[i]));
  }
  assert_string_equal(found, expected);
}

static void a_glob_follows_its_sockets(void **state) {
  (void)state;
  size_t length;
  const failure_t *failure;
  long before = allocations_live();
  endpoint_t *endpoint = new_endpoint("glob-*.sock");
  assert_sources(endpoint, "glob-*.sock:0 ");
  assert_int_equal(source_status(endpoint_sources(endpoint, &length)[0], &failure), STATUS_NO_SOCKET);
  touch("glob-b.sock");
  touch("other.sock");
  assert_sources(endpoint, "glob-b.sock:0 ");
  assert_int_equal(source_status(endpoint_sources(endpoint, &length)[0], &failure), STATUS_REFUSED);
  touch("glob-a.sock");
  touch("glob-c.sock");
  assert_sources(endpoint, "glob-b.sock:0 glob-a.sock:1 glob-c.sock:2 ");
  source_t *kept = endpoint_sources(endpoint, &length)[2];
  withdraw("glob-a.sock");
  assert_sources(endpoint, "glob-b.sock:0 glob-c.sock:2 ");
  touch("glob-d.sock");
  touch("glob-e.sock");
  assert_sources(endpoint, "glob-b.sock:0 glob-c.sock:2 glob-d.sock:1 glob-e.sock:3 "); /* the lowest free place */
  assert_ptr_equal(endpoint_sources(endpoint, &length)[1], kept);
  withdraw("glob-b.sock");
  withdraw("glob-c.sock");
  withdraw("glob-d.sock");
  withdraw("glob-e.sock");
  assert_sources(endpoint, "glob-*.sock:0 ");
  withdraw("other.sock");
  endpoint_free(endpoint);
  assert_int_equal(allocations_live(), before);
}

static void a_glob_is_bounded(void **state) {
  (void)state;
  char name[32];
  failure_t failure = {0};
  size_t length;
  endpoint_t *endpoint = new_endpoint("many-???");
  for (int i = 0; i <= SOURCES_MAX; i++) {
    (void)snprintf(name, sizeof(name), "many-%03d", i);
    touch(name);
  }
  assert_int_equal(endpoint_read(endpoint, 1, NULL, &failure), STATUS_OPTION);
  assert_non_null(strstr(failure.cause, "/many-\?\?\?\" matches 257 sockets, of which only 256 are read"));
  source_t *const *sources = endpoint_sources(endpoint, &length);
  assert_int_equal(length, SOURCES_MAX);
  for (size_t i = 0; i < length; i++) {
    const failure_t *outcome;
    assert_int_equal(source_process(sources[i]), i);
    assert_int_equal(source_status(sources[i], &outcome), STATUS_REFUSED);
  }
  withdraw("many-007");
  assert_int_equal(endpoint_read(endpoint, 1, NULL, &failure), STATUS_OK);
  sources = endpoint_sources(endpoint, &length);
  assert_int_equal(length, SOURCES_MAX);
  assert_int_equal(source_process(sources[length - 1]), 7);
  for (int i = 0; i <= SOURCES_MAX; i++) {
    (void)snprintf(name, sizeof(name), "many-%03d", i);
    withdraw(name);
  }
  endpoint_free(endpoint);
}

/* Without memory for new sources the others are read, and the next reading finds them. */
static void a_glob_survives_each_allocation_failing(void **state) {
  (void)state;
  long before = allocations_live();
  touch("glob-a.sock");
  touch("glob-b.sock");
  for (unsigned long number = 1;; number++) {
    failure_t failure = {0};
    endpoint_t *endpoint = new_endpoint("glob-*.sock");
    allocations_fail_at(number);
    status_t status = endpoint_read(endpoint, 1, NULL, &failure);
    bool failed = allocations_failed();
    allocations_fail_at(0);
    assert_int_equal(status, failed ? STATUS_NO_MEMORY : STATUS_OK);
    assert_sources(endpoint, "glob-a.sock:0 glob-b.sock:1 ");
    endpoint_free(endpoint);
    assert_int_equal(allocations_live(), before);
    if (!failed)
      break;
    assert_true(number < 1000);
  }
  withdraw("glob-a.sock");
  withdraw("glob-b.sock");
}

/* --- late rows --- */

typedef struct {
  const char *name;
  uint64_t interval, before, now; /* milliseconds */
  bool late;
} late_case_t;

static const late_case_t late_cases[] = {
    {"an interval later", 10000, 100000, 110000, false},
    {"just in time", 10000, 100000, 119999, false},
    {"two intervals later", 10000, 100000, 120000, true},
    {"an hour later", 10000, 100000, 3700000, true},
    {"the clock was set back", 10000, 100000, 99999, true},
    {"a moment, at a short interval", 200, 100000, 101999, false},
    {"seconds, at a short interval", 200, 100000, 102000, true},
};

static void comes_late(void **state) {
  const late_case_t *one = *state;
  endpoint_options_t options;
  endpoint_t *endpoint;
  assert_int_equal(endpoint_options_init(&options, "sfu"), STATUS_OK);
  assert_int_equal(endpoint_new(&options, &endpoint, NULL), STATUS_OK);
  assert_false(endpoint_comes_late(endpoint, one->before, one->interval)); /* there was none before */
  assert_int_equal(endpoint_comes_late(endpoint, one->now, one->interval), one->late);
  assert_false(endpoint_comes_late(endpoint, one->now + one->interval, one->interval));
  endpoint_free(endpoint);
}

int main(void) {
  (void)curl_global_init(CURL_GLOBAL_DEFAULT);
  server_folder_make(folder);
  TEST(has_defaults);
  TEST_CASES(refuses, refuse_cases);
  TEST(fails_without_memory);
  TEST(reads_from_socket_to_names);
  TEST(sums_up_its_sources);
  TEST(a_glob_follows_its_sockets);
  TEST(a_glob_is_bounded);
  TEST(a_glob_survives_each_allocation_failing);
  TEST_CASES(comes_late, late_cases);
  int failed = tests_run("endpoint");
  server_folder_remove(folder);
  curl_global_cleanup();
  return failed;
}
