/* SPDX-License-Identifier: MIT */
/* A source: how its application is asked, how a reading ends, and whether that is news. */
#include "mediasoup/source.h"
#include "support/chain.h"
#include "support/server.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char folder[64];

static source_options_t options_of(const char *socket, const char *url) {
  return (source_options_t){.socket = socket,
                            .url = url,
                            .timeout_milliseconds = 300,
                            .classes = ALL_CLASSES,
                            .max_objects = OBJECTS_MAX,
                            .naming = {.endpoint = "sfu", .process = -1}};
}

static source_t *new_source(const source_options_t *options) {
  source_t *source = NULL;
  failure_t failure = {0};
  assert_int_equal(source_new(options, &source, &failure), STATUS_OK);
  assert_non_null(source);
  return source;
}

static source_t *source_of(const server_t *server) {
  source_options_t options = options_of(server->path, NULL);
  return new_source(&options);
}

static status_t read_once(source_t *source) {
  const failure_t *failure;
  source_read_all(&source, 1, NULL);
  status_t status = source_status(source, &failure);
  assert_int_equal(failure->status, status);
  return status;
}

static double value_up(source_t *source) {
  const object_t *endpoint = model_endpoint(source_model(source));
  return endpoint->values[class_derived_field(endpoint->class, DERIVED_UP)].gauge;
}

#define OK_CLOSE "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"

static char *http_of(const char *endpoint, const char *rows) {
  buffer_t answer = BUFFER_INIT(SNAPSHOT_MAX_BYTES);
  char *text = snapshot_of(endpoint, rows);
  buffer_append_text(&answer, OK_CLOSE);
  buffer_append_text(&answer, text);
  assert_int_equal(buffer_status(&answer), STATUS_OK);
  free(text);
  return answer.data;
}

static char *http(const char *rows) { return http_of("", rows); }

/* --- how it is asked --- */

typedef struct {
  const char *name;
  unsigned classes;
  const char *request; /* its beginning */
} request_case_t;

static const request_case_t request_cases[] = {
    {"asks for all classes", ALL_CLASSES,
     "GET /v1/snapshot?rows=usage,workers,routers,transports,producers,consumers,data_producers,data_consumers "
     "HTTP/1.1\r\n"},
    {"asks for some", 1U << CLASS_ENDPOINT | 1U << CLASS_WORKERS | 1U << CLASS_CONSUMERS,
     "GET /v1/snapshot?rows=workers,consumers HTTP/1.1\r\n"},
    {"asks for the endpoint alone", 1U << CLASS_ENDPOINT, "GET /v1/snapshot HTTP/1.1\r\n"},
};

static void asks(void **state) {
  const request_case_t *one = *state;
  char *answer = http("");
  server_t server = {.answer = answer};
  server_start(&server, folder, "asks.sock");
  source_options_t options = options_of(server.path, NULL);
  options.classes = one->classes;
  source_t *source = new_source(&options);
  assert_int_equal(read_once(source), STATUS_OK);
  server_stop(&server);
  assert_memory_equal(server.request, one->request, strlen(one->request));
  source_free(source);
  free(answer);
}

/* Each request asks for what happened since the last whole snapshot. */
typedef struct {
  const char *endpoint; /* members of its row; NULL: the answer is cut */
  const char *asked;    /* how the request's path ends */
} asked_t;

typedef struct {
  const char *name;
  unsigned classes;
  asked_t readings[6];
} events_case_t;

static const events_case_t events_cases[] = {
    {"asks for events: after the first whole snapshot",
     1U << CLASS_WORKERS,
     {{",'events':12", "?rows=workers "}, {",'events':12", "?rows=workers&events=12 "}}},
    {"asks for events: none so far",
     1U << CLASS_WORKERS,
     {{",'events':0", "?rows=workers "}, {",'events':0", "?rows=workers&events=0 "}}},
    {"asks for events: nothing else",
     1U << CLASS_ENDPOINT,
     {{",'events':3", "/v1/snapshot "}, {",'events':3", "/v1/snapshot?events=3 "}}},
    {"asks for events: a snapshot was lost",
     1U << CLASS_WORKERS,
     {{NULL, "?rows=workers "},
      {",'events':5", "?rows=workers "},
      {NULL, "?rows=workers&events=5 "},
      {",'events':5", "?rows=workers&events=5 "}}},
    {"asks for events: the application began anew",
     1U << CLASS_WORKERS,
     {{",'pid':1,'events':5", "?rows=workers "},
      {",'pid':2,'events':9", "?rows=workers&events=5 "},
      {",'pid':2,'events':9", "?rows=workers&events=0 "}}},
    {"asks for events: not an endpoint that knows none",
     1U << CLASS_WORKERS,
     {{"", "?rows=workers "}, {"", "?rows=workers "}}},
};

static void asks_one(source_t *source, const asked_t *reading) {
  char *answer = reading->endpoint != NULL ? http_of(reading->endpoint, "") : strdup(OK_CLOSE);
  server_t server = {.answer = answer};
  server_start(&server, folder, "events.sock");
  assert_int_equal(read_once(source), reading->endpoint != NULL ? STATUS_OK : STATUS_INCOMPLETE);
  server_stop(&server);
  free(answer);
  *strstr(server.request, "HTTP/1.1") = '\0';
  size_t length = strlen(server.request), end = strlen(reading->asked);
  assert_true(length > end);
  assert_string_equal(server.request + length - end, reading->asked);
}

static void asks_for_events(void **state) {
  const events_case_t *one = *state;
  char path[128];
  (void)snprintf(path, sizeof(path), "%s/events.sock", folder);
  source_options_t options = options_of(path, NULL);
  options.timeout_milliseconds = 10000; /* nothing here is to time out */
  options.classes = one->classes;
  source_t *source = new_source(&options);
  for (size_t i = 0; i < LENGTH(one->readings) && one->readings[i].asked != NULL; i++)
    asks_one(source, &one->readings[i]);
  source_free(source);
}

static void asks_at_a_url(void **state) {
  (void)state;
  /* Nothing listens on port 1: what counts is where it goes. */
  const failure_t *failure;
  source_options_t options = options_of(NULL, "http://127.0.0.1:1///");
  options.classes = 1U << CLASS_ENDPOINT;
  options.naming.process = 7;
  source_t *source = new_source(&options);
  assert_int_equal(read_once(source), STATUS_REFUSED);
  (void)source_status(source, &failure);
  assert_string_equal(failure->cause, "cannot connect to http://127.0.0.1:1/v1/snapshot: Connection refused");
  assert_string_equal(source_where(source), "http://127.0.0.1:1///");
  assert_int_equal(source_process(source), 7);
  source_free(source);
}

/* --- how a reading ends --- */

typedef struct {
  const char *name;
  const char *answer;
  status_t status;
  const char *cause;
} answer_case_t;

static const answer_case_t answer_cases[] = {
    {"no rows", OK_CLOSE, STATUS_INCOMPLETE, "the snapshot has no end row"},
    {"a row cut", OK_CLOSE "{\"row\":", STATUS_CLOSED, "the answer ends within row 1"},
    {"no JSON", OK_CLOSE "<html>", STATUS_SYNTAX, "row 1: "},
    {"another protocol", OK_CLOSE "{\"row\":\"endpoint\",\"protocol\":2}\n", STATUS_VERSION,
     "row 1: the endpoint speaks version 2"},
    {"an error", "HTTP/1.1 503 Oh\r\nConnection: close\r\n\r\nbusy", STATUS_HTTP,
     " answered with HTTP status 503: busy"},
};

static void tells_the_stages_failures(void **state) {
  const answer_case_t *one = *state;
  const failure_t *failure;
  server_t server = {.answer = one->answer};
  server_start(&server, folder, "bad.sock");
  source_t *source = source_of(&server);
  assert_int_equal(read_once(source), one->status);
  (void)source_status(source, &failure);
  if (strstr(failure->cause, one->cause) == NULL)
    fail_msg("\"%s\" instead of \"%s\"", failure->cause, one->cause);
  assert_true(value_up(source) == 0);
  source_free(source);
  server_stop(&server);
}

/* News is a status that the reading before did not have: the first of all, a failure, another failure, the end of it.
 */
static void tells_news_once(void **state) {
  (void)state;
  char *answer = http(sample_rows);
  server_t server = {.answer = answer};
  server_start(&server, folder, "news.sock");
  source_t *source = source_of(&server);
  const struct {
    const char *answer; /* NULL: nothing listens */
    status_t status;
    bool is_new;
  } readings[] = {{answer, STATUS_OK, true},           {answer, STATUS_OK, false},
                  {OK_CLOSE, STATUS_INCOMPLETE, true}, {OK_CLOSE, STATUS_INCOMPLETE, false},
                  {OK_CLOSE "{", STATUS_CLOSED, true}, {NULL, STATUS_NO_SOCKET, true},
                  {NULL, STATUS_NO_SOCKET, false},     {answer, STATUS_OK, true},
                  {answer, STATUS_OK, false}};
  server_stop(&server);
  for (size_t i = 0; i < LENGTH(readings); i++) {
    server.answer = readings[i].answer;
    if (readings[i].answer != NULL)
      server_start(&server, folder, "news.sock");
    assert_int_equal(read_once(source), readings[i].status);
    assert_int_equal(source_status_is_new(source), readings[i].is_new);
    assert_true(value_up(source) == (readings[i].status == STATUS_OK ? 1 : 0));
    if (readings[i].answer != NULL)
      server_stop(&server);
  }
  source_free(source);
  free(answer);
}

/* A reading that fails leaves the objects of the one before. */
static void keeps_what_it_knew(void **state) {
  (void)state;
  char *answer = http(TREE);
  server_t server = {.answer = answer};
  server_start(&server, folder, "kept.sock");
  source_t *source = source_of(&server);
  assert_int_equal(read_once(source), STATUS_OK);
  server_stop(&server);
  assert_int_equal(read_once(source), STATUS_NO_SOCKET);
  size_t objects = 0;
  for (object_t *object = NULL; (object = model_next(source_model(source), object)) != NULL; objects++) {
    assert_int_equal(namer_name(source_namer(source), object), STATUS_OK);
    assert_string_equal(object->plugin_instance, "sfu");
  }
  assert_int_equal(objects, 3);
  source_free(source);
  free(answer);
}

/* --- several --- */

static void one_that_fails_costs_no_other(void **state) {
  (void)state;
  enum { COUNT = 4 };
  char *answer = http(TREE);
  const char *const answers[COUNT] = {answer, "", OK_CLOSE "{\"row\":\"endpoint\"}\n", answer};
  static const status_t expected[COUNT] = {STATUS_OK, STATUS_TIMEOUT, STATUS_PROTOCOL, STATUS_OK};
  server_t servers[COUNT];
  source_t *sources[COUNT];
  for (int i = 0; i < COUNT; i++) {
    char name[16];
    (void)snprintf(name, sizeof(name), "many-%d.sock", i);
    servers[i] = (server_t){.answer = answers[i], .hangs = expected[i] == STATUS_TIMEOUT};
    server_start(&servers[i], folder, name);
    sources[i] = source_of(&servers[i]);
  }
  source_read_all(sources, COUNT, NULL);
  for (int i = 0; i < COUNT; i++) {
    const failure_t *failure;
    assert_int_equal(source_status(sources[i], &failure), expected[i]);
    assert_true(value_up(sources[i]) == (expected[i] == STATUS_OK ? 1 : 0));
    source_free(sources[i]);
    server_stop(&servers[i]);
  }
  source_read_all(NULL, 0, NULL);
  free(answer);
}

/* --- making one --- */

static void refuses_a_bad_template(void **state) {
  (void)state;
  long before = allocations_live();
  failure_t failure = {0};
  source_t *source = NULL;
  source_options_t options = options_of("/x", NULL);
  options.naming.type_instance = "%{nope}";
  assert_int_equal(source_new(&options, &source, &failure), STATUS_OPTION);
  assert_memory_equal(failure.cause, "there is no variable %{nope}", 28);
  assert_null(source);
  assert_int_equal(allocations_live(), before);
}

static void fails_without_memory(void **state) {
  (void)state;
  long before = allocations_live();
  source_options_t options = options_of("/x", NULL);
  bool failed = true;
  for (unsigned long number = 1; failed; number++) {
    failure_t failure = {0};
    source_t *source = NULL;
    allocations_fail_at(number);
    status_t status = source_new(&options, &source, &failure);
    failed = allocations_failed();
    allocations_fail_at(0);
    assert_int_equal(status, failed ? STATUS_NO_MEMORY : STATUS_OK);
    assert_true(failed == (source == NULL));
    source_free(source);
    assert_int_equal(allocations_live(), before);
    assert_true(number < 200);
  }
}

int main(void) {
  (void)curl_global_init(CURL_GLOBAL_DEFAULT);
  server_folder_make(folder);
  TEST_CASES(asks, request_cases);
  TEST_CASES(asks_for_events, events_cases);
  TEST(asks_at_a_url);
  TEST_CASES(tells_the_stages_failures, answer_cases);
  TEST(tells_news_once);
  TEST(keeps_what_it_knew);
  TEST(one_that_fails_costs_no_other);
  TEST(refuses_a_bad_template);
  TEST(fails_without_memory);
  int failed = tests_run("source");
  server_folder_remove(folder);
  curl_global_cleanup();
  return failed;
}
